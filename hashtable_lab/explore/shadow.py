"""What a dict would have done on the same keys: a real one, and its search for a key, which it does not show,
once more."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any, Callable

MASK = (1 << 64) - 1
SMALLEST = 8
# By how much of the hash is left at each further probe.
PERTURB_SHIFT = 5

FREE, DUMMY = None, object()


@cache
def sizes(unicode: bool) -> dict[int, int]:
    """How many slots a dict has, by what `sys.getsizeof` says of it. `unicode`: with strings only, whose
    entries can be smaller.

    A dict is its head, an index for each slot, and an entry for each key that fits in. The head and an entry
    are measured, on the two smallest.
    """
    key: Callable[[int], Any] = str if unicode else int
    smaller, larger = (
        sys.getsizeof({key(number): None for number in range(usable(slots))})
        for slots in (SMALLEST, 2 * SMALLEST)
    )
    entry = (larger - smaller - SMALLEST) // (usable(2 * SMALLEST) - usable(SMALLEST))
    head = smaller - SMALLEST - entry * usable(SMALLEST)
    found = {}
    for power in range(3, 24):
        slots = 1 << power
        width = 1 if power < 8 else 2 if power < 16 else 4
        found[head + width * slots + entry * usable(slots)] = slots
    return found


def usable(slots: int) -> int:
    """How many of them are filled before a dict grows."""
    return slots * 2 // 3


def grown_to(used: int) -> int:
    slots = SMALLEST
    while slots < used * 3:
        slots *= 2
    return slots


class Shadow:
    """A dict with the table's keys. Of keys that cannot be hashed it knows nothing."""

    def __init__(self) -> None:
        self.dict: dict[Any, None] = {}
        # What has been done with the dict since somebody last asked for probes: only then is it searched.
        self.log: list[tuple[bool, Any]] = []
        self.slots: list[Any] = []
        self.left = 0
        self.used: dict[Any, None] = {}

    def put(self, key: Any) -> None:
        try:
            new = key not in self.dict
            self.dict[key] = None
        except TypeError:
            return
        if new:
            self.log.append((True, key))

    def take(self, key: Any) -> None:
        try:
            del self.dict[key]
        except (KeyError, TypeError):
            return
        self.log.append((False, key))

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]

    @property
    def size(self) -> int:
        """Slots of the real dict, as its memory shows; 0 before its first key, when it has none."""
        taken = sys.getsizeof(self.dict)
        if not self.dict and taken <= sys.getsizeof({}):
            return 0
        return sizes(False).get(taken) or sizes(True).get(taken) or len(self.slots)

    def probes(self, key: Any) -> int | None:
        """How many slots a dict looks at for a key; None if it cannot be a key, or is a string: those have
        another hash in each process."""
        if isinstance(key, str):
            return None
        try:
            hash(key)
        except TypeError:
            return None
        self.catch_up()
        return self.find(key)[1] if self.slots else 0

    def catch_up(self) -> None:
        for putting, key in self.log:
            if putting:
                if not self.left:
                    self.grow()
                slot, _ = self.find(key)
                self.slots[slot] = key, hash(key)
                self.left -= 1
                self.used[key] = None
            else:
                slot, _ = self.find(key)
                self.slots[slot] = DUMMY
                del self.used[key]
        self.log.clear()

    def grow(self) -> None:
        slots = grown_to(len(self.used)) if self.slots else SMALLEST
        self.slots = [FREE] * slots
        self.left = usable(slots) - len(self.used)
        for key in self.used:
            slot, _ = self.find(key)
            self.slots[slot] = key, hash(key)

    def find(self, key: Any) -> tuple[int, int]:
        """The slot where a key is, or where it would go; and how many were looked at."""
        hashed = hash(key)
        mask = len(self.slots) - 1
        perturb = hashed & MASK
        slot, probes = perturb & mask, 1
        while True:
            there = self.slots[slot]
            if there is FREE:
                return slot, probes
            if there is not DUMMY and there[1] == hashed and (there[0] is key or there[0] == key):
                return slot, probes
            perturb >>= PERTURB_SHIFT
            slot = (slot * 5 + perturb + 1) & mask
            probes += 1
