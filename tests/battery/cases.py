"""The hostile cases: most are products, of what is done to a table and what is hostile in it."""

from __future__ import annotations

import contextlib
import copy
import functools
import gc
import importlib
import itertools
import os
import pickle
import random
import sys
import weakref
from collections.abc import Iterator
from typing import Any, Callable

import hashtable
import hostile
import programs
from hashtable import HashTable
from hostile import DEEP, MUTATIONS, NESTINGS, OPERATIONS, TRAP, VARIANTS, UsersError, nested
from judge import Case
from paths import PATHS, table
from support import of_this_python

# What Python code that runs in an operation does to the table


def sites(operation: str) -> list[str]:
    """The callbacks that run in an operation."""
    found: dict[str, None] = {}
    for variant in VARIANTS:
        hostile.run(operation, variant, None, None, None)
        found.update(dict.fromkeys(TRAP.calls))
    return list(found)


def mutate(operation: str, site: str) -> None:
    for variant, mutation in of_this_python(itertools.product(VARIANTS, MUTATIONS)):
        hostile.run(operation, variant, site, None, mutation)


def mutations() -> Iterator[Case]:
    for operation in OPERATIONS:
        for site in sites(operation):
            yield Case(
                "changes in an operation", f"{operation}: {site}", functools.partial(mutate, operation, site)
            )


# Iterators and views over a table that changes, or dies

HOLDERS: dict[str, Callable[[HashTable], Any]] = {
    "iterator": iter,
    "reversed": reversed,
    "iterator of items": lambda h: iter(h.items()),
    "reversed items": lambda h: reversed(h.items()),
    "iterator of values": lambda h: iter(h.values()),
    "keys": lambda h: h.keys(),
    "values": lambda h: h.values(),
    "items": lambda h: h.items(),
    "mapping of a view": lambda h: h.keys().mapping,
}
CHANGES: dict[str, Callable[[HashTable], object]] = {
    "nothing": lambda h: None,
    "clear": lambda h: h.clear(),
    "grow": lambda h: h.update({number: number for number in range(100, 200)}),
    "delete the first": lambda h: h.__delitem__(next(iter(h))),
    "popitem": lambda h: h.popitem(),
    "replace": lambda h: h.update({key: [key] for key in h}),
    "clear and fill": lambda h: (h.clear(), h.update(zip("abcdef", range(6)))),
    "init": lambda h: h.__init__(1, None),  # type: ignore[misc]
    "init with items": lambda h: h.__init__(2, 1.0, len, items=zip("abcdef", range(6))),  # type: ignore[misc]
    "init with itself": lambda h: h.__init__(items=h),  # type: ignore[misc]
}
USES: dict[str, Callable[[Any], object]] = {
    "next": next,
    "list": lambda x: list(itertools.islice(x, 1000)),
    "length hint": lambda x: x.__length_hint__(),
    "len": len,
    "in": lambda x: ("a", 1) in x,
    "repr": repr,
    "==": lambda x: x == x,
    "<=": lambda x: x <= {("a", 1)},
    "&": lambda x: x & {("a", 1), "a"},
    "^": lambda x: x ^ x,
    "isdisjoint": lambda x: x.isdisjoint(x),
    "reversed": lambda x: list(reversed(x)),
    "copy": copy.copy,
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
    "setstate": lambda x: x.__setstate__(-1),
    "mapping": lambda x: x.mapping,
    "size": sys.getsizeof,
    "hash": hash,
    "traverse": lambda x: len(gc.get_referents(x)),
}


def tolerated(operation: Callable[..., object], *arguments: object) -> None:
    """An answer or an exception: which one is not asked here."""
    with contextlib.suppress(Exception):
        operation(*arguments)


