"""Pickle, copy.copy, copy.deepcopy: what comes back, and what is in between."""

from __future__ import annotations

import copy
import os
import pickle
import pickletools
import zlib
from typing import Any, Callable

import pytest
from hashtable import HashTable, Stats
from support import UsersError, in_child, limit_memory, run_child

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
every_protocol = pytest.mark.parametrize("protocol", PROTOCOLS)

# Every way to make another of a table. The pickler in Python goes other ways than the one in C.
WAYS: dict[str, Callable[[Any], Any]] = {
    **{f"protocol {n}": lambda h, n=n: pickle.loads(pickle.dumps(h, n)) for n in PROTOCOLS},
    **{f"protocol {n} in Python": lambda h, n=n: pickle._loads(pickle._dumps(h, n)) for n in PROTOCOLS},  # type: ignore[attr-defined]
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}
every_way = pytest.mark.parametrize("way", WAYS)
DEEP = [way for way in WAYS if way != "copy"]
every_deep_way = pytest.mark.parametrize("way", DEEP)


class Key:
    """A key that can hold anything, and whose hash needs nothing of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.held: Any = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key)

    def __hash__(self) -> int:
        return 5


class Sub(HashTable):
    """A subclass with nothing of its own."""


class WithDict(HashTable):
    """One with attributes, and a constructor of its own."""

    def __init__(self, colour: str, *, taste: str) -> None:
        super().__init__(2, 1.0, zlib.crc32)
        self.colour, self.taste = colour, taste


class WithSlots(HashTable):
    """One with slots, one of them private and one without a value."""

    __slots__ = ("__private", "colour", "empty")

    def __init__(self, colour: str) -> None:
        super().__init__(2, 1.0)
        self.colour = colour
        self.__private = colour.upper()

    def private(self) -> str:
        return self.__private


class WithBoth(WithSlots):
    """One with both."""


class WithState(HashTable):
    """One that says itself what its state is."""

    colour = "none"

    def __getstate__(self) -> object:
        return ["state", self.colour]

    def __setstate__(self, state: Any) -> None:
        self.restored = state


class WithReduce(HashTable):
    """One that says itself how to make another."""

    def __reduce__(self) -> Any:
        return WithReduce.make, (sorted(self.items()),)

    @staticmethod
    def make(pairs: Any) -> WithReduce:
        h = WithReduce(items=pairs)
        h.set("made", "here")
        return h


class WithReduceEx(HashTable):
    """The same, asked for the protocol."""

    def __reduce_ex__(self, protocol: Any) -> Any:
        return WithReduceEx, (1, None)


class WithMethod(HashTable):
    """One that can be a hash function of its own."""

    def method(self, key: object) -> int:
        return 0


class WithSetItem(HashTable):
    """One that changes what comes in."""

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value + 1)


class Callable_:  # noqa: N801
    """A hash function that is an object."""

    def __init__(self, factor: int) -> None:
        self.factor = factor

    def __call__(self, key: Any) -> int:
        return self.factor * len(key)

    def method(self, key: Any) -> int:
        return -self.factor * len(key)


def by_length(key: Any) -> int:
    return len(key)


def parameters(h: HashTable) -> tuple[object, ...]:
    return type(h), h.size, h.max_load, h.hash_func


def look(h: HashTable) -> tuple[object, ...]:
    """All of a table but what its keys and values are."""
    return (*parameters(h), h.bins(), list(h.items()))


# What comes back


@every_way
@pytest.mark.parametrize("kind", [HashTable, Sub])
@pytest.mark.parametrize(
    ("size", "max_load", "hash_func"),
    [
        (4, 0.5, hash),
        (1, None, hash),
        (3, 1.0, by_length),
        (100, 0.25, zlib.crc32),
        (7, 0.3, len),
        (5, 1e-3, len),
    ],
)
def test_everything_comes_back(
    way: str, kind: Any, size: int, max_load: float | None, hash_func: Any
) -> None:
    h = kind(size, max_load, hash_func)
    for number in range(20):
        h[b"key" * number] = [number]
    for number in range(0, 20, 3):
        del h[b"key" * number]
    h[b"key"] = h.pop(b"keykey")
    twin = WAYS[way](h)
    assert look(twin) == look(h)
    assert twin is not h
    assert twin == h
    assert (twin[b"key"] is h[b"key"]) == (way == "copy")
    twin[b"new"] = 1
    assert b"new" not in h
    assert twin.stats().resizes == 0 or twin.size > h.size


@every_way
def test_an_empty_table_comes_back(way: str) -> None:
    h = HashTable(17, None, len)
    assert look(WAYS[way](h)) == look(h)


@every_way
def test_a_table_that_has_shrunk_keeps_its_size(way: str) -> None:
    h = HashTable(items={number: number for number in range(1000)})
    while len(h) > 1:
        h.popitem()
    assert look(WAYS[way](h)) == look(h)
    assert WAYS[way](h).size == 2048


@every_way
def test_a_full_table_does_not_grow_when_it_is_read(way: str) -> None:
    for max_load in (1.0, 0.5, 0.1, 1 / 3, 0.7, 2 / 7):
        h = HashTable(1, max_load)
        size = 0
        while size < 256:
            h[h.load] = None
            if h.size > size:
                size = h.size
                assert WAYS[way](h).size == size
            if (h.load + 1) / h.size > max_load:
                assert WAYS[way](h).size == size


@every_way
def test_keys_of_every_kind_come_back(way: str) -> None:
    nan = float("nan")
    keys = [1, 1.0, "1", b"1", (1,), None, frozenset({1}), 2**100, -(2**63), "\ud800", "", nan, True + 1, ...]
    h = HashTable(items=[(key, number) for number, key in enumerate(keys)])
    twin = WAYS[way](h)
    assert len(twin) == len(keys)
    assert list(map(type, twin)) == list(map(type, keys))
    for number, (key, same) in enumerate(zip(keys, twin)):
        assert twin[same] == number
        assert key != key or twin[key] == number


@every_way
def test_the_builtin_hash_comes_back_as_itself(way: str) -> None:
    assert WAYS[way](HashTable()).hash_func is hash
    assert WAYS[way](HashTable(hash_func=hash)).hash_func is hash


@every_deep_way
def test_a_hash_function_that_is_an_object_comes_back_with_its_table(way: str) -> None:
    for hash_func in (Callable_(3), Callable_(3).method):
        h = HashTable(hash_func=hash_func, items={"a": 1, "bb": 2})
        twin = WAYS[way](h)
        assert twin.hash_func is not hash_func
        assert twin.bins() == h.bins()
        assert twin["bb"] == 2


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_lambda_is_pickles_own_affair(protocol: int) -> None:
    h = HashTable(hash_func=lambda key: 5, items={"a": 1})
    for dumps in (pickle.dumps, pickle._dumps):  # type: ignore[attr-defined]
        with pytest.raises((pickle.PicklingError, AttributeError), match="lambda") as caught:
            dumps(h, protocol)
        with pytest.raises((pickle.PicklingError, AttributeError)) as expected:
            dumps(h.hash_func, protocol)
        assert (type(caught.value), caught.value.args) == (type(expected.value), expected.value.args)
    for make in (copy.copy, copy.deepcopy):
        assert look(make(h)) == look(h)


def test_a_copy_is_shallow_and_a_deep_copy_is_deep() -> None:
    key, value = Key("key"), [[]]
    h = HashTable(items=[(key, value)])
    shallow, deep = copy.copy(h), copy.deepcopy(h)
    assert next(iter(shallow)) is key
    assert shallow[key] is value
    (deep_key,) = deep
    assert deep_key is not key
    assert deep_key.name == "key"
    assert deep[key] == value
    assert deep[key] is not value
    assert deep[key][0] is not value[0]


def test_a_deep_copy_copies_nothing_twice() -> None:
    shared: list[object] = []
    h = HashTable(items={"a": shared, "b": shared})
    deep = copy.deepcopy([h, h, shared])
    assert deep[0] is deep[1]
    assert deep[0]["a"] is deep[0]["b"] is deep[2]
    assert deep[2] is not shared


# Subclasses


@every_way
def test_a_subclass_comes_back_with_its_attributes_and_without_its_constructor(way: str) -> None:
    h = WithDict("green", taste="sweet")
    h[b"key"] = 1
    h.more = [1]
    twin = WAYS[way](h)
    assert look(twin) == look(h)
    assert vars(twin) == vars(h)
    assert vars(twin) is not vars(h)


@every_way
@pytest.mark.parametrize("kind", [WithSlots, WithBoth])
def test_a_subclass_comes_back_with_its_slots(way: str, kind: Any) -> None:
    h = kind("green")
    h["key"] = 1
    if kind is WithBoth:
        h.more = [1]
    twin = WAYS[way](h)
    assert look(twin) == look(h)
    assert (twin.colour, twin.private()) == ("green", "GREEN")
    assert not hasattr(twin, "empty")
    assert getattr(twin, "more", None) == getattr(h, "more", None)


@every_way
def test_a_subclass_may_say_what_its_state_is(way: str) -> None:
    h = WithState(items={"key": 1})
    h.colour = "green"
    twin = WAYS[way](h)
    assert twin.restored == ["state", "green"]
    assert twin.colour == "none"
    assert dict(twin) == {"key": 1}


@every_way
def test_a_subclass_may_say_how_it_is_made(way: str) -> None:
    h = WithReduce(8, items={"key": 1})
    twin = WAYS[way](h)
    assert type(twin) is WithReduce
    assert (twin.size, dict(twin)) == (4, {"key": 1, "made": "here"})
    twin = WAYS[way](WithReduceEx(8, items={"key": 1}))
    assert (type(twin), twin.size, twin.max_load, len(twin)) == (WithReduceEx, 1, None, 0)


@every_way
def test_an_overridden_setitem_is_used_as_it_is_for_a_dict(way: str) -> None:
    h = WithSetItem()
    h["key"] = 1
    assert h["key"] == 2
    assert WAYS[way](h)["key"] == 3


def test_a_class_that_cannot_be_found_is_pickles_own_affair() -> None:
    class Local(HashTable):
        pass

    with pytest.raises((pickle.PicklingError, AttributeError), match="Local"):
        pickle.dumps(Local())
    assert type(copy.deepcopy(Local())) is Local


# What holds itself


@every_deep_way
def test_a_table_in_itself_comes_back_in_itself(way: str) -> None:
    h = HashTable(1, None)
    h["self"] = h
    h["list"] = [h, {"h": h}, (h,)]
    twin = WAYS[way](h)
    assert twin["self"] is twin
    assert twin["list"][0] is twin["list"][1]["h"] is twin["list"][2][0] is twin
    assert parameters(twin) == parameters(h)
    assert list(twin) == ["self", "list"]


@every_deep_way
def test_a_table_in_a_key_of_its_own_comes_back(way: str) -> None:
    h, key = HashTable(), Key("key")
    key.held = h
    h[key] = "value"
    twin = WAYS[way](h)
    (twin_key,) = twin
    assert twin_key is not key
    assert twin_key.held is twin
    assert twin[key] == "value"


@every_deep_way
def test_a_table_in_its_own_attributes_comes_back(way: str) -> None:
    h = WithDict("green", taste="sweet")
    h.itself = h
    h[b"key"] = [h]
    twin = WAYS[way](h)
    assert twin.itself is twin
    assert twin[b"key"][0] is twin


@every_deep_way
def test_two_tables_in_one_another_come_back(way: str) -> None:
    h, other = HashTable(), Sub()
    h["other"], other["h"] = other, h
    twin = WAYS[way](h)
    assert twin["other"]["h"] is twin
    assert type(twin["other"]) is Sub


def test_a_shallow_copy_of_a_table_in_itself_holds_the_first() -> None:
    h = HashTable()
    h["self"] = h
    assert copy.copy(h)["self"] is h


@in_child
def test_a_hash_function_that_needs_its_own_table_is_a_recursion_error() -> None:
    h = WithMethod()
    h.__init__(hash_func=h.method)  # type: ignore[misc]
    for way in DEEP:
        with pytest.raises(RecursionError):
            WAYS[way](h)


# What is in a pickle


@every_protocol
def test_a_pickle_holds_parameters_and_items_and_no_hashes(protocol: int) -> None:
    h = HashTable(6, 0.75, items={"first": "one", "second": "two"})
    operations = list(pickletools.genops(pickle.dumps(h, protocol)))
    arguments = [argument for _, argument, _ in operations if argument is not None]
    texts = [text.replace("__builtin__", "builtins") for text in map(str, arguments)]
    words = " ".join(texts).split()
    for word in ("hashtable", "_restore", "HashTable", "builtins", "hash", "first", "one", "second", "two"):
        assert word in words
    numbers = [argument for argument in arguments if type(argument) is int and argument > 6]
    for key in h:
        assert hash(key) not in numbers
    assert {n for n in numbers if n > 1000} == set()


@every_protocol
@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_another_process_finds_every_key(protocol: int, seed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    h = HashTable(5, 0.9, items={f"key {number}": number for number in range(200)})
    pickled = pickle.dumps(h, protocol)
    with monkeypatch.context() as patch:
        patch.setitem(os.environ, "PYTHONHASHSEED", seed)
        child = run_child(
            f"""
