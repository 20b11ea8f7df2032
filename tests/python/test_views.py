"""Live views: keys(), values() and items(), side by side with those of a dict."""

from __future__ import annotations

import collections.abc
import copy
import functools
import gc
import itertools
import operator
import pickle
import sys
import types
import weakref
from typing import Any, Callable

import pytest
from hashtable import HashTable
from side_by_side import TABLES, Make, in_dicts_words, maker, outcome, zero
from support import UsersError

VIEWS = ["keys", "values", "items"]
every_view = pytest.mark.parametrize("view", VIEWS)
every_set = pytest.mark.parametrize("view", ["keys", "items"])
both_kinds = pytest.mark.parametrize("kind", [dict, HashTable])


# Side by side with dict

OPERANDS: dict[str, Callable[[], Any]] = {
    "set of keys": lambda: {"a", "x"},
    "set of items": lambda: {("a", 1), ("b", 1), ("x", 1)},
    "all keys": lambda: {"a", "b", "c"},
    "all items": lambda: {("a", 1), ("b", 2), ("c", 3)},
    "more keys": lambda: {"a", "b", "c", "d"},
    "fewer keys": lambda: {"a", "b"},
    "more items": lambda: {("a", 1), ("b", 2), ("c", 3), ("d", 4)},
    "fewer items": lambda: {("a", 1), ("b", 2)},
    "frozenset": lambda: frozenset({"a", "x"}),
    "empty set": set,
    "list": lambda: ["a", "a", "x", ("a", 1)],
    "string": lambda: "axa",
    "generator": lambda: (letter for letter in "ax"),
    "dict": lambda: {"a": 1, "x": 2},
    "dict keys": lambda: {"a": 1, "x": 2}.keys(),
    "dict items": lambda: {"a": 1, "b": 1}.items(),
    "dict values": lambda: {1: "a"}.values(),
    "same dict keys": lambda: {"c": 1, "b": 1, "a": 1}.keys(),
    "same dict items": lambda: {"c": 3, "b": 2, "a": 1}.items(),
    "table": lambda: HashTable(items={"a": 1, "x": 2}),
    "table keys": lambda: HashTable(items={"a": 1, "x": 2}).keys(),
    "table items": lambda: HashTable(hash_func=zero, items={"a": 1, "b": 1}).items(),
    "table values": lambda: HashTable(items={1: "a"}).values(),
    "same table keys": lambda: HashTable(items={"c": 1, "b": 1, "a": 1}).keys(),
    "same table items": lambda: HashTable(items={"c": 3, "b": 2, "a": 1}).items(),
    "list of pairs": lambda: [("a", 1), ("x",), 5, ("a", 1, 2), ["a", 1]][:4],
    "unhashable": lambda: [[], {}],
    "number": lambda: 5,
    "None": lambda: None,
    "iterator that raises": lambda: raising_iterator(),
}
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "&": operator.and_,
    "|": operator.or_,
    "-": operator.sub,
    "^": operator.xor,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "isdisjoint": lambda view, other: view.isdisjoint(other),
}


def raising_iterator() -> Any:
    yield "a"
    raise UsersError


def apply(name: str, operand: str, reflected: bool, view: str) -> Callable[[Make], object]:
    """A program that does something with a view and another operand."""

    def program(make: Make) -> object:
        mapping = make(a=1, b=2, c=3)
        ours, other = getattr(mapping, view)(), OPERANDS[operand]()
        result = OPERATORS[name](other, ours) if reflected else OPERATORS[name](ours, other)
        return type(result), result

    return program


@every_view
@pytest.mark.parametrize("operand", OPERANDS)
def test_an_operation_on_views_is_that_of_a_dicts(view: str, operand: str) -> None:
    for table, name, reflected in itertools.product(TABLES, OPERATORS, [False, True]):
        if (table, operand) == ("everything collides", "unhashable"):
            # This hash function takes any key, so such a key is just missing.
            continue
        program = apply(name, operand, reflected, view)
        ours, dicts = outcome(program, maker(TABLES[table])), outcome(program, maker(dict))
        # What `5 & view` says is about the operand that it came to first.
        if reflected and ours[0] is TypeError and dicts[0] is TypeError:
            continue
        assert ours == dicts, (table, name, reflected)


