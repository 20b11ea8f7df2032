"""What is measured: which workloads, with which keys, at which sizes, how often, by whom.

The three sides are Python (`python_side.py`), C (`c/`) and Rust (`core.rs`). A side knows how to do a
workload; what is to be done, and that it takes reasonable time, is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

EVERYONE = "*"

LOOKUPS = ("hit-get", "hit-item", "hit-in", "miss-get", "miss-in")
PYTHON = (
    "insert",
    "insert-set",
    *LOOKUPS,
    "replace",
    "replace-set",
    "iterate-keys",
    "iterate-items",
    "mixed",
    "pop",
    "delete",
)
MEMORY = ("memory-getsizeof", "memory-traced", "memory-resident")
NATIVE = ("insert", "hit", "miss", "replace", "iterate", "mixed", "delete")
NATIVE_MEMORY = ("memory-resident", "memory-malloc")

# The ones that every claim is about, and those that take their time.
OURS = "dict,HashTable"
SWIFT = "dict,dict subclass,MultiDict,HashTable"
# Keys of one bin cost the square of their number.
LONGEST_CHAIN = 4_000
CLAIMED = "libhashtable,std::unordered_map,GHashTable,hashtable::table,hashbrown"
# Keys that are 4096 apart have the same low bits. uthash gives up growing over them, and then needs minutes;
# khash has them in one cluster.
UNDAUNTED = (
    "libhashtable,libhashtable SipHash,2014 model,std::unordered_map,boost::unordered_map,GHashTable,Judy,"
    "absl::flat_hash_map,tsl::robin_map,google::dense_hash_map,hashtable::table,hashbrown,indexmap"
)
CHAINED = "libhashtable,2014 model,std::unordered_map,boost::unordered_map,GHashTable,uthash"


@dataclass(frozen=True)
class Task:
    """Some workloads that every contender goes through in one life of a table, once a round."""

    side: str
    keys: str
    n: int
    rounds: int
    workloads: tuple[str, ...]
    contenders: str = EVERYONE

    def line(self) -> str:
        """As the sides read it."""
        return "\t".join(
            [self.keys, str(self.n), str(self.rounds), ",".join(self.workloads), self.contenders]
        )

    def weight(self) -> float:
        """About how long it takes, for the progress display: lives, and making the keys."""
        return self.rounds * (5e5 * len(self.workloads) + 40 * self.n) + 20 * self.n


def python_tasks(quick: bool) -> Iterable[Task]:
    def task(keys: str, n: int, rounds: int, workloads: tuple[str, ...], contenders: str = EVERYONE) -> Task:
        return Task("python", keys, n, rounds, workloads, contenders)

    rounds = 5 if quick else 9
    # Memory first, while the heap is as good as new.
    for keys in ("ints",) if quick else ("ints", "short"):
        yield task(keys, 1_000_000, 1, MEMORY, OURS if quick else EVERYONE)
    if not quick:
        for n in (1_000, 100_000):
            yield task("ints", n, 1, MEMORY)
    yield task("ints", 1_000, rounds, ("construct", "construct-items"))
    yield task("ints", 1_000, rounds, ("hash-function",))
    for n in (100, 1_000):
        yield task("same-hash", n, rounds, ("insert", "hit-get", "miss-get"), OURS)
    if quick:
        for keys in ("ints", "short"):
            yield task(keys, 1_000, rounds, PYTHON)
            yield task(keys, 100_000, rounds, PYTHON, OURS)
            yield task(keys, 1_000_000, 3, PYTHON, OURS)
        for n in (1_000, 100_000):
            yield task("dense", n, rounds, PYTHON, OURS)
        for keys in ("apart", "long", "ints-copies", "short-copies"):
            yield task(keys, 1_000, rounds, ("insert", *LOOKUPS), OURS)
        return
    for n in (10, 100, 1_000, 10_000, 100_000, 1_000_000, 4_000_000):
        for keys in ("ints", "short"):
            often = rounds if n <= 100_000 else 5 if n <= 1_000_000 else 3
            yield task(keys, n, often, PYTHON, SWIFT if n > 1_000_000 else EVERYONE)
    for keys in ("dense", "apart", "long", "ints-copies", "short-copies", "long-copies"):
        # Keys that are 4096 apart are in long chains. A million of them say nothing else, in ten minutes.
        for n in (1_000, 100_000) if keys == "apart" else (1_000, 100_000, 1_000_000):
            # Where the keys are other objects, only looking them up is another matter.
            workloads = ("insert", *LOOKUPS) if keys.endswith("-copies") else PYTHON
            yield task(keys, n, rounds if n <= 100_000 else 5, workloads, SWIFT)
    yield task("ints", 100_000, rounds, ("construct-items", "hash-function"))


def native_tasks(side: str, quick: bool) -> Iterable[Task]:
    def task(keys: str, n: int, rounds: int, workloads: tuple[str, ...], contenders: str = EVERYONE) -> Task:
        return Task(side, keys, n, rounds, workloads, contenders)

    for keys in ("ints",) if quick else ("ints", "short"):
        yield task(keys, 1_000_000, 1, NATIVE_MEMORY)
    if quick:
        yield task("ints", 1_000, 3, NATIVE)
        yield task("ints", 1_000_000, 3, ("insert", "hit", "miss", "delete"), CLAIMED)
        yield task("short", 100_000, 3, ("insert", "hit", "miss"), CLAIMED)
        if side == "c":
            yield task("short", 1_000_000, 3, ("insert", "hit", "miss"), "libhashtable,std::unordered_map")
            for keys in ("one-bin-ints", "one-bin-short"):
                yield task(keys, 1_000, 3, ("hit", "miss"), "libhashtable,2014 model")
        return
    for n in (10, 100, 1_000, 10_000, 100_000, 1_000_000, 4_000_000):
        for keys in ("ints", "short"):
            yield task(keys, n, 9 if n <= 100_000 else 5 if n <= 1_000_000 else 3, NATIVE)
    for keys in ("dense", "long"):
        for n in (1_000, 100_000, 1_000_000):
            yield task(keys, n, 9 if n <= 100_000 else 5, NATIVE)
    yield task("apart", 1_000, 9, NATIVE)
    yield task("apart", 100_000, 3, NATIVE, UNDAUNTED)
    if side == "c":
        for keys in ("one-bin-ints", "one-bin-short"):
            for n in (10, 100, 1_000, LONGEST_CHAIN):
                yield task(keys, n, 3 if n > 1_000 else 5, ("insert", "hit", "miss", "delete"), CHAINED)


def tasks(side: str, quick: bool) -> list[Task]:
    """All tasks of a side."""
    return list(python_tasks(quick) if side == "python" else native_tasks(side, quick))


def chosen(
    plan: Iterable[Task], patterns: list[str], sizes: list[int], rounds: int | None, contenders: str | None
) -> list[Task]:
    """What is left of a plan when only some workloads are wanted: patterns of `workload` or `workload/keys`.

    Sizes that are asked for take the place of those that are planned.
    """
    kept: list[Task] = []
    for task in plan:
        named = [(workload, f"{workload}/{task.keys}") for workload in task.workloads]
        workloads = tuple(
            names[0]
            for names in named
            if not patterns or any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
        )
        chained = task.keys == "same-hash" or task.keys.startswith("one-bin")
        for n in sizes or [task.n] if workloads else []:
            if chained and n > LONGEST_CHAIN:
                continue
            changed = replace(
                task,
                n=n,
                workloads=workloads,
                rounds=rounds if rounds and task.rounds > 1 else task.rounds,
                contenders=contenders or task.contenders,
            )
            # Sizes that were asked for make tasks alike which were not.
            same = [other for other in kept if (other.keys, other.n) == (changed.keys, n) and sizes]
            if not any(set(workloads) <= set(other.workloads) for other in same):
                kept.append(changed)
    return kept
