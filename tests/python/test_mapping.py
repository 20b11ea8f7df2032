"""What a dict user expects of a mapping: the same programs run on a dict and on tables, side by side.

What is different on purpose (kinds of keys, parameters, hash functions) comes after that.
"""

from __future__ import annotations

import collections
import collections.abc
import copy
import gc
import operator
import pickle
import random
import sys
import types
import weakref
from typing import Any, Callable

import pytest
from hashtable import HashTable
from side_by_side import (
    TABLES,
    Make,
    Sub,
    everything,
    maker,
    outcome,
    python_hash,
    step,
    zero,
)
from support import UsersError, Watch


def raising(key: object) -> int:
    raise UsersError


# Side by side with dict


class WithKeys:
    """A mapping by no more than what `update` asks for."""

    def __init__(self, *pairs: tuple[object, object]) -> None:
        self.pairs = dict(pairs)

    def keys(self) -> Any:
        return iter(self.pairs)

    def __getitem__(self, key: object) -> object:
        return self.pairs[key]


class RaisingKeys:
    def keys(self) -> Any:
        raise UsersError("keys")


class RaisingItem(WithKeys):
    def __getitem__(self, key: object) -> object:
        raise UsersError("item")


class Unhashable:
    __hash__ = None  # type: ignore[assignment]


def doing(change: Callable[[Any], object]) -> Callable[[Make], object]:
    """A program that does something to a mapping, and shows what it returns and what has become of it."""

    def program(make: Make) -> object:
        mapping = make(a=1, b=2, c=3)
        result = change(mapping)
        return [result, everything(mapping)]

    return program


def raises_and_keeps(change: Callable[[Any], object]) -> Callable[[Make], object]:
    """A program that fails, and shows what it leaves."""

    def program(make: Make) -> object:
        mapping = make(a=1, b=2, c=3)
        try:
            change(mapping)
        except Exception as error:
            return [type(error), everything(mapping)]
        return "nothing was raised"

    return program


def while_iterating(steps: int, change: Callable[[Any], object], view: str) -> Callable[[Make], object]:
    """A program that changes a mapping after some steps of an iterator, and shows all steps that follow."""

    def program(make: Make) -> object:
        mapping = make(a=1, b=2, c=3)
        seen = []
        for iterate in (iter, reversed):
            iterator = iterate(getattr(mapping, view)())
            for _ in range(steps):
                seen.append(step(iterator))
            change(mapping)
            seen.extend(step(iterator) for _ in range(4))
            mapping.clear()
            mapping.update(a=1, b=2, c=3)
        return seen

    return program


def ior(mapping: Any, other: Any) -> object:
    before = mapping
    mapping |= other
    return mapping is before


def put(mapping: Any, key: object, value: object) -> None:
    mapping[key] = value


def remove(mapping: Any, key: object) -> None:
    del mapping[key]