@every_set
@pytest.mark.parametrize("name", OPERATORS)
def test_an_operation_of_a_view_with_itself_is_that_of_a_dicts(view: str, name: str) -> None:
    def program(make: Make) -> object:
        mapping = make(a=1, b=2)
        ours = getattr(mapping, view)()
        twin, empty = getattr(mapping.copy(), view)(), getattr(make(), view)()
        return [OPERATORS[name](one, other) for one in (ours, empty) for other in (ours, twin, empty)]

    for table in TABLES:
        assert outcome(program, maker(TABLES[table])) == outcome(program, maker(dict)), table


NAN = float("nan")
OTHER_ITEMS: dict[str, list[tuple[str, object]]] = {
    "the same": [("a", [1]), ("b", {}), ("c", NAN)],
    "in another order": [("c", NAN), ("b", {}), ("a", [1])],
    "one fewer": [("a", [1]), ("b", {})],
    "one fewer that no set takes": [("a", [1]), ("c", NAN)],
    "one more": [("a", [1]), ("b", {}), ("c", NAN), ("d", 4)],
    "one more that no set takes": [("a", [1]), ("b", {}), ("c", NAN), ("d", [4])],
    "another value": [("a", [1]), ("b", {}), ("c", 3)],
    "another value that no set takes": [("a", [1]), ("b", {5: 6}), ("c", NAN)],
    "none": [],
}


@pytest.mark.parametrize("other", OTHER_ITEMS)
def test_items_of_one_alone_are_hashed_only_if_a_dicts_are(other: str) -> None:
    def program(make: Make) -> object:
        ours = make(OTHER_ITEMS["the same"])
        theirs = make(OTHER_ITEMS[other])
        result = ours.items() ^ theirs.items()
        return type(result), result, list(ours.items()), list(theirs.items())

    for table in TABLES:
        assert outcome(program, maker(TABLES[table])) == outcome(program, maker(dict)), table


@pytest.mark.skipif(sys.version_info < (3, 10), reason="before 3.10 a dict's items are hashed too")
def test_items_of_a_table_and_of_a_dict_that_are_the_same_are_not_hashed() -> None:
    h = HashTable(items={"a": [1], "b": {}})
    assert h.items() ^ h.items() == set()
    assert h.items() ^ {"b": {}, "a": [1], "c": 3}.items() == {("c", 3)}
    with pytest.raises(TypeError, match="unhashable"):
        h.items() ^ [("a", [1]), ("b", {})]


@pytest.mark.skipif(sys.version_info < (3, 10), reason="before 3.10 it is a set that compares")
def test_items_of_one_alone_are_told_by_the_rule_of_the_left_table() -> None:
    assert HashTable(items={1: 0}).items() ^ HashTable(items={1.0: 0}).items() == {(1, 0)}
    first_letter = HashTable(hash_func=lambda key: ord(key[0]), items={"a": 1, "b": 2})
    assert first_letter.items() ^ {"b": 2, "c": 3}.items() == {("a", 1), ("c", 3)}
    with pytest.raises(IndexError):
        first_letter.items() ^ {"": 1}.items()
    assert list(first_letter.items()) == [("a", 1), ("b", 2)]


@pytest.mark.skipif(sys.version_info < (3, 10), reason="before 3.10 it is a set that compares")
def test_a_comparison_of_items_that_changes_both_tables_leaves_the_answer_as_it_was() -> None:
    class Value:
        def __eq__(self, other: object) -> bool:
            ours.clear()
            theirs["new"] = 1
            return True

        __hash__ = None  # type: ignore[assignment]

    ours, theirs = HashTable(items={"a": Value(), "b": 2}), HashTable(items={"a": Value()})
    with pytest.raises(RuntimeError, match="changed size during iteration"):
        ours.items() ^ theirs.items()
    ours, theirs = HashTable(items={"a": Value(), "b": 2}), HashTable(items={"new": 1, "a": Value()})
    assert ours.items() ^ theirs.items() == {("new", 1), ("b", 2)}