def whole(h: HashTable) -> None:
    """What any table must be, whatever its keys are like."""
    keys = list(h)
    assert len(h) == h.load == h.stats().load == len(keys) == len(list(h.items())) == sum(map(len, h.bins()))
    assert len(h.bins()) == h.size
    assert h.max_load is None or h.load <= h.max_load * h.size


def hold(holder: str, change: str, begun: bool, dies: bool) -> None:
    for use in USES.values():
        h = HashTable(2, 0.75, items={number: [number] for number in range(10)})
        thing = HOLDERS[holder](h)
        if begun:
            tolerated(next, thing)
        CHANGES[change](h)
        gone = weakref.ref(h)
        if dies:
            del h
            gc.collect()
        tolerated(use, thing)
        tolerated(use, thing)
        if gone() is not None:
            whole(gone())  # type: ignore[arg-type]
        del thing
        if dies:
            gc.collect()
            assert gone() is None


def holders() -> Iterator[Case]:
    for holder, change in itertools.product(HOLDERS, CHANGES):
        for begun, dies in itertools.product((False, True), repeat=2):
            name = f"{holder}, {'begun, ' * begun}{change}{', the table dies' * dies}"
            yield Case("iterators and views", name, functools.partial(hold, holder, change, begun, dies))


# Subclasses that break every rule

WAYS: dict[str, Callable[[str], Any]] = {
    "raises": lambda name: lambda self, *_: throw(),
    "returns None": lambda name: lambda self, *_: None,
    "returns itself": lambda name: lambda self, *_: self,
    "returns -1": lambda name: lambda self, *_: -1,
    "returns too much": lambda name: lambda self, *_: 2**100,
    "returns text": lambda name: lambda self, *_: "\ud800\0",
    "calls itself for ever": lambda name: lambda self, *a: getattr(self, name)(*a),
    "empties the table": lambda name: lambda self, *a: (HashTable.clear(self), inherited(name, self, *a))[1],
    "starts over": lambda name: lambda self, *a: (HashTable.__init__(self), inherited(name, self, *a))[1],
    "leaves its class": lambda name: lambda self, *a: (leave(self), inherited(name, self, *a))[1],
    "is no method": lambda name: 5,
    "is a property": lambda name: property(lambda self: throw()),
}
RULES = [
    *("__new__", "__init__", "__del__", "__len__", "__bool__", "__iter__", "__reversed__", "__contains__"),
    *("__getitem__", "__setitem__", "__delitem__", "__missing__", "__eq__", "__hash__", "__or__", "__ror__"),
    *("__ior__", "__repr__", "__reduce_ex__", "__copy__", "__deepcopy__", "__sizeof__", "__getattribute__"),
    *("__class_getitem__", "__setstate__", "__getstate__", "__dict__", "__slots__", "__class__"),
    *("get", "set", "pop", "keys", "items", "values", "update", "copy", "fromkeys", "setdefault", "clear"),
    *("size", "load", "max_load", "hash_func", "bins", "stats"),
]


def throw() -> Any:
    raise UsersError


def inherited(name: str, *arguments: Any) -> Any:
    return getattr(HashTable, name)(*arguments)


def leave(h: Any) -> None:
    h.__class__ = Other


class Other(HashTable):
    """Where an instance goes that leaves its class."""


ON_A_SUBCLASS: dict[str, Callable[[Any], object]] = {
    **{f"path: {name}": path for name, path in PATHS.items()},
    "another updated by it": lambda h: HashTable().update(h),
    "made of it": lambda h: HashTable(items=h),
    "dict": dict,
    "== table": lambda h: HashTable(items={"kept": 1}) == h,
    "table |": lambda h: HashTable() | h,
    "deepcopy": copy.deepcopy,
    "fromkeys": lambda h: type(h).fromkeys(["a", "b"], 1),
    "text": str,
    "hash": hash,
}


