"""Match what a program does to slots, and slots to the functions that fill them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hashtable_lab import glass
from hashtable_lab.lessons.grading import Work

HINTS = (
    """Everything is in src/python/type_object.rs: the type itself has the slots that begin with tp_, and
    those that begin with mp_, sq_ and nb_ are in three tables before it. The manual of the C API has a
    chapter "Type Object Structures", with a list of which method belongs to which slot.""",
    """A table is a mapping, so for len(h) and h[key] look among mp_. There is one slot for `h[key] = value`
    and for `del h[key]`: it is called without a value. For `key in h` the mapping has no slot: it is in the
    table of sequences.""",
    """A call of the type, HashTable(size=8), goes to tp_vectorcall and nowhere else; that of a subclass to
    tp_new, then to tp_init. What may not be hashed says so in tp_hash, by a function that is not ours:
    PyObject_HashNotImplemented.""",
)

# What a program does, and the slot that the interpreter comes to, by the rules of the C API.
SLOTS = {
    "len(h)": "mp_length",
    "h[key]": "mp_subscript",
    "del h[key]": "mp_ass_subscript",
    "key in h": "sq_contains",
    "h | other": "nb_or",
    "h == other": "tp_richcompare",
    "hash(h)": "tp_hash",
    "iter(h)": "tp_iter",
    "repr(h)": "tp_repr",
    "HashTable(size=8)": "tp_vectorcall",
    "HashTable.__new__(HashTable)": "tp_new",
    "h.__init__(size=8)": "tp_init",
    "gc.collect() asks whom h knows": "tp_traverse",
    "the last reference to h goes": "tp_dealloc",
}


def grade(work: Work) -> None:
    try:
        functions = filled(glass.sources())
    except glass.NotBuiltError as error:
        work.cannot("this Python can show it", str(error))
    answers = work.answers().get("ANSWERS")
    if not isinstance(answers, dict):
        work.cannot("ANSWERS is a dict, as it was", f"it is {type(answers).__name__}")
    for what, slot in SLOTS.items():
        said = answers.get(what)
        pair = said if isinstance(said, list) and len(said) == 2 else [None, None]
        if work.expect(pair[0] == slot, f"{what}: the slot", f"you say {short(pair[0])}"):
            work.expect(pair[1] == functions[slot], f"{what}: the function", f"you say {short(pair[1])}")


def short(value: object) -> str:
    text = repr(value) if value else "nothing yet"
    return text if len(text) <= 60 else text[:59] + "…"


def filled(sources: Mapping[str, str]) -> dict[str, str]:
    """Each slot of `HashTable`, and the function in it: `file::function`, or one of the interpreter's."""
    text = sources["src/python/type_object.rs"]
    named = re.findall(r"^ *(\w+): Some\(([\w:]+)\)", text, re.MULTILINE)
    return {slot: function.replace("pyo3_ffi::", "") for slot, function in named}
