"""Python and C come to the same hash for the same key, as the README says."""

from __future__ import annotations

import ctypes
import math
from pathlib import Path
from typing import Any, Callable

import hashtable
import pytest

LIBRARY = Path(__file__).resolve().parents[2] / "target" / "release" / "libhashtable.so"
SEED = 0x0123456789ABCDEFFEDCBA9876543210
LOW, HIGH = SEED % 2**64, SEED >> 64

HT_SEEDED = 2
HT_INTEGER, HT_DOUBLE, HT_STRING, HT_BYTES = range(4)
# The number of each in ht_hashing.
FUNCTIONS: dict[str, tuple[int, Callable[[Any], int]]] = {
    "SIP": (0, hashtable.SipHash(SEED)),
    "TALK": (1, hashtable.talk_hash),
    "IDENTITY": (3, hashtable.identity_hash),
    "FIBONACCI": (4, hashtable.fibonacci_hash),
    "FNV1A": (5, hashtable.fnv1a_hash),
    "XXH3": (6, hashtable.XXH3(LOW)),
}
FOR_NUMBERS = ("IDENTITY", "FIBONACCI")
NUMBERS = [0, 1, -1, 42, 2**63 - 1, -(2**63), 0.0, -0.0, 0.5, -2.5, 1e300, math.inf, -math.inf, math.nan]
TEXTS = ["", "a", "hash table", "x" * 1000, b"", b"NUL \0 and more", bytes(range(256))]
BEYOND_ASCII = ["é", "ł" * 20, "日本語", "😀" * 100]


class Value(ctypes.Union):
    """`ht_value`."""

    _fields_ = (
        ("i", ctypes.c_long),
        ("f", ctypes.c_double),
        ("str", ctypes.c_char_p),
        ("bytes", ctypes.c_void_p),
    )


class Bytes(ctypes.Structure):
    """`ht_bytes`."""

    _fields_ = (("length", ctypes.c_size_t), ("data", ctypes.c_char_p))


class Options(ctypes.Structure):
    """`ht_options`, as far as its seed."""

    _fields_ = (
        ("struct_size", ctypes.c_size_t),
        ("size", ctypes.c_long),
        ("max_load_proportion", ctypes.c_double),
        ("hashing", ctypes.c_uint),
        ("flags", ctypes.c_uint),
        ("seed", ctypes.c_uint64 * 2),
        ("pointers", ctypes.c_void_p * 5),
    )


@pytest.fixture(scope="module")
def ht() -> ctypes.CDLL:
    library = ctypes.CDLL(str(LIBRARY))
    library.ht_create.restype = ctypes.c_void_p
    library.ht_free.argtypes = [ctypes.c_void_p]
    library.ht_own_hash.restype = ctypes.c_long
    # A union of 8 bytes is passed as a long is; ctypes passes no unions.
    library.ht_own_hash.argtypes = [ctypes.c_void_p, ctypes.c_long, ctypes.c_int]
    return library


def in_c(ht: ctypes.CDLL, hashing: int, key: Any) -> int:
    """The hash of `key` in a table of libhashtable's."""
    options = Options(ctypes.sizeof(Options), 0, 0.0, hashing, HT_SEEDED, (LOW, HIGH))
    table = ht.ht_create(ctypes.byref(options))
    assert table
    value, kept = Value(), Bytes()
    if isinstance(key, int):
        value.i, kind = key, HT_INTEGER
    elif isinstance(key, float):
        value.f, kind = key, HT_DOUBLE
    elif isinstance(key, str):
        value.str, kind = key.encode(), HT_STRING
    else:
        kept = Bytes(len(key), key)
        value.bytes, kind = ctypes.addressof(kept), HT_BYTES
    hashed: int = ht.ht_own_hash(table, value.i, kind)
    ht.ht_free(table)
    return hashed


@pytest.mark.parametrize("name", FUNCTIONS)
def test_python_and_c_come_to_the_same_hash(ht: ctypes.CDLL, name: str) -> None:
    hashing, function = FUNCTIONS[name]
    keys = NUMBERS if name in FOR_NUMBERS else NUMBERS + TEXTS
    assert [in_c(ht, hashing, key) for key in keys] == [function(key) for key in keys]
    assert len({function(key) for key in keys}) > len(keys) // 3


@pytest.mark.parametrize("name", ["SIP", "FNV1A", "XXH3"])
def test_and_so_they_do_beyond_ascii(ht: ctypes.CDLL, name: str) -> None:
    hashing, function = FUNCTIONS[name]
    assert [in_c(ht, hashing, key) for key in BEYOND_ASCII] == [function(key) for key in BEYOND_ASCII]


def test_the_talks_hash_counts_bytes_in_c_and_code_points_in_python(ht: ctypes.CDLL) -> None:
    assert (in_c(ht, 1, "é"), hashtable.talk_hash("é")) == (2, 1)
