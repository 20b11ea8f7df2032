"""Hash functions in Python that the findings try out."""

from __future__ import annotations

from typing import Any

MASK = 2**64 - 1


def builtin(key: Any) -> int:
    """The builtin one, by way of Python: what a call costs."""
    return hash(key)


def length(key: str) -> int:
    """The talk's hash of a string in C, which PHP once had for the names of its functions."""
    return len(key)


def ends(key: str) -> int:
    """Cheap and bad: the first letter, the last, and the length."""
    return ord(key[0]) + 31 * ord(key[-1]) + 961 * len(key)


def fnv1a(key: str) -> int:
    """Dear and good: a step of Python for each letter."""
    state = 0xCBF29CE484222325
    for byte in key.encode():
        state = (state ^ byte) * 0x100000001B3 & MASK
    return state


def digits(key: str) -> int:
    """The talk's hash of a string in Python: the numbers of its letters, three digits each, in a row."""
    return int("".join(f"{ord(letter):03}" for letter in key))


def multiplied(key: int) -> int:
    """The talk's hash of a number: multiplied, and the low bits kept."""
    return key * 2654435761 % 2**32


def high_bits(key: int) -> int:
    """The same product, of which the high half is kept."""
    return (key * 2654435761 & 0xFFFFFFFF) >> 12


def folded(key: int) -> int:
    """What `htlab quality` advises for keys 4096 apart."""
    return key ^ key >> 12
