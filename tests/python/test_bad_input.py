"""What is no size, no maximum load, no hash function and no argument list, and what comes of it."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Callable

import pytest
from hashtable import HashTable
from support import UsersError

NO_SIZE = "size parameter must be a positive integer."
NO_MAX_LOAD = "max_load parameter must be a float between 0.0 and 1.0."
NO_HASH_FUNC = "hash_func must be callable."
NO_HASH = "Invalid hash function -- all keys must hash to an integer."


class Index:
    """What numpy's integers are like: no int, but with an `__index__`."""

    def __init__(self, number: Any) -> None:
        self.number = number

    def __index__(self) -> int:
        if isinstance(self.number, Exception):
            raise self.number
        return self.number


class Float:
    """No float, but with a `__float__`."""

    def __init__(self, number: Any) -> None:
        self.number = number

    def __float__(self) -> float:
        if isinstance(self.number, Exception):
            raise self.number
        return self.number


class Int(int):
    """An int of a kind of its own, with opinions about its value that nobody asks for."""

    def __index__(self) -> int:
        raise UsersError

    def __hash__(self) -> int:
        raise UsersError


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


def filled() -> HashTable:
    h = HashTable(3, 0.75, len)
    h.set("a", 1)
    h.set("bb", 2)
    return h


def assert_as_filled(h: HashTable) -> None:
    assert (h.size, h.load, h.max_load, h.hash_func) == (3, 2, 0.75, len)
    assert repr(h) == "[]\n[]*\n[]*"
    assert (h.get("a"), h.get("bb"), h.get("ccc")) == (1, 2, None)


def refuses(error: type[Exception], message: str | None, *arguments: Any, **keywords: Any) -> None:
    """Neither is a table made with these arguments, nor does one that exists take notice of them."""
    with pytest.raises(error, match=message) as caught:
        HashTable(*arguments, **keywords)
    assert caught.type is error
    h = filled()
    with pytest.raises(error, match=message):
        h.__init__(*arguments, **keywords)  # type: ignore[misc]
    assert_as_filled(h)


# size


@pytest.mark.parametrize("size", [0, -1, -4, -(2**63), -(2**64), -(2**100), False, Index(0), Index(-(2**70))])
def test_a_size_that_is_not_positive_is_a_type_error(size: Any) -> None:
    refuses(TypeError, exactly(NO_SIZE), size)
    refuses(TypeError, exactly(NO_SIZE), size=size)


@pytest.mark.parametrize("size", ["4", b"4", 4.0, None, [4], 4j, object(), Fraction(4), Decimal(4), int])
def test_a_size_that_is_no_integer_is_a_type_error(size: Any) -> None:
    refuses(TypeError, exactly(NO_SIZE), size)


@pytest.mark.parametrize("size", [2**62, 2**63 - 1, 2**63, 2**64, 2**100, Index(2**62), Index(2**100)])
def test_a_size_that_memory_cannot_hold_is_a_memory_error(size: Any) -> None:
    refuses(MemoryError, None, size)


@pytest.mark.parametrize(("size", "bins"), [(True, 1), (Index(6), 6), (10**4, 10**4)])
def test_any_kind_of_positive_integer_is_a_size(size: Any, bins: int) -> None:
    h = HashTable(size)
    assert h.size == bins
    assert type(h.size) is int


def test_an_index_method_has_its_say() -> None:
    refuses(UsersError, exactly("own words"), Index(UsersError("own words")))
    refuses(TypeError, "__index__", Index("4"))


# max_load


@pytest.mark.parametrize(
    "max_load",
    [
        0,
        0.0,
        -0.0,
        -0.5,
        -1,
        2,
        1.5,
        1.0000000000000002,
        float("nan"),
        float("inf"),
        float("-inf"),
        1e300,
        False,
        10**400,
        -(10**400),
        Fraction(3, 2),
        Decimal("NaN"),
        Float(0.0),
        Float(7.0),
        Index(2),
    ],
)
def test_a_max_load_out_of_range_is_a_type_error(max_load: Any) -> None:
    refuses(TypeError, exactly(NO_MAX_LOAD), 4, max_load)
    refuses(TypeError, exactly(NO_MAX_LOAD), max_load=max_load)


