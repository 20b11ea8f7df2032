"""A leak on the way of an error: what a KeyError is made of is not given back.

Each key that is not there leaves a tuple behind, and with it the key. Tests
that never fail never see it, and a server whose users mistype grows by some
bytes a day.
"""

import contextlib
import sys

import hashtable

h = hashtable.HashTable()
key = "no such key, " + "ever"
before = sys.getrefcount(key)
for number in range(1, 4):
    with contextlib.suppress(KeyError):
        h.pop(key)
    change = sys.getrefcount(key) - before
    print("after miss", number, "the count has changed by", change)
