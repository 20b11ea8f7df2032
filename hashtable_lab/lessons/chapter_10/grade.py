"""Write a leak detector that raises no false alarm."""

from __future__ import annotations

from hashtable_lab.lessons.grading import Work

HINTS = (
    """You do not know the object that is left behind, so you cannot ask for its count. What counts everything
    that was allocated and not given back, whatever it is?""",
    """Call the operation some times before you look at all: what happens only at first is no leak. Then look,
    call it a thousand times, and look again. A leak is a block for each call; some dozens are noise.""",
    """`sys.getallocatedblocks()` before and after, and `gc.collect()` before each of the two looks: a cycle
    that the collector finds is no leak, and one that it does not find is.""",
)

# Each, and the specimens with which it leaks.
OPERATIONS: dict[str, tuple[str, ...]] = {
    "tables": ("leak",),
    "misses": ("error",),
    # When the collector takes that apart, the table dies, and what `leak` forgets is forgotten here too.
    "cycles": ("cycle", "leak"),
    "overwrites": (),
    "fills": (),
}
ASK = """
import contextlib, hashtable
from detector import leaks

def tables():
    hashtable.HashTable(hash_func=lambda key: 7).set("spam", 42)

def misses():
    with contextlib.suppress(KeyError):
        hashtable.HashTable().pop("no such key")

def cycles():
    def hash_func(key):
        return h.size
    h = hashtable.HashTable(hash_func=hash_func)

h = hashtable.HashTable()
def overwrites():
    h.set("spam", object())

cache = []
def fills():
    if not cache:
        cache.extend(object() for _ in range(5000))

answer = [bool(leaks(operation)) for operation in (tables, misses, cycles, overwrites, fills)]
"""


def grade(work: Work) -> None:
    for specimen in (None, "leak", "error", "cycle"):
        module = f"the specimen {specimen!r}" if specimen else "the healthy module"
        what = f"it answers what is asked about {module}"
        answers = work.evaluate_under_glass("detector.py", ASK, specimen, what)
        for (operation, breaks), answer in zip(OPERATIONS.items(), answers):
            truth = specimen in breaks
            says = "leaks" if truth else "does not leak"
            work.expect(answer == truth, f"`{operation}` {says} with {module}", f"it says {answer}")
