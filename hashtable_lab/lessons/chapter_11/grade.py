"""Write a hash function that spreads keys which lie badly."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work

HINTS = (
    """A bin is chosen by the low bits of the number alone. Of the ints that go wrong, which bits differ, and
    are those the low ones? Of a text, which letters does your number depend on, and does it know in which
    order they stand?""",
    """A text becomes a number letter by letter: multiply what you have by an odd number, add `ord(letter)`. A
    number becomes a well mixed one by a multiplication: in a product a bit depends on all bits below it. So
    the good bits are the high ones.""",
    """Mix every number, those of the texts too: multiply by 0x9E3779B97F4A7C15 (2**64 by the golden ratio),
    keep 64 bits (`& (2**64 - 1)`), and bring the upper half of them down (`>> 32`).""",
)

# The longest chain, and the bins that are in use of 2048, with 1000 keys: even luck alone does better.
LONGEST, IN_USE = 8, 500
# Puts each set of keys into a table. What other hash functions there are is not to be had in here.
MEASURE = """
import hashtable

for name in ("talk_hash", "identity_hash", "fibonacci_hash", "fnv1a_hash", "xxh3_hash", "SipHash", "XXH3"):
    delattr(hashtable, name)
import hash_function

def hash(key):
    raise NameError("name 'hash' is not to be had in here")

hash_function.hash = hash
answer = []
for name, keys in KEYS.items():
    seen = {"keys": name}
    answer.append(seen)
    try:
        h = hashtable.HashTable(size=8, hash_func=hash_function.my_hash)
        for key in keys:
            h.set(key, str(key))
        seen.update(lost=sum(h.get(key) != str(key) for key in keys), size=h.size)
        seen.update(longest=h.stats().longest_chain, in_use=h.stats().occupied_bins)
    except Exception as error:
        seen["error"] = f"{type(error).__name__}: {error}"
"""


def grade(work: Work) -> None:
    # The keys as they were, whatever has become of the learner's copy.
    keys = Path(__file__).with_name("start").joinpath("keys.py").read_text(encoding="utf-8")
    work.read("hash_function.py")
    for seen in work.evaluate(keys + MEASURE):
        name = seen["keys"]
        if not work.expect("error" not in seen, f"{name}: each has a hash", seen.get("error", "")):
            continue
        lost = f"{seen['lost']} are not: it does not return the same number each time"
        work.expect(seen["lost"] == 0, f"{name}: each is found again", lost)
        work.expect(
            seen["longest"] <= LONGEST,
            f"{name}: no chain has more than {LONGEST}",
            f"the longest has {seen['longest']}",
        )
        work.expect(
            seen["in_use"] >= IN_USE,
            f"{name}: {IN_USE} of the {seen['size']} bins are in use",
            f"only {seen['in_use']} are",
        )
