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

SESSION_CODE = "def hash_func(key):\n    return len(key)\n"
# Two specimens are none of these: they need a table that its own hash function or value knows, and no
# operation of the page's makes one.
SESSIONS: dict[str, list[list[str]]] = {
    "segfault": [["set", "'spam'", "42"], ["get", "'spam'"]],
    "leak": [["set", "'spam'", "42"], ["new"], ["new"], ["new"]],
    # The page keeps a value, to count its references: so it is the second `get` that frees it.
    "get": [["set", "'spam'", "'eggs and ham'"], *[["get", "'spam'"]] * 5],
    "error": [["pop", "'no such key'"]] * 3,
    "iter": [["set", "'spam'", "1"], ["list"], ["get", "'spam'"]],
    "none": [["clear"]] * 3,
    "builtins": [["new"]] * 3,
}


def as_json() -> list[dict[str, str]]:
    return [{"name": name, "title": title, "code": code} for name, title, code in PRESETS]
