"""The ownership table: which calls the module makes is read from its source; what each does, from calls.py.

A call that is not known there is an error, and so is one that is known and not made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Callable

from machinery.calls import GROUPS, NO_REFERENCE, Call, Group
from machinery.markdown import code, table
from machinery.pages import ROOT

SOURCE = ROOT / "src" / "python"
# In no module that anybody installs: bugs on purpose, for memory checkers.
LEFT_OUT = {"probe.rs"}
IMPORT = re.compile(r"use pyo3_ffi::(?:compat::)?(?:(\w+)|\{([^}]*)\});")
# Each goes through this, to be counted under glass.
COUNTED = re.compile(r"use super::glass::\{?([^;]*)\}?;")
COUNTING = {"Py_INCREF", "Py_DECREF", "Py_XINCREF", "Py_XDECREF"}
# What the C API has besides functions.
NO_FUNCTION = re.compile(
    r"Py[A-Za-z0-9]+(?:_Desc|_Field|_Slot|_t|_Type)?|Py_(?:ssize|hash)_t|METH_\w+|Py_(?:EQ|NE|LT|LE|GT|GE)"
    r"|Py_(?:mod|MOD|TPFLAGS)_\w+|PyExc_\w+|\w+_HEAD_INIT|PyUnicode_\dBYTE_KIND|[a-z]+"
)
# Fields of a type that are read and not called.
FIELDS = {"tp_name", "tp_basicsize", "tp_iter", "tp_as_number"}


class UnknownCallError(Exception):
    """The table and the source do not fit each other."""


def sources() -> dict[str, str]:
    """The module's own files, by name."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(SOURCE.glob("*.rs"))
        if path.name not in LEFT_OUT
    }


def calls(text: str) -> set[str]:
    """The calls into the interpreter in a source file: of what it imports, and through the slots of types."""
    rust = re.sub(r"//[^\n]*", "", text)
    imported = set(re.findall(r"\w+", " ".join(one or many for one, many in IMPORT.findall(rust))))
    imported |= COUNTING & set(re.findall(r"\w+", " ".join(COUNTED.findall(rust))))
    body = COUNTED.sub("", IMPORT.sub("", rust))
    named = imported | set(re.findall(r"pyo3_ffi::(?:compat::)?(Py\w+)", body))
    found = set()
    for name in named:
        if re.search(rf"\b{name}\(|\bSome\((?:pyo3_ffi::)?{name}\)", body):
            found.add(name)
        elif not NO_FUNCTION.fullmatch(name):
            raise UnknownCallError(f"{name} is neither called nor a type nor a constant")
    found |= set(re.findall(r"\.(tp_\w+)", body)) - FIELDS
    if re.search(r"\bvisit\(", body):
        found.add("visit")
    return found


def places(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Each call, and the files that make it."""
    found: dict[str, list[str]] = {}
    for name, text in texts.items():
        for call in calls(text):
            found.setdefault(call, []).append(name)
    return found


def check(made: Iterable[str], known: Iterable[str]) -> None:
    made, known = set(made), set(known)
    problems = [f"{name} is called, and calls.py does not know it" for name in sorted(made - known)]
    problems += [f"calls.py knows {name}, and nobody calls it" for name in sorted(known - made)]
    if problems:
        raise UnknownCallError("\n".join(problems))


def ownership(texts: Mapping[str, str] | None = None, groups: Iterable[Group] = GROUPS) -> str:
    groups = list(groups)
    where = places(sources() if texts is None else texts)
    check(where, [name for group in groups for name in group.calls])
    parts = []
    for group in groups:
        rows = [row(name, call, where[name]) for name, call in group.calls.items()]
        head = ("call", "reference", "Python code", "what for, and where")
        parts += [f"## {group.title}", group.words, table(head, rows, "ownership")]
    return "\n\n".join(parts)


def row(name: str, call: Call, files: list[str]) -> tuple[str, ...]:
    references = [f"**{call.returns}**"] if call.returns != NO_REFERENCE else []
    references += [f"**steals** {call.steals}"] if call.steals else []
    what = f"{call.why} ({', '.join(map(code, files))})"
    return code(name), " ".join(references) or "none", call.runs or "no", what


PARTS: dict[str, Callable[[], str]] = {"ownership": ownership}
