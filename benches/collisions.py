"""What it costs to be attacked: keys that collide, in tables with several hash functions and in a dict.

    python benches/collisions.py [--keys N] [--tables TABLE ...]

For each kind of key: how long it takes to put them in, to find each, and to look for as many that are not
there, which collide too. Times are the process's own, of one run: what is looked for is not 10 %.
"""

from __future__ import annotations

import argparse
import itertools
import platform
import sys
import time
from typing import Any, Callable

import hashtable
from hashtable import HashTable


def ordinary(number: int) -> list[Any]:
    return list(range(2 * number))


def alike(number: int) -> list[Any]:
    """Ints that hash alike: Python takes an int modulo 2**61 - 1."""
    return [multiple * sys.hash_info.modulus for multiple in range(2 * number)]


def low_bits(number: int) -> list[Any]:
    """Ints with hashes of their own, the low 32 bits of which are the same: all are in one bin."""
    return [multiple << 32 for multiple in range(2 * number)]


def texts(number: int) -> list[Any]:
    """Texts in one bin of up to 4096, found by trying, by someone who knows the seed of `hash`."""
    found = (text for text in map(str, itertools.count()) if hash(text) % 4096 == 0)
    return list(itertools.islice(found, 2 * number))


def texts_for_fnv1a(number: int) -> list[Any]:
    """Texts that are alike in the low 32 bits of FNV-1a, which has no seed.

    Of enough blocks, two lead from one state to the same next state; and one of the two in each place makes
    twice as many texts.
    """
    mask, prime, state = (1 << 32) - 1, 0x1B3, 0x84222325
    found = [""]
    while len(found) < 2 * number:
        ends: dict[int, str] = {}
        for block in map("{:07}".format, itertools.count()):
            end = state
            for byte in block.encode():
                end = (end ^ byte) * prime & mask
            if end in ends:
                break
            ends[end] = block
        found = [text + pick for text in found for pick in (block, ends[end])]
        state = end
    return found[: 2 * number]


KEYS: dict[str, tuple[Callable[[int], list[Any]], int]] = {
    "ordinary ints": (ordinary, 100_000),
    "ints that hash alike": (alike, 100_000),
    "ints with the same low bits": (low_bits, 100_000),
    "texts, the seed being known": (texts, 1000),
    "texts for FNV-1a": (texts_for_fnv1a, 100_000),
}
TABLES: dict[str, Callable[[], Any]] = {
    "dict": dict,
    "HashTable()": HashTable,
    "fibonacci_hash": lambda: HashTable(hash_func=hashtable.fibonacci_hash),
    "fnv1a_hash": lambda: HashTable(hash_func=hashtable.fnv1a_hash),
    "XXH3()": lambda: HashTable(hash_func=hashtable.XXH3()),
    "SipHash()": lambda: HashTable(hash_func=hashtable.SipHash()),
}


def seconds(operation: Callable[[], object]) -> float:
    begin = time.process_time()
    operation()
    return time.process_time() - begin


def measure(make: Callable[[], Any], keys: list[Any]) -> tuple[float, float, float, int | None]:
    """Seconds to fill, to find and to miss, and the longest chain."""
    table = make()
    there, elsewhere = keys[::2], keys[1::2]

    def fill() -> None:
        for key in there:
            table[key] = None

    filled = seconds(fill)
    found = seconds(lambda: [key in table for key in there])
    missed = seconds(lambda: [key in table for key in elsewhere])
    assert len(table) == len(there)
    return filled, found, missed, table.stats().longest_chain if isinstance(table, HashTable) else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--keys", type=int, default=10_000, help="how many (10,000); times grow as their square"
    )
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES, help="some of them (all)")
    arguments = parser.parse_args()
    number = arguments.keys
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}\n")
    print("| keys | number | table | fill | find all | miss all | longest chain |")
    print("|---|---:|---|---:|---:|---:|---:|")
    for name, (make_keys, most) in KEYS.items():
        keys = make_keys(min(number, most))
        for table in arguments.tables:
            make = TABLES[table]
            if table == "fibonacci_hash" and isinstance(keys[0], str):
                # It is for numbers.
                continue
            *times, longest = measure(make, keys)
            shown = " | ".join(f"{1000 * time:,.0f} ms" for time in times)
            print(f"| {name} | {len(keys) // 2:,} | `{table}` | {shown} | {longest or ''} |", flush=True)


if __name__ == "__main__":
    main()