PROGRAMS: dict[str, Callable[[Make], object]] = {
    "empty": lambda make: everything(make()),
    "h[k]": doing(lambda m: m["b"]),
    "h[missing]": doing(lambda m: m["x"]),
    "h[unhashable]": doing(lambda m: m[[]]),
    "h[k] = new": doing(lambda m: put(m, "d", 4)),
    "h[k] = replaced": doing(lambda m: put(m, "a", 4)),
    "h[k] = the table": lambda make: [m := make(), put(m, "m", m), m["m"] is m][2],
    "h[unhashable] = v": doing(lambda m: put(m, [], 1)),
    "del h[k]": doing(lambda m: remove(m, "b")),
    "del h[last]": doing(lambda m: remove(m, "c")),
    "del h[missing]": doing(lambda m: remove(m, "x")),
    "del h[unhashable]": doing(lambda m: remove(m, {})),
    "del and add goes last": doing(lambda m: (remove(m, "a"), put(m, "a", 9))),
    "del of everything": doing(lambda m: [remove(m, key) for key in "cab"]),
    "in": doing(lambda m: ["a" in m, "x" in m, None in m, 1 in m]),
    "unhashable in": doing(lambda m: [] in m),
    "in, by hand": doing(lambda m: m.__contains__("a")),
    "len": doing(len),
    "bool": lambda make: [bool(make()), bool(make(a=1))],
    "get": doing(lambda m: [m.get("a"), m.get("x"), m.get("x", 5), m.get("a", 5)]),
    "get of too many": doing(lambda m: m.get(1, 2, 3)),
    "get of unhashable": doing(lambda m: m.get([])),
    "setdefault": doing(lambda m: [m.setdefault("a", 9), m.setdefault("x"), m.setdefault("y", 7)]),
    "setdefault of unhashable": doing(lambda m: m.setdefault([])),
    "setdefault returns the very object": doing(lambda m: m.setdefault("x", m) is m and m.pop("x") is m),
    "setdefault of nothing": doing(lambda m: m.setdefault()),
    "pop": doing(lambda m: [m.pop("b"), m.pop("x", 5), m.pop("b", None)]),
    "pop of missing": doing(lambda m: m.pop("x")),
    "pop of a missing tuple": doing(lambda m: m.pop((1, 2))),
    "pop of unhashable": doing(lambda m: m.pop([], 1)),
    "pop of nothing": doing(lambda m: m.pop()),
    "popitem": doing(lambda m: [m.popitem(), m.popitem()]),
    "popitem is a tuple": doing(lambda m: type(m.popitem())),
    "popitem after del": doing(lambda m: [remove(m, "c"), remove(m, "a"), m.popitem()]),
    "popitem after replacing": doing(lambda m: [put(m, "a", 5), m.popitem()]),
    "popitem of empty": lambda make: make().popitem(),
    "popitem of an argument": lambda make: make().popitem(1),
    "clear": doing(lambda m: m.clear()),
    "clear and add": doing(lambda m: [m.clear(), put(m, "z", 1), put(m, "a", 2)]),
    "clear of an argument": doing(lambda m: m.clear(1)),
    "update of nothing": doing(lambda m: m.update()),
    "update of a dict": doing(lambda m: m.update({"c": 9, "d": 4, "a": 7})),
    "update of pairs": doing(lambda m: m.update([("c", 9), ["d", 4], "ef", (x for x in "gh")])),
    "update of a generator": doing(lambda m: m.update((key, 0) for key in "xyzxyz")),
    "update of keywords": doing(lambda m: m.update(c=9, d=4, self=5, other=6)),
    "update of both": doing(lambda m: m.update({"c": 9, "d": 4}, d=5, e=6)),
    "update of itself": doing(lambda m: m.update(m)),
    "update of its items": doing(lambda m: m.update(m.items())),
    "update of its own kind": lambda make: doing(lambda m: m.update(make(c=9, d=4)))(make),
    "update of an object with keys": doing(lambda m: m.update(WithKeys(("c", 9), ("d", 4)))),
    "update of a UserDict": doing(lambda m: m.update(collections.UserDict(c=9, d=4))),
    "update of an OrderedDict": doing(lambda m: m.update(collections.OrderedDict(c=9, d=4))),
    "update of a ChainMap": doing(lambda m: m.update(collections.ChainMap({"c": 9}, {"c": 8, "d": 4}))),
    "update of a proxy": doing(lambda m: m.update(types.MappingProxyType({"c": 9, "d": 4}))),
    "update of raising keys": raises_and_keeps(lambda m: m.update(RaisingKeys())),
    "update of raising items": raises_and_keeps(lambda m: m.update(RaisingItem(("a", 9)))),
    "update of no mapping": doing(lambda m: m.update(5)),
    "update of None": doing(lambda m: m.update(None)),
    "update of a string": raises_and_keeps(lambda m: m.update("xy")),
    "update of a number": raises_and_keeps(lambda m: m.update([("a", 9), 5])),
    "update of a pair that is too short": doing(lambda m: m.update([("a", 9), ("x",)])),
    "update of a pair that is empty": doing(lambda m: m.update([()])),
    "update of bad pairs keeps the good": raises_and_keeps(lambda m: m.update([("a", 9), ("x", 8), (1,)])),
    "update of a pair that is too long": doing(lambda m: m.update([("a", 9), (1, 2, 3)])),
    "update of unhashable": raises_and_keeps(lambda m: m.update([("x", 9), ([], 8)])),
    "update of too many": doing(lambda m: m.update({}, {})),
    "copy": doing(lambda m: m.copy()),
    "copy is another": doing(lambda m: m.copy() is m),
    "copy is independent": doing(lambda m: [c := m.copy(), remove(c, "a"), put(c, "z", 9)]),
    "copy is shallow": lambda make: [m := make(a=[]), m.copy()["a"] is m["a"]][1],
    "copy of an argument": doing(lambda m: m.copy(1)),
    "copy of one with holes": doing(lambda m: [remove(m, "a"), put(m, "d", 4), everything(m.copy())]),
    "|": doing(lambda m: m | {"c": 9, "d": 4}),
    "| of empty": doing(lambda m: m | {}),
    "| with itself": doing(lambda m: m | m),
    "reflected |": doing(lambda m: {"c": 9, "d": 4} | m),
    "| is another": doing(lambda m: (m | {}) is m),
    "| of pairs": doing(lambda m: m | [("c", 9)]),
    "reflected | of pairs": doing(lambda m: [("c", 9)] | m),
    "| of a number": doing(lambda m: m | 1),
    "|=": doing(lambda m: ior(m, {"c": 9, "d": 4})),
    "|= with itself": doing(lambda m: ior(m, m)),
    "|= of pairs": doing(lambda m: ior(m, [("c", 9), ("d", 4)])),
    "|= of an object with keys": doing(lambda m: ior(m, WithKeys(("c", 9), ("d", 4)))),
    "|= of a number": doing(lambda m: ior(m, 1)),
    "|= of bad pairs": raises_and_keeps(lambda m: ior(m, [("c", 9), (1,)])),
    "== and !=": doing(
        lambda m: [
            [m == other, m != other, other == m, other != m]
            for other in (
                {"a": 1, "b": 2, "c": 3},
                {"c": 3, "b": 2, "a": 1},
                {"a": 1, "b": 2, "c": 4},
                {"a": 1, "b": 2},
                {"a": 1, "b": 2, "c": 3, "d": 4},
                {"a": 1, "b": 2, "d": 3},
                {},
                collections.OrderedDict(c=3, b=2, a=1),
                collections.defaultdict(int, c=3, b=2, a=1),
                collections.UserDict(a=1, b=2, c=3),
                collections.UserDict(a=1, b=2, c=4),
                collections.ChainMap({"a": 1}, {"b": 2, "c": 3}),
                [("a", 1), ("b", 2), ("c", 3)],
                {"a", "b", "c"},
                None,
                1,
                "abc",
            )
        ]
    ),
    "== with a proxy of itself": doing(lambda m: operator.eq(types.MappingProxyType(m), m)),
    "== with itself": doing(lambda m: [m == m, m != m, m == m.copy(), m != m.copy()]),
    "== goes by identity first": lambda make: [m := make(a=float("nan")), m == m.copy(), m == {**m}][1:],
    "== of values that raise": lambda make: make(a=RaisingEq()) == {"a": 1},
    "== of empty": lambda make: [make() == {}, operator.eq({}, make()), make() == make(), make() != make()],
    "<": doing(lambda m: m < m),
    ">=": doing(lambda m: m >= {}),
    "+": doing(lambda m: m + m),
    "&": doing(lambda m: m & m),
    "hash": doing(hash),
    "a key of a dict": doing(lambda m: {m: 1}),
    "iter": doing(lambda m: [iter(m) is not iter(m), list(iter(m)), [iter(x) is x for x in [iter(m)]]]),
    "reversed": doing(lambda m: [list(reversed(m)), list(reversed(m.items()))]),
    "unpacking": doing(lambda m: [[*m], {**m}, dict(m), (lambda **kw: kw)(**m), dict(m.items())]),
    "sorted": doing(lambda m: [sorted(m), max(m), min(m), sum(m.values())]),
    "format": lambda make: "{a} {b[c]}".format_map(make(a=1, b=make(c=2))),
    "holes": doing(lambda m: [remove(m, "b"), everything(m), put(m, "b", 5), everything(m)]),
    "attributes": doing(lambda m: m.colour),
    "subscript without a key": doing(lambda m: m[()]),
    "call": doing(lambda m: m()),
    "next": doing(lambda m: next(m)),
    "iadd": doing(lambda m: m.__ior__(5)),
    "setitem of one": doing(lambda m: m.__setitem__(1)),
    "delitem of two": doing(lambda m: m.__delitem__(1, 2)),
    "a changed key": lambda make: changed_key(make),
}
CHANGES: dict[str, Callable[[Any], object]] = {
    "a new key": lambda m: put(m, "z", 1),
    "a replaced value": lambda m: put(m, "a", 9),
    "a removed key": lambda m: remove(m, "b"),
    "the last removed": lambda m: m.popitem(),
    "another key": lambda m: (remove(m, "a"), put(m, "z", 1)),
    "clear": lambda m: m.clear(),
    "clear and the same again": lambda m: (m.clear(), m.update(a=1, b=2, c=3)),
    "many new keys": lambda m: m.update((key, 0) for key in range(100)),
    "update of nothing": lambda m: m.update(),
    "update of the same": lambda m: m.update(m.copy()),
}


