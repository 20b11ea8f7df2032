"""What a table does, as a Python program sees it."""

from __future__ import annotations

import enum
import gc
import inspect
import random
import re
import sys
import threading
import weakref
from fractions import Fraction
from pathlib import Path
from typing import Any, Callable

import hashtable
import pytest
from hashtable import HashTable
from support import Watch, in_child, in_child_with_plain_malloc

ROOT = Path(__file__).resolve().parents[2]


def identity(key: Any) -> Any:
    return key


def zero(key: object) -> int:
    return 0


class Named:
    """A key with an equality in Python: equal if the names are. `asked` is who was asked, in order."""

    asked: list[str]

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        Named.asked.append(self.name)
        return isinstance(other, Named) and self.name == other.name

    __hash__ = None  # type: ignore[assignment]


# Making one


def test_the_defaults_are_4_bins_half_full_and_the_builtin_hash() -> None:
    h = HashTable()
    assert (h.size, h.load, h.max_load) == (4, 0, 0.5)
    assert h.hash_func is hash


@pytest.mark.parametrize(
    "h",
    [
        HashTable(7, 0.25, len),
        HashTable(7, 0.25, hash_func=len),
        HashTable(hash_func=len, max_load=0.25, size=7),
    ],
)
def test_parameters_are_given_by_position_or_by_name(h: HashTable) -> None:
    assert (h.size, h.load, h.max_load) == (7, 0, 0.25)
    assert h.hash_func is len


def test_the_builtin_hash_may_be_named() -> None:
    assert HashTable(hash_func=hash).hash_func is hash


def test_any_callable_is_a_hash_function() -> None:
    class Callable_:  # noqa: N801
        def __call__(self, key: object) -> int:
            return 2

    for hash_func in (Callable_(), "abc".find, int, lambda key: 2):
        h = HashTable(hash_func=hash_func)
        assert h.hash_func is hash_func


# Setting, getting, popping


def test_set_returns_none_and_get_returns_the_value() -> None:
    h = HashTable()
    assert h.set("key", "value") is None
    assert h.get("key") == "value"
    assert h.load == 1


def test_get_of_a_missing_key_is_none_or_the_default() -> None:
    h = HashTable()
    default = object()
    assert h.get("missing") is None
    assert h.get("missing", default) is default
    h.set("key", None)
    assert h.get("key", default) is None


def test_pop_returns_the_value_and_removes_the_key() -> None:
    h = HashTable()
    value = object()
    h.set("key", value)
    assert h.pop("key", "default") is value
    assert h.load == 0
    assert h.get("key") is None
    assert h.pop("key", "default") == "default"


def test_a_key_error_holds_the_key() -> None:
    h = HashTable()
    for key in ("key", (), (1, 2), None):
        with pytest.raises(KeyError) as caught:
            h.pop(key)
        assert caught.value.args == (key,)


def test_a_thousand_keys_come_and_go_in_any_order() -> None:
    keys: list[object] = [*range(-300, 300), *(f"key {n}" for n in range(200)), *((n, n) for n in range(200))]
    order = random.Random(0)
    h = HashTable()
    order.shuffle(keys)
    for key in keys:
        h.set(key, [key])
    assert h.load == 1000
    order.shuffle(keys)
    for left, key in zip(range(999, -1, -1), keys):
        assert h.get(key) == [key]
        assert h.pop(key) == [key]
        assert h.get(key) is None
        assert h.load == left
    assert h.picture() == "\n".join(["[]"] * h.size)


# The picture


