"""Make a table bear an equality that changes it."""

from __future__ import annotations

from typing import Any

from hashtable_lab.lessons.grading import Work

HINTS = (
    """Between the moment when `_find` asks `entry.key == key` and the moment when it has the answer, entries
    may have come, gone, or moved to other chains. How could `_find` know that, when it is back?""",
    """Keep a number in the table, `self.version`, that changes whenever an entry comes, goes or moves.
    Remember it before the comparison. If it is another one after, nothing that was known before is of use:
    neither the chain, nor the position, nor the answer.""",
    """So `_find` is a loop around the loop: for each attempt take the chain anew and walk it; if the version
    has changed after a comparison, give this attempt up and make the next; after the thousandth raise
    RuntimeError. The length of a chain will not do for a version: one may go and another come.""",
)
# A chain of a, b and c, in this order; d is new. The first comparison of b springs the trap.
BEGINNING = """
from table import Table

class Enough(BaseException):
    pass

class Key:
    compared = 0
    def __init__(self, name, trap=()):
        self.name, self.trap = name, trap
    def __eq__(self, other):
        Key.compared += 1
        if Key.compared > 5000:
            raise Enough
        if self.trap:
            self.trap.pop()()
        return self.name == getattr(other, "name", None)
    __hash__ = None

def of_kind(key):
    # The same bin, for any number of bins that there will be, but another hash: the two are not compared.
    return 0 if isinstance(key, Key) else 2**20

def trapped(action):
    h = Table(of_kind)
    trap = []
    for name in "abc":
        h.set(Key(name, trap if name == "b" else ()), name)
    trap.append(lambda: action(h))
    Key.compared = 0
    return h

def inside(h):
    return h.load, [h.get(Key(name)) for name in "abcd"]

def outcome(does):
    try:
        return does()
    except BaseException as error:
        return type(error).__name__
"""
PLAIN = """
import random
chance, h, model = random.Random(7), Table(lambda key: key // 3), {}
answer = True
for _ in range(3000):
    key, verb = chance.randrange(-40, 40), chance.choice(["set", "get", "pop"])
    if verb == "set":
        h.set(key, _)
        model[key] = _
    else:
        answer = answer and getattr(h, verb)(key) == getattr(model, verb)(key, None)
    answer = answer and h.load == len(model) == sum(map(len, h.bins))
"""
# For each: what `__eq__` does to the table, what the program then does, and what has to come of it.
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "an __eq__ that removes another key": (
        "h.pop(Key('a'))",
        {
            "h.get(Key('c'))": ["c", 2, [None, "b", "c", None]],
            "h.pop(Key('c'))": ["c", 1, [None, "b", None, None]],
            "h.set(Key('c'), 'new')": [None, 2, [None, "b", "new", None]],
        },
    ),
    "an __eq__ that removes the very key": (
        "h.pop(Key('b'))",
        {
            "h.get(Key('b'))": [None, 2, ["a", None, "c", None]],
            "h.pop(Key('b'))": [None, 2, ["a", None, "c", None]],
            "h.set(Key('b'), 'new')": [None, 3, ["a", "new", "c", None]],
        },
    ),
    "an __eq__ that takes the key out and puts it in again": (
        "(h.pop(Key('b')), h.set(Key('b'), 'back'))",
        {
            "h.get(Key('b'))": ["back", 3, ["a", "back", "c", None]],
            "h.pop(Key('b'))": ["back", 2, ["a", None, "c", None]],
        },
    ),
    "an __eq__ that makes the table grow": (
        "[h.set(number, number) for number in map(Number, range(50))]",
        {
            "h.set(Key('d'), 'new')": [None, 54, ["a", "b", "c", "new"]],
            "h.pop(Key('c'))": ["c", 52, ["a", "b", None, None]],
        },
    ),
    "an __eq__ that adds the key that is being added": (
        "h.set(Key('d'), 'inner')",
        {"h.set(Key('d'), 'outer')": [None, 4, ["a", "b", "c", "outer"]]},
    ),
}
# Keys that are like no `Key`, with which the table is filled up.
NUMBERS = """
class Number:
    def __init__(self, number):
        self.number = number
    def __eq__(self, other):
        return self is other
    __hash__ = None
"""
RAISES = """
class Mine(Exception):
    pass
def throw(h):
    raise Mine
answer = []
for verb in ("h.get(Key('c'))", "h.set(Key('c'), 1)", "h.pop(Key('c'))"):
    h = trapped(throw)
    answer.append([outcome(lambda: eval(verb)), *inside(h)])
"""
RESTLESS = """
class Restless(Key):
    def __eq__(self, other):
        Key.__eq__(self, other)
        h.set(Number(0), 0)
        return False
h = Table(of_kind)
h.set(Restless("a"), "a")
Key.compared = 0
answer = [outcome(lambda: h.get(Key("b"))), h.load == sum(map(len, h.bins))]
"""
ONCE = """
def counted(key):
    global hashed
    hashed += 1
    return 0
h = trapped(lambda h: h.pop(Key("a")))
h.hash_func, hashed = counted, 0
h.get(Key("c"))
# The trap's own `pop` hashes too.
answer = [hashed]
h = trapped(lambda h: None)
h.get(Key("d"))
answer.append(Key.compared)
"""


def grade(work: Work) -> None:
    plain = work.evaluate(BEGINNING + PLAIN)
    work.demand(plain is True, "with keys that only compare it is a table", "a dict says otherwise")
    for promise, (action, verbs) in CASES.items():
        wrong = []
        for verb, right in verbs.items():
            code = f"h = trapped(lambda h: {action})\nanswer = [outcome(lambda: {verb}), *inside(h)]"
            seen = work.evaluate(BEGINNING + NUMBERS + code)
            if seen != right:
                told = f"{verb} returned {seen[0]!r}, a to d are then {seen[2]}"
                wrong.append(f"{told}: should be {right[0]!r}, {right[2]}")
        work.expect(not wrong, f"it bears {promise}", "; ".join(wrong))
    raises = work.evaluate(BEGINNING + RAISES)
    right = [["Mine", 3, ["a", "b", "c", None]]] * 3
    work.expect(raises == right, "what __eq__ raises comes out, and nothing changes", f"{raises}")
    restless = work.evaluate(BEGINNING + NUMBERS + RESTLESS)
    promise = "an __eq__ that changes it each time is given up, with a RuntimeError"
    why = "it was still at it after 5000 comparisons" if restless[0] == "Enough" else f"it was {restless[0]}"
    work.expect(restless == ["RuntimeError", True], promise, why)
    hashed, compared = work.evaluate(BEGINNING + ONCE)
    work.expect(
        hashed == 2, "a restart hashes nothing anew", f"a get and its __eq__'s pop hashed {hashed} times"
    )
    work.expect(compared == 3, "while nothing changes no key is compared twice", f"3 keys, {compared} times")
