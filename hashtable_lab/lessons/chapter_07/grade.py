"""Choose the line to forget so that a program dies where it should."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.demo import parse_forget
from hashtable_lab.lessons.grading import Work

HINTS = (
    """Line 13 asks the copy whether it has a key. Of all that a table owns, what does it need for that, and
    what not?""",
    """It needs the hash function. Who has references to that, after line 8, after line 10, after line 11?
    Line 12 gives one of them back, and it has to have been the last.""",
    """The copy forgets to take its own: look for the reference to the hash function in `fn copy` of
    src/python/lifecycle.rs, with `grep -n INCREF`.""",
)
HERE = 13


def grade(work: Work) -> None:
    program = Path(__file__).with_name("start") / "program.py"
    same = work.read("program.py") == program.read_text(encoding="utf-8")
    work.demand(same, "program.py is as it was", "it was changed; `htlab demo` also runs a copy of it")
    place = work.read("answer.txt").strip()
    try:
        parse_forget(place)
    except ValueError as error:
        work.cannot("answer.txt names a line of our source", str(error))
    broken = work.under_glass("program.py", forget=place)
    tell = (
        f"`htlab demo --forget {place} program.py --no-native` tells whether the program comes by that line."
    )
    work.demand(broken.died, "it dies when that line is forgotten", f"{broken.words()} {tell}")
    work.expect(broken.line == HERE, f"it dies in line {HERE}", broken.words())
