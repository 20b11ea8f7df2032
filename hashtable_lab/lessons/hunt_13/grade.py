"""A copy of a number that goes stale."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """How many fields of a `Crate` hold the number of bins? Which lines write each of them?""",
    """To write the second one wherever the first is written works until somebody adds another such line. What
    is kept once cannot disagree with itself.""",
    """Delete the field `size` of `Crate`. The attribute can be read where the truth is, as `load` is:
    `offsetof(Crate, store.size)`.""",
)
START = Path(__file__).with_name("start")
EVERY_WAY = """
from crate import Crate

def check(crate, what):
    bins = len(crate.counts())
    assert crate.size == bins, f"after {what} there are {bins} bins, and size says {crate.size}"
    assert sum(crate.counts()) == crate.load
    assert crate.load <= crate.size / 2, "a crate is more than half full"

for size in (1, 2, 3, 4, 7, 100):
    crate = Crate(size)
    check(crate, f"Crate({size})")
    assert crate.size == size
    crate.reserve(20)
    check(crate, "reserve(20)")
    for number in range(60):
        crate.add(-number)
        check(crate, "add")
    crate.reserve(5)
    check(crate, "reserve(5)")
    crate.reserve(300)
    check(crate, "reserve(300)")
other = Crate(size=3)
crate.reserve(1000)
assert (other.size, Crate().size) == (3, 4), "a crate says the size of another"
"""
STILL_A_CRATE = """
from crate import Crate

crate = Crate(4)
for number in (0, 4, -4, 3, -1):
    crate.add(number)
expected = [sum(number % crate.size == bin for number in (0, 4, -4, 3, -1)) for bin in range(crate.size)]
assert crate.counts() == expected, f"counts() is {crate.counts()} instead of {expected}"
for name in ("size", "load"):
    try:
        setattr(crate, name, 7)
    except (AttributeError, TypeError):
        pass
    else:
        raise AssertionError(f"{name} can be written")
for size in (0, -1, 10**7):
    try:
        Crate(size)
    except ValueError:
        pass
    else:
        raise AssertionError(f"Crate({size}) is no ValueError")
"""


def grade(work: Work) -> None:
    module = Extension(work, "crate.c", START)
    module.test()
    module.trial("size is the number of bins, whatever was done", EVERY_WAY)
    module.trial("and a crate is what it was", STILL_A_CRATE)
