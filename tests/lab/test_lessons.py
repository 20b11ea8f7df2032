"""Each grader says yes to a right answer, and no to wrong ones and to what the learner begins with.

In `answers` there is a folder for each lesson, and in it `right…` and `wrong…`: what the learner changes, as
a patch; or a folder of files that are put over the learner's, or of a `find_answer.py` that writes one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import built
import pytest
from laboratory import command, told

from hashtable_lab.lesson import Lesson, lessons
from hashtable_lab.lessons.grading import Done, GradingEnded, Work

ANSWERS = Path(__file__).with_name("answers")
LESSONS = lessons()


def answered(lesson: Lesson, answer: Path | None, desk: Path) -> Path:
    """A learner's copy, with an answer in it."""
    folder = lesson.start(desk)
    if answer and answer.suffix == ".patch":
        apply(answer, folder)
    elif answer:
        shutil.copytree(answer, folder, dirs_exist_ok=True)
    # An answer that names a line of our source looks for it: numbers would not stay right for long.
    finder = folder / "find_answer.py"
    if finder.is_file():
        around = {**os.environ, "PYTHONPATH": str(built.BUILT.parent)}
        subprocess.run([sys.executable, finder.name], cwd=folder, env=around, check=True)
    return folder


def apply(patch: Path, folder: Path) -> None:
    """Changes what a patch says. Whitespace counts, and so does each line around."""
    tools = {"patch": ["patch", "--silent", "--strip=1", "--fuzz=0", "-i"], "git": ["git", "apply"]}
    words = next((words for name, words in tools.items() if shutil.which(name)), None)
    if words is None:
        pytest.skip("there is neither patch nor git to make an answer with")
    subprocess.run([*words, patch], cwd=folder, check=True)


def answers(kind: str) -> list[pytest.param]:
    return [
        pytest.param(lesson, answer, id=f"{number}-{answer.stem}")
        for number, lesson in LESSONS.items()
        for answer in sorted(ANSWERS.joinpath(lesson.module).glob(f"{kind}*"))
    ]


@pytest.mark.parametrize(("lesson", "answer"), answers("right"))
def test_a_right_answer_passes(lesson: Lesson, answer: Path, tmp_path: Path) -> None:
    answered(lesson, answer, tmp_path)
    findings = lesson.check(tmp_path)
    for finding in findings:
        if finding.promise in CANNOT:
            pytest.skip(f"{finding.promise}: {finding.why}")
    assert findings
    assert [finding for finding in findings if not finding.good] == []
    assert lesson.state(tmp_path) == "passed"


# What a machine may lack; a grader says so with these words.
CANNOT = (
    "an extension module can be compiled",
    "there is a C compiler",
    "there is libhashtable",
    "this Python can show it",
)


@pytest.mark.parametrize(("lesson", "answer"), answers("wrong"))
def test_a_wrong_answer_does_not(lesson: Lesson, answer: Path, tmp_path: Path) -> None:
    answered(lesson, answer, tmp_path)
    assert not all(finding.good for finding in lesson.check(tmp_path))
    assert lesson.state(tmp_path) == "begun"


@pytest.mark.parametrize("lesson", [pytest.param(lesson, id=number) for number, lesson in LESSONS.items()])
def test_the_beginning_does_not_either_and_has_what_a_learner_needs(lesson: Lesson, tmp_path: Path) -> None:
    folder = answered(lesson, None, tmp_path)
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# ")
    assert not all(finding.good for finding in lesson.check(tmp_path))
    assert len(lesson.hints) == 3
    kinds = {answer.stem.partition("-")[0] for answer in ANSWERS.joinpath(lesson.module).iterdir()}
    assert kinds == {"right", "wrong"}


def test_the_commands_take_a_learner_through(tmp_path: Path) -> None:
    folder = ["--folder", str(tmp_path / "desk")]
    assert [each["state"] for each in told("lesson", "list", *folder)] == [""] * len(LESSONS)
    assert command("lesson", "start", "1", *folder).exit_code == 0
    again = command("lesson", "start", "1", *folder)
    assert again.exit_code == 1
    assert "it is your work" in again.output
    assert command("lesson", "check", "1", *folder).exit_code == 1
    hints = [command("lesson", "hint", "1", *folder).output for _ in range(4)]
    assert [hint[:11] for hint in hints] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]
    shutil.copytree(ANSWERS / "chapter_01" / "right", tmp_path / "desk" / "chapter-1", dirs_exist_ok=True)
    assert command("lesson", "check", "1", *folder).exit_code == 0
    assert told("lesson", "list", *folder)[0]["state"] == "passed"
    assert "(passed)" in command("lesson", "list", *folder).output


@pytest.mark.parametrize("asked", [("start", "99"), ("hint", "x"), ("check", "1")])
def test_what_is_not_there_is_told(asked: tuple[str, str], tmp_path: Path) -> None:
    done = command("lesson", *asked, "--folder", str(tmp_path))
    assert done.exit_code == 2
    assert "lesson" in done.output


@pytest.mark.parametrize(
    ("learners", "good"),
    [
        ("import atexit\natexit.register(print, '{}')\nBIN = 3", True),
        ("BIN = 3\nraise SystemExit", False),
        ("BIN = 3\nimport os\nos._exit(0)", False),
        ("BIN = {3}", False),
        ("BIN = ", False),
    ],
)
def test_answers_are_what_they_say_and_not_what_they_print(learners: str, good: bool, tmp_path: Path) -> None:
    (tmp_path / "answers.py").write_text(learners, encoding="utf-8")
    work = Work(tmp_path)
    if good:
        assert work.answers() == {"BIN": 3}
        return
    with pytest.raises(GradingEnded):
        work.answers()
    assert [finding.promise for finding in work.findings] == ["answers.py can be read"]


def test_what_a_program_died_of_is_not_hidden_by_what_it_said_before() -> None:
    assert Done(-11, "all is well\n", "").last_words == "it died of SIGSEGV"
    assert Done(1, "all is well\n", "Traceback\nKeyError: 1\n").last_words == "KeyError: 1"
