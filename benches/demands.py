"""The demands that the table is to meet, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass, field

from benches.samples import Place, Samples, Spread

THOUSAND, MANY, MILLION = 1_000, 100_000, 1_000_000


@dataclass(frozen=True)
class Demand:
    """A limit for each size that it is made at: of a ratio, or of bytes where there is no yardstick."""

    text: str
    side: str
    workload: str
    keys: str
    limits: dict[int, float]
    contender: str
    yardstick: str | None
    # An operation with a hash function in Python: its ratio is of more than two figures.
    hash_function: str | None = None
    # Where an interpreter that was built with profiles may have another limit: see DESIGN, section 8.
    optimised: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """A demand at one size."""

    measured: Spread
    limit: float

    @property
    def met(self) -> bool:
        return self.measured.median <= self.limit


def everywhere(limit: float) -> dict[int, float]:
    return dict.fromkeys((THOUSAND, MANY, MILLION), limit)


def of_python() -> list[Demand]:
    made = []

    def demand(
        text: str, workload: str, limits: dict[int, float], *keys: str, pgo: float | None = None
    ) -> None:
        for each in keys or ("ints", "short"):
            optimised = {THOUSAND: pgo} if pgo else {}
            made.append(
                Demand(text, "python", workload, each, limits, "HashTable", "dict", optimised=optimised)
            )

    demand("`h.get(k)`, hit, vs `d.get(k)`", "hit-get", {THOUSAND: 0.95, MANY: 1.0, MILLION: 0.9})
    demand("`h.get(k)`, miss, vs `d.get(k)`", "miss-get", {THOUSAND: 0.65, MANY: 0.5, MILLION: 0.4})
    demand("`h[k]` vs `d[k]`", "hit-item", {THOUSAND: 1.05, MANY: 0.95, MILLION: 0.85}, pgo=1.15)
    demand("`k in h`, hit, vs `k in d`", "hit-in", everywhere(0.95))
    demand("`k in h`, miss, vs `k in d`", "miss-in", everywhere(0.6))
    demand("`h[k] = v`, new, vs `d[k] = v`", "insert", everywhere(0.75))
    demand("`h[k] = v`, replaced, vs `d[k] = v`", "replace", everywhere(0.95))
    demand("`h.pop(k)` vs `d.pop(k)`", "pop", everywhere(1.0))
    demand("`for k in h` vs `for k in d`", "iterate-keys", everywhere(1.05))
    demand("`for item in h.items()` vs dict", "iterate-items", everywhere(1.05))
    demand("`h.set(k, v)`, new, vs `d[k] = v`", "insert-set", everywhere(1.0))
    demand("`h.set(k, v)`, replaced, vs `d[k] = v`", "replace-set", everywhere(1.25))
    demand("`HashTable()` vs `dict()`", "construct", {THOUSAND: 0.9}, "ints")
    for text, workload in (
        ("`h[k] = v`, new", "insert"),
        ("`h.get(k)`, hit", "hit-get"),
        ("`h[k]`", "hit-item"),
        ("`k in h`, hit", "hit-in"),
        ("`h.get(k)`, miss", "miss-get"),
        ("`k in h`, miss", "miss-in"),
        ("`h[k] = v`, replaced", "replace"),
        ("keys", "iterate-keys"),
        ("items", "iterate-items"),
        ("mixed", "mixed"),
        ("`h.pop(k)`", "pop"),
        ("`del h[k]`", "delete"),
    ):
        demand(f"{text}, vs dict", workload, everywhere(1.1), "dense")
    for operation in ("get", "replace"):
        text = f"{operation} with a hash function in Python vs our own and the bare call"
        made.append(
            Demand(text, "python", "hash-function", "ints", {THOUSAND: 1.15}, "HashTable", None, operation)
        )
    for workload in ("memory-traced", "memory-getsizeof"):
        for keys in ("ints", "short"):
            text = f"bytes an entry, {workload[len('memory-') :]}"
            made.append(Demand(text, "python", workload, keys, {MILLION: 44}, "HashTable", None))
    return made


def of_c() -> list[Demand]:
    made = []

    def demand(yardstick: str, keys: str, limits: dict[str, float], *sizes: int) -> None:
        for workload, limit in limits.items():
            text = f"{workload} vs {yardstick}"
            by_size = dict.fromkeys(sizes or (MILLION,), limit)
            made.append(Demand(text, "c", workload, keys, by_size, "libhashtable", yardstick))

    std, glib = "std::unordered_map", "GHashTable"
    demand(std, "ints", {"insert": 0.2, "hit": 0.6, "miss": 0.2, "delete": 0.35})
    demand(glib, "ints", {"insert": 0.4, "hit": 1.0, "miss": 0.5})
    demand(std, "short", {"insert": 0.4, "hit": 0.9, "miss": 0.25}, MANY, MILLION)
    for keys in ("one-bin-ints", "one-bin-short"):
        demand("2014 model", keys, {"hit": 0.5, "miss": 0.5}, THOUSAND)
    text = "bytes an entry, resident"
    made.append(Demand(text, "c", "memory-resident", "ints", {MILLION: 44}, "libhashtable", None))
    return made


def of_rust() -> list[Demand]:
    limits = {"insert": 0.9, "hit": 1.6, "miss": 1.3}
    return [
        Demand(
            f"{workload} vs hashbrown",
            "rust",
            workload,
            "ints",
            {MILLION: limit},
            "hashtable::table",
            "hashbrown",
        )
        for workload, limit in limits.items()
    ]


DEMANDS = [*of_python(), *of_c(), *of_rust()]


def judge(samples: Samples, side: str, interpreter: str) -> list[tuple[Demand, dict[int, Cell]]]:
    """The demands of a side that were measured, with a cell for each size."""
    judged = []
    for demand in DEMANDS:
        cells = {}
        for n, limit in demand.limits.items() if demand.side == side else ():
            place = Place(side, interpreter, demand.workload, demand.keys, n)
            if demand.hash_function:
                measured = samples.hash_function(place, demand.hash_function)
            elif demand.yardstick:
                measured = samples.ratio(place, demand.contender, demand.yardstick)
            else:
                measured = samples.value(place, demand.contender)
            if measured:
                limit = demand.optimised.get(n, limit) if "PGO" in interpreter else limit
                cells[n] = Cell(measured, limit)
        if cells:
            judged.append((demand, cells))
    return judged
