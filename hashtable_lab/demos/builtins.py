"""The 2014 program's own bug: each table gives back the dict of builtins, which it had only borrowed.

The first tables live on what others hold of that dict. Some dozens later nobody does, and the dict is freed with
`print`, `len` and all that is in it.
"""

import hashtable

for number in range(1000):
    h = hashtable.HashTable()
print("1000 tables later there still is a print")