USES: dict[str, Callable[[Any], object]] = {
    "len": len,
    "bool": bool,
    "list": list,
    "reversed": lambda view: list(reversed(view)),
    "repr": lambda view: in_dicts_words(repr(view)),
    "str": lambda view: in_dicts_words(str(view)),
    "sorted": sorted,
    "in": lambda view: [
        thing in view for thing in ("a", 1, ("a", 1), ("a", 2), ("x", 1), ("a",), None, (), 5.0)
    ],
    "unhashable list in": lambda view: ["a", 1] in view,
    "unhashable in": lambda view: [] in view,
    "unhashable pair in": lambda view: ([], 1) in view,
    "hash": lambda view: "hashed" if hash(view) else "",
    "==": lambda view: [view == view, view == 5, view == None, view != 5],  # noqa: E711
    "iter": lambda view: [next(iter(view)), iter(view) is not iter(view)],
    "index": lambda view: view[0],
    "attribute": lambda view: setattr(view, "colour", "green"),
    "isdisjoint": lambda view: view.isdisjoint(5),
    "isdisjoint of nothing": lambda view: view.isdisjoint(),
    "abstract": lambda view: [
        isinstance(view, getattr(collections.abc, name))
        for name in ("KeysView", "ValuesView", "ItemsView", "MappingView", "Set", "MutableSet", "Collection")
    ],
    "reversible": lambda view: isinstance(view, collections.abc.Reversible),
    "copied": copy.copy,
    "copied deeply": copy.deepcopy,
    "pickled": pickle.dumps,
    "referred to weakly": lambda view: weakref.ref(view),
    "made by hand": lambda view: type(view)(),
    "made by hand of a mapping": lambda view: type(view)({}),
    "made by object": lambda view: object.__new__(type(view)),
    "a subclass": lambda view: type("Sub", (type(view),), {}),
}


@every_view
@pytest.mark.parametrize("use", USES)
def test_a_view_does_what_a_dicts_does(view: str, use: str) -> None:
    def program(make: Make) -> object:
        return USES[use](getattr(make(a=1, b=2, c=3), view)())

    for table in TABLES:
        if table == "everything collides" and "unhashable" in use:
            # This hash function takes any key.
            continue
        assert outcome(program, maker(TABLES[table])) == outcome(program, maker(dict)), table


@both_kinds
def test_a_repr_of_values_that_hold_their_view_ends(kind: Any) -> None:
    mapping = kind()
    mapping["values"] = mapping.values()
    mapping["items"] = mapping.items()
    assert "..." in repr(mapping.values())
    assert "..." in repr(mapping.items())
    mapping["deep"] = [mapping.values()]
    assert "[..." in repr(mapping.values())


def test_a_repr_that_raises_comes_out() -> None:
    class Unspeakable:
        def __repr__(self) -> str:
            raise UsersError

    h = HashTable(items={"a": Unspeakable()})
    for _ in range(2):
        with pytest.raises(UsersError):
            repr(h.values())
    del h["a"]
    assert repr(h.values()) == "hashtable_values([])"


# Live


@every_view
def test_a_view_shows_what_is_there_now(view: str) -> None:
    def program(make: Make) -> object:
        mapping = make()
        ours = getattr(mapping, view)()
        seen = [list(ours)]
        for key in "abcdef":
            mapping[key] = key
            seen.append([list(ours), len(ours)])
        mapping["c"] = "replaced"
        del mapping["a"]
        seen.append([list(ours), list(reversed(ours)), "a" in ours, ("b", "b") in ours])
        mapping.clear()
        return [*seen, list(ours), len(ours), bool(ours)]

    for table in TABLES:
        assert outcome(program, maker(TABLES[table])) == outcome(program, maker(dict)), table


def test_a_view_stays_when_the_table_is_made_anew() -> None:
    h = HashTable(items={"a": 1})
    keys, values, items = h.keys(), h.values(), h.items()
    h.__init__(2, None, zero, items={"b": 2, "c": 3})  # type: ignore[misc]
    assert (list(keys), list(values), list(items)) == (["b", "c"], [2, 3], [("b", 2), ("c", 3)])


@every_view
def test_a_view_keeps_its_table_alive(view: str) -> None:
    h = HashTable(items={"a": 1})
    gone = weakref.ref(h)
    ours = getattr(h, view)()
    del h
    assert gone() is not None
    assert len(ours) == 1
    del ours
    assert gone() is None


@every_view
def test_an_iterator_keeps_the_table_of_its_view_alive(view: str) -> None:
    h = HashTable(items={"a": 1})
    gone = weakref.ref(h)
    iterator = iter(getattr(h, view)())
    del h
    assert gone() is not None
    assert len(list(iterator)) == 1
    del iterator
    assert gone() is None


@every_set
def test_a_set_operation_hands_out_a_set_that_is_not_live(view: str) -> None:
    h = HashTable(items={"a": 1, "b": 2})
    ours = getattr(h, view)()
    result = ours | []
    assert type(result) is set
    h.clear()
    assert len(result) == 2


