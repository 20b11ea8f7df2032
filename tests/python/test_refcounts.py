"""The whole story of each reference: what an operation takes, it keeps in the table or gives back.

Only differences are counted, and of objects made here: those of the interpreter may be immortal.
"""

from __future__ import annotations

import contextlib
import gc
import weakref
from typing import Any, Callable

import pytest
from hashtable import HashTable
from paths import PATHS, table
from support import UsersError, Watch, assert_leaves_nothing, fails, growth, in_child


class Thing:
    """A key, value or default with an identity of its own, that may be referred to weakly."""


class Sub(HashTable):
    """A subclass."""


class Unequal:
    """A key that raises when it is compared."""

    def __eq__(self, other: object) -> bool:
        raise UsersError

    __hash__ = None  # type: ignore[assignment]


def make_hash_func() -> Callable[[object], int]:
    """A function object of its own, with which all keys are in one chain."""
    return lambda key: 0


def raising_hash(key: object) -> int:
    raise UsersError


# The constructor


def test_a_table_takes_one_reference_to_its_hash_function() -> None:
    hash_func = make_hash_func()
    with Watch(hash_func=hash_func) as watch:
        h = HashTable(4, 0.5, hash_func)
        assert watch.changes() == {"hash_func": 1}
        del h
        assert watch.changes() == {}


def test_a_table_keeps_neither_size_nor_max_load() -> None:
    size, max_load = int("1000"), float("0.3")
    with Watch(size=size, max_load=max_load) as watch:
        h = HashTable(size, max_load)
        assert h.size == size
        assert watch.changes() == {}


@pytest.mark.parametrize(
    ("size", "max_load", "error"),
    [
        # No small ints and no other object that the interpreter keeps for itself.
        (-1000, 0.5, TypeError),
        (1000.0, 0.5, TypeError),
        (2**62, 0.5, MemoryError),
        (2**100, 0.5, MemoryError),
        (1000, 2.5, TypeError),
        (1000, ["0.5"], TypeError),
        (1000, 10**400, TypeError),
        (Unequal(), 0.5, TypeError),
    ],
)
def test_a_constructor_that_fails_takes_nothing(size: Any, max_load: Any, error: type[Exception]) -> None:
    hash_func = make_hash_func()
    h = HashTable(hash_func=hash_func)
    with Watch(size=size, max_load=max_load, hash_func=hash_func) as watch:
        fails(error, HashTable, size, max_load, hash_func)
        fails(error, h.__init__, size, max_load, hash_func)
        assert watch.changes() == {}
    assert_leaves_nothing(lambda: fails(error, HashTable, size, max_load, hash_func))
    assert_leaves_nothing(lambda: fails(error, h.__init__, size, max_load, hash_func))


def test_a_hash_function_that_is_refused_is_given_back() -> None:
    refused = Thing()
    with Watch(refused=refused) as watch:
        fails(TypeError, HashTable, 4, 0.5, refused)
        assert watch.changes() == {}
    assert_leaves_nothing(lambda: fails(TypeError, HashTable, 4, 0.5, refused))


def test_init_again_gives_back_all_that_the_table_held() -> None:
    old, new, key, value = make_hash_func(), make_hash_func(), Thing(), Thing()
    with Watch(old=old, new=new, key=key, value=value) as watch:
        h = HashTable(4, 0.5, old)
        h.set(key, value)
        h.set(value, value)
        assert watch.changes() == {"old": 1, "key": 1, "value": 3}
        h.__init__(4, 0.5, new)  # type: ignore[misc]
        assert watch.changes() == {"new": 1}
        h.__init__(4, 0.5, new)  # type: ignore[misc]
        assert watch.changes() == {"new": 1}
        h.__init__()  # type: ignore[misc]
        assert watch.changes() == {}


def test_a_subclass_is_held_by_its_instances_and_given_back() -> None:
    with Watch(Sub=Sub) as watch:
        h = Sub()
        assert watch.changes() == {"Sub": 1}
        del h
        assert watch.changes() == {}
        fails(TypeError, Sub, 0)
        assert watch.changes() == {}


# Operations


def table_of(hash_func: Callable[[Any], Any], *entries: tuple[object, object]) -> HashTable:
    h = HashTable(4, None, hash_func)
    for key, value in entries:
        h.set(key, value)
    return h


