"""An iterator that does not own its table, but gives it back in the end.

The table is walked once, and all is well; but the walk's end has given back a
reference that the iterator never took. It was the last one, and `h` names a
table that has been freed.
"""

import hashtable

h = hashtable.HashTable(items={"spam": 1, "eggs": 2})
print(list(h))
print(h.get("spam"))