class RaisingEq:
    def __eq__(self, other: object) -> bool:
        raise UsersError("eq")

    __hash__ = object.__hash__


def changed_key(make: Make) -> object:
    """A key whose hash changes is lost, but still there for all that does not look it up."""

    class Key:
        number = 1

        def __hash__(self) -> int:
            return self.number

    key = Key()
    mapping = make([(key, "value")])
    key.number = 2
    found = key in mapping
    return [found, len(mapping), list(mapping) == [key], mapping.popitem() == (key, "value"), len(mapping)]


# Where a hash function that takes any key, or compares all keys, is not a dict's.
NOT_SIDE_BY_SIDE = {
    "everything collides": {program for program in PROGRAMS if "unhashable" in program} | {"a changed key"},
    "one chain": {"a changed key"},
}
PAIRS = [(t, p) for t in TABLES for p in PROGRAMS if p not in NOT_SIDE_BY_SIDE.get(t, ())]
every_table = pytest.mark.parametrize("table", TABLES)


@pytest.mark.parametrize(("table", "program"), PAIRS)
def test_a_table_does_what_a_dict_does(table: str, program: str) -> None:
    make = maker(TABLES[table])
    assert outcome(PROGRAMS[program], make) == outcome(PROGRAMS[program], maker(dict))


@every_table
@pytest.mark.parametrize("view", ["keys", "values", "items"])
@pytest.mark.parametrize("steps", range(5))
def test_an_iterator_notices_a_change_as_a_dicts_does(table: str, steps: int, view: str) -> None:
    for name, change in CHANGES.items():
        if name in ("another key", "clear and the same again"):
            # Then a dict cannot always tell; a table can: see below.
            continue
        program = while_iterating(steps, change, view)
        assert outcome(program, maker(TABLES[table])) == outcome(program, maker(dict)), name


