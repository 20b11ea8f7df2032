"""What was not found is used all the same."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """Read the comment above `unhook`, and then the lines that use what it returns.""",
    """`hook->coat` with a `hook` that is NULL reads memory at address 8. That nothing was found has to be
    asked before.""",
    """A function that fails returns NULL, and has said why before: `PyErr_SetObject(PyExc_KeyError, ...)`
    wants an object. `PyTuple_GET_ITEM(args, 0)` is the ticket, borrowed, and that will do.""",
)
START = Path(__file__).with_name("start")
NEVER_THERE = """
import sys
from cloakroom import Cloakroom

room = Cloakroom()
ticket = 10**9
before = sys.getrefcount(ticket)
for _ in range(100):
    try:
        room.take(ticket)
    except KeyError as error:
        assert error.args == (10**9,), f"the KeyError names {error.args}"
    else:
        raise AssertionError("an empty cloakroom has a coat")
    room.put(1, 2)
    assert room.take(1) == 2
change = sys.getrefcount(ticket) - before
assert change == 0, f"after a hundred misses the count of the ticket has changed by {change}"
"""
STILL_TAKES = """
from cloakroom import Cloakroom

room = Cloakroom()
for ticket in range(100):
    room.put(ticket, -ticket)
for ticket in [50, 0, 99, *range(1, 50), *range(51, 99)]:
    coat = room.take(ticket)
    assert coat == -ticket, f"ticket {ticket} gets the coat {coat}"
    if ticket % 7 == 0:
        try:
            room.take(ticket)
        except KeyError:
            pass
try:
    room.take("no number")
except TypeError:
    pass
else:
    raise AssertionError("a ticket that is no number is no TypeError")
"""


def grade(work: Work) -> None:
    module = Extension(work, "cloakroom.c", START)
    module.test()
    module.trial("what was never there is a KeyError, and leaks nothing", NEVER_THERE)
    module.trial("each ticket still gets its coat", STILL_TAKES)
