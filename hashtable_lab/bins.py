"""A table as a picture: its bins, one below the other, each with its chain; or, where they are many, a map
of how long the chains are."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

if TYPE_CHECKING:
    from hashtable import HashTable

# Up to this many bins are drawn one by one.
MOST_ROWS = 64
ROW, HEAD, ENTRY, GAP, LEFT, TOP = 30, 44, 104, 22, 16, 48
# Of a chain this many entries are drawn, and of a key this many letters.
MOST_ENTRIES, LETTERS = 7, 12
# The map has this many columns; a cell's colour goes by how many entries are in the bin, up to 4 and more.
COLUMNS, CELL = 64, 11
SHADES = ("none", "one", "two", "three", "more")

# Told apart without colours too: each shade of the map is darker than the last (on a dark ground, lighter).
STYLE = """
    svg { background: #ffffff; font: 14px ui-sans-serif, system-ui, "DejaVu Sans", sans-serif; }
    text { fill: #1a1a1a; }
    .mono { font: 12.5px ui-monospace, "DejaVu Sans Mono", monospace; }
    .title { font-weight: 600; }
    .faint { fill: #595959; }
    .bin, .entry { fill: #f3f4f6; stroke: #595959; }
    .entry { fill: #d7e9f5; stroke: #0072b2; }
    .link { stroke: #0072b2; stroke-width: 2; fill: none; }
    .none { fill: #e9eaed; } .one { fill: #b9d9ee; } .two { fill: #5ba9d6; }
    .three { fill: #0072b2; } .more { fill: #0a2f4f; }
    @media (prefers-color-scheme: dark) {
      svg { background: #16181d; }
      text { fill: #f0f0f0; }
      .faint { fill: #a8a8a8; }
      .bin { fill: #23262d; stroke: #a8a8a8; }
      .entry { fill: #123449; stroke: #6cbcf0; }
      .link { stroke: #6cbcf0; }
      .none { fill: #23262d; } .one { fill: #1d4a66; } .two { fill: #2f7fae; }
      .three { fill: #6cbcf0; } .more { fill: #e2f2fc; }
    }
"""


def shortened(key: object) -> str:
    text = repr(key)
    return text if len(text) <= LETTERS else text[: LETTERS - 1] + "…"


def add(parent: Element, tag: str, kind: str = "", text: str = "", **attributes: Any) -> Element:
    made = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    element = SubElement(parent, tag, {**({"class": kind} if kind else {}), **made})
    element.text = text or None
    return element


def draw(table: HashTable[Any, Any], title: str = "") -> str:
    """The picture, as the text of an SVG file. Walks all chains, and calls no hash function."""
    chains = table.bins()
    words = f"{table.size} bins, {table.load} entries, the longest chain {max(map(len, chains))}"
    root = Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-label": title or words}
    )
    add(root, "style", text=STYLE)
    add(root, "text", "title", title or words, x=LEFT, y=26)
    if title:
        add(root, "text", "faint", words, x=LEFT, y=44)
    width, height = rows(root, chains) if len(chains) <= MOST_ROWS else cells(root, chains)
    width = max(width, LEFT * 2 + 8 * max(len(title), len(words)))
    root.set("width", str(width))
    root.set("height", str(height))
    root.set("viewBox", f"0 0 {width} {height}")
    return tostring(root, encoding="unicode") + "\n"


def rows(root: Element, chains: list[list[Any]]) -> tuple[int, int]:
    """Every bin, and every entry of its chain."""
    add_arrow(root)
    widest = 0
    for index, chain in enumerate(chains):
        y = TOP + 12 + index * ROW
        add(root, "rect", "bin", x=LEFT, y=y, width=HEAD, height=ROW - 6, rx=4)
        add(root, "text", "mono", str(index), x=LEFT + HEAD / 2, y=y + 16, text_anchor="middle")
        x = LEFT + HEAD
        for key in chain[:MOST_ENTRIES]:
            middle = y + ROW / 2 - 3
            add(root, "path", "link", d=f"M{x} {middle} H{x + GAP - 6}", marker_end="url(#arrow)")
            x += GAP
            add(root, "rect", "entry", x=x, y=y, width=ENTRY, height=ROW - 6, rx=4)
            add(root, "text", "mono", shortened(key), x=x + ENTRY / 2, y=y + 16, text_anchor="middle")
            x += ENTRY
        if len(chain) > MOST_ENTRIES:
            add(root, "text", "faint", f"and {len(chain) - MOST_ENTRIES} more", x=x + 10, y=y + 16)
            x += 100
        widest = max(widest, x)
    return widest + LEFT, TOP + 20 + len(chains) * ROW


def add_arrow(root: Element) -> None:
    arrow = add(
        add(root, "defs"),
        "marker",
        id="arrow",
        viewBox="0 0 8 8",
        refX=6,
        refY=4,
        markerWidth=5,
        markerHeight=5,
    )
    add(arrow, "path", "link", d="M0 0 L8 4 L0 8")


def cells(root: Element, chains: list[list[Any]]) -> tuple[int, int]:
    """A small square for each bin; beyond some thousands, one for as many bins as it takes, by the longest
    chain among them."""
    together = ceil(len(chains) / (COLUMNS * COLUMNS))
    lengths = [max(map(len, chains[start : start + together])) for start in range(0, len(chains), together)]
    for number, length in enumerate(lengths):
        row, column = divmod(number, COLUMNS)
        kind = SHADES[min(length, len(SHADES) - 1)]
        x, y = LEFT + column * CELL, TOP + 12 + row * CELL
        add(root, "rect", kind, x=x, y=y, width=CELL - 1, height=CELL - 1)
    y = TOP + 30 + ceil(len(lengths) / COLUMNS) * CELL
    legend(root, y, "entries in the bin" if together == 1 else f"in the fullest of {together} bins")
    return LEFT * 2 + COLUMNS * CELL, y + 24


def legend(root: Element, y: int, words: str) -> None:
    x = LEFT
    for kind, label in zip(SHADES, ("0", "1", "2", "3", "4 and more")):
        add(root, "rect", kind, x=x, y=y - 10, width=12, height=12)
        add(root, "text", "faint", label, x=x + 18, y=y + 1)
        x += 28 + 9 * len(label)
    add(root, "text", "faint", words, x=x + 10, y=y + 1)


def lines(chains: Iterable[list[Any]]) -> list[str]:
    """The same in letters: a line for each bin."""
    return [f"{index:4}  {' -> '.join(map(shortened, chain))}".rstrip() for index, chain in enumerate(chains)]
