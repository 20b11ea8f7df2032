"""Markdown, as MyST reads it, from plain text: what comments and docstrings come to on a page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

# What would mean something to MyST, and stands for itself in a comment.
SPECIAL = re.compile(r"([\\`*_\[\]<>{}$~|#])")


def escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def code(text: str) -> str:
    """A piece of code in a line."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def fenced(text: str, language: str) -> str:
    return f"```{{code-block}} {language}\n\n{text}\n```"


def cell(text: str) -> str:
    """What stands in a table: one line, in which a bar is no border."""
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], name: str = "") -> str:
    """A table; `name` is for its looks."""
    lines = ["| " + " | ".join(map(cell, row)) + " |" for row in (head, *rows)]
    lines.insert(1, "|---" * len(head) + "|")
    text = "\n".join(lines)
    return f"```{{table}}\n:class: {name}\n\n{text}\n```" if name else text


def directive(name: str, argument: str, body: str = "", **options: str) -> str:
    """A directive, with a fence that is longer than all in it."""
    inside = re.findall(r"^:{3,}", body, flags=re.MULTILINE)
    fence = ":" * max([3, *(len(colons) + 1 for colons in inside)])
    lines = [f"{fence}{{{name}}} {argument}".rstrip()]
    lines += [f":{option}: {value}".rstrip() for option, value in options.items()]
    return "\n".join([*lines, "", *([body, ""] if body else []), fence])


def blocks(text: str) -> Iterator[list[str]]:
    """Lines that stand together."""
    for block in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")):
        yield block.splitlines()


def is_code(block: Sequence[str]) -> bool:
    """Whether it is set in by four spaces: a picture, a table, a program."""
    return all(line.startswith("    ") or not line for line in block)


def rows(block: Sequence[str]) -> list[tuple[str, str]] | None:
    """The rows of a list like this one; None if the block is none:

    size  the number of bins
    load  how many entries there are,
          which is less
    """
    found: list[tuple[str, str]] = []
    column = 0
    for line in block:
        row = re.fullmatch(r"(\w[\w, ]*?)( {2,})(\S.*)", line)
        if row:
            start = row.start(3)
            column = column or start
            if start != column:
                return None
            found.append((row[1], row[3]))
        elif found and line.startswith(" " * column) and line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        else:
            return None
    return found


def flowing(block: Sequence[str]) -> str:
    return " ".join(line.strip() for line in block)


def dedented(block: Sequence[str]) -> str:
    return textwrap.dedent("\n".join(block))
