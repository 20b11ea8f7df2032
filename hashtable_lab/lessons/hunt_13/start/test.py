"""The size that a crate says is the number of its bins."""

from crate import Crate

crate = Crate(4)
for number in range(10):
    crate.add(number)
    bins = len(crate.counts())
    assert crate.size == bins, f"with {crate.load} numbers there are {bins} bins, and size says {crate.size}"
print("all is well")