def break_a_rule(name: str, way: str) -> None:
    try:
        kind = type("Broken", (HashTable,), {name: WAYS[way](name)})
    except (TypeError, ValueError):
        # Not even a class.
        return
    for operation in of_this_python(ON_A_SUBCLASS.values()):
        h: Any = HashTable.__new__(HashTable)
        tolerated(lambda: instances.append(kind(1, 0.75)))
        h = instances.pop() if instances else HashTable.__new__(kind)
        if isinstance(h, HashTable):
            tolerated(HashTable.set, h, "kept", "value")
            tolerated(operation, h)
            if isinstance(h, HashTable) and HashTable.__len__(h) != sum(map(len, HashTable.bins(h))):
                raise AssertionError(f"{operation}: bins and entries differ")
        del h


instances: list[Any] = []


def subclasses() -> Iterator[Case]:
    for name, way in itertools.product(RULES, WAYS):
        yield Case("subclasses", f"{name} {way}", functools.partial(break_a_rule, name, way))


# Hash functions and equalities that lie

Answer = Callable[[random.Random, object], Any]
ANSWERS: dict[str, Answer] = {
    "at random": lambda choice, key: choice.randrange(-(2**63), 2**63),
    "one of two": lambda choice, key: choice.randrange(2),
    "an int beyond 64 bits": lambda choice, key: choice.randrange(2**1000),
    "-1": lambda choice, key: -1,
    "the ends of 64 bits": lambda choice, key: choice.choice([2**63 - 1, -(2**63)]),
    "a bool": lambda choice, key: choice.random() < 0.5,
    "None": lambda choice, key: None,
    "a float": lambda choice, key: choice.random(),
    "NaN": lambda choice, key: float("nan"),
    "text": lambda choice, key: "1",
    "the key": lambda choice, key: key,
    "NotImplemented": lambda choice, key: NotImplemented,
    "a list": lambda choice, key: [key],
    "now and then an exception": lambda choice, key: choice.randrange(3) or throw(),
    "now and then an interrupt": lambda choice, key: choice.randrange(9) or hostile.throw(KeyboardInterrupt),
    "now and then an exit": lambda choice, key: choice.randrange(9) or sys.exit(3),
    "a table": lambda choice, key: HashTable(items={key: key} if isinstance(key, int) else ()),
}
NO_INTS = ("None", "a float", "NaN", "text", "the key", "NotImplemented", "a list", "a table")
PLACES = ("the hash function", "__hash__", "__eq__", "the truth of __eq__", "__index__", "all of them")


def lie(place: str, answer: str) -> None:
    choice = random.Random(5)
    answers = lambda key: ANSWERS[answer](choice, key)  # noqa: E731

    def at(where: str, key: object, honest: Any) -> Any:
        return answers(key) if place in (where, "all of them") else honest

    class Truth:
        def __init__(self, truth: Any) -> None:
            self.truth = truth

        def __bool__(self) -> Any:
            return at("the truth of __eq__", self, self.truth)

    class Index:
        def __init__(self, number: Any) -> None:
            self.number = number

        def __index__(self) -> Any:
            return at("__index__", self, self.number)

    class Key:
        def __init__(self, name: int) -> None:
            self.name = name

        def __hash__(self) -> Any:
            return at("__hash__", self.name, self.name % 3)

        def __eq__(self, other: object) -> Any:
            truth = isinstance(other, Key) and self.name == other.name
            return at("__eq__", self.name, Truth(truth) if place == "the truth of __eq__" else truth)

    def hash_func(key: Key) -> Any:
        number = at("the hash function", key.name, key.name % 3)
        return Index(number) if place == "__index__" else number

    def pairs() -> list[tuple[Key, int]]:
        return [(Key(choice.randrange(9)), number) for number in range(4)]

    tables = [HashTable(1, 1.0), HashTable(2, None, hash_func), HashTable(2, 0.5, hash_func)]
    steps: list[Callable[[HashTable], object]] = [
        lambda h: h.set(Key(choice.randrange(9)), 1),
        lambda h: h.__setitem__(Key(choice.randrange(9)), 2),
        lambda h: h.get(Key(choice.randrange(9))),
        lambda h: h.pop(Key(choice.randrange(9)), None),
        lambda h: h.__delitem__(Key(choice.randrange(9))),
        lambda h: h.setdefault(Key(choice.randrange(9)), 3),
        lambda h: Key(choice.randrange(9)) in h,
        lambda h: h.update(pairs()),
        lambda h: h.update(choice.choice(tables)),
        lambda h: h == choice.choice(tables),
        lambda h: h.items() & choice.choice(tables).items(),
        lambda h: h.keys() <= choice.choice(tables).keys(),
        lambda h: h.copy().update(h),
        lambda h: h | choice.choice(tables),
        lambda h: [h.get(key) for key in list(h)],
        lambda h: [h.bin_of(key) for key in list(h)],
        lambda h: copy.deepcopy(HashTable(items=h, hash_func=h.hash_func)),
        lambda h: h.popitem(),
        lambda h: h.clear(),
    ]
    for _ in range(200):
        with contextlib.suppress(Exception, KeyboardInterrupt, SystemExit):
            choice.choice(steps)(choice.choice(tables))
    for h in tables:
        whole(h)


