"""A value that is taken for an error."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """`number_of` says with a number that there is no number. Which numbers can a function return?""",
    """There is no `long` that nobody needs: with another one as the sign, another guest stands. Something
    else has to say whether there was an error.""",
    """`PyErr_Occurred()` knows. Ask it when the number is the sign, as `number_of` itself does for -1; or
    return 0 or -1, and the number through a pointer.""",
)
START = Path(__file__).with_name("start")
EVERY_NUMBER = """
from seat import seat

near = [sign * 2**bits + off for bits in range(64) for sign in (1, -1) for off in (-1, 0, 1)]
for number in sorted({0, -2, *near}):
    if -(2**63) <= number < 2**63:
        for seats in (1, 7, 8):
            try:
                found = seat(lambda guest: number, "Ada", seats)
            except SystemError as error:
                raise AssertionError(f"a guest whose number is {number} has no seat: {error}") from None
            assert found == number % seats, f"a guest whose number is {number} has seat {found} of {seats}"
"""
ERRORS = """
import sys
from seat import seat

own = KeyError("own words")

def raises(guest):
    raise own

for arguments, error in [((raises, 1, 8), KeyError), ((str, "Ada", 8), TypeError),
                         ((len, "Ada", 0), ValueError),
                         ((lambda guest: 2**63, 1, 8), OverflowError),
                         ((lambda guest: -(2**63) - 1, 1, 8), OverflowError)]:
    try:
        found = seat(*arguments)
    except error:
        pass
    except SystemError as other:
        raise AssertionError(f"it is no {error.__name__}, but a SystemError: {other}") from None
    else:
        raise AssertionError(f"it is no {error.__name__}, but seat {found}")
"""
NOTHING_LEAKS = """
import sys
from seat import seat

numbers = [2**63 - 1, 2**62, 2**100]

def counts():
    return [sys.getrefcount(number) for number in numbers]

before = counts()
for index in range(3):
    for _ in range(50):
        try:
            seat(lambda guest: numbers[index], "Ada", 8)
        except OverflowError:
            pass
changes = [after - count for after, count in zip(counts(), before)]
assert changes == [0, 0, 0], f"the counts of three numbers have changed by {changes}"
"""


def grade(work: Work) -> None:
    module = Extension(work, "seat.c", START)
    module.test()
    module.trial("every number of 64 bits has its seat", EVERY_NUMBER)
    module.trial("an error is an error, and the one that it was", ERRORS)
    module.trial("and nothing leaks", NOTHING_LEAKS)
