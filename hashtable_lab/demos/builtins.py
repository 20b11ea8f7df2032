"""The 2014 program's own bug: each table gives back the dict of builtins, which
it had only borrowed.

The first tables live on what others hold of that dict: in Python 2.7 it was
over at the 28th. Today every function has a reference to it, so it takes some
thousands. Then nobody has any, and the dict is freed with `print`, `len` and
all that is in it.
"""

import builtins
import sys

import hashtable

enough = sys.getrefcount(vars(builtins)) + 10
for _ in range(enough):
    h = hashtable.HashTable()
print(enough, "tables later there still is a print")
