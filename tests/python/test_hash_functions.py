"""The module's own hash functions: the ones that their names say, for Python and for a table."""

from __future__ import annotations

import copy
import enum
import inspect
import math
import pickle
import struct
import sys
import tracemalloc
from pathlib import Path
from typing import Any, Callable

import hashtable
import hypothesis.configuration
import pytest
from hashtable import (
    XXH3,
    HashTable,
    SipHash,
    fibonacci_hash,
    fnv1a_hash,
    identity_hash,
    talk_hash,
    xxh3_hash,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from support import Watch, assert_leaves_nothing, fails, in_child_with_plain_malloc, limit_memory

# Nothing of it into the directory where the tests happen to be run.
hypothesis.configuration.set_hypothesis_home_dir(Path(__file__).parents[2] / "target" / "hypothesis")
hypothetical = settings(database=None, deadline=None)

HashFunction = Callable[[Any], int]

NUMBERS: list[HashFunction] = [identity_hash, fibonacci_hash]
BYTES: list[HashFunction] = [fnv1a_hash, xxh3_hash, XXH3(7), SipHash(2**100 + 1)]
ALL: list[HashFunction] = [talk_hash, *NUMBERS, *BYTES]


def name_of(function: HashFunction) -> str:
    """What it is called in messages."""
    return getattr(function, "__name__", type(function).__name__)


any_function = pytest.mark.parametrize("function", ALL, ids=name_of)
of_numbers = pytest.mark.parametrize("function", NUMBERS, ids=name_of)
of_bytes = pytest.mark.parametrize("function", BYTES, ids=name_of)


def signed(number: int) -> int:
    """The 64 bits of a number, as a signed one."""
    return (number + 2**63) % 2**64 - 2**63


def reduced(number: int) -> int:
    """An int as a hash: itself, or what Python makes of a wider one."""
    return number if -(2**63) <= number < 2**63 else hash(number)


def bytes_of(key: float | str | bytes) -> bytes:
    """What there is to hash of a key."""
    if isinstance(key, str):
        return key.encode("utf-8", "surrogatepass")
    if isinstance(key, int):
        fits = -(2**63) <= key < 2**63
        return key.to_bytes(8 if fits else key.bit_length() // 8 + 1, "little", signed=True)
    if isinstance(key, float):
        return struct.pack("<d", math.nan if math.isnan(key) else key + 0.0)
    return key


def number_of(key: float) -> int:
    return int.from_bytes(bytes_of(reduced(key) if isinstance(key, int) else key), "little", signed=True)


numbers = st.one_of(st.integers(), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.floats())
texts = st.text(st.characters(), max_size=200)
keys = st.one_of(numbers, texts, st.binary(max_size=300))

# Which function


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", 0xCBF29CE484222325),
        (b"a", 0xAF63DC4C8601EC8C),
        (b"foo", 0xDCB27518FED9D577),
        (b"foobar", 0x85944171F73967E8),
    ],
)
def test_fnv1a_is_the_one_of_its_authors(text: bytes, expected: int) -> None:
    assert fnv1a_hash(text) == signed(expected)


@pytest.mark.parametrize(
    ("length", "plain", "seeded"),
    [
        (0, 0x2D06800538D394C2, 0xA8A6B918B2F0364A),
        (1, 0xC44BDFF4074EECDB, 0x032BE332DD766EF8),
        (12, 0xA713DAF0DFBB77E7, 0xE7303E1B2336DE0E),
        (80, 0xBCDEFBBB2C47C90A, 0xC6DD0CB699532E73),
        (195, 0xCD94217EE362EC3A, 0xBA68003D370CB3D9),
        (403, 0xCDEB804D65C6DEA4, 0x6259F6ECFD6443FD),
        (2367, 0xCB37AEB9E5D361ED, 0xD2DB3415B942B42A),
    ],
)
def test_xxh3_is_the_one_of_its_author(length: int, plain: int, seeded: int) -> None:
    # The bytes of the author's own test vectors.
    prime, state, text = 11400714785074694797, 2654435761, bytearray()
    for _ in range(length):
        text.append(state >> 56)
        state = state * prime % 2**64
    key = bytes(text)
    assert xxh3_hash(key) == XXH3(0)(key) == signed(plain)
    assert XXH3(prime)(key) == signed(seeded)


