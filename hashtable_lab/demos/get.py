"""`get` hands out the table's own reference to a value, as if it were the
caller's.

The caller throws it away, as callers do. Now the table refers to a value that
is gone, and the next `get` brings a corpse.
"""

import hashtable

h = hashtable.HashTable()
h.set("spam", "eggs and ham".title())
h.get("spam")
print(h.get("spam").upper())
