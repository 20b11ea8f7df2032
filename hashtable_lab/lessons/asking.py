"""Asks a module of the learner's how it does: in a child, which may die, and where freed memory is written
over."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hashtable_lab.lessons.grading import Work

# The answer goes through a file: whatever the module prints is not taken for it.
AROUND = """
import json, sys
sys.path.insert(0, {folder!r})
{code}
with open({told!r}, "w", encoding="utf-8") as file:
    json.dump(answer, file)
"""


@dataclass(frozen=True)
class Told:
    """What a program has put into `answer`, and what is to be said if that is wrong."""

    answer: Any
    why: str


def ask(work: Work, folder: Path, code: str, environment: Mapping[str, str] | None = None) -> Told:
    """Runs code that can import what is in the folder. No answer: it did not get to its end."""
    with tempfile.TemporaryDirectory(prefix="lesson-") as other:
        told = Path(other, "answer.json")
        program = AROUND.format(folder=str(folder), code=code, told=str(told))
        done = work.python("-c", program, environment={"PYTHONMALLOC": "debug", **(environment or {})})
        if done.status or not told.is_file():
            return Told(None, done.last_words)
        answer = json.loads(told.read_text(encoding="utf-8"))
    return Told(answer, f"what came of it: {json.dumps(answer)}")
