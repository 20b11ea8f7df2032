"""What does not depend on the machine: entries looked at, chains, resizes, calls of the hash function.

Everything is read off the real table; nothing of it is computed a second time.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any, Callable

from hashtable import HashTable

from hashtable_lab.sweep.functions import hash_function
from hashtable_lab.sweep.grid import Point
from hashtable_lab.sweep.keysets import Keys, keys

# Operation and metric; the operation is empty for what is true of the table when all keys are in it.
Counts = dict[tuple[str, str], float]


def filled(point: Point, seed: int) -> HashTable[Any, Any]:
    """The table of a point, with all of its keys in it."""
    items = dict.fromkeys(keys(point.keys, point.n, seed).present)
    return HashTable(point.size, point.max_load, hash_function(point.hash_func), items=items)


class Counted:
    """A hash function that counts its calls."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, key: Any) -> Any:
        self.calls += 1
        return self.function(key)

    def during(self, operation: Callable[[Any], object], keys: Iterable[Any]) -> int:
        """How often it is called while an operation is done with each key."""
        before = self.calls
        for key in keys:
            operation(key)
        return self.calls - before


def count(point: Point, seed: int) -> Counts:
    """All counts at a point."""
    sets = keys(point.keys, point.n, seed)
    if point.is_dict:
        full = dict.fromkeys(sets.present)
        return {("", "load"): len(full), ("", "bytes"): sys.getsizeof(full)}
    function = Counted(hash_function(point.hash_func))
    table: HashTable[Any, Any] = HashTable(point.size, point.max_load, function)
    counts = inserting(table, function, sets.present)
    counts.update(searching(table, function, sets))
    counts.update(standing(table))
    calls = {
        "replace": function.during(lambda key: table.set(key, key), sets.sought),
        "iterate": function.during(lambda key: None, table),
        "delete": function.during(table.pop, sets.present),
    }
    counts.update({(operation, "hash_calls"): number / point.n for operation, number in calls.items()})
    return counts


def inserting(table: HashTable[Any, Any], function: Counted, present: list[Any]) -> Counts:
    """Fills the table. Before a key is added its chain is searched to the end; `moved_entries` are those that
    were there when the bins were doubled."""
    size, lengths = table.size, [0] * table.size
    probes = moved = calls = 0
    for load, key in enumerate(present):
        home = table.bin_of(key)
        probes += lengths[home]
        calls += function.during(lambda key: table.set(key, None), [key])
        if table.size == size:
            lengths[home] += 1
        else:
            moved += load
            size, lengths = table.size, [len(chain) for chain in table.bins()]
    n = len(present)
    return {
        ("insert", "probes"): probes / n,
        ("insert", "hash_calls"): calls / n,
        ("insert", "resizes"): table.stats().resizes,
        ("insert", "moved_entries"): moved,
    }


def searching(table: HashTable[Any, Any], function: Counted, sets: Keys) -> Counts:
    """Entries that are looked at for a key that is there, and for one that is not. A chain is searched from
    the youngest entry to the eldest."""
    chains = table.bins()
    place = {key: len(chain) - at for chain in chains for at, key in enumerate(chain)}
    n = len(sets.present)
    return {
        ("hit", "probes"): sum(place[key] for key in sets.sought) / n,
        ("miss", "probes"): sum(len(chains[table.bin_of(key)]) for key in sets.absent) / n,
        ("hit", "hash_calls"): function.during(table.get, sets.sought) / n,
        ("miss", "hash_calls"): function.during(table.get, sets.absent) / n,
    }


def standing(table: HashTable[Any, Any]) -> Counts:
    """How the entries are spread when all are in."""
    stats = table.stats()
    lengths = Counter(len(chain) for chain in table.bins())
    counts: Counts = {
        ("", "size"): stats.size,
        ("", "load"): stats.load,
        ("", "load_proportion"): stats.load_proportion,
        ("", "occupied_bins"): stats.occupied_bins,
        ("", "longest_chain"): stats.longest_chain,
        ("", "bytes"): sys.getsizeof(table),
    }
    for length, bins in sorted(lengths.items()):
        counts["", f"bins_of_length_{length}"] = bins
    return counts
