"""Every identifier in the source of Python's standard library, counted in one table.

Once with the builtin `hash`, once with a hash function written in Python: the counts are the same, and
the bins show what the hash function is worth.
"""

import keyword
import sys
import sysconfig
import time
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import hashtable

# What comes with Python and is not its library.
APART = {"test", "tests", "idle_test", "site-packages", "dist-packages", "lib2to3"}
COMMONEST = 8


def sources() -> list[Path]:
    """The library's own source files."""
    library = Path(sysconfig.get_path("stdlib"))
    return [
        path for path in sorted(library.rglob("*.py")) if APART.isdisjoint(path.relative_to(library).parts)
    ]


def identifiers(path: Path) -> Iterator[str]:
    """The identifiers in a file, in order; keywords are none."""
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                yield token.string


def fnv1a(word: str) -> int:
    """FNV-1a in 64 bits, over code points: a decent hash function, one character at a time."""
    digest = 0xCBF29CE484222325
    for char in word:
        digest = (digest ^ ord(char)) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return digest


def count(words: list[str], hash_func: Callable[[str], int]) -> tuple[hashtable.HashTable, float]:
    """How often each word comes, and the seconds that it took."""
    table = hashtable.HashTable(hash_func=hash_func)
    start = time.perf_counter()
    for word in words:
        table.set(word, table.get(word, 0) + 1)
    return table, time.perf_counter() - start


def describe(name: str, table: hashtable.HashTable, seconds: float) -> None:
    stats = table.stats()
    print(
        f"{name:>6}  {stats.size:>7,} {stats.load:>7,} {stats.load_proportion:>6.2f}"
        f" {stats.occupied_bins:>9,} {stats.longest_chain:>8,} {seconds:>8.2f} s"
    )


def main() -> None:
    print("\nREAL INPUT: every identifier in the source of the standard library")
    paths = sources()
    words: list[str] = []
    for number, path in enumerate(paths, start=1):
        words.extend(identifiers(path))
        if sys.stdout.isatty():
            print(f"\r  reading {number} of {len(paths)} files", end="", flush=True)
    print(f"\r  {len(words):,} identifiers in {len(paths)} files of Python {sys.version.split()[0]}\n")

    builtin, builtin_seconds = count(words, hash)
    own, own_seconds = count(words, fnv1a)
    distinct = sorted(set(words), key=lambda word: (-builtin.get(word), word))
    if any(builtin.get(word) != own.get(word) for word in distinct):
        sys.exit("the two tables do not agree")

    print("  The commonest, with both hash functions:")
    for word in distinct[:COMMONEST]:
        print(f"  {builtin.get(word):>8,}  {word}")

    print("\n  hash    bins    entries   load  occupied  longest     time")
    describe("hash", builtin, builtin_seconds)
    describe("fnv1a", own, own_seconds)

    start = time.perf_counter()
    lengths = hashtable.HashTable(hash_func=len)
    for word in distinct:
        lengths.set(word, builtin.get(word))
    describe("len", lengths, time.perf_counter() - start)
    print(
        "\n  len is the hash that the talk's C library has for strings. Its row holds each word\n"
        "  once, not the whole text: every word of eight letters is in one and the same chain."
    )


if __name__ == "__main__":
    main()
