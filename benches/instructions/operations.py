"""One operation of the extension module, over and over, for callgrind to count: operations.py NAME COUNT."""

from __future__ import annotations

import gc
import random
import sys
from itertools import cycle, islice

from hashtable import HashTable

KEYS = 1000


def main(name: str, count: int) -> None:
    """Does nothing but the operation where callgrind counts; the rest goes through other functions."""
    gc.disable()
    generator = random.Random(1)
    strings = [f"key-{generator.getrandbits(44):x}" for _ in range(2 * KEYS)]
    ints = [generator.getrandbits(62) for _ in range(2 * KEYS)]
    keys = strings if name.startswith("string") else ints
    hits = list(islice(cycle(keys[:KEYS]), count))
    misses = list(islice(cycle(keys[KEYS:]), count))
    full = HashTable(items=dict.fromkeys(keys[:KEYS]))
    for key in misses:
        hash(key)  # A string keeps its hash: what is counted is not the first time.
    operation = name.partition(" ")[2]
    if operation == "h[k]":
        for key in hits:
            full[key]
    elif operation == "h[k], an equal key":
        copies = [key[:1] + key[1:] if isinstance(key, str) else int(str(key)) for key in hits]
        for key in copies:
            hash(key)
        for key in copies:
            full[key]
    elif operation == "get, hit":
        get = full.get
        for key in hits:
            get(key)
    elif operation == "get, miss":
        get = full.get
        for key in misses:
            get(key)
    elif operation == "in":
        for key in hits:
            key in full  # noqa: B015
    elif operation == "h[k] = v, replaced":
        for key in hits:
            full[key] = None
    elif operation == "h[k] = v, new":
        assert count <= KEYS
        new = HashTable()
        for key in hits:
            new[key] = None
    elif operation == "pop":
        assert count <= KEYS
        pop = full.pop
        for key in hits:
            pop(key)
    elif operation == "hash_func=len":
        counted = HashTable(items=((keys[i][:1] * i, None) for i in range(KEYS)), hash_func=len)
        keys = list(islice(cycle(list(counted)), count))
        for key in keys:
            counted[key]
    elif operation == "HashTable()":
        for _ in range(count):
            HashTable()
    elif operation == "iteration":
        for _ in HashTable(items=dict.fromkeys(range(count))):
            pass
    elif operation == "items()":
        for _, _ in HashTable(items=dict.fromkeys(range(count))).items():
            pass
    else:
        sys.exit(f"there is no operation {operation!r}")


main(sys.argv[1], int(sys.argv[2]))