@pytest.mark.parametrize(
    ("size", "hash_func", "keys", "picture"),
    [
        (4, hash, [], "[]\n[]\n[]\n[]"),
        (1, identity, [7, -7, 0], "[]***"),
        # 0, 4 and -4 are multiples of 4; 5 is 1 more than one, -1 is 3 more.
        (4, identity, [0, 4, 5, -1, -4], "[]***\n[]*\n[]\n[]*"),
        # -7 = -3 * 3 + 2, -1 = -1 * 3 + 2, 10 = 3 * 3 + 1.
        (3, identity, [-7, -1, -3, 10], "[]*\n[]*\n[]**"),
        # -11 = -2 * 7 + 3, -2 = -1 * 7 + 5, 100 = 14 * 7 + 2.
        (7, identity, [-11, -2, 100], "[]\n[]\n[]*\n[]*\n[]\n[]*\n[]"),
        (5, len, ["a", "bb", "cc", "dddddd"], "[]\n[]**\n[]**\n[]\n[]"),
        # The builtin hash of -1 is -2, that of a small int itself.
        (4, hash, [-1, 1], "[]\n[]*\n[]*\n[]"),
        # 2**63 - 1 = 7 modulo 8 and 2 * 3 + 1 modulo 6; -(2**63) = 0 and -2**63 = 4.
        (8, identity, [2**63 - 1, -(2**63)], "[]*\n[]\n[]\n[]\n[]\n[]\n[]\n[]*"),
        (6, identity, [2**63 - 1, -(2**63)], "[]\n[]*\n[]\n[]\n[]*\n[]"),
        (3, zero, "abcdefghij", "[]**********\n[]\n[]"),
    ],
)
def test_the_picture_has_a_line_for_each_bin_and_a_star_for_each_entry(
    size: int, hash_func: Callable[[Any], int], keys: list[Any], picture: str
) -> None:
    h = HashTable(size, None, hash_func)
    for key in keys:
        h.set(key, None)
    assert repr(h) == str(h) == picture


def test_the_picture_after_a_resize() -> None:
    h = HashTable(2, 1.0, identity)
    for key in (0, 2):
        h.set(key, None)
    assert repr(h) == "[]**\n[]"
    # 3 of 2 is too much: 4 bins, and 2 leaves the chain of 0.
    h.set(4, None)
    assert repr(h) == "[]**\n[]\n[]*\n[]"
    h.pop(0)
    assert repr(h) == "[]*\n[]\n[]*\n[]"


# Resizing


@pytest.mark.parametrize(
    ("size", "max_load", "sizes"),
    [
        (4, 0.5, [4, 4, 8, 8, 16, 16, 16, 16, 32]),
        (4, 0.75, [4, 4, 4, 8, 8, 8, 16, 16, 16, 16, 16, 16, 32]),
        (4, 1.0, [4, 4, 4, 4, 8, 8, 8, 8, 16]),
        (4, None, [4] * 20),
        (1, 0.5, [2, 4, 8, 8, 16]),
        (3, 0.5, [3, 6, 6, 12, 12, 12, 24]),
        # One entry in ten bins takes two doublings at once, from the first on.
        (4, 0.1, [16, 32, 32, 64]),
        (5, 0.2, [5, 10, 20, 20, 40]),
        (100, 0.01, [100, 200, 400]),
    ],
)
def test_the_bins_double_until_the_new_load_is_allowed(
    size: int, max_load: float | None, sizes: list[int]
) -> None:
    h = HashTable(size, max_load)
    seen = []
    for key in range(len(sizes)):
        h.set(key, key)
        seen.append(h.size)
    assert seen == sizes
    assert all(h.get(key) == key for key in range(len(sizes)))


def test_replacing_a_value_never_resizes() -> None:
    h = HashTable(4, 0.5)
    h.set("a", 1)
    h.set("b", 2)
    for value in range(100):
        h.set("b", value)
    assert (h.size, h.load, h.get("b")) == (4, 2, 99)


def test_removal_never_shrinks() -> None:
    h = HashTable()
    for key in range(100):
        h.set(key, key)
    assert h.size == 256
    for key in range(100):
        h.pop(key)
    assert (h.size, h.load) == (256, 0)


def test_a_failed_get_or_pop_never_resizes() -> None:
    h = HashTable(2, 0.5)
    h.set("a", 1)
    for _ in range(10):
        h.get("b")
        h.pop("b", None)
    assert h.size == 2


