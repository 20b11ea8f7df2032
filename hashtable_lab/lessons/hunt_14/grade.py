"""Methods that are functions of the module too."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """`vars(till)` has in it what the module offers. Who asked for `add` and `total` to be there?""",
    """A function of a module gets the module as its `self`. `total` takes whatever it gets for a `Till`, and
    reads the field that would be there.""",
    """The array `methods` is named twice: in the type, where it belongs, and as `.m_methods` of the
    module.""",
)
START = Path(__file__).with_name("start")
NO_TILL = """
import till

for name, arguments in [("add", (5,)), ("add", (0,)), ("add", ()), ("total", ())]:
    for self in ((), (till,), (7,), (till.Till,), (object(),)):
        for place in (till, till.Till):
            try:
                getattr(place, name)(*self, *arguments)
            except (AttributeError, TypeError):
                pass
            else:
                raise AssertionError(f"{place.__name__}.{name}{self + arguments} complains of nothing")
import till
assert till.Till().total() == 0
"""
WITH_TILL = """
from till import Till

class Own(Till):
    pass

for kind in (Till, Own):
    one, other = kind(), kind()
    for amount in range(-10, 20):
        one.add(amount)
        Till.add(other, 1)
    assert (one.total(), Till.total(other)) == (sum(range(-10, 20)), 30), "a till adds up wrongly"
"""


def grade(work: Work) -> None:
    module = Extension(work, "till.c", START)
    module.test()
    module.trial("without a till no call does anything", NO_TILL)
    module.trial("with a till all do what they did", WITH_TILL)
