"""What an operation takes, in nanoseconds of the thread's own processor time.

A sample is made of as many passes as it takes to last `SAMPLE_NS`. The loop is in each figure; what it costs
alone is the operation `loop`.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Callable

from hashtable import HashTable

from hashtable_lab.sweep.functions import hash_function
from hashtable_lab.sweep.grid import Point
from hashtable_lab.sweep.keysets import Keys, keys

SAMPLE_NS = 4_000_000
Table = Any

# Each is compiled from its text, so that nothing but the statement is in its loop.
STATEMENTS = {
    "loop": ("sought", "pass"),
    "insert": ("present", "t[k] = k"),
    "replace": ("sought", "t[k] = k"),
    "hit": ("sought", "t.get(k)"),
    "miss": ("absent", "t.get(k)"),
    "delete": ("sought", "t.pop(k, None)"),
    "iterate": (None, "pass"),
}


def loop(operation: str) -> Callable[[Table, list[Any]], int]:
    """A function that does an operation with each key, and returns the nanoseconds."""
    _, statement = STATEMENTS[operation]
    source = "t" if operation == "iterate" else "keys"
    names: dict[str, Any] = {"clock": time.thread_time_ns}
    body = f"start = clock()\n    for k in {source}: {statement}\n    return clock() - start\n"
    exec(f"def timed(t, keys):\n    {body}", names)
    timed: Callable[[Table, list[Any]], int] = names["timed"]
    return timed


def measure(point: Point, operations: list[str], seed: int) -> dict[str, float]:
    """One sample of each operation at a point: nanoseconds for one key."""
    sets = keys(point.keys, point.n, seed)

    def empty() -> Table:
        if point.is_dict:
            return {}
        return HashTable(point.size, point.max_load, hash_function(point.hash_func))

    full = empty()
    for key in sets.present:
        full[key] = key
    with collector_off():
        return {each: sample(each, sets, empty, full) for each in ["loop", *operations]}


def sample(operation: str, sets: Keys, empty: Callable[[], Table], full: Table) -> float:
    timed = loop(operation)
    source, _ = STATEMENTS[operation]
    chosen = getattr(sets, source) if source else []
    # What it costs to look at the clock, which is much beside a table of ten keys.
    idle = min(timed([], []) for _ in range(100))
    spent = passes = 0
    # The first pass fills the caches, and does not count.
    for number in range(1_000_000):
        table = empty() if operation == "insert" else full.copy() if operation == "delete" else full
        took = max(0, timed(table, chosen) - idle)
        if number:
            spent, passes = spent + took, passes + 1
            if spent >= SAMPLE_NS:
                break
        elif took >= SAMPLE_NS * 10:
            spent, passes = took, 1
            break
    return spent / (passes * len(sets.present))


@contextmanager
def collector_off() -> Iterator[None]:
    was = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
