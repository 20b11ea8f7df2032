"""A reference is given back before the table is whole again.

To give the last reference to a value back runs its `__del__`, and that may do anything: here it looks into the very
table that is at work, which still refers to the value that is just being freed.
"""

import hashtable


class Nosy:
    def __del__(self):
        print("__del__ finds in the table:", h.get("spam"))


h = hashtable.HashTable()
h.set("spam", Nosy())
h.set("spam", "eggs")
print("in the end there is:", h.get("spam"))
