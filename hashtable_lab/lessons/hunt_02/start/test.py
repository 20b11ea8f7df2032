"""To stamp something takes nothing away from the builtins."""

import builtins
import sys

import stamp

before = sys.getrefcount(vars(builtins))
for number in range(10):
    assert stamp.stamp(number) == hash(number)
change = sys.getrefcount(vars(builtins)) - before
assert change == 0, f"after ten stamps the count of the builtins dict has changed by {change}"
print("all is well")
