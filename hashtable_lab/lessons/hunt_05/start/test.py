"""A sieve that is initialised again gives back what it had."""

import sys
import tracemalloc

import sieve


def by_length(thing):
    return len(thing)


tracemalloc.start()
s = sieve.Sieve(by_length, 1000)
count, memory = sys.getrefcount(by_length), tracemalloc.get_traced_memory()[0]
for _ in range(100):
    s.__init__(by_length, 1000)
change = sys.getrefcount(by_length) - count
assert change == 0, f"after a hundred calls of __init__ the count of its function has changed by {change}"
grown = (tracemalloc.get_traced_memory()[0] - memory) // 1000
assert grown < 8, f"after a hundred calls of __init__ there are {grown} KB more"
print("all is well")
