"""The points of a sweep: one table each, by its knobs and its keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

OPERATIONS = ("insert", "replace", "hit", "miss", "delete", "iterate")


@dataclass(frozen=True, order=True)
class Point:
    """A table and what is put into it. `hash_func` may be `dict`: then it is a dict, without knobs."""

    hash_func: str
    keys: str
    size: int
    max_load: float | None
    n: int

    @property
    def is_dict(self) -> bool:
        return self.hash_func == "dict"

    def __str__(self) -> str:
        knobs = "dict" if self.is_dict else f"{self.hash_func}, size {self.size}, max load {self.max_load}"
        return f"{knobs}, {self.n} {self.keys}"


@dataclass(frozen=True)
class Plan:
    """A grid, and what is done at each of its points."""

    sizes: tuple[int, ...] = (4,)
    max_loads: tuple[float | None, ...] = (0.5,)
    hash_funcs: tuple[str, ...] = ("hash",)
    keys: tuple[str, ...] = ("random",)
    ns: tuple[int, ...] = (1000,)
    operations: tuple[str, ...] = OPERATIONS
    rounds: int = 5
    seed: int = 2016

    def points(self) -> Iterator[Point]:
        """All of them; a dict once for each set of keys, since it has no knobs."""
        first = (self.sizes[0], self.max_loads[0])
        for func, keys, size, max_load, n in product(
            self.hash_funcs, self.keys, self.sizes, self.max_loads, self.ns
        ):
            if func != "dict" or (size, max_load) == first:
                yield Point(func, keys, size, max_load, n)

    def as_json(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


def whole_numbers(text: str) -> list[int]:
    """Numbers, and ranges of them: `10,100:1000:50` counts up in fifties, `10:1000000:x1.5` multiplies."""
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d+)(?::(\d+):(x?)([\d.]+))?\s*", part.replace("_", ""))
        if not match:
            raise ValueError(f"{part!r} is no number and no range such as 100:1000:50 or 10:1000000:x1.5")
        if match[2] is None:
            found.append(int(match[1]))
            continue
        value, last, step = float(match[1]), int(match[2]), float(match[4])
        if step <= (1 if match[3] else 0) or (match[3] and value < 1):
            raise ValueError(f"{part!r} does not get anywhere")
        while value <= last:
            found.append(round(value))
            value = value * step if match[3] else value + step
    if min(found) < 1:
        raise ValueError(f"{min(found)} is not positive")
    return sorted(set(found))


def loads(text: str) -> list[float | None]:
    """Maximum loads; `none` for a table that never grows."""
    found: list[float | None] = []
    for part in text.split(","):
        word = part.strip().lower()
        if word == "none":
            found.append(None)
            continue
        value = float(word)
        if not 0.0 < value <= 1.0:
            raise ValueError(f"a maximum load is above 0.0 and up to 1.0, or none; and not {word}")
        found.append(value)
    return found