@every_table
def test_random_programs_leave_what_they_leave_in_a_dict(table: str) -> None:
    missing = object()
    for seed in range(8):
        choice = random.Random(seed)
        ours, theirs = TABLES[table](), {}
        for number in range(400):
            key = f"key {choice.randrange(40)}"
            # The load goes up and down, in waves, so that there are holes, and they are closed up.
            grow = choice.random() < (0.7 if number // 80 % 2 == 0 else 0.2)
            operations = ["set", "set", "setdefault", "update"] if grow else ["pop", "pop", "popitem", "del"]
            operation = choice.choice(operations)
            if operation == "set":
                ours[key] = theirs[key] = number
            elif operation == "setdefault":
                assert ours.setdefault(key, number) == theirs.setdefault(key, number)
            elif operation == "update":
                other = {f"key {choice.randrange(40)}": (number, n) for n in range(3)}
                ours.update(other)
                theirs.update(other)
            elif operation == "pop":
                assert ours.pop(key, missing) == theirs.pop(key, missing)
            elif operation == "popitem" and theirs:
                assert ours.popitem() == theirs.popitem()
            elif operation == "del" and key in theirs:
                del ours[key], theirs[key]
            if number % 50 == 49:
                ours = ours.copy() if choice.random() < 0.5 else ours | {}
            assert everything(ours) == everything(theirs), f"seed {seed}, {number}: {operation}"
        assert ours == theirs


# Iteration


def test_keys_that_come_and_go_are_in_the_order_in_which_they_came_last() -> None:
    h = HashTable()
    for key in range(1000):
        h[key] = None
    for key in range(0, 1000, 2):
        del h[key]
    h[1] = "replaced"
    for key in (500, 0, 1001):
        h[key] = None
    expected = [*range(1, 1000, 2), 500, 0, 1001]
    assert list(h) == expected
    assert list(reversed(h)) == expected[::-1]


def test_churn_does_not_fill_the_memory_with_holes() -> None:
    h = HashTable()
    for key in range(10):
        h[key] = None
    size = sys.getsizeof(h)
    for key in range(10, 20_000):
        h[key] = None
        del h[key - 10]
        assert len(h) == 10
    assert list(h) == list(range(19_990, 20_000))
    assert sys.getsizeof(h) <= 4 * size


@pytest.mark.parametrize("change", ["another key", "clear and the same again"])
@pytest.mark.parametrize("steps", range(1, 4))
def test_an_iterator_notices_other_keys_of_the_same_number(change: str, steps: int) -> None:
    h = HashTable(items={"a": 1, "b": 2, "c": 3})
    iterator = iter(h)
    for _ in range(steps):
        next(iterator)
    CHANGES[change](h)
    with pytest.raises(RuntimeError, match=r"^HashTable keys changed during iteration$"):
        next(iterator)


@pytest.mark.parametrize("view", ["keys", "values", "items"])
def test_an_exhausted_iterator_stays_exhausted(view: str) -> None:
    h = HashTable(items={"a": 1})
    for iterate in (iter, reversed):
        iterator = iterate(getattr(h, view)())
        assert len(list(iterator)) == 1
        assert list(iterator) == []
        h["b"] = 2
        assert list(iterator) == []
        del h["b"]
        assert list(iterator) == []


@pytest.mark.parametrize("kind", [dict, HashTable])
def test_an_iterator_says_how_many_are_left(kind: Any) -> None:
    mapping = kind()
    mapping.update(a=1, b=2, c=3)
    for iterator in (iter(mapping), iter(mapping.values()), reversed(mapping.items())):
        lengths = [iterator.__length_hint__()]
        for _ in iterator:
            lengths.append(iterator.__length_hint__())
        assert lengths == [3, 2, 1, 0]
    iterator = iter(mapping)
    mapping["d"] = 4
    assert iterator.__length_hint__() == 0


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", [dict, HashTable])
def test_an_iterator_is_copied_and_pickled_where_it_stands(kind: Any, protocol: int) -> None:
    mapping = kind()
    mapping.update(a=1, b=2, c=3)
    for view in (mapping, mapping.keys(), mapping.values(), mapping.items()):
        for iterate in (iter, reversed):
            iterator = iterate(view)
            expected = list(iterate(view))
            next(iterator)
            pickled = pickle.dumps(iterator, protocol)
            for twin in (pickle.loads(pickled), copy.copy(iterator), copy.deepcopy(iterator)):
                assert list(twin) == expected[1:]
            assert list(iterator) == expected[1:]
            assert list(pickle.loads(pickle.dumps(iterator, protocol))) == []


@pytest.mark.parametrize("kind", [dict, HashTable])
def test_an_iterator_of_a_changed_table_is_not_pickled(kind: Any) -> None:
    mapping = kind()
    mapping.update(a=1, b=2)
    iterator = iter(mapping)
    next(iterator)
    mapping["c"] = 3
    with pytest.raises(RuntimeError, match="changed size during iteration"):
        pickle.dumps(iterator)


@pytest.mark.parametrize("kind", [dict, HashTable])
def test_an_iterator_keeps_its_mapping(kind: Any) -> None:
    class Key:
        pass

    mapping, key = kind(), Key()
    mapping[key] = 1
    gone = weakref.ref(key)
    iterator = iter(mapping)
    del mapping, key
    assert next(iterator) is gone()
    del iterator
    assert gone() is None


@pytest.mark.parametrize("view", ["__iter__", "keys", "values", "items", "__reversed__"])
def test_iterators_cannot_be_made_by_hand(view: str) -> None:
    kind = type(iter(getattr(HashTable(), view)()))
    with pytest.raises(TypeError, match=r"cannot create 'hashtable\.hashtable_iterator' instances"):
        kind()
    with pytest.raises(TypeError):
        type("Sub", (kind,), {})


# The constructor


@pytest.mark.parametrize(
    "items",
    [
        lambda: {"a": 1, "b": 2},
        lambda: [("a", 1), ("b", 0), ("b", 2)],
        lambda: (pair for pair in [("a", 1), ("b", 2)]),
        lambda: HashTable(items={"a": 1, "b": 2}),
        lambda: HashTable(1, None, zero, items={"a": 1, "b": 2}),
        lambda: Sub(items={"a": 1, "b": 2}),
        lambda: collections.UserDict(a=1, b=2),
        lambda: {"a": 1, "b": 2}.items(),
        lambda: HashTable(items={"a": 1, "b": 2}).items(),
        lambda: WithKeys(("a", 1), ("b", 2)),
    ],
)
def test_a_table_is_made_of_items(items: Callable[[], Any]) -> None:
    h = HashTable(2, 1.0, items=items())
    assert list(h.items()) == [("a", 1), ("b", 2)]
    assert (h.size, h.load, h.max_load, h.hash_func) == (2, 2, 1.0, hash)


def test_items_are_named() -> None:
    with pytest.raises(TypeError, match="at most 3 positional arguments"):
        HashTable(4, 0.5, hash, {"a": 1})
    for empty in ({}, (), "", HashTable()):
        assert HashTable(items=empty) == {}
    for wrong in (None, 5, [1], [(1,)], [(1, 2, 3)], "abc"):
        with pytest.raises((TypeError, ValueError)):
            HashTable(items=wrong)


def test_items_grow_the_table_and_call_the_hash_function_once_each() -> None:
    calls = []

    def counting(key: object) -> int:
        calls.append(key)
        return hash(key)

    h = HashTable(1, 0.5, counting, items=[(n, n) for n in range(20)])
    assert h.size == 64
    assert calls == list(range(20))
    # Hashes are known if the function is the same.
    assert list(HashTable(1, None, counting, items=h)) == calls == list(range(20))
    HashTable(hash_func=counting, items=HashTable(items=h))
    assert calls == [*range(20), *range(20)]


def failing_pairs() -> Any:
    yield "x", 1
    yield "y", 2
    raise UsersError


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"items": failing_pairs}, UsersError),
        ({"items": lambda: [("x", 1), ("y",)]}, ValueError),
        ({"items": lambda: [("x", 1), ([], 1)]}, TypeError),
        ({"items": lambda: 5}, TypeError),
        ({"items": RaisingKeys}, UsersError),
        ({"items": dict, "size": lambda: 0}, TypeError),
        ({"items": dict, "hash_func": lambda: 5}, TypeError),
        ({"items": lambda: {"x": 1}, "hash_func": lambda: raising}, UsersError),
        ({"items": lambda: {"x": 1}, "hash_func": lambda: str}, ValueError),
        ({"items": dict, "others": dict}, TypeError),
    ],
)
def test_init_again_that_fails_half_way_leaves_the_old_table(parameters: Any, error: type[Exception]) -> None:
    h = HashTable(8, 0.75, python_hash, items={"a": 1, "b": 2})
    iterator = iter(h)
    key = "".join(["x", "y"])
    with Watch(key=key, python_hash=python_hash) as watch:
        for _ in range(3):
            with pytest.raises(error):
                h.__init__(**{name: make() for name, make in parameters.items()})  # type: ignore[misc]
        assert watch.changes() == {}
    assert (h.size, h.load, h.max_load, h.hash_func) == (8, 2, 0.75, python_hash)
    assert list(iterator) == list(h) == ["a", "b"]


