"""Every operation of the mapping, with Python code that runs inside it and does everything to the table.

A matrix: each operation, in which each piece of Python code that runs (a hash function, an equality, a
finalizer, the methods of another mapping ...) makes each change. What comes out is a right answer or a Python
exception; the table is whole after it, and no reference is lost. One child process for each operation, with
the debug allocator: to use what was freed ends it.
"""

from __future__ import annotations

import collections.abc
import copy
import functools
import gc
import itertools
import pickle
import random
import signal
import sys
import threading
import types
import weakref
from typing import Any, Callable

import pytest
from hashtable import HashTable
from support import in_child, limit_memory, of_this_python


class UsersError(Exception):
    """An exception that no library knows."""


class Trap:
    """Calls `action` in the middle of something else, at one of the calls of one kind of callback."""

    def __init__(self) -> None:
        self.calls: collections.Counter[str] = collections.Counter()
        self.action: Callable[[], object] | None = None
        self.site: str | None = None
        self.when: int | None = None
        self.busy = False
        self.on = False

    def spring(self, site: str) -> None:
        if self.busy or not self.on:
            return
        self.calls[site] += 1
        if self.action is None or site != self.site:
            return
        # At this call, or at each of the first ones.
        if self.calls[site] == self.when or (self.when is None and self.calls[site] <= 12):
            self.busy = True
            try:
                self.action()
            finally:
                self.busy = False


TRAP = Trap()
# The numbers of the objects below that live. (A count could be changed in the middle of being changed.)
ALIVE: set[int] = set()


class Truth:
    """The result of an equality, which may be anything that is true or false."""

    def __init__(self, truth: bool) -> None:
        self.truth = truth

    def __bool__(self) -> bool:
        TRAP.spring("truth")
        return self.truth


class Number:
    """The result of a hash function."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __index__(self) -> int:
        TRAP.spring("index")
        return self.number


class Thing:
    """Equal to others of its class and name."""

    def __init__(self, name: int) -> None:
        self.name = name
        ALIVE.add(id(self))

    def __del__(self) -> None:
        ALIVE.discard(id(self))
        TRAP.spring(f"{type(self).__name__} del")

    def __reduce__(self) -> Any:
        TRAP.spring("reduce")
        return type(self), (self.name,)

    def __repr__(self) -> str:
        TRAP.spring("repr")
        return f"{type(self).__name__}({self.name})"


class Key(Thing):
    def __eq__(self, other: object) -> Any:
        TRAP.spring("key eq")
        return Truth(isinstance(other, Key) and self.name == other.name)

    def __hash__(self) -> int:
        TRAP.spring("key hash")
        # Three chains, so that there is something to compare.
        return self.name % 3


class Value(Thing):
    def __eq__(self, other: object) -> Any:
        TRAP.spring("value eq")
        return Truth(isinstance(other, Value) and self.name == other.name)

    def __hash__(self) -> int:
        TRAP.spring("value hash")
        return self.name


def hash_func(key: Any) -> Any:
    TRAP.spring("hash func")
    return Number(key.name % 3)


def other_hash_func(key: Any) -> int:
    TRAP.spring("hash func")
    return -key.name


class Pairs:
    """An iterable of pairs, each of which is an iterable too."""

    def __init__(self, pairs: list[tuple[object, object]]) -> None:
        self.pairs = pairs

    def __iter__(self) -> Any:
        TRAP.spring("iter")
        for pair in self.pairs:
            TRAP.spring("next")
            yield Pair(pair)


class Pair:
    def __init__(self, pair: tuple[object, object]) -> None:
        self.pair = pair

    def __iter__(self) -> Any:
        TRAP.spring("iter of pair")
        return iter(self.pair)


class Mapping(collections.abc.Mapping):  # type: ignore[type-arg]
    """Another kind of mapping, all in Python."""

    def __init__(self, pairs: list[tuple[object, object]]) -> None:
        self.pairs = pairs

    def __len__(self) -> int:
        TRAP.spring("len")
        return len(self.pairs)

    def __iter__(self) -> Any:
        for key, _ in self.pairs:
            TRAP.spring("next")
            yield key

    def keys(self) -> Any:
        TRAP.spring("keys")
        return iter(self)

    def __getitem__(self, key: Any) -> object:
        TRAP.spring("getitem")
        for other, value in self.pairs:
            if other is key:
                return value
        raise KeyError(key)


class Sub(HashTable):
    """A subclass that has something to say in the middle."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        TRAP.spring("init")
        super().__init__(*arguments, **keywords)

    def __setitem__(self, key: object, value: object) -> None:
        TRAP.spring("setitem")
        super().__setitem__(key, value)

    def __missing__(self, key: object) -> object:
        TRAP.spring("missing")
        raise UsersError


