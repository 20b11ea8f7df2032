"""include/hashtable.h, read by its own conventions.

    /* ... */                at the top: the manual's first chapters
    /* ---- Title ----       a section, perhaps with a few words on all of it
    /* ... */ declarations   an entry: what stands below a comment, up to the next empty line
    name;  /* ... */         a field, an enumerator or a macro, explained beside it

A declaration without a comment belongs to the entry before it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from machinery.pages import ROOT

HEADER = ROOT / "include" / "hashtable.h"
TALK_HEADER = ROOT / "include" / "talk" / "hashtable.h"
# Of the preprocessor's and C++'s affairs.
SCAFFOLDING = re.compile(
    r"^(?:#(?:ifndef|ifdef|endif|include|if|else)\b.*|#define HT_\w*HASHTABLE_H|extern \"C\" \{|\})$",
    re.MULTILINE,
)


class UnreadableHeaderError(Exception):
    """The header has something that this reader does not know."""


@dataclass
class Member:
    """A field of a struct, an enumerator, or a macro of a group."""

    declaration: str
    comment: str

    @property
    def name(self) -> str:
        return names_in(self.declaration)[0]


@dataclass
class Declaration:
    """`kind`: function, type (a pointer to a function), enum, struct, union or macro."""

    kind: str
    name: str
    text: str
    members: list[Member] = field(default_factory=list)
    comment: str = ""


@dataclass
class Entry:
    """A comment, and what it explains."""

    comment: str
    declarations: list[Declaration]


@dataclass
class Section:
    title: str
    comment: str
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Header:
    comment: str
    sections: list[Section]

    def declarations(self) -> Iterator[Declaration]:
        for section in self.sections:
            for entry in section.entries:
                yield from entry.declarations


def bare(comment: str) -> str:
    """A comment without its stars."""
    inside = comment.strip()[2:-2].strip(" ")
    lines = [re.sub(r"^ \* ?", "", line) for line in inside.split("\n")]
    return textwrap.dedent("\n".join(line.rstrip() for line in lines)).strip("\n")


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Comments that stand alone, and code between them, with the comments beside it."""
    at = 0
    for found in re.finditer(r"^/\*.*?\*/$", text, re.MULTILINE | re.DOTALL):
        yield "code", text[at : found.start()]
        yield "comment", found[0]
        at = found.end()
    yield "code", text[at:]


def read(path: Path = HEADER) -> Header:
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Header:
    header: Header | None = None
    section = Section("", "")
    sections = [section]
    waiting = ""
    for kind, piece in pieces(text):
        if kind == "code":
            for chunk in re.split(r"\n\n+", SCAFFOLDING.sub("", piece)):
                if not chunk.strip():
                    continue
                declared = list(declarations(chunk.strip()))
                if waiting or not section.entries:
                    section.entries.append(Entry(waiting, declared))
                    waiting = ""
                else:
                    section.entries[-1].declarations += declared
            continue
        title = re.match(r"/\* -{4} (.*?) -{4,}", piece)
        if header is None:
            header = Header(bare(piece), sections)
        elif title:
            rest = piece[title.end() :]
            section = Section(title[1], bare("/*" + rest) if rest.strip() != "*/" else "")
            sections.append(section)
        elif waiting:
            raise UnreadableHeaderError(f"a comment that explains nothing: {waiting}")
        else:
            waiting = bare(piece)
    if header is None or waiting:
        raise UnreadableHeaderError(waiting or "there is no comment in it")
    header.sections = [each for each in sections if each.entries]
    return header


def declarations(chunk: str) -> Iterator[Declaration]:
    """The declarations that stand together."""
    rest = chunk
    while rest:
        for pattern, make in FORMS:
            found = pattern.match(rest)
            if found:
                yield make(found)
                rest = rest[found.end() :].lstrip()
                break
        else:
            raise UnreadableHeaderError(f"what is this? {rest}")


def compound(found: re.Match[str]) -> Declaration:
    return Declaration(found[1], found[2], "", list(members(found[3], ",;"[found[1] != "enum"])))


def members(text: str, end: str) -> Iterator[Member]:
    for line in textwrap.dedent(text).strip().splitlines():
        found = re.fullmatch(rf"([^{end}/]+?){end}? *(?:/\* *(.*?) *\*/)?", line)
        if not found:
            raise UnreadableHeaderError(f"no field and no enumerator: {line}")
        yield Member(found[1].strip(), found[2] or "")


def macro(found: re.Match[str]) -> Declaration:
    return Declaration("macro", found[1], found[2].strip(), comment=found[3] or "")


def one_line(text: str) -> str:
    return " ".join(text.split())


def names_in(declaration: str) -> list[str]:
    """The name that a declaration is about."""
    pointer = re.search(r"\(\*(\w+)\)", declaration)
    if pointer:
        return [pointer[1]]
    return re.findall(r"(\w+)(?:\[\w+\])?(?= *(?:=.*)?$)", declaration)


FORMS = (
    (re.compile(r"typedef (enum|struct|union) (\w+) \{\n(.*?)\n\} \2;", re.DOTALL), compound),
    (
        re.compile(r"typedef ([^;{]*\(\*(\w+)\)[^;]*);"),
        lambda found: Declaration("type", found[2], one_line(found[1])),
    ),
    (re.compile(r"#define (HT_\w+) (.*?)(?: */\* *(.*?) *\*/)?(?=\n|$)"), macro),
    (
        re.compile(r"([a-z][\w ]*?[ *]+(ht_\w+)\([^;]*?\));", re.DOTALL),
        lambda found: Declaration("function", found[2], one_line(found[1])),
    ),
)