@pytest.mark.parametrize("max_load", ["0.5", b"0.5", [0.5], object(), float])
def test_a_max_load_that_is_no_number_is_a_type_error(max_load: Any) -> None:
    refuses(TypeError, exactly(NO_MAX_LOAD), 4, max_load)


def test_a_complex_max_load_is_a_type_error() -> None:
    # On Python 3.9 complex numbers have a `__float__`, and it is that which raises.
    refuses(TypeError, None, 4, 0.5 + 0j)


@pytest.mark.parametrize(
    ("max_load", "proportion"),
    [
        (1, 1.0),
        (True, 1.0),
        (1.0, 1.0),
        (0.5, 0.5),
        (Fraction(1, 4), 0.25),
        (Decimal("0.75"), 0.75),
        (Float(0.5), 0.5),
        (Index(1), 1.0),
        (0.9999999999999999, 0.9999999999999999),
        (5e-324, 5e-324),
    ],
)
def test_any_kind_of_real_number_up_to_1_is_a_max_load(max_load: Any, proportion: float) -> None:
    h = HashTable(4, max_load)
    assert h.max_load == proportion
    assert type(h.max_load) is float


def test_without_max_load_a_table_never_resizes() -> None:
    h = HashTable(2, None)
    assert h.max_load is None
    for key in range(100):
        h.set(key, key)
    assert (h.size, h.load) == (2, 100)


def test_a_float_method_has_its_say() -> None:
    refuses(UsersError, exactly("own words"), 4, Float(UsersError("own words")))
    refuses(OverflowError, exactly("own words"), 4, Float(OverflowError("own words")))
    refuses(UsersError, exactly("own words"), 4, Index(UsersError("own words")))
    refuses(TypeError, "__float__", 4, Float("0.5"))


@pytest.mark.parametrize("max_load", [1e-300, 5e-324, 1e-18])
def test_a_table_that_would_need_too_many_bins_stays_empty(max_load: float) -> None:
    h = HashTable(4, max_load)
    for _ in range(3):
        with pytest.raises(MemoryError):
            h.set("key", "value")
        assert (h.size, h.load, h.max_load) == (4, 0, max_load)
        assert repr(h) == "[]\n[]\n[]\n[]"
        assert h.get("key") is None


# hash_func


@pytest.mark.parametrize("hash_func", [None, 1, "hash", object(), [hash], HashTable()])
def test_a_hash_func_that_cannot_be_called_is_a_type_error(hash_func: Any) -> None:
    refuses(TypeError, exactly(NO_HASH_FUNC), 4, 0.5, hash_func)
    refuses(TypeError, exactly(NO_HASH_FUNC), hash_func=hash_func)


OPERATIONS: dict[str, Callable[[HashTable], object]] = {
    "set": lambda h: h.set("key", "value"),
    "get": lambda h: h.get("key"),
    "get with default": lambda h: h.get("key", "default"),
    "pop": lambda h: h.pop("key"),
    "pop with default": lambda h: h.pop("key", "default"),
}
every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


@every_operation
@pytest.mark.parametrize("result", ["1", 1.0, None, b"", (), [1], 1j, Fraction(1), Decimal(1), object()])
def test_a_hash_that_is_no_integer_is_a_value_error(
    operation: Callable[[HashTable], object], result: Any
) -> None:
    results = [result, 0, 0]
    h = HashTable(hash_func=lambda key: results.pop())
    h.set("before", 1)
    h.set("too", 2)
    with pytest.raises(ValueError, match=exactly(NO_HASH)):
        operation(h)
    assert (h.size, h.load) == (4, 2)
    assert repr(h) == "[]**\n[]\n[]\n[]"


@every_operation
@pytest.mark.parametrize(
    "error", [UsersError("own words"), KeyError("key"), ValueError("own"), MemoryError()]
)
def test_a_hash_func_that_raises_changes_nothing(
    operation: Callable[[HashTable], object], error: Exception
) -> None:
    errors: list[Exception] = []

    def hash_func(key: object) -> int:
        if errors:
            raise errors.pop().with_traceback(None)
        return 1

    h = HashTable(4, 0.25, hash_func)
    h.set("before", 1)
    errors.append(error)
    with pytest.raises(type(error)) as caught:
        operation(h)
    assert caught.value is error
    assert (h.size, h.load, h.get("before")) == (4, 1, 1)


