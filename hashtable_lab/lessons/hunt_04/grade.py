"""An object that only __new__ has seen."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """`Tally(2)` calls `tp_new`, and then `tp_init`. Python code can call the first without the second. What
    is `counts` then?""",
    """There are three ways into `counts`, and each has to bear what is there between the two: `len`, `add`,
    `count`. Or nothing has to be borne, because there is no such state.""",
    """Write a `tp_new` of your own: it calls `PyType_GenericNew(type, args, kwargs)`, and gives what that
    returns `counts_new(4)`. If there is no memory for that, it gives the object back and returns NULL.""",
)
START = Path(__file__).with_name("start")
USES = ("len(h)", "h.add(3)", "h.count(0)")
WITHOUT_INIT = """
from tally import Tally

class Forgetful(Tally):
    def __init__(self):
        pass

for h in (Tally.__new__(Tally), Tally.__new__(Tally, 8), Forgetful(), Tally.__new__(Tally, "what", is_it=1)):
    try:
        {use}
    except (RuntimeError, ValueError, TypeError, IndexError, AttributeError):
        pass
"""
INIT_AFTERWARDS = """
import tracemalloc
from tally import Tally

tracemalloc.start()
for _ in range(10):
    h = Tally.__new__(Tally)
    h.__init__(1000)
before = tracemalloc.get_traced_memory()[0]
for _ in range(1000):
    h = Tally.__new__(Tally)
    h.__init__(1000)
    Tally.__new__(Tally)
leaked = tracemalloc.get_traced_memory()[0] - before
assert leaked < 8000, f"a thousand tallies that are gone have left {leaked} bytes behind"
for number in (-1, 999, 1999):
    h.add(number)
assert (len(h), h.count(999), h.count(0)) == (1000, 3, 0), "it does not count"
"""
COUNTS = """
from tally import Tally

for size in (1, 2, 3, 7, 64):
    h = Tally(size)
    for number in range(-100, 100):
        h.add(number)
    assert len(h) == size, f"len(Tally({size})) is {len(h)}"
    expected = [sum(number % size == rest for number in range(-100, 100)) for rest in range(size)]
    assert [h.count(rest) for rest in range(size)] == expected, f"Tally({size}) counts wrongly"
    try:
        h.__init__(0)
    except ValueError:
        pass
    else:
        raise AssertionError("a size of 0 is no ValueError")
    assert h.count(0) == expected[0], "an __init__ that failed has changed something"
    h.__init__(5)
    assert (len(h), h.count(0)) == (5, 0), "__init__ again does not start over"
"""


def grade(work: Work) -> None:
    module = Extension(work, "tally.c", START)
    module.test()
    for use in USES:
        module.trial(f"without __init__, `{use}` raises or works", WITHOUT_INIT.format(use=use))
    module.trial("__init__ afterwards makes it a tally, and nothing leaks", INIT_AFTERWARDS)
    module.trial("a tally that is initialised counts as it did", COUNTS)
