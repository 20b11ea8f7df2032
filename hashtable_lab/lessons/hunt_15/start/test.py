"""A crumb that is gone has left no memory behind."""

import tracemalloc

from crumb import Crumb

tracemalloc.start()
Crumb("first")
before = tracemalloc.get_traced_memory()[0]
for _ in range(1000):
    Crumb("one of a thousand")
each = (tracemalloc.get_traced_memory()[0] - before) / 1000
assert each < 8, f"each crumb that is gone has left {each:.0f} bytes behind"
print("all is well")