def liars() -> Iterator[Case]:
    for place, answer in itertools.product(PLACES, ANSWERS):
        # What `__hash__` returns and is no int, CPython never frees: on 3.11, and without a table too.
        kept = place in ("__hash__", "all of them") and answer in NO_INTS
        name = f"{place}: {answer}"
        yield Case("lies", name, functools.partial(lie, place, answer), counted=0 if kept else 2)


# Keys that are hard

HARD_KEYS: dict[str, Any] = {
    "NUL": "\0",
    "NULs": "a\0b\0",
    "no text": "",
    "half a character": "\ud800",
    "two halves": "\udc00\ud800",
    "text of four bytes": "😀" * 33,
    "a megabyte": "x" * (1 << 20),
    "NUL bytes": b"\0" * 33,
    "a huge int": 10**5000,
    "a huge negative int": -(10**5000),
    "2**63": 2**63,
    "-2**63": -(2**63),
    "2**64 - 1": 2**64 - 1,
    "-1": -1,
    "NaN": float("nan"),
    "-NaN": -float("nan"),
    "infinity": -float("inf"),
    "-0.0": -0.0,
    "0": 0,
    "0.0": 0.0,
    "False": False,
    "the smallest": 5e-324,
    "None": None,
    "NotImplemented": NotImplemented,
    "a type": HashTable,
    "a subclass of str": type("Text", (str,), {"__eq__": lambda a, b: a is b, "__hash__": lambda a: 0})("a"),
    "a subclass of int": type("Int", (int,), {"__eq__": lambda a, b: a is b, "__hash__": lambda a: 0})(7),
    "a deep tuple": functools.reduce(lambda inner, _: (inner,), range(200), ()),
}
FUNCTIONS: list[Any] = [
    *(hash, hashtable.fnv1a_hash, hashtable.xxh3_hash, hashtable.talk_hash, hashtable.identity_hash),
    *(hashtable.fibonacci_hash, hashtable.SipHash(1), hashtable.XXH3(1), id, lambda key: 0),
]


def use_a_hard_key(name: str) -> None:
    key = HARD_KEYS[name]
    for function in FUNCTIONS:
        h = HashTable(3, 0.75, function)
        for other in ("between", 7, 0.5, "others"):
            tolerated(h.set, other, other)
        before = len(h)
        try:
            h[key] = [name]
        except (TypeError, ValueError):
            # No key for this function: then for no operation.
            assert len(h) == before
            for operation in (h.get, h.pop, h.__contains__, h.bin_of, h.__delitem__):
                tolerated(operation, key)
            whole(h)
            continue
        assert h[key] == [name]
        assert key in h
        assert [h[found] for found in h.bins()[h.bin_of(key)]].count([name]) == 1
        assert len(h.copy()) == len(HashTable(items=h, hash_func=function)) == len(h)
        for way in (copy.deepcopy, pickle.dumps):
            tolerated(way, h)
        tolerated(repr, h.items())
        assert h.pop(key) == [name]
        assert len(h) == before
        whole(h)