def test_a_resize_keeps_the_order_in_a_chain_and_compares_nothing() -> None:
    h = HashTable(1, None, zero)
    growing = HashTable(1, 1.0, zero)
    for name in "abcdef":
        h.set(Named(name), name)
        Named.asked = []
        growing.set(Named(name), name)
        # Only the chain is asked, from its tail on, once each, though the bins doubled on the way.
        assert Named.asked[::-1] == list("abcdef"[: growing.load - 1])
    assert (h.size, growing.size) == (1, 8)
    for table in (h, growing):
        Named.asked = []
        assert table.get(Named("missing")) is None
        assert Named.asked[::-1] == list("abcdef")
        table.pop(Named("c"))
        table.set(Named("e"), "another")
        table.set(Named("c"), "again")
        Named.asked = []
        assert table.get(Named("missing")) is None
        assert Named.asked[::-1] == list("abdefc")


def test_the_hash_function_is_called_once_for_each_operation_and_never_for_a_resize() -> None:
    calls = []

    def counting(key: object) -> int:
        calls.append(key)
        return hash(key)

    def called(operation: Callable[..., object], *arguments: object) -> list[object]:
        calls.clear()
        operation(*arguments)
        return list(calls)

    h = HashTable(1, 0.5, counting)
    assert calls == []
    for key in range(100):
        assert called(h.set, key, key) == [key]
    assert h.size == 256
    assert called(h.set, 7, "replaced") == [7]
    assert called(h.get, 7) == [7]
    assert called(h.get, "missing") == ["missing"]
    assert called(h.pop, 7) == [7]
    assert called(h.pop, 7, None) == [7]
    assert called(repr, h) == []


# Keys


def test_keys_of_different_kinds_are_different_keys() -> None:
    h = HashTable(hash_func=zero)
    keys = [1, 1.0, "1", b"1", (1,), Fraction(1), frozenset({1}), None]
    for number, key in enumerate(keys):
        h.set(key, number)
    assert h.load == len(keys)
    for number, key in enumerate(keys):
        assert h.get(key) == number


def test_keys_of_different_kinds_are_different_with_the_builtin_hash_too() -> None:
    h = HashTable()
    h.set(1, "int")
    h.set(1.0, "float")
    assert (h.load, h.get(1), h.get(1.0)) == (2, "int", "float")


class Int(int):
    pass


class Float(float):
    pass


class Str(str):
    __slots__ = ("__weakref__",)


class Number(enum.IntEnum):
    ONE = 1


class Text(str, enum.Enum):
    ONE = "1"


@pytest.mark.parametrize(
    ("key", "same"), [(1, True), (0, False), (1, Int(1)), (1, Number.ONE), (1.5, Float(1.5))]
)
def test_a_subclass_has_the_kind_of_its_base(key: object, same: object) -> None:
    for first, second in ((key, same), (same, key)):
        h = HashTable()
        h.set(first, "first")
        assert h.get(second) == "first"
        h.set(second, "second")
        assert (h.load, h.get(first)) == (1, "second")
        assert h.pop(second) == "second"
        assert h.load == 0


def test_a_subclass_of_str_is_a_string() -> None:
    h = HashTable()
    h.set("1", "first")
    assert h.get(Str("1")) == "first"
    h.set(Text.ONE, "second")
    assert (h.load, h.get("1"), h.get(1)) == (1, "second", None)


def test_the_first_of_two_equal_keys_stays() -> None:
    h = HashTable()
    first, second = Str("key"), Str("key")
    refs = weakref.ref(first), weakref.ref(second)
    h.set(first, 1)
    with Watch(first=first, second=second) as watch:
        h.set(second, 2)
        assert watch.changes() == {}
    del first, second
    assert refs[0]() == "key"
    assert refs[1]() is None
    assert (h.load, h.get("key")) == (1, 2)
    h.pop("key")
    assert refs[0]() is None


