"""Teach a type written in C to take part in garbage collection."""

from __future__ import annotations

from hashtable_lab.lessons.asking import ask
from hashtable_lab.lessons.grading import Work

HINTS = (
    """The collector looks only at types with the flag `Py_TPFLAGS_HAVE_GC`, and asks them with `tp_traverse`
    what they own. Who then breaks a cycle in which there are only pairs?""",
    """`tp_traverse` is `Py_VISIT(pair->first); Py_VISIT(pair->second); return 0;`, and `tp_clear` is
    `Py_CLEAR` of both. A `Py_DECREF` that leaves the old address in the field is not enough: somebody may
    look.""",
    """`PyObject_GC_UnTrack(self)` is the first line of `pair_dealloc`, before the weak references: everything
    after it may run Python code, and that may start a collection.""",
)
# Begins each of the programs below.
BEGINNING = """
import gc, weakref
import pair
gc.disable()
class Held:
    pass
held = Held()
before = sys.getrefcount(held)
"""
COUNTS = """
p = pair.Pair()
p.first = p.second = held
p.second = None
taken = sys.getrefcount(held) - before
del p
answer = [taken, sys.getrefcount(held) - before]
"""
FOUND = """
p, q = pair.Pair(), pair.Pair()
p.first, p.second, q.second = p, q, p
known = [weakref.ref(p), weakref.ref(q)]
del p, q
gc.collect()
answer = [each() is None for each in known]
"""
# The collector clears weak references to what it finds, and calls its finalizers, whether or not it can free
# it. So this counts what a pair has given back, to somebody who is in no cycle, and the pairs that are left.
# `r` is asked to let go itself, and then dies: a field that still has its address then is given back twice.
FREED = """
enough = [held] * 1000
before = sys.getrefcount(held)
for _ in range(100):
    p, q, r = pair.Pair(), pair.Pair(), pair.Pair()
    p.first, p.second, q.first, q.second = p, q, held, p
    r.first, r.second = r, held
    del p, q, r
    gc.collect()
answer = [sys.getrefcount(held) - before, sum(type(each) is pair.Pair for each in gc.get_objects())]
"""
IN_USE = """
p = pair.Pair()
p.first, p.second = p, [held]
gc.collect()
answer = p.first is p and p.second == [held]
"""
DYING = """
answer = []
def look(_=None):
    answer.append(sum(type(each) is pair.Pair for each in gc.get_objects()))
class Last:
    __del__ = look
p = pair.Pair()
p.first = Last()
weak = weakref.ref(p, look)
del p
"""


def grade(work: Work) -> None:
    folder = work.c_extension("pair.c")
    counts = ask(work, folder, BEGINNING + COUNTS)
    work.demand(counts.answer == [1, 0], "a pair takes one reference and gives it back", counts.why)
    found = ask(work, folder, BEGINNING + FOUND)
    promise = "the collector finds two pairs that only they know"
    why = f"{found.answer.count(False)} of 2 are still there" if found.answer else found.why
    work.demand(found.answer == [True, True], promise, why)
    freed = ask(work, folder, BEGINNING + FREED)
    why = freed.why
    if freed.answer:
        held, left = freed.answer
        why = f"of 300 pairs {left} are left, and of 200 references {held} (below 0: given back twice)"
    work.expect(freed.answer == [0, 0], "and they go, and give back what they hold, once", why)
    in_use = ask(work, folder, BEGINNING + IN_USE)
    work.expect(in_use.answer is True, "a pair that is in use is left alone", in_use.why)
    dying = ask(work, folder, BEGINNING + DYING)
    promise = "while a pair is taken apart, the collector no longer has it on its list"
    work.expect(dying.answer == [0, 0], promise, dying.why)
