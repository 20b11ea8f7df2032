"""The fifteen defects of the 2014 program (DESIGN, section 6), by number: each test fails on what it did."""

from __future__ import annotations

import builtins
import gc
import sys
import tracemalloc
import types
import weakref
from typing import Any, Callable

import hashtable
import pytest
from hashtable import HashTable
from support import Watch, assert_leaves_nothing, fails, in_child, limit_memory


def identity(key: Any) -> Any:
    return key


# 1. A negative hash that is a multiple of `size` indexed one past the array: heap overflow.


@in_child
def test_01_key_minus_4_of_4_bins_is_in_bin_0() -> None:
    h = HashTable(4)
    h.set(-4, "here")
    assert repr(h) == "[]*\n[]\n[]\n[]"
    assert h.get(-4) == "here"
    assert h.pop(-4) == "here"


@in_child
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 12, 64, 1000])
def test_01_every_negative_hash_stays_in_the_array(size: int) -> None:
    hashes = [-size * n for n in range(1, 200)] + list(range(-3 * size, 0)) + [-(2**63), -(2**63) + 1]
    for number in hashes:
        h = HashTable(size, None, identity)
        h.set(number, "here")
        assert repr(h).split("\n")[number % size] == "[]*"
        assert h.get(number) == "here"
        assert h.pop(number) == "here"
    everything = HashTable(size, None, identity)
    for number in hashes:
        everything.set(number, number)
    assert everything.load == len(set(hashes))
    assert all(everything.get(number) == number for number in hashes)


# 2. Each default table gave back a reference to the builtins dict that it did not own: the 28th was fatal.


@in_child
def test_02_a_thousand_default_tables_take_nothing_from_builtins() -> None:
    tables = []
    # Each function has a reference to the builtins: those that an import left go with the next collection.
    gc.collect()
    with Watch(builtins=vars(builtins), hash=hash) as watch:
        for _ in range(1000):
            tables.append(HashTable())
        assert watch.changes() == {}
        for h in tables:
            h.set("key", "value")
            assert h.hash_func is hash
        assert watch.changes() == {}
        tables.clear()
        del h
        assert watch.changes() == {}


# 3. `pop` of a missing key freed NULL.


@in_child
def test_03_pop_of_a_missing_key_is_a_key_error() -> None:
    h = HashTable()
    for key in ["missing", 1, 1.5, None, (), (1, 2)]:
        with pytest.raises(KeyError) as caught:
            h.pop(key)
        assert caught.value.args == (key,)
    h.set("present", 1)
    assert h.pop("present") == 1
    with pytest.raises(KeyError, match="present"):
        h.pop("present")
    assert h.load == 0


@in_child
def test_03_pop_of_a_missing_key_returns_the_default() -> None:
    h = HashTable()
    default = object()
    assert h.pop("missing", default) is default
    assert h.pop("missing", None) is None


# 4. `__new__` without `__init__`: every use was a crash.


USES: dict[str, Callable[[Any], object]] = {
    "size": lambda h: h.size == 4,
    "load": lambda h: h.load == 0,
    "max_load": lambda h: h.max_load == 0.5,
    "hash_func": lambda h: h.hash_func is hash,
    "set": lambda h: h.set("key", "value") is None and h.get("key") == "value" and h.load == 1,
    "get": lambda h: h.get("key") is None and h.get("key", 1) == 1,
    "pop": lambda h: h.pop("key", 1) == 1,
    "repr": lambda h: repr(h) == "[]\n[]\n[]\n[]",
    "str": lambda h: str(h) == repr(h),
    "weakref": lambda h: weakref.ref(h)() is h,
    "collector": lambda h: gc.collect() >= 0 and gc.is_tracked(h),
    "init": lambda h: h.__init__(size=2) is None and h.size == 2,
    "nothing": lambda h: True,
}


class WithoutInit(HashTable):
    """A subclass that forgets to call `super().__init__`."""

    def __init__(self) -> None:
        pass


@in_child
@pytest.mark.parametrize("use", USES)
def test_04_an_object_that_only_new_has_seen_is_a_table(use: str) -> None:
    assert USES[use](HashTable.__new__(HashTable))
    assert USES[use](HashTable.__new__(HashTable, "arguments", are="init's affair"))
    if use != "init":
        assert USES[use](WithoutInit())


@in_child
def test_04_every_attribute_of_such_an_object_can_be_read() -> None:
    h = HashTable.__new__(HashTable)
    for name in dir(HashTable):
        getattr(h, name, None)


# 5. `__init__` twice leaked the table and the hash function.