def test_set_of_a_new_key_takes_one_reference_to_key_and_value() -> None:
    hash_func, key, value = make_hash_func(), Thing(), Thing()
    h = table_of(hash_func)
    with Watch(hash_func=hash_func, key=key, value=value) as watch:
        h.set(key, value)
        assert watch.changes() == {"key": 1, "value": 1}
        del h
        assert watch.changes() == {"hash_func": -1}


def test_set_of_a_key_that_is_there_exchanges_the_value_and_keeps_the_key() -> None:
    key, old, new = Thing(), Thing(), Thing()
    h = table_of(make_hash_func(), (key, old))
    with Watch(key=key, old=old, new=new) as watch:
        h.set(key, new)
        assert watch.changes() == {"old": -1, "new": 1}
        h.set(key, new)
        assert watch.changes() == {"old": -1, "new": 1}
    # An equal key, which is another object.
    first, second = "".join(["ke", "y"]), "".join(["k", "ey"])
    h = table_of(make_hash_func(), (first, old))
    with Watch(first=first, second=second, new=new) as watch:
        h.set(second, new)
        assert watch.changes() == {"new": 1}


def test_a_resize_counts_nothing() -> None:
    things = [Thing() for _ in range(100)]
    h = HashTable(1, 0.5, id)
    for thing in things[:50]:
        h.set(thing, thing)
    del thing
    size = h.size
    with Watch(first=things[0], last=things[49]) as watch:
        for thing in things[50:]:
            h.set(thing, None)
        assert h.size > size
        assert watch.changes() == {}


@pytest.mark.parametrize("default", [(), (Thing(),)], ids=["no default", "default"])
def test_get_hands_out_one_reference_and_takes_none(default: tuple[object, ...]) -> None:
    key, value, missing = Thing(), Thing(), Thing()
    h = table_of(make_hash_func(), (key, value))
    with Watch(key=key, value=value, missing=missing, default=default[0] if default else missing) as watch:
        got = h.get(key, *default)
        assert got is value
        assert watch.changes() == {"value": 1}
        del got
        got = h.get(missing, *default)
        assert watch.changes() == ({"default": 1} if default else {})
        del got
        assert watch.changes() == {}


def test_pop_hands_on_the_reference_of_the_table() -> None:
    key, value, default = Thing(), Thing(), Thing()
    h = table_of(make_hash_func(), (key, value))
    with Watch(key=key, value=value, default=default) as watch:
        got = h.pop(key, default)
        assert got is value
        # The table's own is now `got`.
        assert watch.changes() == {"key": -1}
        del got
        assert watch.changes() == {"key": -1, "value": -1}
        got = h.pop(key, default)
        assert watch.changes() == {"key": -1, "value": -1, "default": 1}
        del got
        fails(KeyError, h.pop, key)
        assert watch.changes() == {"key": -1, "value": -1}


def test_attributes_hand_out_one_reference() -> None:
    hash_func = make_hash_func()
    h = HashTable(1000, 0.25, hash_func)
    with Watch(hash_func=hash_func, builtin=hash) as watch:
        got = h.hash_func
        assert watch.changes() == {"hash_func": 1}
        got = HashTable().hash_func
        assert got is hash
        assert watch.changes() == {"builtin": 1}
        del got
        assert watch.changes() == {}


OPERATIONS: dict[str, Callable[[HashTable, object, object], object]] = {
    "set": lambda h, key, value: h.set(key, value),
    "get": lambda h, key, value: h.get(key),
    "get with default": lambda h, key, value: h.get(key, value),
    "pop": lambda h, key, value: h.pop(key),
    "pop with default": lambda h, key, value: h.pop(key, value),
}
every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def leaves_counts_alone(
    error: type[Exception], h: HashTable, operation: Callable[[HashTable, object, object], object]
) -> None:
    """The operation fails, holds nothing of its arguments afterwards, and leaves nothing behind."""
    key, value, hash_func, load = Thing(), Thing(), h.hash_func, h.load
    with Watch(key=key, value=value, hash_func=hash_func) as watch:
        for _ in range(100):
            fails(error, operation, h, key, value)
        assert watch.changes() == {}
    assert h.load == load
    assert_leaves_nothing(lambda: fails(error, operation, h, key, value))