class Garbage:
    """Part of a cycle, so that the collector finds it."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        TRAP.spring("collector")


# What a world's table is like.
VARIANTS: dict[str, Callable[[], HashTable]] = {
    "builtin hash": lambda: HashTable(2, 0.5),
    "hash function": lambda: HashTable(2, 1.0, hash_func),
    "one chain": lambda: HashTable(1, None, hash_func),
    "subclass": lambda: Sub(3, 0.75, hash_func),
}


class World:
    """A table with everything around it that takes part."""

    def __init__(self, variant: str) -> None:
        self.h: Any = VARIANTS[variant]()
        self.h.update([(Key(name), Value(name)) for name in range(7)])
        # So that there are holes.
        self.h.pop(Key(1))
        self.h.pop(Key(4))
        # With the same hash function, and with another.
        self.twin = HashTable(4, 0.5, self.h.hash_func)
        self.twin.update((Key(key.name), Value(key.name)) for key in self.h)
        self.same = HashTable(5, 1.0, self.h.hash_func, items=self.pairs(3, 9))
        self.other = HashTable(5, 1.0, other_hash_func, items=self.pairs(3, 9))
        self.dict = dict(self.pairs(3, 9))
        self.equal_dict = {Key(name): Value(name) for name in (0, 2, 3, 5, 6)}
        self.mapping = Mapping(self.pairs(3, 9))
        self.equal_mapping = Mapping(list(self.equal_dict.items()))
        self.things = Pairs(self.pairs(3, 9))
        # What dies calls back.
        self.refs = [weakref.ref(value, self.called_back) for value in self.h.values()]
        self.refs += [weakref.ref(key, self.called_back) for key in self.h]
        self.gone = weakref.ref(self.h)
        self.iterators = [iter(self.h), iter(self.h.items()), reversed(self.h.values())]
        for iterator in self.iterators:
            next(iterator)
        self.default = Value(100)

    @staticmethod
    def pairs(first: int, last: int) -> list[tuple[Key, Value]]:
        return [(Key(name), Value(name + 50)) for name in range(first, last)]

    @staticmethod
    def called_back(ref: object) -> None:
        TRAP.spring("weak reference")


def ior(world: World, other: Any) -> object:
    h = world.h
    h |= other
    return h


OPERATIONS: dict[str, Callable[[World], object]] = {
    "h[k]": lambda w: w.h[Key(6)],
    "h[missing]": lambda w: w.h[Key(9)],
    "h[k] = new": lambda w: w.h.__setitem__(Key(9), Value(9)),
    "h[k] = replaced": lambda w: w.h.__setitem__(Key(6), Value(9)),
    "del h[k]": lambda w: w.h.__delitem__(Key(6)),
    "del h[missing]": lambda w: w.h.__delitem__(Key(9)),
    "k in h": lambda w: Key(6) in w.h,
    "missing in h": lambda w: Key(9) in w.h,
    "get": lambda w: w.h.get(Key(6)),
    "get of missing": lambda w: w.h.get(Key(9), w.default),
    "set of a new key": lambda w: w.h.set(Key(9), Value(9)),
    "set of a key that is there": lambda w: w.h.set(Key(6), Value(9)),
    "setdefault": lambda w: w.h.setdefault(Key(6), w.default),
    "setdefault of missing": lambda w: w.h.setdefault(Key(9), w.default),
    "pop": lambda w: w.h.pop(Key(6)),
    "pop of missing": lambda w: w.h.pop(Key(9)),
    "pop with default": lambda w: w.h.pop(Key(9), w.default),
    "popitem": lambda w: w.h.popitem(),
    "popitem until empty": lambda w: [w.h.popitem() for _ in range(5)],
    "clear": lambda w: w.h.clear(),
    "update from a dict": lambda w: w.h.update(w.dict),
    "update from a table with the same hash function": lambda w: w.h.update(w.same),
    "update from a table with another hash function": lambda w: w.h.update(w.other),
    "update from a mapping": lambda w: w.h.update(w.mapping),
    "update from pairs": lambda w: w.h.update(w.things),
    "update from itself": lambda w: w.h.update(w.h),
    "update from its own items": lambda w: w.h.update(w.h.items()),
    "update from its own view": lambda w: w.h.update(w.h.keys().mapping),
    "update of another by it": lambda w: w.other.update(w.h),
    # A new one: to clear a dict while it compares its keys breaks it, on 3.11.
    "dict": lambda w: dict(w.h),
    "copy": lambda w: w.h.copy(),
    "fromkeys": lambda w: Sub.fromkeys(w.mapping, w.default),
    "fromkeys of itself": lambda w: type(w.h).fromkeys(w.h),
    "h | table": lambda w: w.h | w.other,
    "h | dict": lambda w: w.h | w.dict,
    "dict | h": lambda w: w.dict | w.h,
    "h | mapping": lambda w: w.h | w.mapping,
    "mapping | h": lambda w: w.mapping | w.h,
    "h | itself": lambda w: w.h | w.h,
    "h |= table": lambda w: ior(w, w.same),
    "h |= pairs": lambda w: ior(w, w.things),
    "h == its twin": lambda w: w.h == w.twin,
    "its twin == h": lambda w: w.twin == w.h,
    "h == its copy": lambda w: w.h == w.h.copy(),
    "h == table": lambda w: w.h == w.other.__class__(6, 1.0, other_hash_func, items=w.equal_dict),
    "h == dict": lambda w: w.h == w.equal_dict,
    "dict == h": lambda w: w.equal_dict == w.h,
    "h == mapping": lambda w: w.h == w.equal_mapping,
    "h != mapping": lambda w: w.h != w.equal_mapping,
    "h == itself": lambda w: w.h == w.h,
    "init": lambda w: w.h.__init__(3, None, other_hash_func),
    "init with items": lambda w: w.h.__init__(3, 1.0, hash_func, items=w.things),
    "init with its own items": lambda w: w.h.__init__(3, 1.0, hash_func, items=w.h),
    "iteration": lambda w: list(w.h),
    "iteration over items": lambda w: list(w.h.items()),
    "iteration over keys, with a test": lambda w: [key in w.h for key in w.h],
    "iteration in reverse": lambda w: list(reversed(w.h.values())),
    "iterators that have begun": lambda w: [list(iterator) for iterator in w.iterators],
    "pickle of an iterator": lambda w: list(pickle.loads(pickle.dumps(w.iterators[1]))),
    "sorting": lambda w: sorted(w.h, key=lambda key: (w.h[key], key.name)[1]),
    "bins": lambda w: w.h.bins(),
    "bin_of": lambda w: w.h.bin_of(Key(6)),
    "stats, picture, repr, size": lambda w: [w.h.stats(), w.h.picture(), repr(w.h), w.h.__sizeof__()],
    "repr of a view": lambda w: [repr(w.h.items()), repr(w.h.keys())],
    "k in keys": lambda w: Key(6) in w.h.keys(),  # noqa: SIM118
    "item in items": lambda w: (Key(6), Value(6)) in w.h.items(),
    "value in values": lambda w: Value(6) in w.h.values(),
    "keys & keys": lambda w: w.h.keys() & w.other.keys(),
    "keys & pairs": lambda w: w.h.keys() & (pair.pair[0] for pair in w.things),
    "items | items": lambda w: w.h.items() | w.dict.items(),
    "keys - keys": lambda w: w.h.keys() - w.dict.keys(),
    "items ^ items": lambda w: w.h.items() ^ w.twin.items(),
    "keys == keys": lambda w: w.h.keys() == w.equal_dict.keys(),
    "items == items": lambda w: w.h.items() == w.twin.items(),
    "items <= items": lambda w: w.h.items() <= w.other.items(),
    "items >= items": lambda w: w.twin.items() >= w.h.items(),
    "keys.isdisjoint": lambda w: w.h.keys().isdisjoint(w.other),
    "items.isdisjoint": lambda w: w.h.items().isdisjoint(w.other.items()),
    "copy.copy": lambda w: copy.copy(w.h),
    "copy.deepcopy": lambda w: copy.deepcopy(w.h),
    "pickle": lambda w: pickle.loads(pickle.dumps(w.h, 2)),
    "match": lambda w: [w.h.get(Key(0)), w.h.keys().mapping.copy()],
}


def again(world: World, key: int) -> None:
    if world.h is not None:
        value = world.h.pop(Key(key), None)
        world.h[Key(key)] = value or Value(key)


def drop(world: World) -> None:
    world.h = None
    world.iterators = []
    gc.collect()


def throw() -> None:
    raise UsersError


def look(h: Any) -> None:
    """All that only looks at a table."""
    list(h)
    list(reversed(h.items()))
    h.copy()
    h.bins()
    h.stats()
    repr(h)
    pickle.dumps(h)
    _ = h == h, h.keys() == set(h)
    h.__sizeof__()


# What only looks: with these, what comes out is what comes out without them.
HARMLESS = ("look at it", "collect", "look up")
MUTATIONS: dict[str, Callable[[World], object]] = {
    "look at it": lambda w: look(w.h),
    "look up": lambda w: [w.h.get(Key(6)), Key(0) in w.h, w.h.keys() >= {Key(2)}, w.h.bin_of(Key(77))],
    "collect": lambda w: gc.collect(),
    "clear": lambda w: w.h.clear(),
    "grow": lambda w: w.h.update((Key(name), Value(name)) for name in range(20, 50)),
    "replace the values": lambda w: [w.h.__setitem__(Key(name), Value(name + 9)) for name in (0, 2, 3, 5, 6)],
    "remove the key": lambda w: w.h.pop(Key(6), None),
    "remove another": lambda w: w.h.pop(Key(0), None),
    "remove and add the key": lambda w: again(w, 6),
    "remove and add another": lambda w: again(w, 0),
    "popitem": lambda w: w.h.popitem(),
    "init": lambda w: w.h.__init__(4, 0.5, w.h.hash_func),
    "init with items": lambda w: w.h.__init__(2, None, other_hash_func, items=w.pairs(5, 8)),
    "init with what it holds": lambda w: w.h.__init__(items=w.h),
    "update from itself": lambda w: (w.h.update(w.h), w.h.update(w.h.items()), ior(w, w.twin)),
    "drop": drop,
    "raise": lambda w: throw(),
    "change the others": lambda w: [
        w.dict.clear(),
        w.same.clear(),
        w.other.__init__(1, None),
        w.twin.popitem(),
        w.mapping.pairs.clear(),
        w.equal_dict.popitem(),
    ],
    "grow the others": lambda w: [x.update(w.pairs(60, 70)) for x in (w.dict, w.same, w.other, w.equal_dict)],
}


def show(thing: Any) -> Any:
    """The result of an operation, in a form that can be compared and holds nothing."""
    if isinstance(thing, Thing):
        return type(thing).__name__, thing.name
    if isinstance(thing, (dict, HashTable)):
        return [(show(key), show(value)) for key, value in list(thing.items())]
    if isinstance(thing, (set, frozenset)):
        return sorted(map(show, thing))
    if type(thing) in (list, tuple):
        return [show(item) for item in thing]
    return repr(thing)


def check(h: HashTable) -> None:
    """Whether a table is whole: bins, entries, order and limits agree, and every key can be found."""
    bins, keys, items = h.bins(), list(h), list(h.items())
    assert len(bins) == h.size == h.stats().size
    assert len(keys) == len(items) == len(h) == h.load == sum(map(len, bins)) == h.stats().load
    assert h.max_load is None or h.load <= h.max_load * h.size
    assert [id(key) for key in keys] == [id(key) for key, _ in items]
    order = {id(key): number for number, key in enumerate(keys)}
    assert sorted(order) == sorted(id(key) for chain in bins for key in chain)
    for number, chain in enumerate(bins):
        assert [order[id(key)] for key in chain] == sorted(order[id(key)] for key in chain)
        assert all(h.bin_of(key) == number for key in chain)
    assert len({key.name for key in keys}) == len(keys)
    for key, value in items:
        assert h[key] is value
        assert h[Key(key.name)] is value
    assert [id(key) for key in reversed(h)] == [id(key) for key in reversed(keys)]
    # And it still works.
    new = Key(1000)
    h[new] = None
    assert next(reversed(h)) is new
    assert h.popitem() == (new, None)
    assert len(h) == len(keys)


def run(operation: str, variant: str, site: str | None, when: int | None, mutation: str | None) -> Any:
    """Runs one operation in a world of its own, checks what is left, and says what came out."""
    ALIVE.clear()
    world = World(variant)
    TRAP.calls.clear()
    TRAP.site, TRAP.when = site, when
    TRAP.action = None if mutation is None else lambda: MUTATIONS[mutation](world)
    for _ in range(3):
        Garbage()
    TRAP.on = True
    gc.set_threshold(1 if site in (None, "collector") else 100_000)
    try:
        result = OPERATIONS[operation](world)
    except (KeyError, RuntimeError, UsersError) as error:
        came = type(error).__name__
    except (AttributeError, TypeError):
        # Of `None`, in an operation that asks twice for the table.
        if mutation != "drop":
            raise
        came = "dropped"
    else:
        gc.set_threshold(100_000)
        TRAP.action = None
        came = "dropped" if world.h is None else show(result)
        del result
    finally:
        TRAP.on = False
        TRAP.action = None
        gc.set_threshold(100_000)
    left = check_all(world)
    check_that_nothing_is_left(world)
    return came, left


def check_all(world: World) -> Any:
    """Checks all tables of a world, and says what is in the one."""
    for other in (world.same, world.other, world.twin):
        check(other)
    if world.h is None:
        return None
    check(world.h)
    return show(world.h)


def check_that_nothing_is_left(world: World) -> None:
    gone, refs, default = world.gone, world.refs, weakref.ref(world.default)
    world.__dict__.clear()
    gc.collect()
    assert gone() is None, "the table is still there"
    assert [ref() for ref in refs if ref() is not None] == []
    assert default() is None
    assert set() == ALIVE


def quiet() -> None:
    """What a finalizer raises is reported, not passed on; what is there already is not looked at again."""
    sys.unraisablehook = lambda _: None
    gc.collect()
    gc.freeze()


@in_child
@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_happens_inside_the_table_is_whole_and_nothing_is_lost(operation: str) -> None:
    quiet()
    for variant in VARIANTS:
        undisturbed = run(operation, variant, None, None, None)
        for site, calls in TRAP.calls.copy().items():
            for mutation, when in of_this_python(itertools.product(MUTATIONS, {1: 0, calls: 0, None: 0})):
                try:
                    came = run(operation, variant, site, when, mutation)
                    if mutation in HARMLESS:
                        assert came == undisturbed
                except BaseException as error:
                    raise AssertionError(
                        f"{variant}: {mutation} in {site}, call {when} of {calls}"
                    ) from error


# Callbacks that run inside an operation for sure: if not, the matrix above shows nothing of them.
RUNS_INSIDE = {
    "h[k]": {"hash func", "index", "key hash", "key eq", "truth"},
    "h[missing]": {"missing", "hash func", "key eq"},
    "h[k] = replaced": {"hash func", "key eq", "Value del", "weak reference"},
    "pop": {"hash func", "key eq", "Key del", "weak reference"},
    "clear": {"Key del", "Value del", "weak reference"},
    "init": {"init", "Key del", "Value del", "weak reference"},
    "init with items": {"next", "iter", "iter of pair", "hash func", "Key del", "Value del"},
    "update from a mapping": {"keys", "next", "getitem", "hash func", "key eq", "Value del"},
    "update from pairs": {"next", "iter", "iter of pair", "hash func", "key eq", "Value del"},
    "update from a dict": {"hash func", "key eq", "Value del"},
    "update from a table with the same hash function": {"key eq", "Value del"},
    "update from a table with another hash function": {"key eq", "key hash", "hash func", "Value del"},
    "h == its twin": {"key eq", "value eq", "truth"},
    "h == mapping": {"len", "next", "getitem", "hash func", "key eq", "value eq", "truth"},
    "fromkeys": {"init", "setitem", "next"},
    "bins": {"collector"},
    "copy": {"collector"},
    "copy.deepcopy": {"reduce", "hash func"},
    "pickle": {"reduce", "hash func"},
    "repr of a view": {"repr"},
    "items == items": {"key eq", "value eq", "hash func"},
    "keys & keys": {"key hash", "key eq"},
}


@in_child
def test_the_matrix_is_not_empty() -> None:
    quiet()
    for operation, expected in RUNS_INSIDE.items():
        sites = set()
        for variant in VARIANTS:
            run(operation, variant, None, None, None)
            sites |= set(TRAP.calls)
        if "collector" in expected and sys.version_info >= (3, 12):
            # The collector waits until Python code runs.
            expected = expected - {"collector"}
        assert expected <= sites, (operation, expected - sites)


@in_child
@pytest.mark.parametrize("block", range(4))
def test_random_programs_of_the_whole_protocol_leave_nothing_behind(block: int) -> None:
    quiet()
    sites = ["hash func", "index", "key hash", "key eq", "truth", "value eq", "Key del", "Value del", "next"]
    sites += ["weak reference", "keys", "getitem", "setitem", "collector", "iter of pair"]
    for seed in range(250 * block, 250 * (block + 1)):
        choice = random.Random(seed)
        ALIVE.clear()
        world = World(choice.choice(list(VARIANTS)))
        depth = [0]

        def anything(world: World = world, choice: random.Random = choice, depth: list[int] = depth) -> None:
            """An operation or a change, in which anything may happen again, some levels deep."""
            if depth[0] >= 4 or world.h is None:
                return
            depth[0] += 1
            try:
                TRAP.busy = False
                TRAP.site = choice.choice(sites)
                TRAP.when = TRAP.calls[TRAP.site] + choice.randint(1, 3)
                name = choice.choice([*OPERATIONS, *MUTATIONS])
                try:
                    (OPERATIONS.get(name) or MUTATIONS[name])(world)
                except (KeyError, RuntimeError, UsersError):
                    pass
                except (AttributeError, TypeError):
                    # Of `None`, where the table was.
                    if world.h is not None:
                        raise
            finally:
                depth[0] -= 1

        TRAP.calls.clear()
        TRAP.action, TRAP.on = anything, True
        for _ in range(12):
            anything()
        TRAP.action, TRAP.on, TRAP.busy = None, False, False
        del anything
        try:
            check_all(world)
            check_that_nothing_is_left(world)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error


# Cycles


class Node:
    """Something that can be referred to weakly and can hold anything."""

    held: object = None


CYCLES: dict[str, Callable[[], HashTable]] = {}


def cycle(make: Callable[[], HashTable]) -> Callable[[], HashTable]:
    CYCLES[make.__name__.replace("_", " ")] = make
    return make


@cycle
def as_an_attribute_of_a_key() -> HashTable:
    h, node = HashTable(), Node()
    node.held = h
    h[node] = 1
    return h


@cycle
def as_its_own_value() -> HashTable:
    h = HashTable()
    h["h"] = h
    return h


@cycle
def as_its_own_key() -> HashTable:
    h = HashTable(hash_func=id)
    h[h] = 1
    return h


@cycle
def in_its_hash_function() -> HashTable:
    h = HashTable(hash_func=lambda key: len(h))
    return h


@cycle
def in_the_default_of_its_hash_function() -> HashTable:
    def with_default(key: object, tables: list[HashTable] = []) -> int:  # noqa: B006
        return len(tables)

    h = HashTable(hash_func=with_default)
    with_default.__defaults__[0].append(h)  # type: ignore[index]
    return h


@cycle
def in_a_bound_method() -> HashTable:
    class Own(HashTable):
        def __init__(self) -> None:
            super().__init__(hash_func=self.method)

        def method(self, key: object) -> int:
            return 0

    return Own()


@cycle
def in_a_builtin_bound_method() -> HashTable:
    h = HashTable()
    h.__init__(hash_func=h.bin_of)  # type: ignore[misc]
    return h


@cycle
def in_its_own_attributes() -> HashTable:
    class Own(HashTable):
        pass

    h = Own()
    h.itself = h
    return h


@cycle
def in_its_own_slots() -> HashTable:
    class Own(HashTable):
        __slots__ = ("itself",)

    h = Own()
    h.itself = h
    return h


@cycle
def in_its_own_class() -> HashTable:
    class Own(HashTable):
        pass

    h = Own()
    Own.instance = h
    return h


@cycle
def in_a_view() -> HashTable:
    h = HashTable()
    h["view"] = [h.keys(), h.values(), h.items(), h.keys().mapping]
    return h


@cycle
def in_an_iterator() -> HashTable:
    h = HashTable()
    h["iterator"] = node = Node()
    node.held = [iter(h), reversed(h), iter(h.items())]
    next(node.held[0])  # type: ignore[index]
    return h


@cycle
def in_a_weak_callback() -> HashTable:
    h, node = HashTable(), Node()
    h["node"] = node
    h["ref"] = weakref.ref(node, lambda ref: h)
    return h


@cycle
def in_a_suspended_generator() -> HashTable:
    def generator() -> Any:
        yield from h

    h = HashTable(items={"a": 1, "b": 2})
    h["generator"] = running = generator()
    del h["b"]
    h.get(running)
    return h


@cycle
def in_a_ring_of_tables() -> HashTable:
    tables = [HashTable() for _ in range(1000)]
    for one, other in zip(tables, [*tables[1:], tables[0]]):
        one["next"] = other
    return tables[0]


@cycle
def in_the_exception_that_it_raised() -> HashTable:
    h = HashTable()
    try:
        h.pop("missing")
    except KeyError as error:
        h["error"] = error
    return h


@pytest.mark.parametrize("name", CYCLES)
def test_a_table_in_a_cycle_is_collected(name: str) -> None:
    h = CYCLES[name]()
    gone = weakref.ref(h)
    gc.collect()
    assert gone() is h
    del h
    gc.collect()
    gc.collect()
    assert gone() is None


@in_child
def test_a_table_in_a_dying_cycle_can_still_be_used() -> None:
    class Last:
        def __del__(self) -> None:
            h = self.h
            h["words"] = "last"
            found.append((h["words"], h.pop("words"), len(h) >= 0, list(h) is not None, h.copy() is not None))

    found: list[object] = []
    for number in range(10):
        h = HashTable(hash_func=lambda key, number=number: number)
        for key in range(number):
            h[key] = last = Last()
            last.h = h
        del h
        if number:
            del last
        gc.collect()
    assert found == [("last", "last", True, True, True)] * 45


def test_a_finalizer_that_brings_its_table_back_finds_it_whole() -> None:
    class Phoenix(HashTable):
        def __del__(self) -> None:
            ashes.append(self)

    ashes: list[Phoenix] = []
    h = Phoenix(items={"a": 1})
    h["self"] = h
    del h
    gc.collect()
    (h,) = ashes
    assert (h["a"], h["self"], len(h)) == (1, h, 2)
    ashes.clear()
    gone = weakref.ref(h)
    del h
    gc.collect()
    assert gone() is None


# Depth

NESTINGS: dict[str, Callable[[Any], HashTable]] = {
    "value": lambda inner: HashTable(1, items=[("inner", inner)]),
    "key": lambda inner: HashTable(1, hash_func=id, items=[(inner, "inner")]),
    "list": lambda inner: HashTable(1, items=[("inner", [inner])]),
    "dict": lambda inner: HashTable(1, items=[("inner", {"inner": inner})]),
    "tuple": lambda inner: HashTable(1, items=[((inner and id(inner),), (inner,))]),
    "view": lambda inner: HashTable(1, items=[("inner", (inner or HashTable()).items())]),
    "iterator": lambda inner: HashTable(1, items=[("inner", iter(inner or HashTable()))]),
    "proxy": lambda inner: HashTable(1, items=[("inner", types.MappingProxyType(inner or {}))]),
    "hash function": lambda inner: HashTable(1, hash_func=functools.partial(zero, inner)),
    "closure": lambda inner: HashTable(1, hash_func=lambda key: inner),
    "method": lambda inner: HashTable(1, hash_func=(HashTable() if inner is None else inner).bin_of),
    "subclass": lambda inner: Plain(1, items=[("inner", inner)]),
    "attribute": lambda inner: with_attribute(inner),
    "slot": lambda inner: with_slot(inner),
    "object": lambda inner: HashTable(1, items=[("inner", node_of(inner))]),
}


def zero(*_: object) -> int:
    return 0


class Plain(HashTable):
    pass


class Slotted(HashTable):
    __slots__ = ("inner",)


def with_attribute(inner: object) -> HashTable:
    h = Plain(1)
    h.inner = inner
    return h


def with_slot(inner: object) -> HashTable:
    h = Slotted(1)
    h.inner = inner
    return h


def node_of(inner: object) -> Node:
    node = Node()
    node.held = inner
    return node


def nested(nesting: str, depth: int) -> HashTable:
    h = None
    for _ in range(depth):
        h = NESTINGS[nesting](h)
    assert h is not None
    return h


@in_child
@pytest.mark.parametrize("nesting", NESTINGS)
def test_100_000_nested_tables_are_freed(nesting: str) -> None:
    gc.disable()
    before = sys.getallocatedblocks()
    h = nested(nesting, 100_000)
    assert sys.getallocatedblocks() > before + 90_000
    gone = weakref.ref(h)
    del h
    assert gone() is None
    # But for the interpreter's own free lists.
    assert sys.getallocatedblocks() < before + 10_000


@in_child
@pytest.mark.parametrize("nesting", ["value", "key", "view", "subclass", "dict"])
def test_nested_tables_are_freed_in_the_stack_of_a_small_thread(nesting: str) -> None:
    def work() -> None:
        h = nested(nesting, 100_000)
        del h
        done.append(True)

    done: list[bool] = []
    threading.stack_size(512 << 10)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


@in_child
@pytest.mark.parametrize("way", ["clear", "popitem", "init", "collect", "replace"])
def test_nested_tables_are_freed_in_every_way(way: str) -> None:
    h = HashTable()
    h["inner"] = nested("value", 100_000)
    gone = weakref.ref(h["inner"])
    if way == "clear":
        h.clear()
    elif way == "popitem":
        h.popitem()
    elif way == "init":
        h.__init__()  # type: ignore[misc]
    elif way == "replace":
        h["inner"] = None
    else:
        h["self"] = h
        del h
        gc.collect()
    assert gone() is None


DEEP: dict[str, Callable[[HashTable, HashTable], object]] = {
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "== of items": lambda one, other: one.items() == other.items(),
    "<= of items": lambda one, other: one.items() <= other.items(),
    "in values": lambda one, other: other in one.values(),
    "in items": lambda one, other: ("inner", other["inner"]) in one.items(),
    "deepcopy": lambda one, other: copy.deepcopy(one),
    "pickle": lambda one, other: pickle.dumps(one),
    "pickle in Python": lambda one, other: pickle._dumps(one),  # type: ignore[attr-defined]
}


@in_child
@pytest.mark.parametrize("operation", DEEP)
def test_what_is_too_deep_is_a_recursion_error(operation: str) -> None:
    one, other = nested("value", 100_000), nested("value", 100_000)
    for _ in range(2):
        with pytest.raises(RecursionError):
            DEEP[operation](one, other)
    assert len(one) == 1


@in_child
def test_a_repr_that_is_too_deep_is_a_recursion_error() -> None:
    view = HashTable().values()
    for _ in range(100_000):
        view = HashTable(items=[("inner", view)]).values()
    for _ in range(2):
        with pytest.raises(RecursionError):
            repr(view)
    assert repr(nested("value", 100_000)).count("*") == 1


@in_child
@pytest.mark.parametrize("operation", ["==", "!=", "== of items", "<= of items"])
def test_two_tables_that_hold_themselves_cannot_be_compared(operation: str) -> None:
    one, other = HashTable(), HashTable()
    one["inner"], other["inner"] = one, other
    with pytest.raises(RecursionError):
        DEEP[operation](one, other)
    assert one == one
    assert one != HashTable()


def test_what_holds_itself_is_copied_and_pickled() -> None:
    h = HashTable()
    h["h"] = h
    for twin in (copy.deepcopy(h), pickle.loads(pickle.dumps(h))):
        assert twin["h"] is twin
        assert len(twin) == 1


@in_child
@pytest.mark.parametrize(
    "operation", ["get", "in", "set", "update", "==", "items ==", "fromkeys", "missing", "init"]
)
def test_an_operation_that_calls_itself_for_ever_is_a_recursion_error(operation: str) -> None:
    class Own(HashTable):
        def __missing__(self, key: object) -> object:
            return self[key]

        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            if operation == "init":
                Own()
            super().__init__(*arguments, **keywords)

        def __setitem__(self, key: object, value: object) -> None:
            if operation == "fromkeys":
                Own.fromkeys("a")
            super().__setitem__(key, value)

    def again(*_: object) -> Any:
        return operations[operation]()

    class Again:
        __eq__ = again
        __hash__ = object.__hash__

    operations: dict[str, Callable[[], Any]] = {
        "get": lambda: h.get("key"),
        "in": lambda: "key" in h,
        "set": lambda: h.set("key", 1),
        "update": lambda: h.update({"key": 1}),
        "==": lambda: HashTable(items={"key": Again()}) == {"key": 1},
        "items ==": lambda: HashTable(items={"key": Again()}).items() == {("key", 1)},
        "fromkeys": lambda: Own.fromkeys("a"),
        "missing": lambda: Own()["key"],
        "init": Own,
    }
    h = HashTable(hash_func=again)
    with pytest.raises(RecursionError):
        again()
    assert len(h) == 0


# Interrupts

needs_timer = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system has no timer that signals"
)

ENDLESS: dict[str, Callable[[HashTable], object]] = {
    "update from new pairs": lambda h: h.update(zip(itertools.count(), itertools.repeat(0))),
    "update from the same pair": lambda h: h.update(itertools.repeat((1, 2))),
    "|=": lambda h: h.__ior__(itertools.repeat((1, 2))),
    "items": lambda h: HashTable(items=itertools.repeat((1, 2))),
    "init again": lambda h: h.__init__(items=itertools.repeat((1, 2))),
    "fromkeys": lambda h: HashTable.fromkeys(itertools.repeat(1)),
    "update from a mapping": lambda h: h.update(Endless()),
    "isdisjoint": lambda h: h.keys().isdisjoint(itertools.repeat(5)),
    "items.isdisjoint": lambda h: h.items().isdisjoint(itertools.repeat((5, 5))),
    "&": lambda h: h.keys() & itertools.repeat(5),
}


class Endless:
    def keys(self) -> Any:
        return itertools.repeat(1)

    __getitem__ = staticmethod(bool)


def interrupted(operation: Callable[[], object], seconds: float) -> None:
    """Presses Ctrl-C while `operation` runs, which has to end with that."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def press_and_run() -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        operation()

    signal.signal(signal.SIGALRM, interrupt)
    with pytest.raises(KeyboardInterrupt):
        press_and_run()


