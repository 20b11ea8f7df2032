"""Every allocation of every operation is made to fail: MemoryError, and the table as before.

`_testcapi` makes the interpreter refuse memory, and ours is asked of the interpreter (src/python/memory.rs).
The last test does it for real: under a memory limit of the process.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import operator
import pickle
import sys
import weakref
from collections.abc import Iterator
from functools import partial
from typing import Any, Callable, NamedTuple

import hashtable
import pytest
from hashtable import HashTable
from support import Watch, in_child, limit_memory

needs_testcapi = pytest.mark.skipif(
    importlib.util.find_spec("_testcapi") is None,
    reason="this Python has no _testcapi to make memory run out",
)


class Thing:
    """A key or a value with an identity of its own."""


class Sub(HashTable):
    """A subclass."""


def refused(first: int, last: int, operation: Callable[..., object], *arguments: object) -> str:
    """Calls `operation` while the requests for memory from number `first` up to `last` are refused, or all of
    them if `last` is 0. Says what it raised."""
    testcapi = importlib.import_module("_testcapi")
    remove_hooks = testcapi.remove_mem_hooks
    # Makes this function's frame an object: there may be no memory for that later.
    sys._getframe()
    try:
        testcapi.set_nomemory(first, last)
        try:
            operation(*arguments)
        finally:
            # At once: the interpreter needs memory to go on.
            remove_hooks()
    except (MemoryError, KeyError, TypeError, ValueError) as error:
        return type(error).__name__
    return "nothing"


def contents(h: HashTable) -> tuple[object, ...]:
    """All of a table that a program can see: the order of each chain, and the order in which entries came."""
    # By identity: a key's own equality has no say in it.
    bins = [[id(key) for key in chain] for chain in h.bins()]
    items = [(id(key), id(value)) for key, value in h.items()]
    return h.size, h.load, h.max_load, id(h.hash_func), bins, items


# Each operation, and each request that it makes


class Case:
    """A table that has to grow for the next key, and what an operation may be given with it."""

    def __init__(self) -> None:
        self.old, self.key, self.value = Thing(), Thing(), Thing()
        self.h: Any = HashTable(4, 1.0, items=[("a", self.value), (1, 2.5), (self.old, None), (2.5, [])])
        self.other: Any = HashTable(2, 1.0, items={self.key: self.value, "b": 5, "a": self.value})
        self.wide = 10**30
        self.pairs = [(self.key, self.value), ("b", 5), (7, self.old), (8, 9), (10, 11)]
        self.mapping = dict(self.pairs)
        self.strings = {"one": 1, "two": 2, "three": 3}
        self.pickled = pickle.dumps(HashTable(items=self.strings))
        self.iterator = iter(self.h)
        self.sip = hashtable.SipHash(5)
        self.seeded: Any = HashTable(hash_func=self.sip, items=self.strings)
        self.never: Any = HashTable(1, None, items=self.strings)
        self.empty: Any = HashTable()
        self.blank: Any = HashTable.__new__(HashTable)

    def watched(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("old", "key", "value", "sip")}


class Operation(NamedTuple):
    """What is done, and what it raises where memory is no matter.

    Where it raises, `run` does not do it, but says what to call: from Python 3.11 on an exception is lost
    that leaves a function while there is no memory for its frame (`lambda: {}["missing"]` shows it).
    """

    run: Callable[[Case], Any]
    error: str = "nothing"
    # If it is several steps: what came before the failure may have been done.
    in_steps: bool = False
    # If the standard library leaves something behind itself: pickling a dict does so too.
    leaky: bool = False

    def prepared(self, case: Case) -> Callable[[], object]:
        return partial(self.run, case) if self.error == "nothing" else self.run(case)


def each(iterable: Any) -> None:
    """Takes all, and keeps nothing."""
    for _ in iterable:
        pass


OPERATIONS: dict[str, Operation] = {
    "make": Operation(lambda c: HashTable(1000, 0.5, c.sip)),
    "make of keywords": Operation(lambda c: HashTable(size=9, max_load=None, hash_func=len)),
    "make of a mapping": Operation(lambda c: HashTable(items=c.mapping)),
    "make of pairs": Operation(lambda c: HashTable(items=c.pairs)),
    "make of a table": Operation(lambda c: HashTable(items=c.other)),
    "make of a subclass": Operation(lambda c: Sub(1000)),
    "make of a bad size": Operation(lambda c: partial(HashTable, 0), "TypeError"),
    "make of a bad load": Operation(lambda c: partial(HashTable, 4, 7.0), "TypeError"),
    "make of too much": Operation(lambda c: partial(HashTable, 1, 2, 3, 4, 5), "TypeError"),
    "__new__": Operation(lambda c: HashTable.__new__(HashTable)),
    "__init__ of what is new": Operation(lambda c: c.blank.__init__(9)),
    "__init__ of a bad size": Operation(lambda c: partial(c.h.__init__, 0), "TypeError"),
    "fromkeys": Operation(lambda c: HashTable.fromkeys(c.strings, c.value)),
    "fromkeys of a table": Operation(lambda c: HashTable.fromkeys(c.other)),
    "fromkeys of a subclass": Operation(lambda c: Sub.fromkeys(c.other)),
    "set a new key": Operation(lambda c: c.h.set(c.key, c.value)),
    "set an old key": Operation(lambda c: c.h.set(c.old, c.value)),
    "set a wide int": Operation(lambda c: c.h.set(c.wide, c.value)),
    "set nothing": Operation(lambda c: partial(c.h.set), "TypeError"),
    "h[k] = v": Operation(lambda c: operator.setitem(c.h, c.key, c.value)),
    "setdefault of a new key": Operation(lambda c: c.h.setdefault(c.key, c.value)),
    "setdefault of an old key": Operation(lambda c: c.h.setdefault(c.old, c.value)),
    "get": Operation(lambda c: c.h.get(c.old)),
    "get what is missing": Operation(lambda c: c.h.get(c.key, c.value)),
    "get what has no hash": Operation(lambda c: partial(c.h.get, []), "TypeError"),
    "get of too much": Operation(lambda c: partial(c.h.get, 1, 2, 3), "TypeError"),
    "h[k]": Operation(lambda c: c.h[c.old]),
    "h[k] of what is missing": Operation(lambda c: partial(operator.getitem, c.h, c.key), "KeyError"),
    "in": Operation(lambda c: c.old in c.h),
    "not in": Operation(lambda c: c.key in c.h),
    "del": Operation(lambda c: operator.delitem(c.h, c.old)),
    "del of what is missing": Operation(lambda c: partial(operator.delitem, c.h, c.key), "KeyError"),
    "pop": Operation(lambda c: c.h.pop(c.old)),
    "pop with a default": Operation(lambda c: c.h.pop(c.key, None)),
    "pop of what is missing": Operation(lambda c: partial(c.h.pop, c.key), "KeyError"),
    "popitem": Operation(lambda c: c.h.popitem()),
    "popitem of nothing": Operation(lambda c: partial(c.empty.popitem), "KeyError"),
    "clear": Operation(lambda c: c.h.clear()),
    "update from a table": Operation(lambda c: c.h.update(c.other), in_steps=True),
    "update from a dict": Operation(lambda c: c.h.update(c.mapping), in_steps=True),
    "update from pairs": Operation(lambda c: c.h.update(c.pairs), in_steps=True),
    "update from an iterator": Operation(lambda c: c.h.update(iter(c.pairs)), in_steps=True),
    "update from keywords": Operation(lambda c: c.h.update(**c.strings), in_steps=True),
    "update from itself": Operation(lambda c: c.h.update(c.h)),
    "update from what is no mapping": Operation(lambda c: partial(c.h.update, 5), "TypeError"),
    "update from what are no pairs": Operation(lambda c: partial(c.h.update, [(1, 2, 3)]), "ValueError"),
    "|=": Operation(lambda c: operator.ior(c.h, c.other), in_steps=True),
    "|": Operation(lambda c: c.h | c.other),
    "| of a dict": Operation(lambda c: c.h | c.mapping),
    "dict |": Operation(lambda c: c.mapping | c.h),
    "==": Operation(lambda c: c.h == c.h.copy()),
    "!=": Operation(lambda c: c.h != c.other),
    "== of a dict": Operation(lambda c: c.other == c.mapping),
    "copy": Operation(lambda c: c.h.copy()),
    "copy of a subclass": Operation(lambda c: Sub(items=c.strings).copy()),
    # Not by the `copy` module, whose functions in Python lose references without memory, or end the process.
    "__reduce_ex__": Operation(lambda c: c.h.__reduce_ex__(4)),
    "pickle.dumps": Operation(lambda c: pickle.dumps(c.seeded), leaky=True),
    "pickle.loads": Operation(lambda c: pickle.loads(c.pickled)),
    "keys, values, items": Operation(lambda c: (c.h.keys(), c.h.values(), c.h.items())),
    "keys &": Operation(lambda c: c.h.keys() & c.strings),
    "keys |": Operation(lambda c: c.h.keys() | c.other.keys()),
    "keys -": Operation(lambda c: c.h.keys() - c.other.keys()),
    "keys ^": Operation(lambda c: c.h.keys() ^ c.mapping.keys()),
    "& keys": Operation(lambda c: c.mapping.keys() & c.h.keys()),
    "keys <=": Operation(lambda c: c.h.keys() <= c.other.keys()),
    "keys ==": Operation(lambda c: c.h.keys() == c.mapping.keys()),
    "keys isdisjoint": Operation(lambda c: c.h.keys().isdisjoint(c.pairs)),
    "items &": Operation(lambda c: c.other.items() & c.pairs),
    "items |": Operation(lambda c: c.other.items() | c.pairs),
    "items -": Operation(lambda c: c.other.items() - c.pairs),
    "items ^": Operation(lambda c: c.other.items() ^ c.mapping.items()),
    "items ==": Operation(lambda c: c.h.items() == c.other.items()),
    "in items": Operation(lambda c: ("a", c.value) in c.h.items()),
    "in values": Operation(lambda c: c.key in c.h.values()),
    "repr of views": Operation(
        lambda c: (repr(c.never.keys()), repr(c.never.items()), repr(c.never.values()))
    ),
    "mapping of a view": Operation(lambda c: c.h.keys().mapping),
    "list": Operation(lambda c: list(c.h)),
    "dict": Operation(lambda c: dict(c.h)),
    "{**h}": Operation(lambda c: {**c.h}),
    "walk over keys": Operation(lambda c: each(c.h)),
    "walk over values": Operation(lambda c: each(c.h.values())),
    "walk over items": Operation(lambda c: each(c.h.items())),
    "walk backwards": Operation(lambda c: each(reversed(c.h))),
    "walk over items backwards": Operation(lambda c: each(reversed(c.h.items()))),
    "items kept": Operation(lambda c: list(c.h.items())),
    "pickle an iterator": Operation(lambda c: c.iterator.__reduce__()),
    "length hint": Operation(lambda c: operator.length_hint(c.iterator)),
    "len": Operation(lambda c: len(c.h)),
    "repr": Operation(lambda c: repr(c.h)),
    "picture": Operation(lambda c: c.h.picture(2)),
    "bins": Operation(lambda c: c.h.bins()),
    "bin_of": Operation(lambda c: c.h.bin_of(c.key)),
    "stats": Operation(lambda c: repr(c.h.stats())),
    "attributes": Operation(lambda c: (c.h.size, c.h.load, c.h.max_load, c.h.hash_func)),
    "an attribute that is not there": Operation(lambda c: getattr(c.h, "missing", None)),
    "sizeof": Operation(lambda c: sys.getsizeof(c.h)),
    "weak reference": Operation(lambda c: weakref.ref(c.h)()),
    "HashTable[K, V]": Operation(lambda c: HashTable[str, int]),
    "SipHash": Operation(
        lambda c: (hashtable.SipHash(), repr(c.sip), c.sip.seed, c.sip == hashtable.SipHash(5))
    ),
    "XXH3": Operation(lambda c: hashtable.XXH3(2**63).__reduce__()),
    "a seed that cannot be": Operation(lambda c: partial(hashtable.SipHash, "no"), "TypeError"),
    "a hash function": Operation(lambda c: (hashtable.fnv1a_hash("text\xe9"), hashtable.xxh3_hash(c.wide))),
    "a key that is not for a hash function": Operation(
        lambda c: partial(hashtable.identity_hash, "text"), "TypeError"
    ),
    "a hash function that hashes to no integer": Operation(
        lambda c: partial(HashTable, hash_func=repr, items=c.strings), "ValueError"
    ),
    "a table with a hash function of ours": Operation(lambda c: c.seeded.set("four", c.value)),
    "a long chain": Operation(lambda c: c.never.set("four", c.value)),
}
# How many requests in a row have to be to no effect, until an operation is believed to make no more. The
# interpreter hides some: an attribute that it cannot look up for want of memory is not there.
QUIET = 12


def the_next(number: int) -> int:
    """Refuses one request: all others are granted."""
    return number + 1


def all_of_them(number: int) -> int:
    """Refuses every request from there on."""
    return 0


def walk(operation: Operation, last_of: Callable[[int], int]) -> list[str]:
    """Refuses the first request of an operation, then the second, and so on; says what came of each."""
    outcomes: list[str] = []
    while len(outcomes) < QUIET or "MemoryError" in outcomes[-QUIET:]:
        case = Case()
        number = len(outcomes)
        tables = [case.h, case.other, case.seeded, case.never, case.empty, case.blank]
        before = [contents(table) for table in tables]
        with Watch(**case.watched()) as watch:
            outcome = refused(number, last_of(number), operation.prepared(case))
            outcomes.append(outcome)
            if outcome != "nothing" and not operation.in_steps:
                assert [contents(table) for table in tables] == before, outcomes
                assert watch.changes() == {}, outcomes
        if operation.in_steps:
            assert_is_partly_done(case, outcome)
        # It is whole, and goes on.
        fresh = Thing()
        case.h.set(fresh, fresh)
        assert case.h.get(fresh) is fresh
    return outcomes


def assert_is_partly_done(case: Case, outcome: str) -> None:
    """The entries are those from before and the first of the new ones, in this order."""
    expected = ["a", 1, case.old, 2.5]
    keys = list(case.h)
    assert keys[:4] == expected, outcome
    assert len(keys) == case.h.load == sum(map(len, case.h.bins())) <= case.h.size


def each_operation() -> Iterator[Operation]:
    """Each; and its name is printed, for the case that something ends here."""
    for name, operation in OPERATIONS.items():
        print(name, file=sys.stderr, flush=True)
        yield operation


@needs_testcapi
@in_child
def test_whichever_request_fails_it_is_a_memory_error_and_nothing_has_changed() -> None:
    failures = 0
    # Nor may anything else be told of it: to stderr, as what nobody could be told.
    told: list[object] = []
    sys.unraisablehook = told.append
    for operation in each_operation():
        for last_of in (the_next, all_of_them):
            outcomes = walk(operation, last_of)
            assert set(outcomes) <= {"MemoryError", operation.error}, outcomes
            assert outcomes[-1] == operation.error
            failures += outcomes.count("MemoryError")
        assert told == []
    # Else memory did not run out at all.
    assert failures > 500, failures


@needs_testcapi
@pytest.mark.skipif(not hasattr(sys, "gettotalrefcount"), reason="only a debug Python counts all references")
@in_child
def test_whichever_request_fails_no_reference_is_left_behind() -> None:
    total: Callable[[], int] = sys.gettotalrefcount  # type: ignore[attr-defined]
    for operation in each_operation():
        if operation.leaky:
            continue
        walk(operation, the_next)
        # What the interpreter fills late, it fills once: a debug Python 3.14 takes twenty rounds. A reference
        # that is lost each time is lost in each round.
        assert any(left_by(operation, total) < 3 for _ in range(40))


def left_by(operation: Operation, total: Callable[[], int]) -> int:
    """The references that five walks leave behind. Each is a dozen steps or more."""
    gc.collect()
    before = total()
    for _ in range(5):
        walk(operation, the_next)
    gc.collect()
    return total() - before


# How full a table is, and whether the next new key makes the entries grow, the bins, both or neither.
SHAPES = [
    (4, None, 0),
    (4, None, 4),
    (1, None, 64),
    (4, 0.5, 2),
    (4, 1.0, 4),
    (64, 1.0, 64),
    (4, 0.1, 0),
    (4, 1.0, 1),
]


@needs_testcapi
@in_child
@pytest.mark.parametrize(("size", "max_load", "load"), SHAPES)
def test_a_set_that_finds_no_memory_changes_nothing(size: int, max_load: float | None, load: int) -> None:
    outcomes = []
    for number in range(QUIET):
        h = HashTable(size, max_load)
        things = [Thing() for _ in range(load)]
        for thing in things:
            h.set(thing, thing)
        key, value = Thing(), Thing()
        before = contents(h)
        with Watch(key=key, value=value) as watch:
            outcomes.append(refused(number, number + 1, h.set, key, value))
            if outcomes[-1] == "nothing":
                assert watch.changes() == {"key": 1, "value": 1}
                assert (h.load, h.get(key)) == (load + 1, value)
            else:
                assert watch.changes() == {}
                assert contents(h) == before
        h.set(key, value)
        assert [h.get(thing) for thing in [*things, key]] == [*things, value]
    assert set(outcomes) <= {"MemoryError", "nothing"}
    assert ("MemoryError" in outcomes) == ((size, max_load, load) != (4, 1.0, 1))
    assert outcomes[-1] == "nothing"


@needs_testcapi
@in_child
def test_what_adds_nothing_needs_no_memory() -> None:
    h = HashTable()
    keys = ("a", "b", "c", 1, 2.0, 10**30)
    for key in keys:
        h.set(key, "value")
    for key in keys:
        assert refused(0, 0, h.get, key) == "nothing"
        assert refused(0, 0, h.__contains__, key) == "nothing"
        assert refused(0, 0, h.set, key, "new") == "nothing"
        assert refused(0, 0, h.pop, key) == "nothing"
        assert refused(0, 0, h.get, key, "default") == "nothing"
        assert refused(0, 0, h.pop, key, "default") == "nothing"
        assert refused(0, 0, h.__contains__, key) == "nothing"
    assert h.load == 0
    h.update(dict.fromkeys(keys))
    assert refused(0, 0, h.__delitem__, "a") == "nothing"
    assert refused(0, 0, h.__len__) == "nothing"
    assert refused(0, 0, h.clear) == "nothing"
    assert h.load == 0


# For real


@in_child
def test_a_program_that_has_used_up_its_memory_goes_on_working() -> None:
    limit_memory(200 << 20)
    kept = HashTable(items=[("kept", "value")])
    for _ in range(2):
        tables: list[HashTable] = []
        use_up_the_memory(tables)
        # Each is whole: also the one that found no memory for the next entry.
        for h in tables:
            assert h.load == len(h) <= h.size
            assert all(h.get(number) == number for number in range(0, h.load, 97))
        assert tables[0].pop(0) == 0
        tables[-1].clear()
        assert kept["kept"] == "value"
        del h
        tables.clear()
        kept.update(("new", number) for number in range(10))
        assert list(kept.items()) == [("kept", "value"), ("new", 9)]


def use_up_the_memory(tables: list[HashTable]) -> None:
    """Fills tables until there is no memory for one more entry."""
    # The checks that follow need a little: this goes when the function ends.
    ballast = bytearray(4 << 20)
    try:
        while True:
            tables.append(HashTable(1024, 1.0))
            for number in range(100_000):
                tables[-1].set(number, number)
    except MemoryError:
        assert len(tables) > 1
        assert len(ballast) > 0