def test_nan_is_found_and_removed_by_itself_and_by_no_other() -> None:
    h = HashTable(hash_func=zero)
    nan, other = float("nan"), float("nan")
    h.set(nan, "nan")
    assert h.get(nan) == "nan"
    assert h.get(other) is None
    h.set(nan, "replaced")
    h.set(other, "other")
    assert (h.load, h.get(nan), h.get(other)) == (2, "replaced", "other")
    assert h.pop(nan) == "replaced"
    assert (h.load, h.get(nan), h.get(other)) == (1, None, "other")


def test_zero_and_minus_zero_are_one_key() -> None:
    h = HashTable()
    h.set(0.0, "zero")
    assert h.get(-0.0) == "zero"
    h.set(-0.0, "minus zero")
    assert (h.load, h.get(0.0)) == (1, "minus zero")


def test_wide_ints_are_compared_in_full() -> None:
    h = HashTable(hash_func=zero)
    keys = [2**64, 2**64 + 1, -(2**64), 2**63, 2**63 - 1, -(2**63), -(2**63) - 1, 2**200, 0]
    for key in keys:
        h.set(key, key)
    assert h.load == len(keys)
    for key in keys:
        # An object of its own.
        assert h.get(int(str(key))) == key
    assert h.get(2**64 + 2) is None


@pytest.mark.parametrize("key", [[], {}, set(), bytearray()])
def test_the_builtin_hash_refuses_what_it_cannot_hash(key: object) -> None:
    h = HashTable()
    for operation in (lambda: h.set(key, 1), lambda: h.get(key), lambda: h.pop(key, None)):
        with pytest.raises(TypeError, match=f"unhashable type: '{type(key).__name__}'"):
            operation()
    assert h.load == 0


def test_another_hash_function_may_accept_it() -> None:
    h = HashTable(hash_func=len)
    h.set([1, 2], "a list")
    h.set({1: 2}, "a dict")
    assert h.get([1, 2]) == "a list"
    assert h.get([2, 1]) is None
    assert h.get({1: 2}) == "a dict"
    assert h.pop([1, 2]) == "a list"
    assert h.load == 1


def test_an_equality_may_answer_with_any_truth_value() -> None:
    class Key:
        def __init__(self, answer: object) -> None:
            self.answer = answer

        def __eq__(self, other: object) -> Any:
            return self.answer

        __hash__ = object.__hash__

    h = HashTable(hash_func=zero)
    h.set(Key("yes"), "value")
    assert h.get(Key(None)) == "value"
    h = HashTable(hash_func=zero)
    h.set(Key([]), "value")
    assert h.get(Key(None)) is None
    h = HashTable(hash_func=zero)
    h.set(Key(NotImplemented), "value")
    assert h.get(Key(NotImplemented)) is None


# The type and the module


def test_everything_is_documented_and_has_a_signature() -> None:
    documented = [hashtable, HashTable, HashTable.set, HashTable.get, HashTable.pop]
    documented += [HashTable.size, HashTable.load, HashTable.max_load, HashTable.hash_func]
    for thing in documented:
        assert thing.__doc__
    assert list(inspect.signature(HashTable).parameters) == ["size", "max_load", "hash_func", "items"]
    assert str(inspect.signature(HashTable.set)) == "(self, key, value, /)"
    assert str(inspect.signature(HashTable.get)) == "(self, key, default=None, /)"


def test_names_and_places() -> None:
    assert HashTable.__module__ == "hashtable"
    assert HashTable.__name__ == HashTable.__qualname__ == "HashTable"
    assert HashTable().set.__name__ == "set"


@pytest.mark.parametrize("file", ["pyproject.toml", "Cargo.toml"])
def test_there_is_one_version(file: str) -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / file).read_text(), re.MULTILINE)
    assert version is not None
    assert hashtable.__version__ == version[1]