@pytest.mark.parametrize(
    ("length", "expected"),
    [(0, 0xABAC0158050FC4DC), (1, 0xC9F49BF37D57CA93), (8, 0x369095118D299A8E), (63, 0x9D199062B7BBB3A8)],
)
def test_siphash_is_the_one_of_its_authors(length: int, expected: int) -> None:
    seed = int.from_bytes(range(16), "little")
    assert SipHash(seed)(bytes(range(length))) == signed(expected)


@hypothetical
@given(keys)
def test_fnv1a_hashes_what_a_key_is_made_of(key: float | str | bytes) -> None:
    expected = 0xCBF29CE484222325
    for byte in bytes_of(key):
        expected = (expected ^ byte) * 0x100000001B3 % 2**64
    assert fnv1a_hash(key) == signed(expected)


@of_bytes
@hypothetical
@given(key=keys)
def test_a_key_is_hashed_as_its_bytes(function: HashFunction, key: float | str | bytes) -> None:
    assert function(key) == function(bytes_of(key))


@of_bytes
@pytest.mark.parametrize("sign", [1, -1])
def test_an_int_of_any_width_is_hashed_as_its_bytes(function: HashFunction, sign: int) -> None:
    for bits in (*range(1, 200), 2030, 2031, 2040, 2047, 2048, 2049, 30_000):
        for key in (sign * 2**bits, sign * (2**bits - 1), sign * (2**bits + 1), sign * 3**bits):
            assert function(key) == function(bytes_of(key)), key


@of_bytes
def test_ints_that_hash_alike_for_python_do_not_here(function: HashFunction) -> None:
    keys = [number * sys.hash_info.modulus for number in range(-5000, 5000)]
    assert len(set(map(hash, keys))) == 1
    assert len(set(map(function, keys))) == len(keys)
    assert HashTable(hash_func=function, items=dict.fromkeys(keys[::20])).stats().longest_chain < 10


@hypothetical
@given(numbers)
def test_the_functions_for_numbers_are_what_they_say(key: float) -> None:
    number = number_of(key)
    assert identity_hash(key) == number
    product = number * 0x9E3779B97F4A7C15 % 2**64
    assert fibonacci_hash(key) == int.from_bytes(product.to_bytes(8, "little"), "big", signed=True)


@hypothetical
@given(keys)
def test_the_talks_hash_is_what_the_talk_said(key: float | str | bytes) -> None:
    if isinstance(key, (str, bytes)):
        expected = len(key)
    elif isinstance(key, int):
        expected = reduced(key)
    elif math.isnan(key):
        expected = 0
    else:
        expected = math.floor(max(min(key, 2.0**70), -(2.0**70)))
        expected = max(min(expected, 2**63 - 1), -(2**63))
    assert talk_hash(key) == expected


WIDTHS = {"ASCII": "a", "Latin-1": "é", "two bytes": "ł", "surrogates": "\udcff", "four bytes": "😀"}


@of_bytes
@pytest.mark.parametrize("width", WIDTHS)
def test_a_text_of_any_length_and_width_is_hashed_as_its_utf8(function: HashFunction, width: str) -> None:
    for length in (*range(1, 40), 62, 63, 64, 65, 84, 85, 86, 127, 128, 129, 256, 257, 5000):
        text = WIDTHS[width] * length
        assert function(text) == function(bytes_of(text)), length
        assert function("x" + text) == function(b"x" + bytes_of(text)), length


@of_bytes
def test_hashing_leaves_no_copy_in_a_text(function: HashFunction) -> None:
    text = "é" * 1000
    size = sys.getsizeof(text)
    h = HashTable(hash_func=function)
    h[text] = function(text)
    assert sys.getsizeof(text) == size


# Which keys


class Text(str):
    """A str with ideas of its own."""

    __slots__ = ()

    def own(self, *_: object) -> Any:
        raise AssertionError("was asked")

    __hash__ = __len__ = __iter__ = __str__ = encode = own  # type: ignore[assignment]


class Number(int):
    """An int with ideas of its own."""

    def own(self, *_: object) -> Any:
        raise AssertionError("was asked")

    __hash__ = __index__ = __int__ = __abs__ = own  # type: ignore[assignment]


class Real(float):
    """A float with ideas of its own."""

    def own(self, *_: object) -> Any:
        raise AssertionError("was asked")

    __hash__ = __float__ = __floor__ = own  # type: ignore[assignment]


class Raw(bytes):
    """A bytes with ideas of its own."""

    def own(self, *_: object) -> Any:
        raise AssertionError("was asked")

    __hash__ = __len__ = __bytes__ = own  # type: ignore[assignment]