# Of a subclass, and through one


@both_kinds
def test_views_look_behind_a_subclass(kind: Any) -> None:
    class Odd(kind):
        def __getitem__(self, key: object) -> object:
            return "odd"

        def __iter__(self) -> Any:
            return iter(["odd"])

        def __len__(self) -> int:
            return 100

        def __contains__(self, key: object) -> bool:
            return True

    mapping = Odd()
    mapping["a"] = 1
    assert list(mapping.keys()) == ["a"]
    assert list(mapping.items()) == [("a", 1)]
    assert (len(mapping.keys()), "x" in mapping.keys(), "a" in mapping.keys()) == (1, False, True)  # noqa: SIM118


@pytest.mark.parametrize("kind", [HashTable, *([dict] if sys.version_info >= (3, 10) else [])])
@every_view
def test_the_mapping_of_a_view_is_a_live_proxy_that_changes_nothing(kind: Any, view: str) -> None:
    mapping = kind()
    proxy = getattr(mapping, view)().mapping
    assert type(proxy) is types.MappingProxyType
    mapping["a"] = 1
    assert (proxy["a"], len(proxy), list(proxy)) == (1, 1, ["a"])
    assert proxy == mapping
    with pytest.raises(TypeError, match="does not support item assignment"):
        proxy["b"] = 2
    with pytest.raises(AttributeError, match="not writable"):
        getattr(mapping, view)().mapping = {}


# The table's own rule


def test_membership_goes_by_the_rule_of_the_table() -> None:
    h = HashTable(items={1: "one", "a": 2})
    keys, items = h.keys(), h.items()
    assert 1 in keys
    assert True in keys
    assert 1.0 not in keys
    assert (1, "one") in items
    assert (1.0, "one") not in items
    # Values are compared by Python's rule.
    assert ("a", 2.0) in items
    assert keys == {1, "a"}
    assert keys != {1.0, "a"}
    assert operator.ne({1.0, "a"}, keys)
    assert keys.isdisjoint([1.0])
    assert not keys.isdisjoint([True])
    assert keys <= {1, "a", "b"}
    assert not keys >= {1.0}


def test_keys_that_no_set_takes_are_still_in_the_view() -> None:
    h = HashTable(hash_func=lambda key: len(key), items=[([1], "list"), ({2: 3}, "dict")])
    assert [1] in h.keys()  # noqa: SIM118
    assert [2] not in h.keys()  # noqa: SIM118
    assert ([1], "list") in h.items()
    assert not h.keys().isdisjoint([[1]])
    assert h.keys().isdisjoint([[2], [1, 2]])
    assert h.keys() == h.copy().keys()
    assert h.items() == h.copy().items()
    with pytest.raises(TypeError, match="unhashable"):
        h.keys() | []


def test_items_with_values_that_no_set_takes_are_compared() -> None:
    h = HashTable(items={"a": [1], "b": {}})
    assert ("a", [1]) in h.items()
    assert ("a", [2]) not in h.items()
    assert h.items() == HashTable(hash_func=zero, items={"b": {}, "a": [1]}).items()
    assert h.items() == {"a": [1], "b": {}}.items()
    assert h.items() != {"a": [1], "b": {1: 2}}.items()
    assert h.items() <= {"a": [1], "b": {}, "c": 1}.items()
    assert h.items().isdisjoint([("a", [2])])
    with pytest.raises(TypeError, match="unhashable"):
        h.items() | set()


def test_a_test_of_membership_hashes_once_and_compares_values() -> None:
    class Value:
        def __eq__(self, other: object) -> bool:
            if isinstance(other, Value):
                raise UsersError
            return other == "same"

        __hash__ = None  # type: ignore[assignment]

    calls = []

    def counting(key: object) -> int:
        calls.append(key)
        return hash(key)

    value = Value()
    h = HashTable(hash_func=counting, items={"a": value})
    calls.clear()
    assert ("a", "same") in h.items()
    assert ("a", "other") not in h.items()
    # Identity comes first.
    assert ("a", value) in h.items()
    with pytest.raises(UsersError):
        _ = ("a", Value()) in h.items()
    assert calls == ["a"] * 4
    assert "a" in h.keys()  # noqa: SIM118
    assert calls == ["a"] * 5
    assert list(h.values()) == [value]
    assert calls == ["a"] * 5


