"""A tally that was never initialised counts, or says that it cannot."""

import tally


class Votes(tally.Tally):
    def __init__(self, place):
        # Here `super().__init__(2)` is missing. That is a mistake, and no reason to die.
        self.place = place


votes = Votes("Bilbao")
uses = (
    lambda: len(votes),
    lambda: votes.add(3),
    lambda: votes.count(0),
)
for use in uses:
    try:
        use()
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        print("it says:", error)
print("all is well")