class Colour(enum.IntEnum):
    """Ints with a name."""

    RED = 3


@any_function
def test_an_instance_of_a_subclass_is_hashed_as_its_base(function: HashFunction) -> None:
    assert function(Number(5)) == function(5) == function(Number(5))
    assert function(Number(2**80)) == function(2**80)
    assert function(Real(0.5)) == function(0.5)
    assert function(True) == function(1)
    assert function(Colour.RED) == function(3)
    if function not in NUMBERS:
        assert function(Text("text")) == function("text")
        assert function(Raw(b"text")) == function(b"text")
    h = HashTable(hash_func=function)
    h[3] = "three"
    assert h[Colour.RED] == "three"


@any_function
def test_floats_that_are_equal_have_the_same_hash(function: HashFunction) -> None:
    assert function(0.0) == function(-0.0)
    assert function(math.nan) == function(-math.nan) == function(float("inf") - float("inf"))
    h = HashTable(hash_func=function)
    h[0.0] = "zero"
    h[math.nan] = "nan"
    assert (h[-0.0], h[math.nan]) == ("zero", "nan")
    assert 0 not in h


NO_KEYS = [None, (), [], {}, bytearray(b"a"), memoryview(b"a"), 1j, object, range(3), ...]


@any_function
@pytest.mark.parametrize("key", NO_KEYS, ids=lambda key: type(key).__name__)
def test_what_is_no_key_is_a_type_error_that_says_why(function: HashFunction, key: Any) -> None:
    takes = "int and float" if function in NUMBERS else "int, float, str and bytes"
    expected = f"cannot hash '{type(key).__name__}' with {name_of(function)}: only {takes}"
    refuses(function, key, expected)


@of_numbers
@pytest.mark.parametrize("key", ["text", "", "é", b"bytes", Text("text")], ids=repr)
def test_a_function_for_numbers_takes_no_text(function: HashFunction, key: Any) -> None:
    refuses(function, key, f"cannot hash '{type(key).__name__}' with {name_of(function)}: only int and float")


OPERATIONS: dict[str, Callable[[HashTable[Any, Any], Any], object]] = {
    "h[k]": lambda h, key: h[key],
    "h[k] = v": lambda h, key: h.__setitem__(key, 1),
    "del h[k]": lambda h, key: h.__delitem__(key),
    "k in h": lambda h, key: key in h,
    "get": lambda h, key: h.get(key),
    "set": lambda h, key: h.set(key, 1),
    "pop": lambda h, key: h.pop(key, None),
    "setdefault": lambda h, key: h.setdefault(key, 1),
    "bin_of": lambda h, key: h.bin_of(key),
}


def refuses(function: HashFunction, key: Any, expected: str) -> None:
    with pytest.raises(TypeError) as raised:
        function(key)
    assert str(raised.value) == expected
    h = HashTable(hash_func=function, items={1: "one"})
    for name, operation in OPERATIONS.items():
        with pytest.raises(TypeError) as raised:
            operation(h, key)
        assert str(raised.value) == expected, name
        assert list(h.items()) == [(1, "one")], name


# In a table

SOME_KEYS = [*range(-3, 100), *(number / 4 for number in range(40)), 2**63 - 1, -(2**63), 2**64, -(3**50)]
SOME_TEXTS = [
    *(str(number) * 5 for number in range(100)),
    "",
    "é",
    "日本語",
    "\ud800",
    b"",
    b"bytes",
    b"\0" * 99,
]


def keys_for(function: HashFunction) -> list[Any]:
    return SOME_KEYS if function in NUMBERS else SOME_KEYS + SOME_TEXTS


@any_function
def test_a_table_hashes_as_a_call_does(function: HashFunction) -> None:
    h = HashTable(2**10, hash_func=function)
    own = HashTable(2**10, hash_func=lambda key: function(key))
    for key in keys_for(function):
        h[key] = own[key] = repr(key)
        assert h.bin_of(key) == function(key) % h.size
    assert h.bins() == own.bins()
    assert h == own
    for key in keys_for(function):
        assert (h[key], h.get(key), h.pop(key), h.get(key)) == (repr(key), repr(key), repr(key), None)
    assert h.load == 0


