"""The table of a sweep, and what is taken from it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hashtable_lab.sweep.grid import Point
from hashtable_lab.sweep.store import point_of, said_load


class NoSweepError(Exception):
    """There is no such folder, or it holds no finished sweep."""


@dataclass(frozen=True)
class Row:
    """One operation and metric of one point."""

    point: Point
    operation: str
    metric: str
    value: float
    low: float
    high: float


class Rows:
    """All rows of a sweep, to be asked for."""

    def __init__(self, rows: list[Row], facts: str, seed: int) -> None:
        self.rows, self.facts, self.seed = rows, facts, seed
        self.known = {(row.point, row.operation, row.metric): row for row in rows}

    @classmethod
    def read(cls, folder: Path) -> Rows:
        """Those in results.csv. Raises NoSweepError."""
        path = folder / "results.csv"
        try:
            with path.open(encoding="utf-8", newline="") as file:
                told = list(csv.DictReader(file))
            spreads = [[float(each[name]) for name in ("value", "low", "high")] for each in told]
            rows = [
                Row(point_of(each), each["operation"], each["metric"], *spread)
                for each, spread in zip(told, spreads)
            ]
            seed = int(json.loads((folder / "plan.json").read_text(encoding="utf-8"))["seed"])
        except (OSError, KeyError, ValueError) as error:
            raise NoSweepError(f"{folder} holds no finished sweep: {error}") from error
        if not rows:
            raise NoSweepError(f"{path} is empty")
        first = told[0]
        facts = f"Python {first['python']}, hashtable {first['hashtable']}; {first['machine']}"
        return cls(rows, facts, seed)

    @property
    def points(self) -> list[Point]:
        return list(dict.fromkeys(row.point for row in self.rows))

    def get(self, point: Point, operation: str, metric: str) -> Row | None:
        return self.known.get((point, operation, metric))

    def value(self, point: Point, operation: str, metric: str) -> float | None:
        row = self.get(point, operation, metric)
        return row.value if row else None

    def lengths(self, point: Point) -> dict[int, float]:
        """How many bins have a chain of each length."""
        lead = "bins_of_length_"
        return {
            int(row.metric[len(lead) :]): row.value
            for row in self.rows
            if row.point == point and row.metric.startswith(lead)
        }

    def largest(self) -> list[Point]:
        """Of the points that differ only in how many keys they have, the one with the most; tables only."""
        most: dict[tuple[object, ...], Point] = {}
        for point in self.points:
            if not point.is_dict:
                knobs = (point.hash_func, point.keys, point.size, point.max_load)
                most[knobs] = max(point, most.get(knobs, point), key=lambda each: each.n)
        return list(most.values())

    def typical(self) -> list[Point]:
        """Of the largest, one for each hash function and set of keys: that with the knobs nearest to the
        defaults."""
        best: dict[tuple[str, str], Point] = {}
        for point in self.largest():
            key = (point.hash_func, point.keys)
            best[key] = min(point, best.get(key, point), key=strangeness)
        return list(best.values())


def strangeness(point: Point) -> tuple[float, int]:
    """How far a table's knobs are from the defaults."""
    return (float("inf") if point.max_load is None else abs(point.max_load - 0.5), point.size)


def names(points: Iterable[Point]) -> dict[Point, str]:
    """What tells each from the others: those of its knobs that are not the same in all."""
    points = list(points)
    tables = [point for point in points if not point.is_dict] or points
    differ = {
        "hash_func": len({point.hash_func for point in points}) > 1,
        "keys": len({point.keys for point in points}) > 1,
        "size": len({point.size for point in tables}) > 1,
        "max_load": len({point.max_load for point in tables}) > 1,
        "n": len({point.n for point in points}) > 1,
    }
    found = {}
    for point in points:
        words = {
            "hash_func": short(point.hash_func),
            "keys": point.keys if not point.keys.startswith("words:") else Path(point.keys[6:]).name,
            "size": f"size {point.size}",
            "max_load": f"max load {said_load(point.max_load)}",
            "n": f"{point.n:,} keys",
        }
        if point.is_dict:
            words.pop("size")
            words.pop("max_load")
        chosen = [word for name, word in words.items() if differ[name]]
        found[point] = ", ".join(chosen) or words["hash_func"]
    return found


def short(function: str) -> str:
    """A hash function's name, without its folder."""
    file, colon, name = function.rpartition(":")
    return f"{Path(file).name}:{name}" if colon else function
