"""The picture is the table: after random operations it is what `bins()` says."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hashtable import HashTable
from page import Page, program

CODE = "def hash_func(key):\n    return sum(map(ord, str(key))) * {factor}\n"


def random_operations(rng: random.Random, many: int) -> list[list[Any]]:
    keys = [repr(rng.choice([number, f"key {number}"])) for number in range(60)]
    made: list[list[Any]] = []
    for _ in range(many):
        kind = rng.choices(["set", "pop", "get", "clear"], [60, 25, 14, 1])[0]
        made.append([kind] if kind == "clear" else [kind, rng.choice(keys)])
        if kind == "set":
            made[-1].append(str(rng.randrange(9)))
    return made


def replayed(
    size: int, max_load: float | None, factor: int, operations: list[list[Any]]
) -> list[list[list[str]]]:
    """What `bins()` says at first and after each operation."""
    names: dict[str, Any] = {}
    exec(CODE.format(factor=factor), names)
    table: HashTable[Any, Any] = HashTable(size, max_load, names["hash_func"])
    said = []
    for kind, *arguments in [["get", "0"], *operations]:
        texts = [eval(text) for text in arguments]
        if kind == "pop":
            table.pop(texts[0], None)
        elif kind == "set":
            table[texts[0]] = texts[1]
        elif kind == "clear":
            table.clear()
        said.append([[repr(key) for key in chain] for chain in table.bins()])
    return said


@pytest.mark.parametrize("seed", range(4))
def test_rows_are_the_bins(page: Page, seed: int) -> None:
    rng = random.Random(seed)
    size, max_load, factor = rng.randint(1, 12), rng.choice([None, 0.5, 1.0]), rng.choice([1, 4])
    operations = random_operations(rng, 25)
    said = replayed(size, max_load, factor, operations)
    code = CODE.format(factor=factor)
    page.open(program(*operations, size=size, max_load=max_load, code=code))
    # Back and forth: the end of each operation, in any order.
    page.click("#first")
    page.click("#step-on")
    ends = []
    for _ in operations:
        page.click("#step-on")
        ends.append(page.moment()[0])
    assert ends[-1] == page.moment()[1]
    for index in [*range(len(ends)), *rng.sample(range(len(ends)), len(ends))]:
        page.seek(ends[index])
        expected = said[index + 1]
        if len(expected) <= 64:
            assert page.bins() == [chain[:12] for chain in expected], operations[: index + 1]
        else:
            assert page.shades() == [min(len(chain), 4) for chain in expected]


@pytest.mark.parametrize("size", [65, 256, 1000])
@pytest.mark.parametrize("dark", [False, True])
def test_cells_are_as_dark_as_chains_are_long(page: Page, size: int, dark: bool) -> None:
    rng = random.Random(size)
    operations = random_operations(rng, 60)
    said = replayed(size, None, 7, operations)
    page.look(1280, 900, dark)
    page.open(program(*operations, size=size, max_load=None, code=CODE.format(factor=7)))
    assert page.shades() == [min(len(chain), 4) for chain in said[-1]]
    page.click("#first")
    assert page.shades() == [0] * size
