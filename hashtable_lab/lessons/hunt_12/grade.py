"""A cycle that the collector does not see."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """The bell owns the function, the function knows the bell: no count comes to 0. Only the collector can
    end that. What does it know of a bell? Ask `gc.is_tracked`.""",
    """A type that owns objects has the flag `Py_TPFLAGS_HAVE_GC`, a `tp_traverse` that shows what it owns,
    and a `tp_clear` that lets go of it. And `tp_dealloc` has to take the object off the collector's list
    first.""",
    """`traverse` is `Py_VISIT(((Bell *)self)->func); return 0;`, `clear` is `Py_CLEAR(((Bell *)self)->func);
    return 0;`, and `dealloc` begins with `PyObject_GC_UnTrack(self)`. Both, and the flag, go into
    `BellType`.""",
)
START = Path(__file__).with_name("start")
# The collector clears weak references to what it only finds, too. So what is left is counted.
ANY_CYCLE = """
import gc
from bell import Bell

class Own(Bell):
    def __init__(self):
        super().__init__(self.answer)

    def answer(self):
        return 42

class Plain:
    pass

def by_method():
    assert Own().ring() == 42

def by_dict():
    plain = Plain()
    plain.bell = Bell(plain)

def by_list():
    things = []
    things.append(Bell(things.append))

def by_each_other():
    class Pair(Bell):
        pass
    one, other = Pair(len), Pair(len)
    one.__init__(lambda: other)
    other.__init__(lambda: one)

def left():
    return sum(type(thing).__name__ in ("Own", "Plain", "Bell", "Pair") for thing in gc.get_objects())

for make in (by_method, by_dict, by_list, by_each_other):
    gc.collect()
    before = left()
    for _ in range(20):
        make()
    for _ in range(3):
        gc.collect()
    assert left() <= before, f"of twenty cycles ({make.__name__}), {left() - before} objects are left"
"""
ALIVE = """
import gc
import sys
import weakref
from bell import Bell

def make(number):
    return Bell(lambda *more: (number, *more))

bells = [make(number) for number in range(1000)]
gc.collect()
found = [bell.ring() for bell in bells]
assert found == [(number,) for number in range(1000)], "a bell has lost its function"
assert bells[7].ring(1, 2) == (7, 1, 2)
def func():
    return 1
before = sys.getrefcount(func)
bell = Bell(func)
assert sys.getrefcount(func) - before == 1, "a bell does not own its function"
for _ in range(100):
    bell.__init__(func)
    Bell(func)
assert sys.getrefcount(func) - before == 1, "the count of the function has changed"
del bell
assert sys.getrefcount(func) == before, "a bell that is gone has left its function behind"
try:
    Bell.__new__(Bell).ring()
except RuntimeError:
    pass
gc.collect()
"""


def grade(work: Work) -> None:
    module = Extension(work, "bell.c", START)
    module.test()
    module.trial("any other cycle with a bell in it is collected", ANY_CYCLE)
    module.trial("and a bell that somebody has keeps its function", ALIVE)
