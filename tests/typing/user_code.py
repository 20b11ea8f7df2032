"""What a user writes, as type checkers see it. Checked, never run.

A line that is wrong carries the code of the error that it must be; `mypy --strict` complains if it is not.
"""

from __future__ import annotations

from collections.abc import Callable, KeysView, MutableMapping
from typing import SupportsIndex

from hashtable import XXH3, HashTable, SipHash, Stats, fibonacci_hash, fnv1a_hash


def my_hash(key: str) -> int:
    return len(key)


h: HashTable[str, int] = HashTable(size=8, max_load=0.9, hash_func=my_hash)
h.set("one", 1)
h["two"] = 2
maybe: int | None = h.get("one")
surely: int = h.get("one", 0)
either: int | str = h.get("one", "none")
popped: int = h.pop("one")
last: tuple[str, int] = h.popitem()
there: int = h.setdefault("one", 1)
for key, value in h.items():
    a_key: str = key
    a_value: int = value
backwards: list[str] = list(reversed(h))
function: Callable[[str], SupportsIndex] = h.hash_func
never: float | None = h.max_load

by_bytes: HashTable[str, int] = HashTable(hash_func=fnv1a_hash)
by_number: HashTable[int, str] = HashTable(hash_func=fibonacci_hash)
seeded: HashTable[str, int] = HashTable(hash_func=SipHash(seed=5))
one_hash: int = XXH3()("text") + SipHash(1)(2.5) + fnv1a_hash(b"bytes")
the_seed: int = XXH3(5).seed

copied: HashTable[str, int] = h.copy()
union: HashTable[str, int] = h | {"three": 3}
wider: HashTable[str | int, int | float] = h | {1: 2.0}
reflected: HashTable[str, int] = {"zero": 0} | h
h |= {"x": 1}
h.update({"y": 2}, z=3)
h.update([("pair", 4)])
counted: HashTable[str, int] = HashTable.fromkeys("abc", 0)
given = HashTable(items={"a": 1})
from_given: int = given["a"]
from_pairs: HashTable[bytes, str] = HashTable(16, None, items=[(b"k", "v")])

mapping: MutableMapping[str, int] = h
keys: KeysView[str] = h.keys()
common: set[str] = h.keys() & {"one"}

bins: list[list[str]] = h.bins()
bin_number: int = h.bin_of("one")
picture: str = h.picture(20)
stats: Stats = h.stats()
size, load, *rest = stats
longest: int = stats.longest_chain


class Named(HashTable[str, int]):
    def __init__(self, name: str) -> None:
        super().__init__(max_load=None)
        self.name = name


of_a_subclass: int = Named("x")["x"]

h.set(1, 1)  # type: ignore[arg-type]
h["one"] = "one"  # type: ignore[assignment]
h.size = 3  # type: ignore[misc]
h.get()  # type: ignore[call-overload]
HashTable(size="4")  # type: ignore[call-overload]
fibonacci_hash("text")  # type: ignore[arg-type]
SipHash("seed")  # type: ignore[arg-type]
by_tuple: HashTable[tuple[int], int] = HashTable(hash_func=fnv1a_hash)  # type: ignore[arg-type]
HashTable(hash_func=3)  # type: ignore[call-overload]
text: str = stats.load  # type: ignore[assignment]