def test_init_again_with_items_replaces_everything() -> None:
    h = Sub(8, 0.75, python_hash, items={"a": 1, "b": 2})
    h.colour = "green"
    iterator = iter(h)
    h.__init__(3, 1.0, zero, items={"b": 3, "c": 4})  # type: ignore[misc]
    assert (h.size, h.max_load, h.hash_func) == (3, 1.0, zero)
    assert list(h.items()) == [("b", 3), ("c", 4)]
    assert h.colour == "green"
    with pytest.raises(RuntimeError, match="changed during iteration"):
        next(iterator)


@pytest.mark.parametrize("items", ["itself", "its items", "its iterator"])
def test_a_table_is_made_anew_of_itself(items: str) -> None:
    h = HashTable(items={"a": 1, "b": 2})
    given = {"itself": h, "its items": h.items(), "its iterator": iter(h.items())}[items]
    h.__init__(7, None, zero, items=given)  # type: ignore[misc]
    assert (h.size, h.max_load, h.hash_func) == (7, None, zero)
    assert list(h.items()) == [("a", 1), ("b", 2)]


# Two tables


def calls_of(hash_func: Callable[[object], int]) -> tuple[Callable[[object], int], list[object]]:
    calls: list[object] = []

    def counting(key: object) -> int:
        calls.append(key)
        return hash_func(key)

    return counting, calls


def test_a_copy_has_the_same_bins_and_calls_no_hash_function() -> None:
    counting, calls = calls_of(lambda key: len(str(key)))
    h = HashTable(3, None, counting)
    for key in ("a", "bb", "cc", "dddd", 5, "ff"):
        h[key] = [key]
    del h["cc"]
    calls.clear()
    c = h.copy()
    assert calls == []
    assert (c.size, c.load, c.max_load, c.hash_func) == (3, 5, None, counting)
    assert c.bins() == h.bins() == [[], ["a", "dddd", 5], ["bb", "ff"]]
    assert list(c) == list(h)
    assert all(c[key] is h[key] for key in h)
    c["cc"] = 1
    del c["a"]
    assert (len(h), "cc" in h, "a" in h) == (5, False, True)


def test_a_copy_of_a_subclass_is_a_table_as_a_dicts_is_a_dict() -> None:
    class Own(HashTable):
        def __init__(self, colour: str) -> None:
            super().__init__(items={"a": 1})
            self.colour = colour

    for result in (Own("green").copy(), Own("green") | {}, {} | Own("green"), Own("green") | Own("red")):
        assert type(result) is HashTable
        assert result == {"a": 1}


def test_update_hashes_each_key_once_or_knows_its_hash() -> None:
    counting, calls = calls_of(hash)
    h = HashTable(1, 0.5, counting)
    other = HashTable(8, 1.0, counting, items={"a": 1, "b": 2})
    calls.clear()
    h.update(other)
    assert calls == []
    h.update({"c": 3, "a": 4})
    h.update(HashTable(items={"d": 5}))
    h.update([("e", 6)], f=7)
    assert calls == list("cadef")
    calls.clear()
    h.update(h)
    h |= h
    assert calls == []
    assert list(h.items()) == [("a", 4), ("b", 2), ("c", 3), ("d", 5), ("e", 6), ("f", 7)]


def test_a_comparison_hashes_each_key_once_or_knows_its_hash() -> None:
    counting, calls = calls_of(hash)
    h = HashTable(hash_func=counting, items={"a": 1, "b": 2})
    same = HashTable(hash_func=counting, items=h)
    other = HashTable(items=h)
    calls.clear()
    assert h == same
    assert h == h.copy()
    assert h != HashTable(hash_func=counting)
    assert calls == []
    assert h == other
    assert calls == ["a", "b"]
    assert other == h
    assert calls == ["a", "b"]
    assert h == {"a": 1, "b": 2}
    assert operator.eq({"a": 1, "b": 2}, h)
    assert calls == ["a", "b"] * 3


