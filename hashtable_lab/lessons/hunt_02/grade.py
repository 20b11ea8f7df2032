"""A reference given back that was only borrowed."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """Something is given back more often than it is taken. What is given back in this file, and where was
    each of them taken?""",
    """The C API's documentation says of every function what its result is: a *new* reference, yours to give
    back, or a *borrowed* one, which is somebody else's. Look up `PyEval_GetBuiltins` and
    `PyDict_GetItemString`.""",
    """`PyEval_GetBuiltins` lends. There is one `Py_DECREF` in the file for which nobody has taken
    anything.""",
)
START = Path(__file__).with_name("start")
NOTHING_CHANGES = """
import builtins
import sys
import stamp

watched = {"the builtins dict": vars(builtins), "the module builtins": builtins, "hash": hash}

def counts():
    return {name: sys.getrefcount(thing) for name, thing in watched.items()}

before = counts()
for number in range(1000):
    stamp.stamp(number)
after = counts()
for name in watched:
    change = after[name] - before[name]
    assert change == 0, f"after a thousand stamps the count of {name} has changed by {change}"
"""
IT_STAMPS = """
import builtins
import sys
import stamp

def own(thing):
    return 7

assert stamp.stamp("spam") == hash("spam"), "stamp('spam') is not hash('spam')"
before = sys.getrefcount(own)
assert all(stamp.stamp("spam", own) == 7 for _ in range(100)), "a function of one's own is not called"
assert sys.getrefcount(own) == before, "the count of a function of one's own has changed"
builtins.hash = own
assert stamp.stamp("spam") == 7, "it is not the builtin hash of now that is called"
"""
IT_COMPLAINS = """
import builtins
import stamp

for arguments, error in [(([],), TypeError), ((1, len), TypeError), ((1, str), ValueError)]:
    try:
        stamp.stamp(*arguments)
    except error:
        pass
    else:
        raise AssertionError(f"stamp{arguments} is no {error.__name__}")
del builtins.hash
try:
    stamp.stamp(1)
except RuntimeError:
    pass
else:
    raise AssertionError("without a builtin hash there is no RuntimeError")
"""


def grade(work: Work) -> None:
    module = Extension(work, "stamp.c", START)
    module.test()
    module.trial("a thousand stamps change no count at all", NOTHING_CHANGES)
    module.trial("it stamps as it did", IT_STAMPS)
    module.trial("and complains as it did", IT_COMPLAINS)
