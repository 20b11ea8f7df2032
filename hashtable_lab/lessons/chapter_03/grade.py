"""Say of seven tables how they will have grown."""

from __future__ import annotations

from typing import Any

import hashtable

from hashtable_lab.lessons.grading import Work

HINTS = (
    """Before a new key comes in, ask what load / size would be with it. If that is more than max_load, double
    the size until it is not. A key that is there already is not new, and a key that goes changes no size.""",
    """In C the first key would make it 1 / 4 and then 1 / 8, and both are more than 0.1: so there are two
    doublings, but resizes counts how often the table was rebuilt. In F each operation hashes its key, found
    or not, and a rebuild hashes none.""",
    """For G, draw the bins. 5 and 1 are in bin 1 of two. The third key doubles: 5 and 1 are 1 modulo 4 and
    stay together, in their order; 3 and 7 are 3 modulo 4. The fourth key fits, since 4 / 4 is not more than
    1.0.""",
)


def grade(work: Work) -> None:
    answers = work.answers()
    for name, real in tables().items():
        said = answers.get(name)
        right = type(said) is type(real) and said == real
        work.expect(right, f"{name} is as in the real table", why(said))


def why(said: object) -> str:
    if said is None:
        return "you say nothing yet"
    text = repr(said)
    return f"you say {text if len(text) <= 60 else text[:59] + '…'}: it has something else"


def tables() -> dict[str, Any]:
    """What comes of the programs in start/answers.py."""
    a = hashtable.HashTable(size=4, max_load=0.5, items=dict.fromkeys(range(20)))
    b = hashtable.HashTable(size=3, max_load=1.0, items=dict.fromkeys(range(10)))
    c = hashtable.HashTable(size=4, max_load=0.1, items={"first": 1})
    d = hashtable.HashTable(size=8, max_load=0.75, items=dict.fromkeys(range(7)))
    for number in range(7):
        d.pop(number)
    d.update(dict.fromkeys(range(100, 106)))
    e = hashtable.HashTable(4, None, hashtable.identity_hash, items=dict.fromkeys(range(1000)))
    g = hashtable.HashTable(2, 1.0, hashtable.identity_hash, items=dict.fromkeys([5, 1, 3, 7]))
    return {
        "A_SIZE": a.size,
        "A_RESIZES": a.stats().resizes,
        "B_SIZE": b.size,
        "B_RESIZES": b.stats().resizes,
        "C_SIZE": c.size,
        "C_RESIZES": c.stats().resizes,
        "D_SIZE": d.size,
        "D_RESIZES": d.stats().resizes,
        "E_SIZE": e.size,
        "E_LONGEST": e.stats().longest_chain,
        "F_CALLS": calls(),
        "G_BINS": g.bins(),
    }


def calls() -> int:
    """How often the hash function of F is called."""
    seen = []

    def counted(number: int) -> int:
        seen.append(number)
        return number

    f: hashtable.HashTable[int, None] = hashtable.HashTable(size=4, max_load=0.5, hash_func=counted)
    for number in (*range(20), *range(20)):
        f.set(number, None)
    for number in range(100, 105):
        f.get(number)
    return len(seen)
