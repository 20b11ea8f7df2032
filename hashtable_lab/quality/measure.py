"""Measures a hash function. Runs in a child, since a function of the user's may do anything.

What is spread over bins is spread by the real table: as many keys as bins, and no resize.
"""

from __future__ import annotations

import json
import math
import os
import random
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Callable

from hashtable import HashTable

from hashtable_lab.sweep.functions import hash_function
from hashtable_lab.sweep.keysets import keys

# Bins, and keys: a load of one, at which chains differ most from what chance makes of them.
SIZE = 4096
# So many of the lowest bits are looked at, wherever they are taken from.
WINDOW = 8
SETS = (
    *("sequential", "random", "strided:4096", "sequential/floats", "random/floats", "ipv4/ints"),
    *("sequential/strings", "identifiers", "urls", "uuids", "ipv4/strings"),
)
BITS = 64
MASK = 2**BITS - 1

Hash = Callable[[Any], Any]


def entropy(values: Iterable[int]) -> float:
    """In bits: of 256 values that are equally likely, 8."""
    counts = Counter(values)
    total = sum(counts.values())
    return -sum(count / total * math.log2(count / total) for count in counts.values()) + 0.0


def spread(function: Hash, present: list[Any]) -> dict[str, float]:
    """How the keys lie in the bins of a table. `deviations`: chi-squared, as deviations from what chance
    gives; above 4 it is no chance."""
    table: HashTable[Any, None] = HashTable(SIZE, None, function, items=dict.fromkeys(present))
    mean = len(present) / SIZE
    chi_squared = sum((len(chain) - mean) ** 2 for chain in table.bins()) / mean
    stats = table.stats()
    return {
        "deviations": (chi_squared - (SIZE - 1)) / math.sqrt(2 * (SIZE - 1)),
        "occupied": stats.occupied_bins / SIZE,
        "longest_chain": stats.longest_chain,
        "hit_probes": stats.hit_probes,
    }


def of_set(function: Hash, name: str, seed: int) -> dict[str, Any]:
    """What a function does with a set of keys; or what it raises."""
    present = keys(name, SIZE, seed).present
    try:
        hashes = [int.__index__(function(key)) for key in present]
        told = spread(function, present)
    except Exception as error:
        return {"keys": name, "raises": f"{type(error).__name__}: {error}"}
    windows = [
        entropy((number & MASK) >> shift & 2**WINDOW - 1 for number in hashes)
        for shift in range(BITS - WINDOW + 1)
    ]
    return {
        "keys": name,
        **told,
        "distinct": len({number & MASK for number in hashes}) / len(hashes),
        "wide": sum(not -(2**63) <= number < 2**63 for number in hashes),
        "low_bits": windows[0],
        # From where on the bits are at their best, and how good they are there.
        "best_shift": max(range(len(windows)), key=lambda shift: (round(windows[shift], 1), -shift)),
        "best_bits": max(windows),
        "again": sum(int.__index__(function(key)) != number for key, number in zip(present, hashes)),
        "avalanche": avalanche(function, present[:200]),
    }


def flipped(key: Any, rng: random.Random) -> Any:
    """A key that differs in one bit; of a float in one bit of its mantissa."""
    if isinstance(key, str):
        at = rng.randrange(len(key))
        return key[:at] + chr(ord(key[at]) ^ 1 << rng.randrange(4)) + key[at + 1 :]
    if isinstance(key, float):
        (bits,) = struct.unpack("<Q", struct.pack("<d", key))
        return struct.unpack("<d", struct.pack("<Q", bits ^ 1 << rng.randrange(52)))[0]
    return key ^ 1 << rng.randrange(32)


def avalanche(function: Hash, present: list[Any]) -> float:
    """The part of the low 16 bits of the hash that change when one bit of the key does: a half, ideally."""
    rng = random.Random(1)
    changed = turns = 0
    for key in present:
        before = function(key)
        for _ in range(8):
            try:
                after = function(flipped(key, rng))
            except Exception:  # this key is none of its keys
                continue
            changed += bin((before ^ after) & 0xFFFF).count("1")
            turns += 16
    return changed / turns if turns else 0.0


def cost(function: Hash, present: list[Any]) -> float:
    """Nanoseconds a call, without the loop: the best of some rounds."""

    def loop(called: Callable[[Any], Any]) -> int:
        start = time.thread_time_ns()
        for key in present:
            called(key)
        return time.thread_time_ns() - start

    return max(0.0, min(loop(function) for _ in range(15)) / len(present))


def measure(name: str, seed: int) -> dict[str, Any]:
    """Everything, on all sets of keys."""
    function = hash_function(name)
    sets = [of_set(function, each, seed) for each in SETS]
    taken = [each["keys"] for each in sets if "raises" not in each]
    told: dict[str, Any] = {"function": name, "sets": sets, "cost": None, "builtin_cost": None, "sample": []}
    if taken:
        present = keys(taken[0], 1000, seed).present
        told["cost"] = cost(function, present)
        told["builtin_cost"] = cost(hash, present)
        # For another process to compare with: the last set that it takes, since those are strings.
        told["sample"] = [str(function(key)) for key in keys(taken[-1], 50, seed).present]
    return told


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    name, seed = json.loads(sys.stdin.readline())
    answers.write(json.dumps(measure(name, seed)) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