def test_what_a_hash_function_raises_comes_out_of_a_view() -> None:
    def picky(key: object) -> int:
        if key == "bad":
            raise UsersError
        return 0

    h = HashTable(hash_func=picky, items={"a": 1})
    for operation in (
        lambda: "bad" in h.keys(),  # noqa: SIM118
        lambda: ("bad", 1) in h.items(),
        lambda: h.keys() == {"bad"},
        lambda: h.keys() >= {"bad"},
        lambda: h.keys().isdisjoint(["bad"]),
        lambda: h.items().isdisjoint([("bad", 1)]),
    ):
        with pytest.raises(UsersError):
            operation()
    assert h.keys() == {"a"}


def test_another_set_is_asked_as_a_set() -> None:
    class Letters(collections.abc.Set):
        def __contains__(self, thing: object) -> bool:
            return thing in ("a", "b")

        def __iter__(self) -> Any:
            return iter("ab")

        def __len__(self) -> int:
            return 2

    keys = HashTable(items={"a": 1, "b": 2}).keys()
    assert keys == Letters()
    assert operator.eq(Letters(), keys)
    assert keys <= Letters() <= keys
    assert not keys < Letters()
    assert not keys.isdisjoint(Letters())
    assert keys & Letters() == {"a", "b"}


# What changes while it is looked at


@every_view
def test_a_view_of_a_table_that_changes_under_an_iterator_says_so(view: str) -> None:
    h = HashTable(items={"a": 1, "b": 2})
    ours = getattr(h, view)()
    iterator = iter(ours)
    next(iterator)
    h["c"] = 3
    with pytest.raises(RuntimeError, match="HashTable changed size during iteration"):
        next(iterator)
    assert len(list(ours)) == 3


def test_a_comparison_that_changes_the_table_ends() -> None:
    class Value:
        def __eq__(self, other: object) -> bool:
            h[len(h)] = 1
            return True

        __hash__ = None  # type: ignore[assignment]

    h = HashTable(items={"a": Value(), "b": Value()})
    with pytest.raises(RuntimeError, match="changed"):
        _ = h.items() <= {"a": 1, "b": 2, "c": 3, "d": 4}.items()
    h = HashTable(items={"a": Value()})
    assert ("a", 1) in h.items()
    assert len(h) == 2


def test_a_value_that_is_replaced_while_it_is_compared_is_kept_alive() -> None:
    class Value:
        def __eq__(self, other: object) -> bool:
            h["a"] = "new"
            gc.collect()
            return self.name == "old"

        __hash__ = None  # type: ignore[assignment]

        name = "old"

    h = HashTable(items={"a": Value()})
    assert ("a", 1) in h.items()
    assert h["a"] == "new"


# Cycles

CYCLES: dict[str, Callable[[HashTable], object]] = {
    "a view of itself": lambda h: [h.keys(), h.values(), h.items()],
    "an iterator of itself": lambda h: [iter(h), iter(h.items()), reversed(h)],
    "an iterator that has begun": lambda h: [next(i := iter(h.values())), i],
    "an iterator that has ended": lambda h: [list(i := iter(h.values())), i],
    "a proxy of a view": lambda h: h.keys().mapping,
    "a method": lambda h: [h.get, h.keys().isdisjoint],
    "a view that its hash function keeps": lambda h: h.__init__(hash_func=functools.partial(max, h.items())),
}


@pytest.mark.parametrize("cycle", CYCLES)
def test_a_table_that_holds_what_holds_it_is_collected(cycle: str) -> None:
    h = HashTable(items={"first": 1})
    gone = weakref.ref(h)
    cycles = CYCLES[cycle](h)
    if h.hash_func is hash:
        h["cycle"] = cycles
    del cycles
    gc.collect()
    assert gone() is h
    del h
    gc.collect()
    assert gone() is None


def test_the_collector_is_shown_the_table_of_a_view_and_of_an_iterator() -> None:
    h = HashTable()
    for thing in (h.keys(), h.values(), h.items(), iter(h), reversed(h), iter(h.items())):
        assert gc.is_tracked(thing)
        assert gc.get_referents(thing) == [h]


def test_names_and_places_of_views() -> None:
    h = HashTable()
    for view in VIEWS:
        kind = type(getattr(h, view)())
        assert (kind.__module__, kind.__name__) == ("hashtable", f"hashtable_{view}")
        assert isinstance(getattr(h, view)(), collections.abc.MappingView)