import pickle
h = pickle.loads({pickled!r})
assert (h.size, h.load, h.max_load) == {(h.size, h.load, h.max_load)}
assert h.hash_func is hash
assert list(h.items()) == [(f"key {{number}}", number) for number in range(200)]
assert all(h[f"key {{number}}"] == number for number in range(200))
assert all(f"key {{number}}" in h.bins()[h.bin_of(f"key {{number}}")] for number in range(200))
print(hash("key"))
"""
        )
    assert child.returncode == 0, child.stderr
    if seed == "random":
        # For sure: there the strings have other hashes.
        assert int(child.stdout) != hash("key")


def test_a_copy_calls_the_hash_function_once_for_each_key() -> None:
    calls = []

    def counting(key: object) -> int:
        calls.append(key)
        return 0

    h = HashTable(hash_func=counting, items={"a": 1, "b": 2})
    calls.clear()
    copy.copy(h)
    assert sorted(calls) in ([], ["a", "b"])
    calls.clear()
    pickled_items = h.__reduce_ex__(2)[-1]
    assert calls == []
    assert list(pickled_items) == [("a", 1), ("b", 2)]


@every_way
def test_what_a_hash_function_raises_comes_out(way: str) -> None:
    h = HashTable(hash_func=RAISING, items={"a": 1})
    RAISING.now = True
    try:
        with pytest.raises(UsersError):
            WAYS[way](h)
    finally:
        RAISING.now = False


class Raising:
    """A hash function that may raise, and is the same for ever."""

    now = False

    def __call__(self, key: object) -> int:
        if self.now:
            raise UsersError
        return 0

    def __reduce__(self) -> str:
        return "RAISING"

    def __copy__(self) -> Raising:
        return self

    def __deepcopy__(self, memo: object) -> Raising:
        return self


RAISING = Raising()


# A shallow copy asks no keys and no values; the pickler in Python takes a thousand items out before it does.
@pytest.mark.parametrize("way", [*(f"protocol {n}" for n in PROTOCOLS), "deepcopy"])
def test_a_table_that_changes_while_it_is_pickled_says_so(way: str) -> None:
    h = HashTable()
    h["a"] = Changing(h)
    h["b"] = 1
    with pytest.raises(RuntimeError, match="changed"):
        WAYS[way](h)


class Changing:
    """A value that changes its table when it is pickled."""

    def __init__(self, h: HashTable) -> None:
        self.h = h

    def __reduce__(self) -> Any:
        self.h[len(self.h)] = 1
        return int, ()


# What is read

CORRUPTED = [
    ("HashTable", (), TypeError),
    ("HashTable", (0, 0.5, hash), TypeError),
    ("HashTable", (-4, 0.5, hash), TypeError),
    ("HashTable", (4, 7.0, hash), TypeError),
    ("HashTable", (4, "0.5", hash), TypeError),
    ("HashTable", (4, 0.5, 5), TypeError),
    ("HashTable", (2**62, 0.5, hash), MemoryError),
    ("HashTable", (2**100, 0.5, hash), MemoryError),
    ("HashTable", (4, 0.5), TypeError),
    ("HashTable", (4, 0.5, hash, 1), TypeError),
    ("int", (4, 0.5, hash), TypeError),
    ("object", (4, 0.5, hash), TypeError),
    ("dict", (4, 0.5, hash), TypeError),
    ("5", (4, 0.5, hash), TypeError),
    ("None", (4, 0.5, hash), TypeError),
    ("type", (4, 0.5, hash), TypeError),
    ("HashTable()", (4, 0.5, hash), TypeError),
]


@pytest.mark.parametrize(("kind", "arguments", "error"), CORRUPTED)
def test_wrong_parameters_in_a_pickle_are_exceptions(
    kind: str, arguments: Any, error: type[Exception]
) -> None:
    restore = HashTable().__reduce_ex__(2)[0]
    with pytest.raises(error):
        restore(eval(kind), *arguments)


def test_what_is_restored_is_a_table_that_works() -> None:
    restore = HashTable().__reduce_ex__(2)[0]
    h = restore(WithDict, 3, None, len)
    assert parameters(h) == (WithDict, 3, None, len)
    h["key"] = 1
    assert h.bins() == [["key"], [], []]


@in_child
@every_protocol
def test_a_corrupted_pickle_is_an_exception_or_another_table(protocol: int) -> None:
    # Whatever it becomes, it must not ask for more.
    limit_memory(2 << 30)
    h = WithSlots("green")
    h.update({"a": 1, "b": [2, h], 3: 4.0})
    pickled = pickle.dumps(h, protocol)
    read = 0
    for position in range(len(pickled)):
        for byte in {0, 255, pickled[position] ^ 1, pickled[position] ^ 64, ord("."), ord("0")}:
            wrong = pickled[:position] + bytes([byte]) + pickled[position + 1 :]
            try:
                thing = pickle.loads(wrong)
            except Exception:
                continue
            read += 1
            if isinstance(thing, HashTable) and thing.size < 1_000_000:
                assert len(thing) == len(list(thing)) == sum(map(len, thing.bins()))
    for length in range(len(pickled)):
        with pytest.raises(
            (pickle.UnpicklingError, EOFError, ValueError, UnicodeDecodeError, AttributeError)
        ):
            pickle.loads(pickled[:length])
    assert read > 0


def test_items_that_are_set_on_something_else_are_an_exception() -> None:
    # The items of a table, and the function that restores an int.
    reduced = HashTable(items={"a": 1}).__reduce_ex__(2)

    class Fake:
        def __reduce__(self) -> Any:
            return int, (), None, None, reduced[4]

    with pytest.raises(TypeError):
        pickle.loads(pickle.dumps(Fake()))


# Records


@every_way
def test_a_record_of_statistics_comes_back(way: str) -> None:
    stats = HashTable(items={"a": 1}).stats()
    twin = WAYS[way](stats)
    assert type(twin) is Stats
    assert twin == stats
    assert twin.size == 4


def test_views_are_neither_copied_nor_pickled() -> None:
    h = HashTable(items={"a": 1})
    for view in (h.keys(), h.values(), h.items()):
        for make in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="cannot pickle"):
                make(view)
