"""Ints cut to 32 bits, and texts at a NUL."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """Follow a number from `put` to `get`, and write down its C type at each step. Compile with
    `-Wconversion`, and the compiler follows it too.""",
    """For C a text ends at its first NUL. For Python it is as long as it says. So the length has to come
    along, in and out, and to be kept between.""",
    """`PyUnicode_AsUTF8AndSize` gives a length too, `memcpy` copies that many bytes, and
    `PyUnicode_DecodeUTF8` or `PyUnicode_FromStringAndSize` takes it. `number_out` wants a `long`.""",
)
START = Path(__file__).with_name("start")
ROUND = """
from locker import Locker

box = Locker()
assert box.get() == 0
things = [sign * 2**bits + off for bits in range(63) for sign in (1, -1) for off in (-1, 0, 1)]
things += [2**63 - 1, -(2**63), "\\0", "\\0\\0\\0", "a\\0", "\\0a", "a\\0b\\0c"]
things += ["\\u00e4\\0\\u20ac\\0\\U0001f40d"]
things += ["x" * length + "\\0" + "y" * length for length in (1, 7, 8, 100, 10000)]
for thing in things:
    box.put(thing)
    found = box.get()
    assert found == thing, f"{thing!r:.60} came out as {found!r:.60}"
    assert type(found) is type(thing)
"""
REFUSES = """
import tracemalloc
from locker import Locker

box = Locker()
for first in (5, "spam\\0"):
    box.put(first)
    for thing, error in [(2**63, OverflowError), (-(2**64), OverflowError), (1.5, TypeError),
                         (None, TypeError), (b"spam", TypeError), ("\\ud800", UnicodeEncodeError)]:
        try:
            box.put(thing)
        except error:
            assert box.get() == first, "what could not be kept has changed what was"
        else:
            found = box.get()
            assert error is not TypeError and found == thing, f"{thing!r} came out as {found!r}"
            box.put(first)
text = "x" * 1000
tracemalloc.start()
before = tracemalloc.get_traced_memory()[0]
for _ in range(100):
    box.put(text)
    box.put(7)
    box.get()
    Locker().put(text)
grown = tracemalloc.get_traced_memory()[0] - before
assert grown < 8000, f"after two hundred texts there are {grown} bytes more"
"""


def grade(work: Work) -> None:
    module = Extension(work, "locker.c", START)
    module.test()
    module.trial("every int of 64 bits and every text comes out as it went in", ROUND)
    module.trial("what it cannot keep it refuses, and nothing leaks", REFUSES)
