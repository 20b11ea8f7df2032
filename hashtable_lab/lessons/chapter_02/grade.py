"""Choose keys that all meet in one bin, and keys that never do."""

from __future__ import annotations

from typing import Any, Callable

import hashtable

from hashtable_lab.lessons.grading import Work

HINTS = (
    """Two hashes are in one bin if their difference is a multiple of the number of bins, and in different
    ones if it is not. For words that means: of what length is each? For CHAIN, put a `*` on paper for each
    entry, and ask of each line whether its key is new.""",
    """For NEGATIVE, begin at 3 and go down by 10: the first number below zero is the first answer. For
    SQUARES, write down n * n % 12 for n from 0 to 11, and count how many different remainders there are.""",
    """APART may have a word of length 0, which is "". The squares end in bins 0, 1, 4 and 9 of 12, and in no
    other. A key that was taken out and comes back is new, and goes to the tail; one that is there keeps its
    place.""",
)

SMALL = 1000
NAMES = {str: "words", int: "integers"}


def grade(work: Work) -> None:
    answers = work.answers()

    words = of(work, answers, "TOGETHER", str, 5)
    lengths = sorted({len(word) for word in words})
    work.expect(len(lengths) == 5, "TOGETHER: five lengths", f"the lengths are {lengths}")
    found = places(words, 8, len)
    work.expect(len(set(found)) == 1, "TOGETHER: one bin", f"in the table they are in bins {found}")

    found = places(of(work, answers, "APART", str, 8), 8, len)
    work.expect(len(set(found)) == 8, "APART: a bin each", f"in the table they are in bins {found}")

    numbers = of(work, answers, "NEGATIVE", int, 4)
    work.expect(all(number < 0 for number in numbers), "NEGATIVE: all below zero", f"they are {numbers}")
    found = places(numbers, 10, hashtable.identity_hash)
    work.expect(set(found) == {3}, "NEGATIVE: bin 3", f"in the table they are in bins {found}")

    squares = of(work, answers, "SQUARES", int)
    near = all(-SMALL <= number <= SMALL for number in squares)
    work.demand(near, f"SQUARES: between -{SMALL} and {SMALL}", f"they are {short(squares)}")
    found = places(squares, 12, square)
    work.expect(
        len(set(found)) == len(found), "SQUARES: no two meet", f"in the table they are in bins {found}"
    )
    most = len(set(places(range(12), 12, square)))
    work.expect(len(found) >= most, "SQUARES: as many as there can be", f"{len(found)} are not the most")

    chain = of(work, answers, "CHAIN", int)
    work.expect(chain == the_chain(), "CHAIN: what the table has in bin 1", f"you say {short(chain)}: not so")


def of(work: Work, answers: dict[str, Any], name: str, kind: type, count: int | None = None) -> list[Any]:
    """An answer that is a list of different keys of one kind; if it is not, grading ends."""
    said = answers.get(name)
    promise = f"{name} is a list of {count or 'some'} different {NAMES[kind]}"
    if not isinstance(said, list) or not said or any(type(each) is not kind for each in said):
        work.cannot(promise, f"it is {short(said)}")
    if len(set(said)) < len(said) or len(said) != (count or len(said)):
        work.cannot(promise, f"there are {len(said)}, and {len(set(said))} different ones")
    return said


def short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def places(keys: Any, size: int, hash_func: Callable[[Any], int]) -> list[int]:
    """In which bin of a real table each key is."""
    table = hashtable.HashTable(size, None, hash_func, items=dict.fromkeys(keys))
    return [next(bin for bin, chain in enumerate(table.bins()) if key in chain) for key in keys]


def square(number: int) -> int:
    return number * number


def the_chain() -> list[int]:
    """What the program in start/answers.py makes of bin 1."""
    table: hashtable.HashTable[int, str]
    table = hashtable.HashTable(size=4, max_load=None, hash_func=hashtable.identity_hash)
    for number in (1, 9, 5, 17):
        table.set(number, "first")
    table.pop(9)
    table.set(1, "again")
    table.set(9, "again")
    table.set(5, "again")
    return table.bins()[1]
