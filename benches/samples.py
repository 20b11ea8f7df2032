"""Samples, and what is made of several: medians, quartiles, ratios.

A sample is one contender's figure in one round. A ratio is taken within each round, and the ratios are what
the median and the quartiles are of: so a slow minute of the machine is in both of its halves.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# What each side's figures are compared with.
YARDSTICKS = {"python": "dict", "c": "std::unordered_map", "rust": "hashbrown"}


@dataclass(frozen=True)
class Spread:
    """A median between its quartiles."""

    low: float
    median: float
    high: float
    rounds: int

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        if len(values) == 1:
            return cls(values[0], values[0], values[0], 1)
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(low, median, high, len(values))

    def __str__(self) -> str:
        if self.rounds == 1:
            return figure(self.median)
        return f"{figure(self.median)} ({figure(self.low)} to {figure(self.high)})"


def figure(value: float) -> str:
    """Three digits that mean something."""
    if value >= 1e5:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


@dataclass(frozen=True, order=True)
class Place:
    """Where contenders meet: the same workload, keys and size, on the same side and interpreter."""

    side: str
    interpreter: str
    workload: str
    keys: str
    n: int


class Samples:
    """All that was measured."""

    def __init__(self, records: Iterable[dict[str, Any]]) -> None:
        self.units: dict[Place, str] = {}
        self.by_place: dict[Place, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
        for record in records:
            place = Place(*(record[name] for name in ("side", "interpreter", "workload", "keys", "n")))
            self.units[place] = record["unit"]
            self.by_place[place][record["contender"]][record["round"]] = record["value"]

    def value(self, place: Place, contender: str) -> Spread | None:
        """What one contender takes."""
        rounds = self.by_place.get(place, {}).get(contender)
        return Spread.of(list(rounds.values())) if rounds else None

    def ratio(self, place: Place, contender: str, yardstick: str) -> Spread | None:
        """What it takes by what the yardstick takes, round by round."""
        there = self.by_place.get(place, {})
        ours, theirs = there.get(contender, {}), there.get(yardstick, {})
        both = [ours[number] / theirs[number] for number in ours if number in theirs]
        return Spread.of(both) if both else None

    def hash_function(self, place: Place, operation: str) -> Spread | None:
        """An operation with a hash function in Python, by the same with none and the bare call, added up.

        Both of those have a loop in them, and the operation one: so an empty loop is taken off.
        """
        there = self.by_place.get(place, {})
        names = (f"{operation}, hash function", f"{operation}, own hash", "map(f, keys)", "empty loop")
        if any(name not in there for name in names):
            return None
        slow, own, call, loop = (there[name] for name in names)
        return Spread.of([slow[at] / (own[at] + call[at] - loop[at]) for at in loop if at in slow])

    def rows(self) -> Iterator[tuple[Place, str, Spread, Spread | None]]:
        """Each contender's figure at each place, and its ratio to the yardstick if there is one."""
        for place, contenders in self.by_place.items():
            for contender in contenders:
                value = self.value(place, contender)
                assert value is not None
                yield place, contender, value, self.ratio(place, contender, YARDSTICKS[place.side])

    def interpreters(self) -> list[tuple[str, str]]:
        """Side and interpreter of all that was measured, in the order in which it was."""
        return list(dict.fromkeys((place.side, place.interpreter) for place in self.by_place))
