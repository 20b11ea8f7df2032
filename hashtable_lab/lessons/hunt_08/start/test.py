"""The largest number of all has a seat as well."""

from seat import seat

largest = 2**63 - 1
try:
    found = seat(lambda guest: largest, "Ada", 8)
except SystemError as error:
    raise AssertionError(f"a guest whose number is {largest} has no seat: {error}") from None
assert found == largest % 8, f"a guest whose number is {largest} has seat {found} of 8"
print("all is well")
