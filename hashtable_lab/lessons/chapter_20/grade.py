"""Mend a counter in a table that loses the votes of one of two threads."""

from __future__ import annotations

from hashtable_lab.lessons.grading import Work

HINTS = (
    """Look at the line in `add`: it asks the table twice. What does the first thread know, and since when,
    when it writes?""",
    """No table can make one operation of your two. Nobody else may be between them: that is what a
    `threading.Lock` is for, one for the whole counter, made when the counter is.""",
    """`with self.lock:` around the line that reads and writes. `with` gives the lock back even if the hash
    function raises.""",
)

# The second thread comes while the first is in Python code that the table has called, for the `turn`th time.
# The first waits until the second has ended, or waits for a lock of the counter's. A lock that was not made
# with the counter is not seen, and then only patience ends the wait.
RACE = """
import importlib, threading

PATIENCE = 1
make = {name: getattr(threading, name) for name in ("Lock", "RLock")}
moved = threading.Event()
second = None

class Watched:
    def __init__(self, kind):
        self._lock = make[kind]()
    def acquire(self, blocking=True, timeout=-1):
        if self._lock.acquire(False):
            return True
        if not blocking:
            return False
        if threading.current_thread() is second:
            moved.set()
        return self._lock.acquire(True, timeout)
    def __enter__(self):
        return self.acquire()
    def __exit__(self, *_):
        self._lock.release()
    def __getattr__(self, name):
        return getattr(self._lock, name)

def watched(function, *arguments):
    for name in make:
        setattr(threading, name, lambda name=name: Watched(name))
    try:
        return function(*arguments)
    finally:
        for name in make:
            setattr(threading, name, make[name])

counter_module = watched(importlib.import_module, "counter")

class Word:
    def __init__(self, text):
        self.text = text
    def __hash__(self):
        return len(self.text)
    def __eq__(self, other):
        step("eq")
        return isinstance(other, Word) and self.text == other.text

place, turn, calls, errors = "", 0, 0, []

def step(here):
    global calls
    if here != place or threading.current_thread() is second:
        return
    calls += 1
    if calls == turn:
        second.start()
        moved.wait(PATIENCE)

def hash_func(word):
    step("hash")
    if word == "refused":
        raise RuntimeError("refused")
    return hash(word)

def race(where, when):
    global place, turn, calls, second
    counter = watched(counter_module.Counter, hash_func)
    counter.add(Word("spam"))
    def vote():
        try:
            counter.add(Word("spam"))
        except BaseException as error:
            errors.append(repr(error))
        finally:
            moved.set()
    moved.clear()
    second = threading.Thread(target=vote, daemon=True)
    place, turn, calls = where, when, 0
    counter.add(Word("spam"))
    place = ""
    if second.ident is None:
        return None
    second.join(PATIENCE)
    return "the second never ended" if second.is_alive() else counter.count(Word("spam"))

def races(where):
    came = []
    for when in range(1, 9):
        counted = race(where, when)
        if counted is None:
            break
        came.append(counted)
    return came

def refused():
    counter = watched(counter_module.Counter, hash_func)
    try:
        counter.add("refused")
    except RuntimeError:
        pass
    next_one = threading.Thread(target=counter.add, args=["spam"], daemon=True)
    next_one.start()
    next_one.join(PATIENCE)
    return None if next_one.is_alive() else counter.count("spam")

def asked():
    global place, turn, calls, second
    second = None
    counter = counter_module.Counter(hash_func)
    place, turn, calls = "hash", 0, 0
    counter.add("spam")
    place = ""
    return calls

def alone():
    counter = counter_module.Counter()
    for word in "spam eggs spam spam".split():
        counter.add(word)
    return [counter.count(word) for word in ("spam", "eggs", "toast")]

answer = {"alone": alone(), "asked": asked(), "hash": races("hash"), "eq": races("eq"), "refused": refused()}
answer["errors"] = errors
"""
PLACES = {"hash": "the hash function", "eq": "__eq__"}


def grade(work: Work) -> None:
    work.read("counter.py")
    seen = work.evaluate(RACE)
    alone = seen["alone"]
    work.demand(alone == [3, 1, 0], "one thread is counted rightly", f"3 spam and 1 eggs came to {alone}")
    work.demand(seen["asked"] > 0, "the table's hash function is the one that was given", "it was not called")
    for place, name in PLACES.items():
        lost = [(turn, came) for turn, came in enumerate(seen[place], 1) if came != 3]
        told = "; ".join(f"at call {turn}, 3 votes make {came}" for turn, came in lost)
        promise = f"no vote is lost when another thread comes during {name}"
        work.expect(bool(seen[place]) and not lost, promise, told or "it was never called")
    after = seen["refused"]
    why = "the next thread waits for ever" if after is None else f"the next word was counted {after} times"
    work.expect(after == 1, "a word that the hash function refuses spoils nothing", why)
    errors = seen["errors"]
    work.expect(not errors, "no thread dies of an exception", "; ".join(errors))
