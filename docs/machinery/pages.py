"""Pages, and the blocks in them that are run.

A page is a session. Its blocks run in the order in which they stand, in one empty folder:

    ```{console}                commands behind `$ `, each with what it prints
    ```{python}                 an interactive session; all those of a page share one interpreter
    ```{file} NAME              a file, which is put into the folder
    ```{draw} DESCRIPTION       a command that ends in `--svg NAME`; the page shows the picture

Options stand in the first lines of a block:

    :mask: lines, addresses     what may be different each time, by name (see masks.py)
    :python: >=3.12             on which Pythons the block is there
    :needs: valgrind            the tool without which it cannot run; then the page shows what was recorded.
                                `python.h` is a tool too: the headers of this Python
    :status: 1                  what each command ends with, where that is not 0; `any` for a crash

A line `...` in what is printed stands for any number of lines, which the site does not show either.

Between `<!-- on >=3.12 -->` and `<!-- end -->` stands what is on the site only if such a Python made it.
"""

from __future__ import annotations

import doctest
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
KINDS = ("console", "python", "file", "draw")
OPTIONS = ("mask", "python", "needs", "status")
FENCE = re.compile(
    r"^(?P<fence>```+)\{(?P<kind>"
    + "|".join(KINDS)
    + r")\} *(?P<argument>[^\n]*)\n(?P<body>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


SOMETIMES = re.compile(r"^<!-- on ([^\n]*?) -->\n(.*?)^<!-- end -->\n", re.MULTILINE | re.DOTALL)


@dataclass
class Step:
    """One command or one statement, and what it is said to print."""

    source: str
    expected: list[str]


@dataclass
class Block:
    """A part of a page that is run."""

    kind: str
    argument: str
    options: dict[str, str]
    body: str
    line: int
    steps: list[Step] = field(default_factory=list)

    @property
    def masks(self) -> list[str]:
        return [name.strip() for name in self.options.get("mask", "").split(",") if name.strip()]

    @property
    def here(self) -> bool:
        """Whether it is for this Python."""
        return fits(self.options.get("python", ""))

    @property
    def missing(self) -> str | None:
        """The tool that it needs and that is not there."""
        tools = self.options.get("needs", "").replace(",", " ").split()
        return next((tool for tool in tools if not is_there(tool)), None)


class BadPageError(Exception):
    """A block that nobody could run."""


def fits(condition: str) -> bool:
    """Whether this Python is one of those, said as `>=3.12` or `<3.12`."""
    if not condition:
        return True
    found = re.fullmatch(r"(>=|<) *3\.(\d+)", condition)
    if not found:
        raise BadPageError(f"a Python is `>=3.12` or `<3.12`, and not {condition!r}")
    newer = sys.version_info >= (3, int(found[2]))
    return newer if found[1] == ">=" else not newer


def is_there(tool: str) -> bool:
    """Whether this machine has a tool, or the headers of this Python."""
    if tool == "python.h":
        return Path(sysconfig.get_path("include"), "Python.h").is_file()
    return shutil.which(tool) is not None


def page_files() -> list[Path]:
    """All pages of the site."""
    return sorted(path for path in DOCS.rglob("*.md") if not path.relative_to(DOCS).parts[0].startswith("_"))


def for_this_python(text: str) -> str:
    """A page without what is for other Pythons."""
    return SOMETIMES.sub(lambda found: found[2] if fits(found[1]) else "", text)


def blocks(text: str) -> Iterator[tuple[re.Match[str], Block]]:
    """The blocks of a page, each with where it stands."""
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        try:
            yield found, block(found["kind"], found["argument"].strip(), found["body"], line)
        except (BadPageError, ValueError) as error:
            raise BadPageError(f"line {line}: {error}") from error


def block(kind: str, argument: str, body: str, line: int) -> Block:
    options: dict[str, str] = {}
    while option := re.match(r":(\w+): *([^\n]*)\n", body):
        if option[1] not in OPTIONS:
            raise BadPageError(f"there is no option {option[1]!r}")
        options[option[1]] = option[2].strip()
        body = body[option.end() :]
    made = Block(kind, argument, options, body, line)
    fits(options.get("python", ""))
    if kind in ("console", "draw"):
        made.steps = commands(body)
    elif kind == "python":
        made.steps = statements(body)
    if kind in ("file", "draw") and not argument:
        raise BadPageError(f"{{{kind}}} wants a word on what it is")
    if kind not in ("file",) and not made.steps:
        raise BadPageError("there is nothing to run")
    return made


def commands(body: str) -> list[Step]:
    """The commands of a console, each with what follows it. A backslash at the end: it goes on."""
    steps: list[Step] = []
    going_on = False
    for line in body.splitlines():
        if going_on:
            steps[-1].source += "\n" + line
        elif line.startswith("$ "):
            steps.append(Step(line[2:], []))
        elif steps:
            steps[-1].expected.append(line)
        elif line.strip():
            raise BadPageError(f"a console begins with `$ `, and not with {line!r}")
        going_on = line.endswith("\\") and (going_on or line.startswith("$ "))
    return steps


def statements(body: str) -> list[Step]:
    """The statements of an interactive session, by the rules of doctest."""
    examples = doctest.DocTestParser().get_examples(body)
    steps = []
    for example in examples:
        want = example.want
        if example.exc_msg is not None:
            want = "Traceback (most recent call last):\n    ...\n" + example.exc_msg
        steps.append(
            Step(example.source, ["" if line == "<BLANKLINE>" else line for line in want.splitlines()])
        )
    return steps


def written(step: Step, kind: str, printed: list[str]) -> str:
    """A step as it stands in a page."""
    if kind == "python":
        first, *others = step.source.rstrip("\n").split("\n")
        lines = [">>> " + first, *(("... " + line).rstrip() for line in others)]
    else:
        lines = ["$ " + step.source]
    return "\n".join([*lines, *printed]) + "\n"
