"""The hash functions that the page has ready."""

from __future__ import annotations

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
        "def hash_func(key):\n    print('hashing', repr(key))\n    return sum(ord(letter) for letter in str(key))\n",
    ),
)


def as_json() -> list[dict[str, str]]:
    return [{"name": name, "title": title, "code": code} for name, title, code in PRESETS]
