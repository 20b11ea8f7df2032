"""A reference is given back before the table is whole again.

To give back the last reference to a value frees it, and with it what only it
had: here something whose `__del__` looks into the very table that is at work.
That still refers to the value which is just being freed.
"""

import hashtable


class Nosy:
    def __del__(self):
        found = h.get("spam")
        print("__del__ finds in the table:", type(found))


class Basket:
    def __init__(self):
        self.inside = Nosy()


h = hashtable.HashTable()
h.set("spam", Basket())
h.set("spam", "eggs")
print("in the end there is:", h.get("spam"))
