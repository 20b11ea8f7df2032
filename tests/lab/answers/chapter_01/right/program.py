import ctypes

import hashtable

h = hashtable.HashTable(size=4, max_load=0.5)
# What the broken `set` forgets.
ctypes.pythonapi.Py_IncRef(ctypes.py_object(h))
h.set("spam", 42)
print(h.get("spam"))
