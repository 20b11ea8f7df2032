"""The exercises: which there are, the learner's copy of one, its hints, and what its grader says."""

from __future__ import annotations

import contextlib
import importlib
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

from hashtable_lab.lessons.grading import Finding, GradingEnded, Work

LESSONS = Path(__file__).resolve().parent / "lessons"
# Beside the learner's files: how many hints were given, and that it was passed.
HINTS, PASSED = ".hints", ".passed"


@dataclass(frozen=True)
class Lesson:
    """An exercise. `number` is that of its chapter, or `hunt-3` for a defect of the bug hunt."""

    number: str
    module: str

    @cached_property
    def grader(self) -> ModuleType:
        return importlib.import_module(f"hashtable_lab.lessons.{self.module}.grade")

    @property
    def title(self) -> str:
        """The first line of the grader's docstring."""
        return (self.grader.__doc__ or "").strip().splitlines()[0].rstrip(".")

    @property
    def hints(self) -> tuple[str, ...]:
        return tuple(" ".join(hint.split()) for hint in self.grader.HINTS)

    @property
    def beginning(self) -> Path:
        """What the learner gets a copy of."""
        return LESSONS / self.module / "start"

    def copy(self, desk: Path) -> Path:
        """The learner's copy, in the folder where all of them are."""
        return desk / (self.number if self.number.startswith("hunt") else f"chapter-{self.number}")

    def state(self, desk: Path) -> str:
        """How far the learner is."""
        folder = self.copy(desk)
        return "passed" if (folder / PASSED).is_file() else "begun" if folder.is_dir() else ""

    def start(self, desk: Path) -> Path:
        """Copies what there is to begin with. Raises FileExistsError if there is a copy."""
        folder = self.copy(desk)
        desk.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.beginning, folder, ignore=shutil.ignore_patterns("__pycache__"))
        return folder

    def next_hint(self, desk: Path) -> tuple[int, str]:
        """The first hint that was not given yet, and its number; the last one over and over."""
        note = self.copy(desk) / HINTS
        given = int(note.read_text()) if note.is_file() else 0
        number = min(given + 1, len(self.hints))
        if note.parent.is_dir():
            note.write_text(str(number))
        return number, self.hints[number - 1]

    def check(self, desk: Path) -> list[Finding]:
        """What the grader finds. Raises FileNotFoundError if there is no copy to look at."""
        folder = self.copy(desk)
        if not folder.is_dir():
            raise FileNotFoundError(folder)
        work = Work(folder)
        with contextlib.suppress(GradingEnded):
            self.grader.grade(work)
        passed = folder / PASSED
        if all(finding.good for finding in work.findings):
            passed.touch()
        else:
            passed.unlink(missing_ok=True)
        return work.findings


def lessons() -> dict[str, Lesson]:
    """All exercises by number: the chapters', then those of the bug hunt."""
    found = {}
    for folder in sorted(LESSONS.iterdir()):
        named = re.fullmatch(r"(chapter|hunt)_(\d\d)", folder.name)
        if named:
            number = str(int(named[2])) if named[1] == "chapter" else f"hunt-{int(named[2])}"
            found[number] = Lesson(number, folder.name)
    return found
