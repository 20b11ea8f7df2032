"""The talk's closing session: a hash function in Python, and three voices that
speak in turn."""

import hashtable


def my_hash(key):
    print("Python: ---------> now hashing", repr(key))
    return sum(ord(letter) for letter in key)


h = hashtable.HashTable(4, 0.75, my_hash)
h.set("spam", 1)
h.set("maps", 2)
h.set("eggs", 3)
h.set("talk", 4)
h.set("spam", 5)
h.get("maps")
h.pop("eggs")
h.get("eggs")
h
del h