@in_child
def test_05_init_again_starts_over_and_gives_everything_back() -> None:
    def old_hash(key: object) -> int:
        return 1

    h = HashTable(8, 0.75, old_hash)
    key, value = object(), object()
    with Watch(key=key, value=value) as watch:
        h.set(key, value)
        assert watch.changes() == {"key": 1, "value": 1}
        gone = weakref.ref(old_hash)
        del old_hash

        h.__init__(2, 1.0, identity)  # type: ignore[misc]

        assert gone() is None
        assert watch.changes() == {}
    assert (h.size, h.load, h.max_load, h.hash_func) == (2, 0, 1.0, identity)
    assert h.get(1) is None
    h.__init__()  # type: ignore[misc]
    assert (h.size, h.load, h.max_load, h.hash_func) == (4, 0, 0.5, hash)


def test_05_init_a_thousand_times_leaks_nothing() -> None:
    h = HashTable()

    def again() -> None:
        h.__init__(16, None, lambda key: 1)  # type: ignore[misc]
        h.set("key", ["value"])

    assert_leaves_nothing(again)


# 6. A hash result that is no int was leaked.


@pytest.mark.parametrize("result", ["".join(["no ", "integer"]), object(), [1], float("1e100")])
def test_06_a_hash_that_is_no_integer_is_given_back(result: object) -> None:
    h = HashTable(hash_func=lambda key: result)
    with Watch(result=result) as watch:
        for _ in range(1000):
            fails(ValueError, h.set, "key", "value")
            fails(ValueError, h.get, "key")
            fails(ValueError, h.pop, "key", None)
        assert watch.changes() == {}


# 7. The user's exception from the hash function was replaced by ValueError.


class UsersError(BaseException):
    """An exception that no library knows."""


@pytest.mark.parametrize("error", [UsersError("own words"), ZeroDivisionError(), TypeError(), SystemError()])
@pytest.mark.parametrize("method", ["set", "get", "pop"])
def test_07_what_the_hash_function_raises_comes_out_untouched(method: str, error: BaseException) -> None:
    def raising_hash(key: object) -> int:
        # Without what it remembers of the last time.
        raise error.with_traceback(None)

    h = HashTable(hash_func=raising_hash)
    with pytest.raises(type(error)) as caught:
        getattr(h, method)("key", "value")
    assert caught.value is error
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "raising_hash" in [entry.name for entry in caught.traceback]
    assert h.load == 0


# 8. A hash equal to LONG_MAX was taken for an error.


@pytest.mark.parametrize("number", [2**63 - 1, 2**63 - 2, -1, -2, 0, -(2**63), -(2**63) + 1])
def test_08_every_integer_of_64_bits_is_a_hash(number: int) -> None:
    h = HashTable(7, None, lambda key: number)
    h.set("key", "value")
    assert repr(h).split("\n")[number % 7] == "[]*"
    assert h.get("key") == "value"
    assert h.pop("key") == "value"


@pytest.mark.parametrize(
    "number", [2**63, 2**64, 2**64 - 1, 2**100, -(2**63) - 1, -(2**64), -(2**100), 10**400]
)
def test_08_a_wider_integer_is_reduced_as_python_does(number: int) -> None:
    wide = HashTable(7, None, lambda key: number)
    wide.set("key", "value")
    assert repr(wide).split("\n")[hash(number) % 7] == "[]*"
    assert wide.get("key") == "value"
    assert wide.pop("key") == "value"


# 9. Ints were cut to 32 bits on the way out, strings at an embedded NUL.


THINGS = [
    7,
    2**32,
    2**31,
    2**32 + 7,
    -(2**63),
    2**63,
    2**64 + 1,
    10**100,
    -(10**100),
    1e300,
    "before",
    "before\0after",
    "\0",
    "\ud800 is half of a pair",
    "\U0001f40d",
    "",
    b"bytes\0too",
]


@pytest.mark.parametrize("thing", THINGS, ids=ascii)
def test_09_what_comes_out_is_what_went_in(thing: object) -> None:
    h = HashTable()
    h.set("key", thing)
    assert h.get("key") is thing
    assert h.pop("key") is thing


@pytest.mark.parametrize("key", THINGS, ids=ascii)
def test_09_a_key_is_used_in_full(key: object) -> None:
    h = HashTable(hash_func=lambda key: 0)
    for value, other in enumerate(THINGS):
        h.set(other, value)
    assert h.load == len(THINGS)
    assert h.get(key) == THINGS.index(key)
    h.pop(key)
    assert h.get(key) is None
    assert h.load == len(THINGS) - 1


# 10. `repr` of a table with many bins overran a guessed buffer.


@in_child
def test_10_the_picture_of_a_million_bins() -> None:
    h = HashTable(10**6, 1.0, identity)
    assert h.picture() == "\n".join(["[]"] * 10**6)
    for key in (0, 1, 10**6, 999_999):
        h.set(key, None)
    assert h.picture() == "\n".join(["[]**", "[]*"] + ["[]"] * 999_997 + ["[]*"])
    assert repr(h) == h.picture(1000)


@in_child
def test_10_the_picture_of_a_chain_of_three_thousand() -> None:
    h = HashTable(3, None, lambda key: 3 * key)
    for key in range(3000):
        h.set(key, None)
    assert repr(h) == "[]" + "*" * 3000 + "\n[]\n[]"


