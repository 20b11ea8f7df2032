"""The instrumented module, as far as the lab's own process needs it: its source and its specimens, and no
table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import ModuleType

NOT_BUILT = (
    "The instrumented module hashtable_lab._glass is not here: `python setup.py build` makes it, beside the "
    "lab, under build/lib*, and `pip install 'hashtable[lab]'` installs both. The source itself has none."
)


class NotBuiltError(Exception):
    """There is a lab, and nothing to look at."""


def specimens() -> Mapping[str, str]:
    """The broken lines that a child can run: name and unified diff."""
    return dict(_module().specimens())


def sources() -> Mapping[str, str]:
    """The source that the instrumented module was made from: path and text."""
    return dict(_module().sources())


def _module() -> ModuleType:
    try:
        from hashtable_lab import _glass
    except ImportError as error:
        raise NotBuiltError(f"{NOT_BUILT} ({error})") from error
    return _glass


def mending(patch: str) -> str:
    """A specimen's diff the other way round: from the broken line to the right one."""
    lines = patch.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("--- "))
    turned: list[str] = []
    added: list[str] = []
    for line in lines[start + 2 :]:
        if line.startswith("@@"):
            old, new = re.findall(r"[-+]([\d,]+)", line)[:2]
            line = f"@@ -{new} +{old} @@"
        elif line.startswith("-"):
            # In a diff, what goes comes before what comes.
            added.append("+" + line[1:])
            continue
        elif line.startswith("+"):
            turned.append("-" + line[1:])
            continue
        turned += added
        added.clear()
        turned.append(line)
    return "\n".join([*lines[start : start + 2], *turned, *added]).rstrip() + "\n"


def putting_back(file: str, line: int) -> str:
    """The diff that mends a line that was forgotten: it is there again."""
    text = sources()[file].splitlines()
    first, last = max(0, line - 4), min(len(text), line + 3)
    lines = [("+" if number == line - 1 else " ") + text[number] for number in range(first, last)]
    size = last - first
    head = f"@@ -{first + 1},{size - 1} +{first + 1},{size} @@"
    return "\n".join([f"--- a/{file}", f"+++ b/{file}", head, *lines]) + "\n"
