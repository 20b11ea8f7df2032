"""A type without `tp_traverse`: the table does not show the collector what it
owns.

The hash function is a closure that knows its table, and the table owns its hash
function: a cycle. When nobody else knows the two, only the collector can free
them, and only if it is shown the reference from one to the other.
"""

import gc
import weakref

import hashtable


def make():
    def my_hash(key):
        return len(key) + h.size

    h = hashtable.HashTable(4, 0.5, my_hash)
    return weakref.ref(h)


table = make()
gc.collect()
state = "gone" if table() is None else "still there"
print("the collector has run, and the table is", state)
