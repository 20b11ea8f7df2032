"""Teach a type written in C to take part in garbage collection."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Done, Work

HINTS = (
    """The collector looks only at types with the flag `Py_TPFLAGS_HAVE_GC`, and asks them with `tp_traverse`
    what they own. Who then breaks a cycle in which there are only pairs?""",
    """`tp_traverse` is `Py_VISIT(pair->first); Py_VISIT(pair->second); return 0;`, and `tp_clear` is `Py_CLEAR`
    of both. A `Py_DECREF` that leaves the old address in the field is not enough: somebody may look.""",
    """`PyObject_GC_UnTrack(self)` is the first line of `pair_dealloc`, before the weak references: everything
    after it may run Python code, and that may start a collection.""",
)
# Begins each of the programs below. `Held` tells when it goes.
BEGINNING = """
import gc, sys, weakref
import pair
gc.disable()
class Held:
    def __init__(self, last_words=lambda: None):
        self.last_words = last_words
    def __del__(self):
        self.last_words()
"""
COUNTS = """
held = Held()
p = pair.Pair()
before = sys.getrefcount(held)
p.first = held
p.second = held
p.second = None
print(sys.getrefcount(held) - before, end=" ")
del p
print(sys.getrefcount(held) - before)
"""
FOUND = """
p, q = pair.Pair(), pair.Pair()
p.first, p.second, q.second = p, q, p
known = [weakref.ref(p), weakref.ref(q)]
del p, q
gc.collect()
print([each() is None for each in known])
"""
# The collector clears weak references to what it finds, and calls its finalizers, whether or not it can free it. So
# this counts what a pair has given back, to somebody who is in no cycle.
FREED = """
held = Held()
before = sys.getrefcount(held)
for _ in range(100):
    p, q = pair.Pair(), pair.Pair()
    p.first, p.second, q.first, q.second = p, q, held, p
    del p, q
    gc.collect()
print(sys.getrefcount(held) - before)
"""
IN_USE = """
p = pair.Pair()
p.first, p.second = p, Held()
gc.collect()
print(p.first is p, type(p.second).__name__)
"""
DYING = """
p = pair.Pair()
p.first = Held(lambda: print(sum(type(each) is pair.Pair for each in gc.get_objects()), end=" "))
weak = weakref.ref(p, lambda _: print(sum(type(each) is pair.Pair for each in gc.get_objects()), end=" "))
del p
print("well")
"""


def grade(work: Work) -> None:
    folder = work.c_extension("pair.c")
    counts = program(work, folder, COUNTS)
    work.demand(counts.stdout == "1 0\n", "a pair takes one reference and gives it back", seen(counts))
    found = program(work, folder, FOUND)
    work.demand(
        found.stdout == "[True, True]\n", "the collector finds pairs that only pairs know", seen(found)
    )
    freed = program(work, folder, FREED)
    still = f"of the 100 references that they had taken, {freed.stdout.strip()} are still taken"
    promise = "and lets go of what they hold, cycle after cycle"
    work.expect(freed.stdout == "0\n", promise, seen(freed) if freed.status else still)
    in_use = program(work, folder, IN_USE)
    work.expect(in_use.stdout == "True Held\n", "a pair that is in use is left alone", seen(in_use))
    dying = program(work, folder, DYING)
    promise = "while a pair is taken apart, the collector no longer has it on its list"
    work.expect(dying.stdout == "0 0 well\n", promise, seen(dying))


def program(work: Work, folder: Path, code: str) -> Done:
    """Runs a program with the learner's module, where freed memory is written over."""
    path = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
    return work.python("-c", path + BEGINNING + code, environment={"PYTHONMALLOC": "debug"})


def seen(done: Done) -> str:
    if done.status < 0:
        return f"it died of signal {-done.status}"
    return f"it printed {done.stdout.strip()!r}" if not done.status else done.last_words
