"""The talk's crash: `set` returns the table itself, and forgets to count that.

The prompt throws away what `set` returns, and with it a reference that the
table never had: the table is freed while `h` still names it. The next use of
`h` walks into freed memory.
"""

import hashtable

h = hashtable.HashTable(size=4, max_load=0.5)
h.set("spam", 42)
print(h.get("spam"))
