"""The hash function, and a look at what it does: run it with `python -i`, and `h` is the last table."""

import hashtable
from keys import KEYS


def my_hash(key):
    if isinstance(key, str):
        return sum(ord(letter) for letter in key)
    return key


if __name__ == "__main__":
    for name, keys in KEYS.items():
        h = hashtable.HashTable(size=8, hash_func=my_hash, items=dict.fromkeys(keys))
        stats = h.stats()
        print(f"{name:12} longest chain {stats.longest_chain:4}, bins in use {stats.occupied_bins:4}")
