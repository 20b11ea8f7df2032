"""`get` hands out the table's own reference to a value, as if it were the caller's.

The caller throws it away, as callers do. Now the table refers to a value that is gone: the next `get` brings a
corpse.
"""

import hashtable

h = hashtable.HashTable()
h.set("spam", ["eggs", "ham"])
h.get("spam")
print("the value was looked at once; now again:")
print(h.get("spam"))