@pytest.mark.parametrize(
    ("result", "number"),
    [
        (Index(5), 5),
        (Index(-1), -1),
        (Index(2**63 - 1), 2**63 - 1),
        (Index(2**100), hash(2**100)),
        (True, 1),
        (False, 0),
        (-1, -1),
        (-2, -2),
        (2**100, hash(2**100)),
        (-(2**64), hash(-(2**64))),
        (Int(5), 5),
        (Int(-1), -1),
        (Int(2**100), hash(2**100)),
    ],
)
def test_any_kind_of_integer_is_a_hash(result: Any, number: int) -> None:
    h = HashTable(11, None, lambda key: result)
    h.set("key", "value")
    assert repr(h).split("\n").index("[]*") == number % 11
    assert h.get("key") == "value"
    assert h.pop("key") == "value"


@every_operation
def test_an_index_method_of_a_hash_has_its_say(operation: Callable[[HashTable], object]) -> None:
    with pytest.raises(UsersError, match=exactly("own words")):
        operation(HashTable(hash_func=lambda key: Index(UsersError("own words"))))
    with pytest.raises(TypeError, match="__index__"):
        operation(HashTable(hash_func=lambda key: Index("5")))


@every_operation
def test_a_hash_func_that_takes_no_argument_fails_as_it_would_in_python(
    operation: Callable[[HashTable], object],
) -> None:
    with pytest.raises(TypeError, match="takes 0 positional arguments but 1 was given"):
        operation(HashTable(hash_func=lambda: 1))


# Arguments


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("set", (), "set expected 2 arguments, got 0"),
        ("set", (1,), "set expected 2 arguments, got 1"),
        ("set", (1, 2, 3), "set expected 2 arguments, got 3"),
        ("get", (), "get expected at least 1 argument, got 0"),
        ("get", (1, 2, 3), "get expected at most 2 arguments, got 3"),
        ("pop", (), "pop expected at least 1 argument, got 0"),
        ("pop", (1, 2, 3), "pop expected at most 2 arguments, got 3"),
    ],
)
def test_a_wrong_number_of_arguments_is_said_as_python_says_it(
    method: str, arguments: tuple[int, ...], message: str
) -> None:
    h = filled()
    with pytest.raises(TypeError, match=exactly(message)):
        getattr(h, method)(*arguments)
    assert_as_filled(h)


@pytest.mark.parametrize("method", ["set", "get", "pop"])
def test_the_arguments_of_methods_have_no_names(method: str) -> None:
    h = filled()
    with pytest.raises(TypeError, match="takes no keyword arguments"):
        getattr(h, method)("a", default=1)
    with pytest.raises(TypeError, match="takes no keyword arguments"):
        getattr(h, method)(key="a")
    assert_as_filled(h)


def test_a_constructor_argument_that_does_not_exist_is_a_type_error() -> None:
    refuses(TypeError, r"takes at most 3 .*arguments \(4 given\)", 4, 0.5, hash, 1)
    refuses(TypeError, "sizes", sizes=4)
    refuses(TypeError, "sizes", 4, sizes=4)
    refuses(TypeError, "size", 4, size=4)


def test_the_first_bad_argument_is_the_one_that_is_named() -> None:
    refuses(TypeError, exactly(NO_SIZE), 0, 0, 0)
    refuses(TypeError, exactly(NO_MAX_LOAD), 1, 0, 0)
    refuses(TypeError, exactly(NO_HASH_FUNC), 1, 1, 0)
    # Memory is asked for last.
    refuses(TypeError, exactly(NO_HASH_FUNC), 2**62, 1, 0)


@pytest.mark.parametrize("name", ["size", "load", "max_load", "hash_func"])
def test_attributes_can_only_be_read(name: str) -> None:
    h = filled()
    with pytest.raises(AttributeError):
        setattr(h, name, 1)
    with pytest.raises(AttributeError):
        delattr(h, name)
    assert_as_filled(h)


def test_a_table_has_no_other_attributes_and_its_type_is_fixed() -> None:
    h = filled()
    with pytest.raises(AttributeError):
        h.colour = "green"
    with pytest.raises(TypeError):
        HashTable.get = None  # type: ignore[method-assign]
    assert_as_filled(h)
