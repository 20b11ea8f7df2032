"""Fill in the counts of an extension module in C."""

from __future__ import annotations

from signal import Signals
from textwrap import indent

from hashtable_lab.lessons.grading import Work

HINTS = (
    """Go through it three times. What goes out of a function, by `return` or into a tuple that steals, has to
    be a new reference. What stays in a variable of the module is owned. What a call gave you, and nobody
    wants, goes back.""",
    """A variable of the module that gets something else: never count down before the pointer has changed,
    since what dies may look. `notice` is never NULL, and `listener` may be: so the one wants a SETREF, and
    the other an XSETREF or a CLEAR. A `result` that is NULL is an exception: return NULL.""",
    """Py_SETREF(notice, Py_NewRef(object)); Py_CLEAR(listener) and Py_XSETREF(listener, Py_NewRef(function));
    Py_NewRef(...) around what is returned or put into the tuple; Py_DECREF(result); Py_RETURN_NONE; and
    Py_NewRef(Py_None) for the first notice.""",
)

# Each is run in a process of its own, and raises if it is not so.
START = """
import os, sys
sys.path.insert(0, sys.argv[1])
import board

class Thing:
    pass

class Looks:
    def __init__(self, look):
        self.look = look
    def __del__(self):
        self.look()

def change(thing, operation, times=1):
    before = sys.getrefcount(thing)
    for _ in range(times):
        operation()
    return sys.getrefcount(thing) - before

def same(seen, right):
    assert abs(seen) < 10**9, "the object was freed: what stands for its count are dead bytes"
    assert seen == right, f"the count has changed by {seen}, and not by {right}"

thing, other = Thing(), Thing()
def function(notice): return thing
"""
PROMISES = {
    "`set` owns the new notice": "same(change(thing, lambda: board.set(thing)), 1)",
    "`set` gives the old notice back": """
board.set(thing)
same(change(thing, lambda: board.set(other)), -1)""",
    "`get` hands out a reference and keeps its own": """
board.set(thing)
same(change(thing, board.get, 100), 0)
assert board.get() is thing, "it is another object" """,
    "`listen` owns the listener": "same(change(function, lambda: board.listen(function)), 1)",
    "`listen` gives the old listener back, and bears that there is none": """
board.listen(None)
board.listen(function)
same(change(function, lambda: board.listen(None)), -1)
board.listen(function)
same(change(function, lambda: board.listen(print)), -1)""",
    "`both` makes a tuple that owns the two": """
board.set(thing)
board.listen(function)
same(change(thing, board.both, 100), 0)
same(change(function, board.both, 100), 0)
assert board.both() == (thing, function), "it is another tuple"
board.listen(None)
assert board.both() == (thing, None), "it is another tuple, when nobody listens" """,
    "`tell` wants no result, and gives it back": """
board.tell()
board.listen(function)
same(change(thing, board.tell, 100), 0)
same(change(function, board.tell, 100), 0)""",
    "`tell` lets an exception out": """
board.listen(lambda notice: 1 // 0)
try:
    board.tell()
except ZeroDivisionError:
    pass
else:
    raise AssertionError("there was none")""",
    # Where None is immortal that cannot fail.
    "None is counted, each time": """
board.set(thing)
def calls():
    board.set(thing), board.listen(function), board.listen(None), board.tell()
    board.listen(function), board.tell(), board.listen(None), board.both()
change(None, calls)
same(round(change(None, calls, 200), -2), 0)""",
    # Nor can this. A second import would not make the module anew.
    "the first notice, None, is owned too": """
import ctypes, gc
init = ctypes.PyDLL(board.__file__).PyInit_board
init.restype = ctypes.py_object
def begins():
    for _ in range(200):
        init(), board.set(thing)
    gc.collect()
change(None, begins)
same(round(change(None, begins), -2), 0)""",
    "what dies in `set` finds the new notice": """
seen = []
board.set([Looks(lambda: seen.append(board.get()))])
board.set(thing)
assert seen == [thing], f"it finds {seen}" """,
    "what dies in `listen` finds the new listener, or none": """
seen = []
def listens(): return lambda notice, looks=Looks(lambda: seen.append(board.both()[1])): None
board.listen(listens())
board.listen(function)
board.listen(listens())
board.listen(None)
assert seen == [function, None], f"it finds {seen}" """,
}


# What the interpreter finds when it shuts down is not the check's affair.
CHECKED = """
try:
{check}
except BaseException as error:
    print(error if type(error) is AssertionError else repr(error), flush=True)
    os._exit(1)
os._exit(0)
"""


def grade(work: Work) -> None:
    work.read("board.c")
    folder = work.c_extension("board.c")
    for promise, check in PROMISES.items():
        code = START + CHECKED.format(check=indent(check, "    "))
        done = work.python("-c", code, str(folder), environment={"PYTHONMALLOC": "debug"})
        died = f"it died of {Signals(-done.status).name}" if done.status < 0 else done.last_words
        work.expect(done.status == 0, promise, died)
