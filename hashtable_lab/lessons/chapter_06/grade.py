"""Predict by how much a count changes, eight times."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work

HINTS = (
    """Count who holds `thing` when the program has returned: its own variables are gone by then, and what it
    returned is still there. Each place in a table is one reference, and so is a hash function.""",
    """An equal key is the same key, and the first one stays. A call that raises has changed nothing. A key or
    a value that nobody holds is gone, and what it held is let go of.""",
    """Measure: `before = sys.getrefcount(thing); kept = program(thing); print(sys.getrefcount(thing) -
    before)`. For seven `thing` is a function, such as `lambda key: 0`; for eight it is None, which PEP 683
    has made immortal in Python 3.12.""",
)

PROGRAMS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
# The programs as they were handed out, since the learner may try things on theirs.
MEASURE = f"""
import runpy, sys
programs = runpy.run_path(sys.argv[1])
things = {{"seven": lambda key: 0, "eight": None}}

def change(program, thing):
    before = sys.getrefcount(thing)
    kept = program(thing)
    change = sys.getrefcount(thing) - before
    # Half of the interpreter has None, and some of it comes and goes meanwhile.
    return round(change, -2) if thing is None else change

answer = [[programs[name].__doc__, change(programs[name], things.get(name, object()))] for name in {PROGRAMS}]
"""


def grade(work: Work) -> None:
    said = work.answers()
    programs = Path(__file__).with_name("start") / "programs.py"
    for name, (what, change) in zip(PROGRAMS, work.evaluate(MEASURE, str(programs))):
        answer = said.get(name.upper())
        why = "there is no answer" if answer is None else f"measured, it is not {answer!r}"
        work.expect(answer == change, f"{name}: {what}", why)