@in_child
def test_a_subclass_is_a_table_with_more() -> None:
    class Counter(HashTable):
        def __init__(self, colour: str, **parameters: Any) -> None:
            super().__init__(**parameters)
            self.colour = colour

        def add(self, key: object) -> None:
            self.set(key, self.get(key, 0) + 1)

        def get(self, key: object, default: object = None) -> Any:
            return super().get(key, default)

    h = Counter("green", size=2, hash_func=len)
    for word in ("a", "bb", "a", "cc", "a", "bb"):
        h.add(word)
    assert (h.colour, h.size, h.load, h.hash_func) == ("green", 8, 3, len)
    assert (h.get("a"), h.get("bb"), h.get("cc"), h.get("dd")) == (3, 2, 1, None)
    assert isinstance(h, HashTable)
    gone = weakref.ref(h)
    del h
    assert gone() is None


@in_child
def test_a_table_can_be_referred_to_weakly() -> None:
    h = HashTable()
    gone = []
    ref = weakref.ref(h, gone.append)
    assert ref() is h
    del h
    assert ref() is None
    assert gone == [ref]


# Size and depth


@in_child_with_plain_malloc
def test_a_table_of_many_bins_costs_what_is_put_into_it() -> None:
    resource = pytest.importorskip("resource")

    def megabytes() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    before = megabytes()
    h = HashTable(2**27, None, identity)
    h.set(5, "value")
    assert h.get(5) == "value"
    assert megabytes() - before < 100, "made"
    del h
    assert megabytes() - before < 100, "freed"


class Sub(HashTable):
    pass


NESTS: dict[str, Callable[[Any], Any]] = {
    "tables": lambda inner: table_with(HashTable(1, None), inner),
    "tables and lists": lambda inner: [table_with(HashTable(1, None), [inner])],
    "tables and tuples": lambda inner: (table_with(HashTable(1, None), inner),),
    "instances of a subclass": lambda inner: table_with(Sub(1, None), inner),
    "instances of a subclass and tables": lambda inner: table_with(
        Sub(1, None), table_with(HashTable(1), inner)
    ),
    "hash functions": lambda inner: HashTable(1, None, HashTableMethod(inner)),
    "keys": lambda inner: key_in(HashTable(1, None, zero), inner),
}


class HashTableMethod:
    """A callable that holds an object."""

    __slots__ = ("held",)

    def __init__(self, held: object) -> None:
        self.held = held

    def __call__(self, key: object) -> int:
        return 0


def table_with(h: HashTable, value: object) -> HashTable:
    h.set("inner", value)
    return h


def key_in(h: HashTable, key: object) -> HashTable:
    h.set(key, None)
    return h


@in_child
@pytest.mark.parametrize("thread", [False, True], ids=["main thread", "small stack"])
@pytest.mark.parametrize("nest", NESTS)
def test_200_000_nested_tables_are_freed(nest: str, thread: bool) -> None:
    gc.disable()
    value = alive = HashTable()
    for _ in range(200_000):
        value = NESTS[nest](value)
    ref = weakref.ref(alive)
    holder = [value]
    del value, alive
    assert ref() is not None
    if thread:
        # With less, not even lists in lists are freed on a debug Python from 3.14: it puts that off.
        debug = hasattr(sys, "gettotalrefcount") and sys.version_info >= (3, 14)
        threading.stack_size((256 if debug else 128) * 1024)
        freeing = threading.Thread(target=holder.clear)
        freeing.start()
        freeing.join()
    else:
        holder.clear()
    assert ref() is None


@in_child
def test_nested_instances_of_a_class_keep_it_until_the_last_of_them_is_freed() -> None:
    class Local(HashTable):
        pass

    class Collecting:
        def __del__(self) -> None:
            gc.collect()

    value: object = None
    for _ in range(200):
        value = table_with(Local(1, None), value)
        value.set("collecting", Collecting())
    # Nothing but the instances refers to the class any more, and the outermost table is none of them.
    outermost = table_with(HashTable(), value)
    gone = weakref.ref(Local)
    del Local, value
    gc.collect()
    assert gone() is not None
    del outermost
    gc.collect()
    assert gone() is None
