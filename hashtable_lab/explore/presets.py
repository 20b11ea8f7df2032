"""What the page has ready: hash functions, and a session for each specimen that one can come by."""

from __future__ import annotations

from typing import Any

PRESETS = (
    ("builtin", "Python's own", "hash_func = hash\n"),
    ("talk", "The talk's", "from hashtable import talk_hash as hash_func\n"),
    ("length", "Length", "def hash_func(key):\n    return len(str(key))\n"),
    ("constant", "Constant", "def hash_func(key):\n    return 42\n"),
    (
        "high-bits",
        "High bits",
        "def hash_func(key):\n"
        "    # Multiplied, what tells keys apart is in the high bits; a table looks at the low ones.\n"
        "    return (hash(key) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 32\n",
    ),
    (
        "own",
        "Your own",
        "def hash_func(key):\n"
        "    print('hashing', repr(key))\n"
        "    return sum(ord(letter) for letter in str(key))\n",
    ),
)

# What a page shows that was given no program.
FIRST: dict[str, Any] = {
    "code": PRESETS[2][2],
    "size": 8,
    "max_load": 0.75,
    "specimen": None,
    "operations": [
        ["set", "'spam'", "1"],
        ["set", "'eggs'", "2"],
        ["set", "'bacon'", "3"],
        ["get", "'spam'"],
    ],
    "watch": None,
}

BY_LENGTH = "def hash_func(key):\n    return len(key)\n"
# The page's keys and values are literals: what else there is to a table, its hash function puts there.
NOSY = """\
class Nosy:
    def __del__(self):
        print('in the table is', type(table().get('spam')))


class Basket:
    def __init__(self):
        self.inside = Nosy()


def hash_func(key):
    if key == 'basket':
        table().set('spam', Basket())
    return len(key)
"""
KNOWING = """\
def hash_func(key):
    # The table has a reference to this function, and this function one to the table: a cycle.
    hash_func.table = table()
    return len(key)
"""
# Of each specimen, a program that comes by the broken line.
SESSIONS: dict[str, tuple[str, list[list[str]]]] = {
    "segfault": (BY_LENGTH, [["set", "'spam'", "42"], ["get", "'spam'"]]),
    "leak": (BY_LENGTH, [["set", "'spam'", "42"], ["new"], ["new"], ["new"]]),
    # The page keeps a value, to count its references: so it is the second `get` that frees it.
    "get": (BY_LENGTH, [["set", "'spam'", "'eggs and ham'"], *[["get", "'spam'"]] * 5]),
    "error": (BY_LENGTH, [["pop", "'no such key'"]] * 3),
    "iter": (BY_LENGTH, [["set", "'spam'", "1"], ["list"], ["get", "'spam'"]]),
    "none": (BY_LENGTH, [["clear"]] * 3),
    "builtins": (BY_LENGTH, [["new"]] * 3),
    "reentry": (NOSY, [["set", "'basket'", "1"], ["set", "'spam'", "2"], ["get", "'spam'"]]),
    # An entry would be leaked too, and named first.
    "cycle": (KNOWING, [["get", "'spam'"]]),
}


def as_json() -> list[dict[str, str]]:
    return [{"name": name, "title": title, "code": code} for name, title, code in PRESETS]
