"""Predict what size, load and hash function do."""

from __future__ import annotations

from hashtable_lab.lessons.grading import Work

HINTS = (
    """Three rules decide all of it. A new key that would exceed the maximum load doubles the bins until it
    does not. A bin is the remainder of the hash by the number of bins. The hash function is called once for
    each operation that is given a key, and never otherwise.""",
    """Keys 64 apart, in a number of bins that is a power of two: the lowest six bits of the hash are always
    0, so only one bin in 64 can be used. And a hit looks at about 1 + load / 2 entries, if the keys are
    spread by luck.""",
    """Ask: `hashtable.HashTable(size=4, items=dict.fromkeys(range(1000))).stats()` tells size, resizes,
    longest_chain and hit_probes. For the calls, count them in the hash function.""",
)

# The truth: from the real table, each time.
MEASURE = """
import random

import hashtable

random.seed(13)
lucky = [random.getrandbits(60) for _ in range(4096)]

def stats(keys, **knobs):
    return hashtable.HashTable(items=dict.fromkeys(keys), **knobs).stats()

calls = 0

def count(key):
    global calls
    calls += 1
    return key

h = hashtable.HashTable(size=4, max_load=0.5, hash_func=count)
for key in range(1000):
    h.set(key, None)
for key in range(1000):
    h.get(key)
list(h.copy().items())

answer = {
    "RESIZES": stats(range(1000), size=4, max_load=0.5).resizes,
    "BINS": stats(range(1000), size=4, max_load=0.5).size,
    "CALLS": calls,
    "HIT_AT_A_TENTH": stats(lucky, size=40960, max_load=0.1).hit_probes,
    "HIT_AT_ONE": stats(lucky, size=4096, max_load=1.0).hit_probes,
    "NEVER": stats(range(1000), size=10, max_load=None).longest_chain,
    "FAR_LONGEST": stats(range(0, 64000, 64), size=4, max_load=0.5).longest_chain,
    "FAR_MORE_BINS": stats(range(0, 64000, 64), size=2**16).longest_chain,
    "FAR_ODD": stats(range(0, 64000, 64), size=2047).longest_chain,
}
"""
# What a prediction may be wrong by, where the keys are random.
ABOUT = {"HIT_AT_A_TENTH": 0.05, "HIT_AT_ONE": 0.1}


def grade(work: Work) -> None:
    predicted = work.answers()
    for name, truth in work.evaluate(MEASURE).items():
        said = predicted.get(name)
        number = isinstance(said, (int, float)) and not isinstance(said, bool)
        work.expect(
            number and abs(said - truth) <= ABOUT.get(name, 0),
            f"{name} is what the table says",
            "you say nothing yet"
            if said is None
            else f"you say {said!r}, and the table does not"
            if number
            else f"{said!r} is no number",
        )