@any_function
def test_a_table_keeps_the_very_function(function: HashFunction) -> None:
    h = HashTable(hash_func=function, items={1: 2})
    for other in (h, h.copy(), h | {3: 4}, copy.copy(h)):
        assert other.hash_func is function
        assert other[1] == 2
    h.__init__()  # type: ignore[misc]
    assert h.hash_func is hash
    h["text"] = 1
    h.__init__(hash_func=function)  # type: ignore[misc]
    assert h.hash_func is function
    assert h.bin_of(6) == function(6) % h.size
    h.__init__(hash_func=len)  # type: ignore[misc]
    assert h.bin_of("text") == 0


def memory_of(h: HashTable[Any, Any], key: Any) -> int:
    """The most memory that a search took at any time."""
    tracemalloc.start()
    try:
        h.get(key)
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        h.get(key)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_a_table_makes_no_python_call_to_hash_with_a_function_of_the_module() -> None:
    # What a call returns is an object, which takes memory.
    key = 2**62 + 1
    none = memory_of(HashTable(hash_func=hash), key)
    for function in ALL:
        assert memory_of(HashTable(hash_func=function), key) == none, function
        # The same as a call: a method of an instance, and a function around the function.
        called = (
            function.__call__ if isinstance(function, (SipHash, XXH3)) else (lambda key, f=function: f(key))
        )
        assert memory_of(HashTable(hash_func=called), key) > none, function


def test_a_function_of_another_module_is_not_taken_for_one_of_ours() -> None:
    for function in (len, abs, ord, id, math.floor):
        key = "x" if function in (len, ord) else 5
        assert HashTable(64, hash_func=function).bin_of(key) == function(key) % 64


@any_function
def test_hashing_takes_and_gives_back_nothing(function: HashFunction) -> None:
    key: Any = 2**80
    with Watch(function=function, key=key) as watch:
        h = HashTable(hash_func=function)
        assert watch.changes() == {"function": 1}
        h[key] = h.get(key)
        assert watch.changes() == {"function": 1, "key": 1}
        for operation in OPERATIONS.values():
            fails(TypeError, operation, h, None)
        assert watch.changes() == {"function": 1, "key": 1}
        del h[key], h
        assert watch.changes() == {}
    h = HashTable(hash_func=function)
    assert_leaves_nothing(lambda: (h.set(key, 1), h.get(2.5), function(key), h.pop(key)))
    assert_leaves_nothing(lambda: (fails(TypeError, function, None), fails(TypeError, h.get, None)))
    if function not in NUMBERS:
        assert_leaves_nothing(lambda: (function("é" * 10), function("😀" * 500), h.get("ł"), function(b"")))


@in_child_with_plain_malloc
def test_no_memory_for_the_utf8_of_a_text_is_a_memory_error() -> None:
    text = "é" * (200 << 20)
    h = HashTable(hash_func=fnv1a_hash, items={"a": 1})
    limit_memory(500 << 20)
    for operation in (lambda: fnv1a_hash(text), lambda: h.set(text, 2), lambda: text in h):
        try:
            operation()
        except MemoryError:
            continue
        raise AssertionError("there was memory")
    assert list(h.items()) == [("a", 1)]


def test_keys_4096_apart_are_spread_by_all_but_the_identity() -> None:
    longest = {
        name_of(function): HashTable(
            max_load=1.0, hash_func=function, items=dict.fromkeys(range(0, 2**24, 4096))
        )
        .stats()
        .longest_chain
        for function in ALL
    }
    assert longest.pop("identity_hash") == longest.pop("talk_hash") >= 2**12 // 2
    assert max(longest.values()) < 12, longest


# As objects

SEEDED: list[Any] = [SipHash, XXH3]
BITS = {SipHash: 128, XXH3: 64}
any_type = pytest.mark.parametrize("type_", SEEDED)


@any_function
def test_a_function_pickles_and_copies(function: HashFunction) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(function, protocol))
        assert again == function
        assert again("key" if function not in NUMBERS else 5) == function(
            "key" if function not in NUMBERS else 5
        )
        h = pickle.loads(pickle.dumps(HashTable(hash_func=function, items={5: 6}), protocol))
        assert (h.hash_func, h[5], h.bin_of(9)) == (function, 6, function(9) % h.size)
    assert copy.copy(function) == copy.deepcopy(function) == function
    deep = copy.deepcopy(HashTable(hash_func=function, items={5: [6]}))
    assert (deep.hash_func, deep[5]) == (function, [6])


