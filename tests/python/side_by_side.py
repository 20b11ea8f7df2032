"""The same program run on a dict and on tables: what comes out is made comparable."""

from __future__ import annotations

import collections.abc
import re
from typing import Any, Callable

from hashtable import HashTable

Make = Callable[..., Any]


class Sub(HashTable):
    """A subclass with nothing of its own."""


def zero(key: object) -> int:
    return 0


def python_hash(key: object) -> int:
    return hash(key)


# Different ways to keep the same entries: what a dict does, each of them does.
TABLES: dict[str, Callable[[], HashTable]] = {
    "defaults": HashTable,
    "one chain": lambda: HashTable(1, None),
    "full bins": lambda: HashTable(3, 1.0),
    "sparse bins": lambda: HashTable(2, 0.1),
    "hash function in Python": lambda: HashTable(hash_func=python_hash),
    "everything collides": lambda: HashTable(hash_func=zero),
    "subclass": Sub,
}


def maker(empty: Callable[[], Any]) -> Make:
    """A function that makes mappings of pairs and keywords, from one that makes empty mappings."""

    def make(pairs: Any = (), **more: Any) -> Any:
        mapping = empty()
        for key, value in pairs:
            mapping[key] = value
        for key, value in more.items():
            mapping[key] = value
        return mapping

    return make


def plain(thing: object) -> object:
    """What can be compared, of the result of a program."""
    if isinstance(thing, (dict, HashTable)):
        return "mapping", [(key, plain(value)) for key, value in thing.items()]
    if isinstance(thing, collections.abc.MappingView):
        return list(map(plain, thing))
    if isinstance(thing, (list, tuple)):
        return type(thing)(map(plain, thing))
    return thing


def outcome(program: Callable[[Make], object], make: Make) -> object:
    """What a program does: its result, or what it raises, in dict's words."""
    try:
        return "result", plain(program(make))
    except Exception as error:
        return type(error), [in_dicts_words(x) if isinstance(x, str) else plain(x) for x in error.args]


def in_dicts_words(message: str) -> str:
    # From 3.14 on a dict puts what `hash` says into a sentence of its own. A table has it from its hash
    # function, and leaves it as it is.
    message = re.sub(r"^cannot use '.*' as a dict key \((.*)\)$", r"\1", message)
    message = re.sub(r"(hashtable\.)?hashtable_", "dict_", message)
    return re.sub(r"(hashtable\.)?HashTable|\bSub\b|dictionary", "dict", message)


def everything(mapping: Any) -> list[object]:
    """All that any way of looking at a mapping shows."""
    return [
        list(mapping),
        list(mapping.keys()),
        list(mapping.values()),
        list(mapping.items()),
        list(reversed(mapping)),
        list(reversed(mapping.keys())),
        list(reversed(mapping.values())),
        list(reversed(mapping.items())),
        len(mapping),
        bool(mapping),
        [mapping[key] for key in mapping],
    ]


def step(iterator: Any) -> object:
    """One step of an iterator: what comes, or what is raised."""
    try:
        return next(iterator)
    except (StopIteration, RuntimeError) as error:
        return type(error), in_dicts_words(str(error))
