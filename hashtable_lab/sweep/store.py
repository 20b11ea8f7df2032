"""The folder of a sweep: its plan, each sample as it comes, and in the end one tidy table.

plan.json      what was asked for
samples.csv    a line for each value, written when it is known: what is there need not be done again
results.csv    a line for each operation and metric of each point: median and quartiles, with all that they
               depend on, the machine and the versions
"""

from __future__ import annotations

import csv
import json
import platform
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hashtable

from hashtable_lab import machine
from hashtable_lab.sweep.grid import Plan, Point

SAMPLES = ("hash_func", "keys", "size", "max_load", "n", "round", "operation", "metric", "value")
HEAD = ",".join(SAMPLES) + "\n"
RESULTS = (
    *("hash_func", "keys", "size", "max_load", "n", "operation", "metric"),
    *("value", "low", "high", "samples", "python", "hashtable", "machine"),
)


class OtherPlanError(Exception):
    """The folder holds another sweep."""


@dataclass(frozen=True, order=True)
class Job:
    """What is done in one go: all counts at a point (`round` is None), or one round of its times."""

    point: Point
    round: int | None


@dataclass(frozen=True)
class Value:
    """One measured or counted value."""

    job: Job
    operation: str
    metric: str
    value: float


class Store:
    """What is known of a sweep."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder, self.plan = folder, plan
        self.samples = folder / "samples.csv"

    def open(self) -> set[Job]:
        """Makes the folder ready, and returns what is done already. Raises OtherPlanError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        asked = json.dumps(self.plan.as_json(), indent=2) + "\n"
        said = self.folder / "plan.json"
        if said.exists() and said.read_text(encoding="utf-8") != asked:
            raise OtherPlanError(f"{self.folder} holds another sweep; take another folder, or remove it")
        said.write_text(asked, encoding="utf-8")
        if not self.samples.exists():
            self.samples.write_text(HEAD, encoding="utf-8")
        self.cut()
        return {value.job for value in self.values()}

    def cut(self) -> None:
        """Takes away a job that was only half written when the sweep was interrupted: those of each end in
        an empty one."""
        text = self.samples.read_text(encoding="utf-8")
        head, gap, _ = text.rpartition("\n\n")
        whole = head + gap if gap else HEAD
        if whole != text:
            self.samples.write_text(whole, encoding="utf-8")

    def add(self, job: Job, values: Iterable[tuple[str, str, float]]) -> None:
        """Writes what came of a job."""
        point = job.point
        about = (point.hash_func, point.keys, point.size, said_load(point.max_load), point.n)
        with self.samples.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            number = "" if job.round is None else job.round
            writer.writerows((*about, number, *what, plain(value)) for *what, value in values)
            file.write("\n")

    def values(self) -> list[Value]:
        """All that is known."""
        with self.samples.open(encoding="utf-8", newline="") as file:
            return [
                Value(job_of(row), row["operation"], row["metric"], float(row["value"]))
                for row in csv.DictReader(file)
            ]

    def finish(self) -> Path:
        """Writes the tidy table, and returns where it is."""
        together: dict[tuple[Point, str, str], list[float]] = defaultdict(list)
        for value in self.values():
            together[value.job.point, value.operation, value.metric].append(value.value)
        facts = (platform.python_version(), hashtable.__version__, machine.words())
        path = self.folder / "results.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(RESULTS)
            order = {point: number for number, point in enumerate(self.plan.points())}
            for (point, *what), samples in sorted(together.items(), key=lambda item: order[item[0][0]]):
                about = (point.hash_func, point.keys, point.size, said_load(point.max_load), point.n)
                writer.writerow((*about, *what, *map(plain, spread(samples)), len(samples), *facts))
        return path


def plain(value: float) -> float | int:
    """A count as a whole number."""
    return int(value) if float(value).is_integer() else value


def spread(samples: list[float]) -> tuple[float, float, float]:
    """Median and quartiles."""
    if len(samples) == 1:
        return samples[0], samples[0], samples[0]
    low, median, high = statistics.quantiles(samples, n=4, method="inclusive")
    return median, low, high


def said_load(max_load: float | None) -> str:
    return "none" if max_load is None else repr(max_load)


def point_of(row: dict[str, Any]) -> Point:
    max_load = None if row["max_load"] == "none" else float(row["max_load"])
    return Point(row["hash_func"], row["keys"], int(row["size"]), max_load, int(row["n"]))


def job_of(row: dict[str, Any]) -> Job:
    return Job(point_of(row), int(row["round"]) if row["round"] else None)