def test_a_union_has_the_parameters_of_the_left_table_or_of_the_only_one() -> None:
    left = HashTable(3, 1.0, zero, items={"a": 1})
    right = HashTable(8, None, python_hash, items={"a": 2, "b": 3})
    for union, like in (
        (left | right, left),
        (right | left, right),
        (left | {"b": 3}, left),
        ({"b": 3} | left, left),
        (collections.UserDict(b=3) | left, left),
        (types.MappingProxyType({"b": 3}) | left, left),
        (left | collections.UserDict(b=3), left),
    ):
        assert type(union) is HashTable
        assert (union.size, union.max_load, union.hash_func) == (like.size, like.max_load, like.hash_func)
    assert list((left | right).items()) == [("a", 2), ("b", 3)]
    assert list((right | left).items()) == [("a", 1), ("b", 3)]
    assert list(({"b": 3, "a": 0} | left).items()) == [("b", 3), ("a", 1)]
    assert (list(left), list(right)) == (["a"], ["a", "b"])
    union = HashTable(1, 0.5) | {n: n for n in range(20)}
    assert (union.size, len(union)) == (64, 20)


def test_an_operand_that_knows_better_is_asked() -> None:
    class Other:
        def __or__(self, other: object) -> str:
            return "or"

        def __ror__(self, other: object) -> str:
            return "ror"

        def __eq__(self, other: object) -> Any:
            return "eq"

        __hash__ = None  # type: ignore[assignment]

    class Mine(HashTable):
        def __ror__(self, other: object) -> str:
            return "mine"

    h: Any = HashTable()
    assert (h | Other(), Other() | h) == ("ror", "or")
    assert (h == Other(), Other() == h) == ("eq", "eq")
    assert h | Mine() == "mine"


def test_a_mapping_is_asked_for_its_keys_and_then_for_each_value() -> None:
    asked = []

    class Asked:
        def keys(self) -> list[str]:
            asked.append("keys")
            return ["a", "b"]

        def __getitem__(self, key: str) -> str:
            asked.append(key)
            return key

    h = HashTable()
    h.update(Asked())
    assert asked == ["keys", "a", "b"]
    assert h == {"a": "a", "b": "b"}


@pytest.mark.parametrize("base", [dict, HashTable])
@pytest.mark.parametrize("use", ["update", "items", "or", "ior"])
def test_a_subclass_that_overrides_its_iteration_is_asked(base: Any, use: str) -> None:
    class Upper(base):
        def keys(self) -> Any:
            return [key.upper() for key in super().__iter__()]

        def __iter__(self) -> Any:
            return iter(self.keys())

        def __getitem__(self, key: str) -> Any:
            return super().__getitem__(key.lower())

    other = Upper()
    other["a"] = 1
    if use == "items":
        h = HashTable(items=other)
    elif use == "update":
        h = HashTable()
        h.update(other)
    elif use == "or":
        h = HashTable() | other
    else:
        h = HashTable()
        h |= other
    assert list(h.items()) == [("A", 1)]


@pytest.mark.parametrize("kind", [dict, HashTable])
def test_update_from_a_mapping_that_changes_is_noticed(kind: Any) -> None:
    def changing(key: object) -> int:
        if key == "b":
            other["z"] = 1
        return hash(key)

    other = kind()
    other.update(a=1, b=2, c=3)
    h = HashTable(hash_func=changing)
    with pytest.raises(RuntimeError, match=r"changed|mutated"):
        h.update(other)
    assert next(iter(h)) == "a"
    assert len(h) <= 2
    # Now "z" is there already, and nothing changes any more.
    h.update(other)
    assert h == {"a": 1, "b": 2, "c": 3, "z": 1}


def test_a_comparison_with_a_mapping_that_changes_is_noticed() -> None:
    def changing(key: object) -> int:
        other[key, 1] = 1
        return 0

    other: Any = {"a": 1, "b": 2}
    h = HashTable(hash_func=zero, items=other)
    h.__init__(4, 0.5, changing, items=[("a", 1), ("b", 2)])  # type: ignore[misc]
    for other in ({"a": 1, "b": 2}, HashTable(items={"a": 1, "b": 2})):
        with pytest.raises(RuntimeError, match="changed"):
            _ = h == other


def test_tables_are_equal_by_the_rule_of_the_left_one() -> None:
    by_length = HashTable(hash_func=len, items={"a": 1, "bb": 2})
    assert by_length == HashTable(hash_func=zero, items={"bb": 2, "a": 1})
    assert HashTable(hash_func=zero, items={"bb": 2, "a": 1}) == by_length
    assert by_length != HashTable(items={"a": 1, "bb": 3})
    # No hash for 5: what the hash function says of it comes out.
    with pytest.raises(TypeError, match="len"):
        _ = by_length == {"a": 1, 5: 2}


def test_kinds_of_keys_count_in_a_comparison() -> None:
    h = HashTable(items={1: "one"})
    assert h == {1: "one"} == h
    assert h == {True: "one"}
    assert h != {1.0: "one"}
    assert operator.ne({1.0: "one"}, h)
    assert h != HashTable(items={1.0: "one"})
    # Values are compared by Python's rule.
    assert HashTable(items={"a": 1}) == {"a": 1.0}


def test_a_dict_made_of_a_table_knows_no_kinds() -> None:
    h = HashTable(items=[(1, "int"), (1.0, "float"), ("1", "string")])
    assert len(h) == 3
    assert dict(h) == {1: "float", "1": "string"}


# Making from keys


