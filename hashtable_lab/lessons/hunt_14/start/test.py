"""A method of a till needs a till."""

import till

mine = till.Till()
mine.add(5)
assert mine.total() == 5
try:
    total = till.total()
except (AttributeError, TypeError) as error:
    print("it says:", error)
else:
    raise AssertionError(f"there is no till, and till.total() returns {total}")
print("all is well")
