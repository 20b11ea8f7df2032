"""The talk's leak: a table that dies does not give its hash function back.

Three tables are made with the same hash function, one after the other, and all
three are gone in the end. The count of the function has been going up with each
of them: from 3 to 6, as in the talk, or from wherever this Python begins.
"""

import sys

import hashtable


def my_hash(key):
    return len(key)


before = sys.getrefcount(my_hash)
for number in range(1, 4):
    h = hashtable.HashTable(4, 0.5, my_hash)
    h.set("spam", 42)
    del h
    change = sys.getrefcount(my_hash) - before
    print("after table", number, "the count has changed by", change)