def test_fromkeys_makes_a_table_with_default_parameters() -> None:
    h = HashTable.fromkeys("abca")
    assert type(h) is HashTable
    assert list(h.items()) == [("a", None), ("b", None), ("c", None)]
    assert (h.size, h.max_load, h.hash_func) == (8, 0.5, hash)
    assert HashTable(hash_func=len).fromkeys(["a"], 1).hash_func is hash
    value: list[object] = []
    assert all(v is value for v in HashTable.fromkeys(range(3), value).values())


def test_fromkeys_of_a_subclass_makes_one_of_it() -> None:
    class Own(HashTable):
        def __init__(self) -> None:
            super().__init__(size=1, max_load=None)
            self.log: list[object] = []

        def __setitem__(self, key: object, value: object) -> None:
            self.log.append(key)
            super().__setitem__(key, value)

    h = Own.fromkeys("aab", 1)
    assert type(h) is Own
    assert (h.log, dict(h), h.size) == (["a", "a", "b"], {"a": 1, "b": 1}, 1)


@pytest.mark.parametrize("kind", [dict, HashTable])
def test_fromkeys_says_what_is_wrong(kind: Any) -> None:
    for arguments, message in [
        ((), "fromkeys expected at least 1 argument, got 0"),
        ((1, 2, 3), "fromkeys expected at most 2 arguments, got 3"),
        ((5,), "'int' object is not iterable"),
        (([[]],), "unhashable type: 'list'"),
    ]:
        with pytest.raises(TypeError, match=message):
            kind.fromkeys(*arguments)


# What kind of thing it is


def test_a_table_is_a_mutable_mapping() -> None:
    for abstract in (
        collections.abc.MutableMapping,
        collections.abc.Mapping,
        collections.abc.Collection,
        collections.abc.Reversible,
        collections.abc.Container,
        collections.abc.Sized,
        collections.abc.Iterable,
    ):
        assert isinstance(HashTable(), abstract)
        assert issubclass(Sub, abstract)
    for abstract in (collections.abc.Hashable, collections.abc.Sequence, collections.abc.Set):
        assert not isinstance(HashTable(), abstract)
    assert not issubclass(HashTable, dict)
    for name in collections.abc.MutableMapping.__abstractmethods__:
        assert callable(getattr(HashTable, name))
    for name in ("get", "keys", "items", "values", "pop", "popitem", "clear", "update", "setdefault"):
        assert callable(getattr(HashTable, name))


@pytest.mark.skipif(sys.version_info < (3, 10), reason="match is of Python 3.10")
@pytest.mark.parametrize("kind", [dict, HashTable, Sub])
def test_a_table_is_matched_as_a_mapping(kind: Any) -> None:
    program = """
def name(subject):
    match subject:
        case []:
            return "sequence"
        case {"x": 1, "y": y, **rest}:
            return y, rest
        case {"x": x}:
            return x
        case {}:
            return "mapping"
"""
    names: dict[str, Any] = {}
    exec(program, names)
    made = maker(kind)
    assert names["name"](made()) == "mapping"
    assert names["name"](made(x=5)) == 5
    assert names["name"](made(x=1, y=2, z=3)) == (2, {"z": 3})
    assert names["name"](made(y=5)) == "mapping"


def test_a_type_of_keys_and_values_can_be_named() -> None:
    alias = HashTable[int, str]
    assert isinstance(alias, types.GenericAlias)
    assert (alias.__origin__, alias.__args__) == (HashTable, (int, str))
    h = alias(size=2, items={1: "one"})
    assert type(h) is HashTable
    assert (h.size, dict(h)) == (4 if h.load > 1 else 2, {1: "one"})
    assert Sub[int, str].__origin__ is Sub

    class Named(HashTable[str, int]):
        pass

    assert Named.__mro__[:2] == (Named, HashTable)
    assert Named(items={"a": 1}) == {"a": 1}
    assert Named.__orig_bases__ == (HashTable[str, int],)


@pytest.mark.parametrize("kind", [HashTable, Sub])
def test_weak_references_end_with_their_table_and_call_back(kind: Any) -> None:
    called = []
    h = kind(items={"a": 1})
    refs = [weakref.ref(h, called.append), weakref.proxy(h, called.append)]
    assert weakref.getweakrefcount(h) == 2
    assert refs[1]["a"] == 1
    kept = weakref.WeakValueDictionary(h=h)
    weakref.finalize(h, called.append, "finalized")
    del h
    gc.collect()
    assert refs[0]() is None
    assert len(kept) == 0
    assert len(called) == 3
    assert "finalized" in called


def test_a_weak_callback_of_a_value_may_use_the_table() -> None:
    class Thing:
        pass

    h = HashTable()
    h["thing"] = Thing()
    ref = weakref.ref(h["thing"], lambda _: h.update(last="words"))
    del h["thing"]
    assert ref() is None
    assert dict(h) == {"last": "words"}


# Subclasses


def test_a_subclass_whose_init_is_its_own() -> None:
    class Own(HashTable):
        def __init__(self, colour: str) -> None:
            self.colour = colour
            super().__init__(2, items={"a": 1})

    h = Own("green")
    assert (h.colour, h.size, dict(h)) == ("green", 2, {"a": 1})
    with pytest.raises(TypeError):
        Own()  # type: ignore[call-arg]


def test_a_subclass_whose_init_calls_no_other() -> None:
    class Own(HashTable):
        def __init__(self, *arguments: object, **keywords: object) -> None:
            self.arguments = arguments

    h = Own(0, "no", some="thing")
    assert h.arguments == (0, "no")
    assert (h.size, h.max_load, h.hash_func) == (4, 0.5, hash)
    for key in range(100):
        h[key] = key
    assert (len(h), h.size, h[99]) == (100, 256, 99)


