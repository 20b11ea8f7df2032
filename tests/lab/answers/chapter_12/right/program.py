import hashtable

h = hashtable.HashTable(2, 1.0, lambda key: key[0])
for key in (0, "a"), (3, "b"), (1, "c"), (3, "d"):
    h[key] = None
# Equal to a key that is there, and not that very object.
h.get((3, "".join(["b"])))
try:
    del h[5, "e"]
except KeyError:
    pass
del h