def lets_signals_through(operation: Callable[[], object]) -> bool:
    """Whether `operation` looks for signals again and again.

    One that does not lets one come through at the most, however long it takes: when it is done.
    """
    ticks = 0

    def tick(*_: object) -> None:
        nonlocal ticks
        ticks += 1

    signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    operation()
    signal.setitimer(signal.ITIMER_REAL, 0)
    return ticks > 4


@needs_timer
@pytest.mark.timeout(60)
@in_child
@pytest.mark.parametrize("operation", ENDLESS)
def test_ctrl_c_ends_what_has_no_end(operation: str) -> None:
    limit_memory(8 << 30)
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    # Kills this process if Ctrl-C does not.
    signal.setitimer(signal.ITIMER_VIRTUAL, 20)
    h = HashTable(items={"key": "value"})
    interrupted(lambda: ENDLESS[operation](h), 0.2)
    assert h["key"] == "value"
    assert len(h) == len(list(h)) == h.stats().load


@needs_timer
@pytest.mark.timeout(60)
@in_child
@pytest.mark.parametrize("holes", [0, 1, 2], ids=["no holes", "holes at odd places", "holes at even places"])
@pytest.mark.parametrize("operation", ["update", "|", "=="])
def test_ctrl_c_ends_what_takes_long(operation: str, holes: int) -> None:
    number = 1_000_000
    long = HashTable(items=zip(range(number), itertools.repeat(None)))
    for key in range(2 - holes, number, 2) if holes else ():
        del long[key]
    twin = HashTable(hash_func=hash.__call__, items=zip(long, itertools.repeat(None)))
    h = HashTable(items={"key": "value"})
    operations: dict[str, Callable[[], object]] = {
        "update": lambda: h.copy().update(long),
        "|": lambda: h | long,
        "==": lambda: long == twin,
    }
    assert lets_signals_through(operations[operation])
    interrupted(operations[operation], 0.001)
    assert dict(h) == {"key": "value"}


@needs_timer
@in_child
def test_ctrl_c_ends_the_making_of_many_lists() -> None:
    h = HashTable(300_000)
    assert len(h.bins()) == 300_000
    assert lets_signals_through(h.bins)
    interrupted(h.bins, 0.001)


@needs_timer
@in_child
def test_an_interrupt_in_a_hash_function_comes_out_and_changes_nothing() -> None:
    def slow(key: object) -> int:
        while True:
            pass

    h = HashTable(hash_func=slow)
    interrupted(lambda: h.set("key", 1), 0.1)
    interrupted(lambda: h.update({"key": 1}), 0.1)
    assert len(h) == 0