# 11. `size=2**62` was a crash.


@in_child
@pytest.mark.parametrize("exponent", [36, 40, 48, 60, 61, 62, 63, 64, 100, 1000])
def test_11_more_bins_than_memory_holds_is_a_memory_error(exponent: int) -> None:
    limit_memory(4 << 30)
    for size in (2**exponent, 2**exponent - 1, 2**exponent + 1):
        with pytest.raises(MemoryError):
            HashTable(size)
        with pytest.raises(MemoryError):
            HashTable(size, None, identity)
    assert HashTable(1000).size == 1000


# 12. A closure over the table as its own hash function was never collected.


def table_whose_hash_function_is_a_closure() -> HashTable:
    def closure(key: object) -> int:
        return len(str(key)) + h.load

    h = HashTable(hash_func=closure)
    return h


class OwnHash(HashTable):
    """A table whose hash function is a method of its own."""

    def __init__(self) -> None:
        super().__init__(hash_func=self.method)

    def method(self, key: object) -> int:
        return 1


def table_that_is_its_own_value() -> HashTable:
    h = HashTable()
    h.set("self", h)
    return h


def table_that_is_its_own_key() -> HashTable:
    h = HashTable(hash_func=id)
    h.set(h, "self")
    return h


def table_in_a_longer_cycle() -> HashTable:
    h, inner = HashTable(), HashTable()
    h.set("list", [{"inner": inner}])
    inner.set("outer", (h,))
    return h


CYCLES: dict[str, Callable[[], HashTable]] = {
    "a hash function that is a closure": table_whose_hash_function_is_a_closure,
    "a hash function that is a bound method": OwnHash,
    "its own value": table_that_is_its_own_value,
    "its own key": table_that_is_its_own_key,
    "a longer cycle": table_in_a_longer_cycle,
}


@in_child
@pytest.mark.parametrize("cycle", CYCLES)
def test_12_a_table_in_a_cycle_is_collected(cycle: str) -> None:
    h = CYCLES[cycle]()
    gone = weakref.ref(h)
    gc.collect()
    assert gone() is h
    del h
    gc.collect()
    assert gone() is None
    # The collector clears the weak references of what it only finds, too. So count what is left.
    assert_leaves_nothing(CYCLES[cycle])


# 13. `size` went stale after a resize.


def test_13_size_is_the_number_of_bins_now() -> None:
    h = HashTable(4, 0.5)
    for key in range(1000):
        h.set(key, key)
        assert h.size == len(h.picture().split("\n"))
        assert h.load / h.size <= 0.5
    assert h.size == 2048


# 14. The methods were module functions too, with self NULL.


def test_14_the_methods_are_no_functions_of_the_module() -> None:
    for name in ("set", "get", "pop"):
        assert not hasattr(hashtable, name)
    functions = [
        name for name, thing in vars(hashtable).items() if isinstance(thing, types.BuiltinFunctionType)
    ]
    # One that pickle calls, with a class and no self; the others take a key.
    hash_functions = ["talk_hash", "identity_hash", "fibonacci_hash", "fnv1a_hash", "xxh3_hash"]
    assert functions == ["_restore", *hash_functions]
    for arguments in [(), (1,), (1, 2), (1, 2, 3, 4), (None,) * 4, (int, 4, 0.5, hash)]:
        with pytest.raises(TypeError):
            hashtable._restore(*arguments)


@in_child
@pytest.mark.parametrize("method", ["set", "get", "pop"])
def test_14_a_method_needs_a_table(method: str) -> None:
    function = getattr(HashTable, method)
    for arguments in [(), (1,), (1, 2), (None, 1, 2), ({}, 1, 2), (object(), 1, 2), (HashTable, 1, 2)]:
        with pytest.raises(TypeError):
            function(*arguments)


# 15. The object's own struct was never freed.


@pytest.mark.parametrize("kind", [HashTable, type("Sub", (HashTable,), {})])
def test_15_a_table_that_dies_leaves_nothing_behind(kind: type[HashTable]) -> None:
    def live_and_die() -> None:
        h = kind(hash_func=lambda key: 1)
        h.set("key", ["value"])
        h.set("other", ["value"])
        h.set("third", ["value"])

    assert_leaves_nothing(live_and_die, times=5000)
    assert_leaves_nothing(kind, times=5000)


def test_15_the_memory_of_the_module_shows_in_tracemalloc() -> None:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        h = HashTable(100_000, None)
        bins = tracemalloc.get_traced_memory()[0] - before
        assert bins >= 4 * 100_000
        for key in range(10_000):
            h.set(key, None)
        entries = tracemalloc.get_traced_memory()[0] - before - bins
        assert entries >= 32 * 10_000
        del h
        assert tracemalloc.get_traced_memory()[0] - before < 10_000
    finally:
        tracemalloc.stop()
    assert sys.getsizeof(HashTable()) > 0
