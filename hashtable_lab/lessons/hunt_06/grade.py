"""A leak on the way out with an error."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """There are six ways out of `drawer`. From which line on does it own something, and which of the ways out
    lie behind that line?""",
    """`PyObject_CallFunctionObjArgs` returns a new reference. The way out with the `ValueError` has nothing
    that gives it back.""",
    """`Py_DECREF(result)` before that `return NULL`: but after the message, which still reads its type.""",
)
START = Path(__file__).with_name("start")
LAST_REFERENCE = """
import re
from drawer import drawer

class Odd:
    pass

for make, name in [(lambda key: [key], "list"), (lambda key: key * 1.5, "float"), (lambda key: Odd(), "Odd"),
                   (lambda key: str(key), "str"), (lambda key: type("New" + str(key), (), {})(), "New7")]:
    for _ in range(50):
        try:
            drawer(make, 7, 4)
        except ValueError as error:
            assert re.search(rf"\\b{name}$", str(error)), f"the message for a {name} is: {error}"
        else:
            raise AssertionError(f"a {name} is no ValueError")
"""
INTS = """
import sys
from drawer import drawer

for drawers in (1, 3, 4, 10**12):
    for number in (0, 1, -1, -4, 10**12 + 5, -(10**12), 2**63 - 1, -(2**63)):
        found = drawer(lambda key: key + 0, number, drawers)
        assert found == number % drawers, f"{number} is in drawer {found} of {drawers}"
assert drawer(lambda key: True, "spam", 4) == 1
number = 10**12 + 7
before = sys.getrefcount(number)
for _ in range(100):
    drawer(lambda key: number, "spam", 4)
change = sys.getrefcount(number) - before
assert change == 0, f"after a hundred ints the count of the int has changed by {change}"
"""
OTHER_ERRORS = """
import sys
from drawer import drawer

def raises(key):
    raise KeyError("own words")

wide = 2**100
before = sys.getrefcount(wide)
for arguments, error in [((raises, 1, 4), KeyError), ((lambda key: wide, 1, 4), OverflowError),
                         ((len, "spam", 0), ValueError), ((len, "spam"), TypeError), ((7, 7, 7), TypeError)]:
    for _ in range(10):
        try:
            drawer(*arguments)
        except error:
            pass
        else:
            raise AssertionError(f"drawer{arguments} is no {error.__name__}")
change = sys.getrefcount(wide) - before
assert change == 0, f"after ten errors the count of an int that is too wide has changed by {change}"
"""


def grade(work: Work) -> None:
    module = Extension(work, "drawer.c", START)
    module.test()
    module.trial("the message is right, if nobody else has a reference too", LAST_REFERENCE)
    module.trial("ints get the drawer that they had", INTS)
    module.trial("other errors come out as they did, and leak nothing", OTHER_ERRORS)
