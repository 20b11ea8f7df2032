"""What the commands write: prose, code, tables, on a terminal of any colour, or in a pipe."""

from __future__ import annotations

import sys
import textwrap
from typing import TextIO

from rich.console import Console
from rich.text import Text

# Of the sixteen colours that a terminal chooses itself, those that can be read on dark and on light ones.
STYLES = {
    "title": "bold",
    "bad": "bold red",
    "good": "green",
    "faint": "dim",
    "python": "bold",
    "module": "magenta",
    "table": "cyan",
    "reference": "green",
    "print": "",
    "plain": "",
}
WIDTH = 80


class Page:
    """A place to write to. Prose is wrapped at 80 columns at most; nothing else is ever wrapped or cut in a
    pipe."""

    def __init__(self, file: TextIO | None = None, console: Console | None = None) -> None:
        self.console = console or Console(file=file or sys.stdout, highlight=False, markup=False, emoji=False)

    @property
    def width(self) -> int:
        return min(WIDTH, self.console.width) if self.console.is_terminal else WIDTH

    def line(self, *parts: str | tuple[str, str]) -> None:
        """A line of pieces, each a text or a text with a style."""
        text = Text()
        for part in parts:
            piece, style = (part, "plain") if isinstance(part, str) else part
            text.append(piece, STYLES[style])
        self.console.print(text, soft_wrap=True)

    def title(self, text: str) -> None:
        self.line()
        self.line((text, "title"))

    def prose(self, text: str, style: str = "plain", indent: str = "") -> None:
        width = self.width
        for line in textwrap.wrap(
            text,
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        ):
            self.line((line, style))

    def definition(self, term: str, text: str, column: int, style: str = "plain") -> None:
        """A term and what is said of it, in two columns."""
        lead = f"{term:{column}}"
        lines = textwrap.wrap(
            text, max(20, self.width - column), break_long_words=False, break_on_hyphens=False
        )
        for number, line in enumerate(lines or [""]):
            self.line((lead if number == 0 else " " * column, "title"), (line, style))

    def code(self, text: str, first: int | None = None, marked: int | None = None) -> None:
        """Source, with line numbers from `first` on, and an arrow at one line."""
        for number, line in enumerate(text.splitlines(), first or 0):
            arrow = "->" if marked is not None and number == marked else "  "
            lead = f"{arrow}{number:3}  " if first is not None else "    "
            self.line((lead, "bad" if arrow == "->" else "faint"), line)

    def diff(self, text: str) -> None:
        for line in text.splitlines():
            plain = not line.startswith(("+", "-")) or line.startswith(("+++", "---"))
            self.line("  ", (line, "faint" if plain else "good" if line[0] == "+" else "bad"))
