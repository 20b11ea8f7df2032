"""The reference of the C library: its header, which is its manual, as pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Callable

from machinery import header, markdown
from machinery.header import Declaration, Entry, Header
from machinery.markdown import code, directive, escaped, fenced, flowing

ROLES = {"function": "c:func", "type": "c:type", "macro": "c:macro", "enumerator": "c:enumerator"}
ROLES.update({kind: f"c:{kind}" for kind in ("enum", "struct", "union")})
CODE = re.compile(
    r"`[^`]+`"
    r"|\b(?:ht|HT)_\w+\*?"
    r"|(?<=[Ii]n field )\w+"
    r"|\b(?:NULL|errno|ENOMEM|EINVAL|LONG_MAX|PTRDIFF_MAX|malloc|strdup|strlen|printf|longjmp|stdout)\b"
    r"|\bfree\(\)|\bsizeof\(\w+\)|\b[a-z]+_[a-z_]+\b"
    r"|\.\./hashtable\.h|%[a-z]+\b|\\0"
    r'|"[^"\s]*"'
)


class Prose:
    """Comments, which are plain text, as Markdown; what the header declares is a link."""

    def __init__(self, declared: dict[str, str]) -> None:
        self.declared = declared

    def text(self, comment: str, about: Sequence[str] = ()) -> str:
        return "\n\n".join(self.parts(comment, about))

    def parts(self, comment: str, about: Sequence[str]) -> Iterator[str]:
        for block in whole_samples(markdown.blocks(comment)):
            listed = markdown.rows(block)
            columns = grid(block)
            if markdown.is_code(block) and not columns:
                yield sample(markdown.dedented(block))
            elif columns:
                head, *body = columns
                yield markdown.table(head, [[self.line(each, about) for each in row] for row in body])
            elif listed:
                yield from (f"**{self.line(term, about)}** {self.line(rest, about)}" for term, rest in listed)
            elif len(block) == 1 and block[0].isupper():
                yield f"## {block[0].capitalize()}"
            else:
                yield from self.paragraphs(flowing(block), about)

    def paragraphs(self, text: str, about: Sequence[str]) -> Iterator[str]:
        """What a call returns and what it costs begin a paragraph each, wherever they stand."""
        for part in re.split(r"(?<=\.) (?=Cost: )|(?<=\.) (?=Returns )", text):
            lead = re.match(r"Cost:|Returns\b", part)
            if lead:
                yield f"**{lead[0]}** {self.line(part[lead.end() :].strip(), about)}"
            else:
                yield self.line(part, about)

    def line(self, text: str, about: Sequence[str] = ()) -> str:
        done, at = [], 0
        for found in CODE.finditer(text):
            done += [escaped(text[at : found.start()]), self.piece(found[0], about)]
            at = found.end()
        return "".join([*done, escaped(text[at:])])

    def piece(self, text: str, about: Sequence[str]) -> str:
        role = self.declared.get(text)
        if role and text not in about:
            return f"{{{role}}}`{text}`"
        return code(text.strip("`"))


def grid(block: Sequence[str]) -> list[list[str]] | None:
    """The rows of a table whose columns begin where the words of its first line do; None if the block is
    none. A row that does not begin at the margin goes on with the one before it."""
    starts = [0, *(found.start() for found in re.finditer(r"(?<=  )\S", block[0]))]
    if len(block) < 3 or not block[0].startswith("        ") or len(starts) < 3:
        return None
    rows: list[list[str]] = []
    for line in block:
        cells = [""] * len(starts)
        for found in re.finditer(r"\S+(?: \S+)*", line):
            column = max(index for index, start in enumerate(starts) if start <= found.start())
            cells[column] = found[0]
        if len(rows) < 2 or not line.startswith(" "):
            rows.append(cells)
        else:
            rows[-1] = [f"{old} {new}".strip() for old, new in zip(rows[-1], cells)]
    return rows


def whole_samples(blocks: Iterable[list[str]]) -> list[list[str]]:
    """A program has empty lines in it: what is set in further than the margin belongs together."""
    whole: list[list[str]] = []
    for block in blocks:
        goes_on = whole and all(map(markdown.is_code, (whole[-1], block))) and not is_command(block[0])
        if goes_on:
            whole[-1] += ["", *block]
        else:
            whole.append(block)
    return whole


def is_command(line: str) -> bool:
    return line.lstrip().startswith("cc ")


def sample(text: str) -> str:
    if is_command(text):
        return fenced(text, "sh")
    if ";" not in text and "#include" not in text:
        return fenced(text, "text")
    # What is said beside the code is in parentheses there, since comments do not nest.
    return fenced(re.sub(r" {2,}\(([^()]*)\)$", r" /* \1 */", text, flags=re.MULTILINE), "c")


def declared(read: Header) -> dict[str, str]:
    """Each name that the header declares, and the role that links to it."""
    names = {}
    for each in read.declarations():
        names[each.name] = ROLES[each.kind]
        if each.kind == "enum":
            names.update({member.name.split()[0]: ROLES["enumerator"] for member in each.members})
    return names


class Page:
    def __init__(self, read: Header) -> None:
        self.header = read
        self.prose = Prose(declared(read))

    def overview(self) -> str:
        # Its first line says the file's name, which is the page's title here.
        title, _, rest = self.header.comment.partition("\n")
        first = title.partition(" - ")[2]
        return f"{self.prose.line(first)}\n\n{self.prose.text(rest)}"

    def entries(self) -> str:
        parts = []
        for section in self.header.sections:
            parts.append(f"## {section.title or 'The version'}")
            if section.comment:
                parts.append(self.prose.text(section.comment))
            parts += [self.entry(entry) for entry in section.entries]
        return "\n\n".join(parts)

    def entry(self, entry: Entry) -> str:
        """Declarations under one comment, which stands below the last of those that it is about."""
        names = [each.name for each in entry.declarations]
        body = self.prose.text(entry.comment, names)
        first = entry.declarations[0]
        if first.kind in ("enum", "struct", "union"):
            parts = [self.compound(first, body)]
            parts += map(self.macro, entry.declarations[1:])
        elif first.kind == "macro":
            parts = [body, *map(self.macro, entry.declarations)]
        else:
            *others, last = entry.declarations
            parts = [directive(f"c:{each.kind}", each.text) for each in others]
            parts.append(directive(f"c:{last.kind}", last.text, body))
        return "\n\n".join(parts)

    def macro(self, each: Declaration) -> str:
        words = self.prose.line(sentence(each.comment), [each.name])
        return directive("c:macro", each.name, f"{code(each.text)}. {words}" if words else code(each.text))

    def compound(self, each: Declaration, body: str) -> str:
        kind = "c:enumerator" if each.kind == "enum" else "c:member"
        members = [
            directive(
                kind,
                member.declaration,
                self.prose.line(sentence(member.comment), [member.name]),
                **{"no-contents-entry": ""},
            )
            for member in each.members
        ]
        return directive(f"c:{each.kind}", each.name, "\n\n".join([body, *members]))


def sentence(text: str) -> str:
    """A few words as a sentence; a name in them is not written otherwise."""
    if re.match(r"[a-z]+(?![\w(])", text):
        text = text[0].upper() + text[1:]
    return f"{text}." if text else ""


TALK_NAMES = re.compile(
    r"^#define (\w+) ((?:ht|HT)_\w+)$|^HT_TALK_INLINE ([^{]*?(\w+)\([^{]*\))\n\{\n.*?\b(ht_\w+)\(",
    re.MULTILINE | re.DOTALL,
)


def talk() -> str:
    """The talk's header: its opening words, and which of its names is which of ours."""
    text = header.TALK_HEADER.read_text(encoding="utf-8")
    prose = Prose(declared(header.read()))
    opening = header.bare(re.match(r"/\*.*?\*/", text, re.DOTALL)[0])
    rows = [
        (code(it[1]), prose.line(it[2])) if it[1] else (code(header.one_line(it[3])), prose.line(it[5]))
        for it in TALK_NAMES.finditer(text)
    ]
    return f"{prose.text(opening)}\n\n{markdown.table(('there', 'here'), rows)}"


PARTS: dict[str, Callable[[], str]] = {
    "c.overview": lambda: Page(header.read()).overview(),
    "c.entries": lambda: Page(header.read()).entries(),
    "c.talk": talk,
}
