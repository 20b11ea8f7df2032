"""Make a function in C fail as it should."""

from __future__ import annotations

from hashtable_lab.lessons.asking import ask
from hashtable_lab.lessons.grading import Work

HINTS = (
    """Go through the calls one by one, and say of each how it tells that it failed. Two of them have an
    answer that means two things: -1 from `PyLong_AsLong`, and NULL from `PyIter_Next`. Who knows which?""",
    """`PyErr_Occurred()` knows. If it is not NULL, an exception is set already: set no other, give back what
    you hold (the item, the iterator, the number: `PyList_Append` does not take yours over), return NULL.""",
    """Append to a fresh list, `PyList_New(0)`. Only when the loop has ended without an exception put that
    behind the target: `PyList_SetSlice(target, size, size, fresh)`, with the `PyList_GET_SIZE(target)` of
    that moment. One label at the end, with `Py_XDECREF` of all that you own, serves each way out.""",
)
# Begins each of the programs below.
BEGINNING = """
import ints
class Mine(Exception):
    pass
mine = Mine("my own words")
class Index:
    def __init__(self, answer):
        self.answer = answer
    def __index__(self):
        if isinstance(self.answer, Exception):
            # Without what it remembers of the last time.
            raise self.answer.with_traceback(None)
        return self.answer
def failing(items=(1, 2)):
    yield from items
    raise mine.with_traceback(None)
def outcome(source, target):
    try:
        return repr(ints.extend(target, source))
    except BaseException as error:
        return "mine" if error is mine else type(error).__name__
"""
WELL = """
target = [0]
answer = [outcome(iter([5, True, Index(7), 10**15]), target), target]
"""
MINUS_ONE = """
target = []
answer = [outcome([3, -1, -2, Index(-1)], target), target]
"""
UNTOUCHED = """
sources = [1, Index(mine)], [1, "no number"], [2**100], [Index(ValueError())], 5
answer = [outcome(source, []) for source in sources]
"""
ITERATOR = """
answer = [outcome(failing(), []), outcome(failing(()), [])]
"""
AS_BEFORE = """
answer = []
for source in ([1, Index(mine)], [1, "no number"], failing()):
    target = [0]
    outcome(source, target)
    answer.append(target)
"""
# Wide numbers are made anew each time.
LEFT_BEHIND = """
def changed(make):
    source = make()
    before = sys.getallocatedblocks()
    for _ in range(1000):
        outcome(source if type(source) is list else make(), [])
    return sys.getallocatedblocks() - before
makers = (
    lambda: [10**15, 10**15], lambda: [10**15, Index(mine)], lambda: [10**15, "no number"], failing, lambda: 5
)
for make in makers:
    changed(make)
answer = [changed(make) for make in makers]
"""


def grade(work: Work) -> None:
    folder = work.c_extension("ints.c")
    well = ask(work, folder, BEGINNING + WELL)
    work.demand(well.answer == ["None", [0, 5, 1, 7, 10**15]], "it appends what goes well", well.why)
    minus_one = ask(work, folder, BEGINNING + MINUS_ONE)
    work.expect(minus_one.answer == ["None", [3, -1, -2, -1]], "-1 is a number", minus_one.why)
    untouched = ask(work, folder, BEGINNING + UNTOUCHED)
    right = ["mine", "TypeError", "OverflowError", "ValueError", "TypeError"]
    told = f"an __index__ that raises, a string, 2**100, a ValueError, no iterable: {untouched.answer}"
    why = told if untouched.answer else untouched.why
    work.expect(untouched.answer == right, "what goes wrong inside comes out as it is", why)
    iterator = ask(work, folder, BEGINNING + ITERATOR)
    work.expect(iterator.answer == ["mine"] * 2, "an iterator's exception comes out", iterator.why)
    as_before = ask(work, folder, BEGINNING + AS_BEFORE)
    told = f"[0], after an __index__, a string and an iterator that fail: {as_before.answer}"
    why = told if as_before.answer else as_before.why
    work.expect(as_before.answer == [[0]] * 3, "a call that fails has changed nothing", why)
    left = ask(work, folder, BEGINNING + LEFT_BEHIND)
    flat = left.answer is not None and all(abs(number) < 100 for number in left.answer)
    told = f"blocks after 1000 good calls, an __index__, a string, an iterator, no iterable: {left.answer}"
    why = told if left.answer else left.why
    work.expect(flat, "no call leaves anything behind", why)
