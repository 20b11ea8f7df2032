import hashtable

h = hashtable.HashTable(2, 1.0, lambda key: key[0])
for key in (0, "a"), (3, "b"), (1, "c"), (3, "d"):
    h[key] = None
# Equal to a key that is there, and not that very object.
h.get((3, "".join(["b"])))
try:
    # In an empty bin there is no tag to deny anything. To add keys was to be denied, but found them a place.
    del h[6, "e"]
except KeyError:
    pass
print("Table:        ---> hash 5 is of bin 1 of 4, whose tag says: not there")
del h
