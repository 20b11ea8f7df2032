"""A hostile world: objects whose code does to a table, in the middle of an operation, what it should not.

The tests and the battery share it.
"""

from __future__ import annotations

import collections.abc
import copy
import functools
import gc
import pickle
import sys
import threading
import time
import types
import weakref
from typing import Any, Callable

from hashtable import HashTable
from support import UsersError


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

    def __init__(self, variant: str, operation: str) -> None:
        self.operation = operation
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


def throw(error: type[BaseException]) -> None:
    raise error


def in_another_thread(world: World) -> None:
    """What another thread does when it is let in."""

    def work() -> None:
        world.h.update(world.pairs(5, 12))
        world.h.pop(Key(0), None)
        world.h[Key(2)] = Value(22)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def the_same_again(world: World) -> None:
    """The operation in itself, as often as the trap is sprung."""
    TRAP.busy = False
    OPERATIONS[world.operation](world)


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
HARMLESS = ("look at it", "collect", "look up", "sleep")
# In 3.11 a dict that an `__eq__` clears in the middle of an insertion takes a key that is no str for one: a
# debug build ends there (dictobject.c: unicode_get_hash), with no table of ours in sight.
DICT_BEARS_TO_BE_CLEARED = sys.version_info[:2] != (3, 11)

MUTATIONS: dict[str, Callable[[World], object]] = {
    "look at it": lambda w: look(w.h),
    "look up": lambda w: [w.h.get(Key(6)), Key(0) in w.h, w.h.keys() >= {Key(2)}, w.h.bin_of(Key(77))],
    "collect": lambda w: gc.collect(),
    "sleep": lambda w: time.sleep(1e-5),
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
    "raise": lambda w: throw(UsersError),
    "interrupt": lambda w: throw(KeyboardInterrupt),
    "exit": lambda w: sys.exit("from within"),
    "let another thread in": in_another_thread,
    "the same again": the_same_again,
    "change the others": lambda w: [
        DICT_BEARS_TO_BE_CLEARED and w.dict.clear(),
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


# What an operation in a hostile world may raise.
EXPECTED = (KeyError, RuntimeError, UsersError, KeyboardInterrupt, SystemExit)


def run(operation: str, variant: str, site: str | None, when: int | None, mutation: str | None) -> Any:
    """Runs one operation in a world of its own, checks what is left, and says what came out."""
    ALIVE.clear()
    world = World(variant, operation)
    TRAP.calls.clear()
    TRAP.site, TRAP.when = site, when
    TRAP.action = None if mutation is None else lambda: MUTATIONS[mutation](world)
    for _ in range(3):
        Garbage()
    TRAP.on = True
    gc.set_threshold(1 if site in (None, "collector") else 100_000)
    try:
        result = OPERATIONS[operation](world)
    except EXPECTED as error:
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


class Node:
    """Something that can be referred to weakly and can hold anything."""

    held: object = None


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
