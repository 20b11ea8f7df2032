"""The user's exception is replaced by another."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """`result` is NULL: what has happened then, and who has said so already?""",
    """`PyErr_SetString` forgets the exception that is there. One `if` treats two things alike that are not: a
    call that failed, and a result that is no int.""",
    """If `result` is NULL the exception is set, and there is nothing to add: return -1. Ask about the type
    after that.""",
)
START = Path(__file__).with_name("start")
ANY_EXCEPTION = """
import sys
from heaviest import heaviest

class Own(BaseException):
    pass

for own in (ZeroDivisionError("own words"), ValueError("own words"), TypeError(), KeyboardInterrupt(),
            SystemExit(3), StopIteration(7), Own()):
    def weigh(thing):
        raise own.with_traceback(None)

    try:
        heaviest(weigh, [1])
    except BaseException as error:
        assert error is own, f"{own!r} was raised, and {error!r} came out"
        company = error.__context__ or error.__cause__
        assert company is None, f"{own!r} has company: {company!r}"
        frames = error.__traceback__
        while frames.tb_next:
            frames = frames.tb_next
        assert frames.tb_frame.f_code.co_name == "weigh", "the traceback does not lead to the function"
    else:
        raise AssertionError(f"{own!r} was raised, and nothing came out")
"""
NO_INT = """
import sys
from heaviest import heaviest

for result in ("heavy", 1.5, None, [1]):
    before = sys.getrefcount(result)
    for _ in range(10):
        try:
            heaviest(lambda thing: result, [1, 2])
        except ValueError as error:
            assert "int" in str(error), f"the ValueError says: {error}"
        else:
            raise AssertionError(f"{result!r} is no ValueError")
    change = sys.getrefcount(result) - before
    assert result is None or change == 0, f"the count of {result!r} has changed by {change}"
for things, error in [([], ValueError), (7, TypeError), ([1, 2**100], OverflowError)]:
    try:
        heaviest(lambda thing: thing, things)
    except error:
        pass
    else:
        raise AssertionError(f"heaviest of {things} is no {error.__name__}")
"""
WEIGHS = """
import sys
from heaviest import heaviest

assert heaviest(len, ["spam", "eggs and ham", "eggs"]) == "eggs and ham", "it is not the heaviest"
assert heaviest(lambda thing: -thing, [5, 3, 4]) == 3, "a negative weight is not understood"
assert heaviest(lambda thing: -1, ["first", "second"]) == "first", "of equal ones it is not the first"
things = [object() for _ in range(10)]
counts = [sys.getrefcount(thing) for thing in things]
for _ in range(10):
    heaviest(lambda thing: things.index(thing), things)
    heaviest(lambda thing: -things.index(thing), things)
assert counts == [sys.getrefcount(thing) for thing in things], "the counts of the things have changed"
"""


def grade(work: Work) -> None:
    module = Extension(work, "heaviest.c", START)
    module.test()
    module.trial("every exception comes out, untouched", ANY_EXCEPTION)
    module.trial("what is no int is a ValueError, as it was", NO_INT)
    module.trial("the heaviest thing is found, as it was", WEIGHS)
