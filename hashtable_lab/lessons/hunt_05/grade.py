"""What a second __init__ leaves behind."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """Two things are taken in `init`, and both are given back in `dealloc`. What if `init` is called twice
    before that?""",
    """The old function and the old array have to go: but only when nothing can fail any more, and only when
    the sieve has the new ones already. To give back a function may run code that uses the sieve.""",
    """Keep the old two in variables of their own, write all three fields, and then `Py_XDECREF(old_func)` and
    `PyMem_Free(old_counts)`. The first time both are NULL, and both calls bear that.""",
)
START = Path(__file__).with_name("start")
FAILED_INIT = """
import sys
from sieve import Sieve

def by_length(thing):
    return len(thing)

s = Sieve(by_length, 10)
s.drop("spam")
count = sys.getrefcount(by_length)
for arguments in [(by_length, 0), (by_length, -1), (by_length, "many"), (by_length,), (), (len, 10**7)]:
    try:
        s.__init__(*arguments)
    except (TypeError, ValueError):
        pass
    else:
        raise AssertionError(f"__init__{arguments} does not complain")
    assert s.drop("eggs") > 1, "an __init__ that failed has emptied the sieve"
change = sys.getrefcount(by_length) - count
assert change == 0, f"calls of __init__ that failed have changed the count of the function by {change}"
"""
USED_WHILE_IT_GOES = """
from sieve import Sieve

class Nosy:
    def __call__(self, thing):
        return 1

    def __del__(self):
        seen.append(s.drop("thing"))

seen = []
for _ in range(20):
    s = Sieve(Nosy(), 1)
    s.drop("thing")
    s.__init__(len, 5)
assert seen == [1] * 20, f"while the old function goes, the sieve is not the new one: it counts {seen}"
"""
STARTS_OVER = """
import gc
import weakref
from sieve import Sieve

def make():
    def func(thing):
        return thing
    return func

s = Sieve(make(), 3)
assert [s.drop(number) for number in (0, 3, -3, 1)] == [1, 2, 3, 1], "it does not count"
func = make()
gone = weakref.ref(func)
s.__init__(func, 3)
del func
assert gone() is not None and s.drop(3) == 1, "__init__ again does not start over"
s.__init__(len, 1)
assert gone() is None, "the function of the second __init__ is still there after the third"
assert s.drop("spam") == 1
func = make()
gone = weakref.ref(func)
s = Sieve(func, 1)
del func, s
assert gone() is None, "a sieve that is gone has left its function behind"

class Own:
    def __init__(self):
        self.sieve = Sieve(self.hash, 3)
    def hash(self, thing):
        return 1

gone = weakref.ref(Own())
gc.collect()
assert gone() is None, "a sieve in a cycle is not collected"
"""


def grade(work: Work) -> None:
    module = Extension(work, "sieve.c", START)
    module.test()
    module.trial("an __init__ that fails changes nothing", FAILED_INIT)
    module.trial("the old function may use the sieve while it goes", USED_WHILE_IT_GOES)
    module.trial("a sieve starts over, and lets go, as it did", STARTS_OVER)
