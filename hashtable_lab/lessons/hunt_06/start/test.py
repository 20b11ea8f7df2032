"""What a function returns is given back, if it is no int too."""

import sys

from drawer import drawer

no_int = ["a list"]
before = sys.getrefcount(no_int)
for _ in range(100):
    try:
        drawer(lambda key: no_int, "spam", 4)
    except ValueError:
        pass
    else:
        raise AssertionError("a list is no ValueError")
change = sys.getrefcount(no_int) - before
assert change == 0, f"after a hundred errors the count of the list has changed by {change}"
print("all is well")
