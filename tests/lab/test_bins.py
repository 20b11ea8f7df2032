"""A table's bins, in letters and as a picture."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import hashtable
import pytest
from laboratory import command, told

from hashtable_lab import bins

WORDS = "hashtable.HashTable(size=8, hash_func=len, items={'spam': 1, 'eggs': 2, 'hello': 3})"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(table: hashtable.HashTable[int, None], kind: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(bins.draw(table))
    return [each for each in root.iter(f"{SVG}rect") if each.get("class") == kind]


def test_a_chain_is_a_line_in_letters() -> None:
    lines = command("bins", WORDS).output.splitlines()
    assert len(lines) == 8
    assert lines[4:6] == ["   4  'spam' -> 'eggs'", "   5  'hello'"]
    assert told("bins", WORDS)[4] == ["'spam'", "'eggs'"]


def test_each_bin_and_each_entry_is_drawn() -> None:
    table = hashtable.HashTable(size=8, items=dict.fromkeys(range(4)))
    assert (len(drawn(table, "bin")), len(drawn(table, "entry"))) == (8, 4)


def test_a_long_chain_says_how_much_is_left_out() -> None:
    table = hashtable.HashTable(size=1, max_load=None, items=dict.fromkeys(range(100)))
    assert len(drawn(table, "entry")) == bins.MOST_ENTRIES
    assert f"and {100 - bins.MOST_ENTRIES} more" in bins.draw(table)


@pytest.mark.parametrize("size", [bins.MOST_ROWS + 1, 4096, 100_000])
def test_a_large_table_is_a_map_that_shows_every_chain(size: int) -> None:
    table = hashtable.HashTable(size=size, max_load=None, items=dict.fromkeys([0, size, 2 * size, 1]))
    # The legend has one of each.
    assert len(drawn(table, "three")) == 1 + 1
    cells = sum(len(drawn(table, shade)) for shade in bins.SHADES) - len(bins.SHADES)
    together = -(-size // 4096)
    assert cells == -(-size // together)


def test_keys_are_text_and_never_markup(tmp_path: Path) -> None:
    file = tmp_path / "bins.svg"
    title = "<title> & more"
    done = command("bins", "hashtable.HashTable(items={'<b>&': 1})", "--svg", str(file), "--title", title)
    assert done.exit_code == 0
    texts = [each.text for each in ElementTree.fromstring(file.read_text()).iter(f"{SVG}text")]
    assert title in texts
    assert "'<b>&'" in texts


def test_what_is_no_table_is_told() -> None:
    done = command("bins", "{}")
    assert done.exit_code == 1
    assert "{} is no HashTable: it is 'dict'." in done.output