def hard_keys() -> Iterator[Case]:
    for name in HARD_KEYS:
        yield Case("keys", name, functools.partial(use_a_hard_key, name))


# Depth


def free(nesting: str) -> None:
    h = nested(nesting, 100_000)
    gone = weakref.ref(h)
    del h
    gc.collect()
    assert gone() is None


def go_deep(operation: str) -> None:
    one, other = nested("value", 100_000), nested("value", 100_000)
    try:
        DEEP[operation](one, other)
    except RecursionError:
        return
    raise AssertionError("no RecursionError")


def at_every_depth(name: str) -> None:
    limit = sys.getrecursionlimit()
    here, frame = 0, sys._getframe()
    while frame is not None:
        here, frame = here + 1, frame.f_back  # type: ignore[assignment]
    ended = 0
    for spare in range(3, 40):
        h = table()
        try:
            sys.setrecursionlimit(here + spare)
            PATHS[name](h)
            ended += 1
        except RecursionError:
            pass
        finally:
            sys.setrecursionlimit(limit)
        whole(h)
        assert spare < 39 or ended


def depths() -> Iterator[Case]:
    # They take long, and what is deep has filled the interpreter's free lists: no counting.
    for nesting in NESTINGS:
        yield Case("depth", f"100,000 nested, by {nesting}", functools.partial(free, nesting), counted=0)
    for operation in DEEP:
        yield Case(
            "depth", f"{operation} of 100,000 nested", functools.partial(go_deep, operation), counted=0
        )
    for name in PATHS:
        yield Case("recursion errors", name, functools.partial(at_every_depth, name))


# The life of the module


def import_again() -> None:
    h = HashTable(items={"before": 1})
    del sys.modules["hashtable"]
    again = importlib.import_module("hashtable")
    assert again.HashTable is HashTable
    assert again.HashTable(items=h) == h
    again.HashTable.fromkeys(h).stats()


def reload() -> None:
    module = importlib.import_module("hashtable")
    assert importlib.reload(module).HashTable is HashTable
    whole(HashTable(items={"a": 1}))


def delete_the_module() -> None:
    module = sys.modules.pop("hashtable")
    try:
        names = dict(module.__dict__)
        module.__dict__.clear()
        gc.collect()
        h = HashTable(2, 0.5, names["SipHash"](5), items={"a": [1], "b": [2]})
        assert (h["a"], h.copy() == h, h.stats().load, "[2]" in repr(h.items())) == ([1], True, 2, True)
        # Its pickle names the module, which has nothing any more.
        tolerated(lambda: pickle.loads(pickle.dumps(h)))
        whole(h)
        module.__dict__.update(names)
    finally:
        sys.modules["hashtable"] = module


def spoil_the_module() -> None:
    """The names of the module are variables, which anyone can change."""
    names = dict(hashtable.__dict__)
    try:
        for name in names:
            setattr(hashtable, name, None)
        h = HashTable(items={"a": 1})
        tolerated(lambda: pickle.loads(pickle.dumps(h)))
        tolerated(copy.deepcopy, h)
        assert h.stats().load == 1
    finally:
        hashtable.__dict__.update(names)


