"""The life of one object's count in two runs, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hashtable_lab.events import Thing
from hashtable_lab.history import Step
from hashtable_lab.verdict import Pair, Twins, Verdict, align, common

# How far the runs are compared after their first difference, and how much is shown around it.
FAR = 400
BEFORE, AFTER = 7, 8
SIGNS = {"incref": "+1", "received": "+1", "decref": "-1", "returned": "->", "stolen": "->"}


@dataclass(frozen=True)
class Row:
    """One step of the object; None for the run that does not have it."""

    healthy: Step | None
    broken: Step | None

    @property
    def step(self) -> Step:
        step = self.healthy or self.broken
        assert step is not None
        return step

    @property
    def differs(self) -> bool:
        return not (self.healthy and self.broken)

    def as_json(self) -> dict[str, Any]:
        step = self.step
        return {
            "what": step.event.what,
            "file": step.event.facts["file"],
            "line": step.event.facts["line"],
            "why": step.event.facts.get("why"),
            "call": step.calls[-1] if step.calls else None,
            "program_line": step.line,
            "healthy_count": count(self.healthy),
            "broken_count": count(self.broken),
        }


@dataclass(frozen=True)
class Timeline:
    """The rows around the first that differs, and how many are left out before and after them."""

    thing: Thing
    rows: list[Row]
    left_out_before: int
    left_out_after: int

    @property
    def first_difference(self) -> int | None:
        return next((number for number, row in enumerate(self.rows) if row.differs), None)

    def as_json(self) -> dict[str, Any]:
        return {
            "object": {"type": self.thing.type, "text": self.thing.text},
            "rows": [row.as_json() for row in self.rows],
            "first_difference": self.first_difference,
            "left_out_before": self.left_out_before,
            "left_out_after": self.left_out_after,
        }


def count(step: Step | None) -> int | None:
    """The count after a step; None if there is no step."""
    return None if step is None else step.event.facts.get("count")


def timeline(healthy: Sequence[Step], broken: Sequence[Step], verdict: Verdict) -> Timeline:
    """What both runs did to the object of a verdict; or, if it has none, to the first whose references
    differ."""
    same = common(healthy, broken)
    twins = Twins(healthy[:same], broken[:same])
    pairs = [pair for pair in align(healthy, broken, FAR) if any(step and step.thing for step in pair)]
    if verdict.thing is not None:
        key = twins.key(verdict.thing, verdict.in_healthy)
    else:
        key = key_of(next(pair for pair in pairs if not all(pair)), twins)
    rows = [Row(*pair) for pair in pairs if key_of(pair, twins) == key]
    middle = next((number for number, row in enumerate(rows) if row.differs), len(rows))
    start, end = max(0, middle - BEFORE), middle + AFTER
    thing = rows[middle if middle < len(rows) else 0].step.thing
    assert thing is not None
    return Timeline(thing, rows[start:end], start, max(0, len(rows) - end))


def key_of(pair: Pair, twins: Twins) -> object:
    """Whose references a pair is about."""
    left, right = pair
    if left and left.thing:
        return twins.key(left.thing, True)
    assert right is not None
    assert right.thing is not None
    return twins.key(right.thing, False)