@any_function
def test_a_function_tells_its_signature_and_what_it_is_good_and_bad_at(function: HashFunction) -> None:
    assert list(inspect.signature(function).parameters) == ["key"]
    doc = inspect.getdoc(function if inspect.isbuiltin(function) else type(function))
    assert doc is not None
    assert "Good at" in doc
    assert doc.count("ad at") + doc.count("ad against") >= 1


@any_type
def test_a_seed_is_what_was_asked_for(type_: Any) -> None:
    most = 2 ** BITS[type_] - 1
    for seed in (0, 1, 2**63, 2**64 - 1, most // 3, most, True):
        for function in (type_(seed), type_(seed=seed)):
            assert function.seed == int(seed)
            assert type(function.seed) is int
            assert repr(function) == f"hashtable.{type_.__name__}(seed={int(seed):#x})"
            assert eval(repr(function), {"hashtable": hashtable}) == function
    assert len({type_(1 << bit)("key") for bit in range(BITS[type_])}) == BITS[type_]
    assert inspect.signature(type_).parameters["seed"].default is None


@any_type
def test_without_a_seed_each_is_another(type_: Any) -> None:
    functions = [type_() for _ in range(50)] + [type_(None) for _ in range(50)]
    assert len(set(functions)) == len({function("key") for function in functions}) == 100
    # All bits of a seed are in use.
    union, common = 0, -1
    for function in functions:
        union, common = union | function.seed, common & function.seed
    assert (union, common) == (2 ** BITS[type_] - 1, 0)


@any_type
def test_what_is_no_seed_is_refused(type_: Any) -> None:
    for seed in (-1, 2 ** BITS[type_], 2**200, -(2**200)):
        with pytest.raises(ValueError, match=rf"^{type_.__name__} seed must be from 0 to 2\*\*\d+ - 1$"):
            type_(seed)
    for seed in ("1", 1.0, b"1", ()):
        with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
            type_(seed)
    for arguments in ((1, 2), (1, 2, 3)):
        with pytest.raises(TypeError, match=type_.__name__):
            type_(*arguments)
    with pytest.raises(TypeError, match="key"):
        type_(key=1)


class Index:
    """An integer by `__index__`."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __index__(self) -> int:
        if self.number < 0:
            raise KeyError("own words")
        return self.number


@any_type
def test_a_seed_may_be_any_integer(type_: Any) -> None:
    assert type_(Index(9)).seed == type_(Number(9)).seed == 9
    with pytest.raises(KeyError, match="own words"):
        type_(Index(-1))


@any_type
def test_functions_are_equal_if_they_hash_the_same(type_: Any) -> None:
    a, b, other = type_(5), type_(5), type_(6)
    assert a == b
    assert (a != b) is False
    assert hash(a) == hash(b) != hash(other)
    assert a != other
    assert (a == other) is False
    assert a != 5
    assert len({SipHash(5), SipHash(5), XXH3(5), XXH3(5), 5}) == 3
    with pytest.raises(TypeError):
        a < b  # noqa: B015


@any_type
def test_an_instance_never_changes_and_has_no_subclass(type_: Any) -> None:
    function = type_(5)
    for change in (lambda: setattr(function, "seed", 6), lambda: delattr(function, "seed")):
        with pytest.raises(AttributeError):
            change()
    with pytest.raises(AttributeError):
        function.other = 1
    function.__init__()
    assert function.seed == 5
    with pytest.raises(TypeError):
        type("Sub", (type_,), {})


@any_type
def test_a_call_takes_one_key(type_: Any) -> None:
    function = type_(5)
    assert function("key") == function.__call__("key") == type_.__call__(function, "key")
    for arguments, keywords in (((), {}), ((1, 2), {}), ((), {"key": 1}), ((1,), {"key": 1})):
        with pytest.raises(TypeError):
            function(*arguments, **keywords)


@any_type
def test_making_and_using_an_instance_leaves_nothing(type_: Any) -> None:
    def use() -> None:
        function = type_(2**60)
        repr(function), hash(function), function.seed, function == type_(), pickle.dumps(function)
        HashTable(hash_func=function, items={1: 1, "x": 2})
        fails(ValueError, type_, -1)
        fails(TypeError, type_, "x")
        fails(TypeError, function)
        fails(TypeError, lambda: function(key=1))

    assert_leaves_nothing(use)
    with Watch(type_=type_) as watch:
        functions = [type_() for _ in range(10)]
        # A static type is owned by nobody.
        assert watch.changes() == {}
        del functions
