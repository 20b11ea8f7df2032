"""The hints of an exercise, each behind a click: those of its grader, that `htlab lesson hint` gives too."""

from __future__ import annotations

import ast
import re

from machinery.pages import ROOT

LESSONS = ROOT / "hashtable_lab" / "lessons"


def hunts() -> list[int]:
    """The numbers of the bug hunt's defects."""
    return sorted(int(folder.name[5:]) for folder in LESSONS.glob("hunt_[0-9][0-9]"))


def hints(defect: int) -> str:
    grader = ast.parse((LESSONS / f"hunt_{defect:02}" / "grade.py").read_text(encoding="utf-8"))
    found = {
        target.id: statement.value
        for statement in grader.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    texts = [re.sub(r"\s+", " ", hint) for hint in ast.literal_eval(found["HINTS"])]
    return "\n\n".join(f":::{{dropdown}} Hint {n}\n{text}\n:::" for n, text in enumerate(texts, 1))