def test_a_subclass_with_slots() -> None:
    class Slots(HashTable):
        __slots__ = ("__private", "colour")

        def __init__(self, **parameters: Any) -> None:
            super().__init__(**parameters)
            self.__private = "mine"

        def private(self) -> str:
            return self.__private

    h = Slots(items={"a": 1})
    h.colour = "green"
    assert (h.colour, h.private(), dict(h)) == ("green", "mine", {"a": 1})
    with pytest.raises(AttributeError):
        h.taste = "sweet"
    assert not hasattr(h, "__dict__")
    assert weakref.ref(h)() is h


def test_a_table_itself_has_no_room_for_attributes() -> None:
    h: Any = HashTable()
    for name in ("colour", "size", "load", "get", "__class__", "__dict__"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(h, name, 1)
    with pytest.raises(TypeError):
        HashTable.colour = "green"
    with pytest.raises((AttributeError, TypeError)):
        del HashTable.get


def missing_method(self: Any, key: object) -> object:
    return type(self).__name__, key


def missing_method_of_class(cls: type, key: object) -> object:
    return cls.__name__, key


def missing_static(key: object) -> object:
    return "static", key


@pytest.mark.parametrize("base", [dict, HashTable])
@pytest.mark.parametrize(
    ("missing", "answer"),
    [
        (missing_method, ("Own", "x")),
        (classmethod(missing_method_of_class), ("Own", "x")),
        (staticmethod(missing_static), ("static", "x")),
        (property(lambda self: lambda key: ("property", key)), ("property", "x")),
    ],
    ids=["method", "classmethod", "staticmethod", "property"],
)
def test_a_subclass_may_say_what_a_missing_key_is(base: Any, missing: Any, answer: object) -> None:
    class Own(base):
        __missing__ = missing

    mapping = Own()
    mapping["a"] = 1
    assert (mapping["a"], mapping["x"]) == (1, answer)
    assert (mapping.get("x"), "x" in mapping, len(mapping), mapping.pop("x", None)) == (None, False, 1, None)
    with pytest.raises(KeyError, match="x"):
        del mapping["x"]


@pytest.mark.parametrize("base", [dict, HashTable])
def test_missing_is_looked_for_where_special_methods_are(base: Any) -> None:
    class Meta(type):
        def __missing__(cls, *key: object) -> str:
            raise AssertionError("the class is not what is looked into")

        def __getattr__(cls, name: str) -> object:
            return lambda *arguments: "not this one"

    class Own(base, metaclass=Meta):
        pass

    mapping = Own()
    mapping.__missing__ = lambda key: "nor this one"
    with pytest.raises(KeyError, match="x"):
        mapping["x"]


@pytest.mark.parametrize("base", [dict, HashTable])
def test_what_missing_raises_comes_out(base: Any) -> None:
    class Own(base):
        def __missing__(self, key: object) -> object:
            raise UsersError(key)

    class Counter(base):
        def __missing__(self, key: object) -> int:
            self[key] = 0
            return 0

    with pytest.raises(UsersError, match="x"):
        Own()["x"]
    counter = Counter()
    for letter in "abca":
        counter[letter] += 1
    assert dict(counter) == {"a": 2, "b": 1, "c": 1}


@pytest.mark.parametrize("base", [dict, HashTable])
def test_an_overridden_setitem_is_used_where_a_dicts_is(base: Any) -> None:
    log = []

    class Loud(base):
        def __setitem__(self, key: object, value: object) -> None:
            log.append(key)
            super().__setitem__(key, value)

    mapping = Loud()
    mapping["a"] = 1
    mapping.update(b=2)
    mapping.setdefault("c", 3)
    mapping |= {"d": 4}
    Loud.fromkeys("e")
    assert log == ["a", "e"]
    assert list(mapping) == list("abcd")


def test_a_subclass_may_take_part_in_other_families() -> None:
    class Mixin:
        def first(self) -> object:
            return next(iter(self))  # type: ignore[call-overload]

    class Both(Mixin, HashTable):
        pass

    class Abstract(HashTable, collections.abc.MutableMapping):  # type: ignore[misc]
        pass

    assert Both(items={"a": 1}).first() == "a"
    assert Abstract(items={"a": 1}) == {"a": 1}
    with pytest.raises(TypeError, match=r"lay-out|layout"):
        type("Dict", (HashTable, dict), {})


def test_an_instance_may_change_its_class_to_one_of_the_same_layout() -> None:
    class Other(HashTable):
        pass

    h: Any = Sub(items={"a": 1})
    h.__class__ = Other
    assert (type(h), dict(h)) == (Other, {"a": 1})
    with pytest.raises(TypeError):
        h.__class__ = dict


# Size


@pytest.mark.parametrize("kind", [HashTable, Sub])
def test_getsizeof_is_what_the_table_takes(kind: Any) -> None:
    h = kind(1, 1.0)
    sizes = [sys.getsizeof(h)]
    for key in range(5000):
        h[key] = key
        sizes.append(sys.getsizeof(h))
    assert sizes == sorted(sizes)
    # 4 bytes a bin, 32 an entry, and what the object itself takes, at the least; and no more than twice that.
    assert h.size == 8192
    least = kind.__basicsize__ + 4 * h.size + 32 * h.load
    assert least <= sizes[-1] <= 2 * least


def test_getsizeof_counts_bins_that_hold_nothing() -> None:
    assert sys.getsizeof(HashTable(100_000)) - sys.getsizeof(HashTable(1)) >= 4 * 99_999
    h = HashTable(items={n: n for n in range(1000)})
    full = sys.getsizeof(h)
    assert sys.getsizeof(h.copy()) <= full
    h.clear()
    assert sys.getsizeof(h) < full
    assert sys.getsizeof(h) >= 4 * h.size
