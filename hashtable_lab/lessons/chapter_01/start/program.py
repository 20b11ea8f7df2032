import hashtable

h = hashtable.HashTable(size=4, max_load=0.5)
h.set("spam", 42)
print(h.get("spam"))