def fork() -> None:
    h = HashTable(hash_func=lambda key: child() or 0)

    def child() -> None:
        """Forks in the middle of an operation, and both sides go on."""
        pid = os.fork()
        if pid == 0:
            h.__init__(items={"in": "the child"})  # type: ignore[misc]
            whole(h)
            os._exit(42 if h["in"] == "the child" else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 42

    h["key"] = 1
    assert h["key"] == 1
    whole(h)


LIVES = [import_again, reload, delete_the_module, spoil_the_module, fork]


def lives() -> Iterator[Case]:
    for life in LIVES:
        yield Case("the module's life", life.__name__.replace("_", " "), life, warm=4)
    for name, program in programs.PROGRAMS.items():
        yield Case("the interpreter's end", name, program)


# Pickles that lie

PARAMETERS: dict[str, list[Any]] = {
    "type": [HashTable, Other, int, dict, object, type, None, "HashTable", HashTable(), [HashTable]],
    "size": [4, 0, -1, 2**31, 2**62, 2**64, 2**100, True, 4.0, "4", None, [], float("nan")],
    "max_load": [None, 0.5, 0.0, -0.0, 1.5, float("nan"), float("inf"), 5e-324, "0.5", 10**400, [], True],
    "hash_func": [hash, len, None, 5, "hash", HashTable, print, id, exec, hashtable.SipHash(3)],
    "items": [None, 5, "ab", [("a",)], [("a", 1, 2)], [([], 1)], {"a": 1}, [None], itertools.count()],
    "state": [None, 5, {"size": 4}, {"__class__": int}, ({}, {"load": 2**63}), "state", [1], (1, 2, 3)],
}
HONEST: dict[str, Any] = {
    "type": HashTable,
    "size": 4,
    "max_load": 0.5,
    "hash_func": hash,
    "items": [("a", 1), ("b", 2)],
    "state": None,
}
RESTORE = HashTable().__reduce_ex__(2)[0]


class Lie:
    """What pickles itself as a table, with other parameters than any table has."""

    def __init__(self, **parameters: Any) -> None:
        self.parameters = {**HONEST, **parameters}

    def __reduce__(self) -> Any:
        kind, size, max_load, hash_func, items, state = self.parameters.values()
        items = itertools.islice(items, 3000) if isinstance(items, itertools.count) else items
        return (
            RESTORE,
            (kind, size, max_load, hash_func),
            state,
            None,
            items if items is None else iter(items),
        )


def read_a_lie(one: str, other: str) -> None:
    for first, second in of_this_python(itertools.product(PARAMETERS[one], PARAMETERS[other])):
        for read in (lambda thing: pickle.loads(pickle.dumps(thing)), copy.deepcopy, copy.copy):
            try:
                h = read(Lie(**{one: first, other: second}))
            except (Exception, MemoryError):
                continue
            if isinstance(h, HashTable) and h.size < 1 << 20:
                whole(h)


def spoil_bytes(protocol: int) -> None:
    h = HashTable(3, 0.75, items={"a": 1, "b": [2], 3: 4.0, "long": "x" * 300})
    honest = pickle.dumps(h, protocol)
    choice = random.Random(protocol)
    for _ in range(500):
        spoiled = bytearray(honest)
        for _ in range(choice.randint(1, 3)):
            spoiled[choice.randrange(len(spoiled))] = choice.randrange(256)
        if choice.random() < 0.2:
            del spoiled[choice.randrange(len(spoiled)) :]
        try:
            thing = pickle.loads(bytes(spoiled))
        except (Exception, MemoryError):
            continue
        if isinstance(thing, HashTable) and thing.size < 1 << 20:
            whole(thing)


def pickles() -> Iterator[Case]:
    for one, other in itertools.combinations(PARAMETERS, 2):
        yield Case("pickles that lie", f"{one} and {other}", functools.partial(read_a_lie, one, other))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        name = f"spoilt bytes of protocol {protocol}"
        yield Case("pickles that lie", name, functools.partial(spoil_bytes, protocol), counted=0)


def all_cases() -> list[Case]:
    kinds = (mutations, holders, subclasses, liars, hard_keys, depths, lives, pickles)
    return list(of_this_python(case for kind in kinds for case in kind()))
