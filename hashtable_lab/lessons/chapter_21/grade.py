"""Give each interpreter a list of its own, in a module that keeps one for all."""

from __future__ import annotations

import sys
from typing import Any

from hashtable_lab.lessons.grading import Work

HINTS = (
    """What is `static` in C belongs to the process, not to an interpreter. The interpreter has room for what
    is a module's own: as many bytes as `.m_size` says, zeroed, for each module object.""",
    """A struct with the book in it, `.m_size = sizeof(State)`, and `PyModule_GetState(module)` wherever the
    book is used: the functions get the module as their first argument. Then the reference in it is yours to
    show, and to give back: `.m_traverse`, `.m_clear`, `.m_free`.""",
    """`m_traverse` is `Py_VISIT(state->book)`, `m_clear` is `Py_CLEAR(state->book)`, and `m_free` does what
    `m_clear` does. When no object is in a static any more, the slot may say
    `Py_MOD_PER_INTERPRETER_GIL_SUPPORTED`.""",
)

# For a child: interpreters under the names that they have on this Python, which tell what they see by a pipe.
ROOMS = """
import gc, json, os, sys, weakref
sys.path.insert(0, sys.argv[1])
try:
    import _interpreters as interpreters
except ImportError:
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        interpreters = None

def room(own_gil):
    if sys.version_info >= (3, 13):
        return interpreters.create("isolated" if own_gil else "legacy")
    return interpreters.create(isolated=own_gil)

def told(room, code):
    reading, writing = os.pipe()
    code = f"import json, os, sys\\nsys.path.insert(0, {sys.argv[1]!r})\\n{code}\\n"
    code += f"os.write({writing}, json.dumps(told).encode())"
    try:
        failure = interpreters.run_string(room, code)
    except Exception as error:
        failure = error
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    return json.loads(text) if text else str(getattr(failure, "formatted", failure))

USE = "import visitors; visitors.enter('bob'); told = visitors.guests()"
"""
SHARED = """
import visitors
visitors.enter("ann")
other = room(own_gil=False)
answer = {"other": told(other, USE), "main": visitors.guests()}
interpreters.destroy(other)
visitors.enter("cat")
answer["after"] = visitors.guests()
"""
OWN_GIL = """
other = room(own_gil=True)
answer = told(other, USE)
interpreters.destroy(other)
"""
ONE_AFTER_ANOTHER = """
class Guest:
    pass

def gone_with_its_book(itself):
    import visitors
    guest = Guest()
    dead = weakref.ref(guest)
    visitors.enter(guest)
    if itself:
        visitors.enter(visitors)
    del guest, visitors, sys.modules["visitors"]
    gc.collect()
    return dead() is None

import visitors
first = visitors
first.enter("ann")
del sys.modules["visitors"]
import visitors
answer = {"fresh": visitors.guests(), "first": first.guests(), "same": visitors is first}
del first, visitors, sys.modules["visitors"]
answer["gone"], answer["gone with itself"] = gone_with_its_book(False), gone_with_its_book(True)
"""


def grade(work: Work) -> None:
    folder = str(work.c_extension("visitors.c"))

    def seen(code: str) -> Any:
        return work.evaluate(ROOMS + code, folder)

    if not seen("answer = interpreters is not None"):
        work.cannot("this Python can show it", "it has no module for interpreters in one process")
    shared = seen(SHARED)
    work.expect(shared["other"] == ["bob"], "another interpreter has a book of its own", f"{shared['other']}")
    work.expect(
        shared["main"] == ["ann"], "what it writes is not in the main one's book", f"{shared['main']}"
    )
    after = shared["after"]
    work.expect(after == ["ann", "cat"], "the main one's book outlives the other interpreter", f"{after}")
    imports = seen(ONE_AFTER_ANOTHER)
    fresh = imports["fresh"] == [] and imports["first"] == ["ann"]
    why = f"the old one has {imports['first']}, the new one {imports['fresh']}"
    work.expect(fresh, "a fresh import begins a new book", why)
    work.expect(imports["gone"], "a module that goes takes its book along", "a guest is still alive")
    work.expect(
        imports["gone with itself"],
        "even one that is in its own book",
        "a guest is still alive: the collector does not see what the module owns",
    )
    if sys.version_info >= (3, 12):
        own = seen(OWN_GIL)
        work.expect(own == ["bob"], "an interpreter with its own GIL can import it", f"{own}")
