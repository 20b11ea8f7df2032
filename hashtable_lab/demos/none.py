"""The twin on None: a method that has nothing to return returns None, and forgets to
count it.

None is an object like any other, and has a count; here each call takes one off. It is
the bug that people really ship: it needs thousands of calls, and then the interpreter
finds None about to be freed. From Python 3.12 on None's count no longer moves, and the
bug is silent.
"""

import sys

import hashtable

h = hashtable.HashTable()
calls = sys.getrefcount(None) + 100
if calls > 100_000:
    # The count of something immortal, which no number of calls wears out.
    calls = 1000
for _ in range(calls):
    h.clear()
print("each of", calls, "calls gave away a None")