@every_operation
def test_an_operation_whose_hash_raises_keeps_nothing(operation: Any) -> None:
    leaves_counts_alone(UsersError, table_of(lambda key: raising_hash(key)), operation)


@every_operation
def test_an_operation_whose_hash_is_no_integer_keeps_nothing(operation: Any) -> None:
    leaves_counts_alone(ValueError, table_of(lambda key: str(key)), operation)


@every_operation
def test_an_operation_whose_comparison_raises_keeps_nothing(operation: Any) -> None:
    unequal = Unequal()
    h = table_of(make_hash_func(), (unequal, "value"))
    with Watch(unequal=unequal) as watch:
        leaves_counts_alone(UsersError, h, operation)
        assert watch.changes() == {}


@every_operation
def test_an_operation_during_which_the_table_is_initialised_anew_keeps_nothing(operation: Any) -> None:
    class Anew:
        def __eq__(self, other: object) -> bool:
            h.__init__(4, None, hash_func)  # type: ignore[misc]
            return True

        __hash__ = None  # type: ignore[assignment]

    def once(h: HashTable, key: object, value: object) -> None:
        h.set(Anew(), "value")
        operation(h, key, value)

    hash_func = make_hash_func()
    h = HashTable(4, None, hash_func)
    leaves_counts_alone(RuntimeError, h, once)


def test_a_set_for_which_there_is_no_memory_keeps_nothing() -> None:
    leaves_counts_alone(MemoryError, HashTable(4, 1e-300, make_hash_func()), OPERATIONS["set"])


@every_operation
def test_a_wrong_number_of_arguments_keeps_nothing(operation: Any) -> None:
    for method in ("set", "get", "pop"):
        leaves_counts_alone(
            TypeError, HashTable(), lambda h, key, value, method=method: getattr(h, method)(key, value, key)
        )


def test_the_result_of_a_hash_function_is_given_back() -> None:
    class Index:
        def __index__(self) -> int:
            return 2**100

    class Int(int):
        pass

    for result in (Index(), Int(5), Int(2**100), int("9" * 50), "".join(["no", "ne"]), Thing()):
        h = HashTable(hash_func=lambda key, result=result: result)
        with Watch(result=result) as watch:
            for _ in range(100):
                for operation in OPERATIONS.values():
                    with contextlib.suppress(KeyError, ValueError):
                        operation(h, "key", "value")
            assert watch.changes() == {}


# The end


def test_a_table_that_dies_gives_back_everything() -> None:
    hash_func, key, value = make_hash_func(), Thing(), Thing()
    with Watch(hash_func=hash_func, key=key, value=value) as watch:
        h = table_of(hash_func, (key, value), (Thing(), value), (Thing(), key))
        assert watch.changes() == {"hash_func": 1, "key": 2, "value": 2}
        h.pop(key)
        assert watch.changes() == {"hash_func": 1, "key": 1, "value": 1}
        del h
        assert watch.changes() == {}


@in_child
def test_a_table_that_is_collected_gives_back_everything() -> None:
    hash_func, key, value = make_hash_func(), Thing(), Thing()
    with Watch(hash_func=hash_func, key=key, value=value) as watch:
        h = table_of(hash_func, (key, value))
        h.set(h, [h])
        gone = weakref.ref(h)
        del h
        assert watch.changes() == {"hash_func": 1, "key": 1, "value": 1}
        gc.collect()
        assert gone() is None
        assert watch.changes() == {}


def test_the_collector_is_shown_each_reference_once() -> None:
    hash_func, key, value = make_hash_func(), Thing(), Thing()
    h = table_of(hash_func, (key, value), (value, value))
    referents = gc.get_referents(h)
    assert sorted(map(id, referents)) == sorted(map(id, [hash_func, key, value, value, value]))
    assert gc.get_referents(HashTable()) == []


@pytest.mark.parametrize("path", PATHS)
def test_a_thousand_times_leave_nothing(path: str) -> None:
    h = table()
    assert_leaves_nothing(lambda: PATHS[path](h))


def test_such_a_loop_would_see_a_leak() -> None:
    kept: list[object] = []
    left = growth(lambda: kept.append(HashTable()))
    assert left.bytes > 50
    assert left.blocks > 0.9
