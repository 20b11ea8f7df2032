"""The functions that include/hashtable.h declares, read from its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .workshop import ROOT

HEADER = ROOT / "include" / "hashtable.h"


@dataclass(frozen=True)
class Prototype:
    """One function: what it returns, its name, the types of its parameters."""

    returns: str
    name: str
    parameters: tuple[str, ...]


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def prototypes(header: Path = HEADER) -> list[Prototype]:
    """The prototypes, in the header's order."""
    found = []
    pattern = r"^(\w[\w ]*?[ *]+)(\w+)\(([^()]*)\);"
    for returns, name, parameters in re.findall(pattern, without_comments(header.read_text()), re.MULTILINE):
        # What is left of a parameter without its name is its type.
        types = tuple(
            re.sub(r"\w+$", "", parameter.strip()).strip()
            for parameter in parameters.split(",")
            if parameter != "void"
        )
        found.append(Prototype(returns.strip(), name, types))
    return found
