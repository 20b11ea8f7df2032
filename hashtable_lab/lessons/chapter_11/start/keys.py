"""Five sets of a thousand keys, each of which lies badly in its own way."""

from itertools import islice, permutations

KEYS = {
    "in a row": list(range(1000)),
    "4096 apart": [number * 4096 for number in range(1000)],
    "2**32 apart": [number * 2**32 for number in range(1000)],
    "names": [f"customer-{number:04}" for number in range(1000)],
    "anagrams": ["".join(letters) for letters in islice(permutations("python3"), 0, 5000, 5)],
}
