"""Every operation and every way in which one fails, each of which leaves its table as it was.

For loops that must leave nothing behind, and for whatever else wants to do everything once.
"""

from __future__ import annotations

import copy
import pickle
import sys
import weakref
from collections.abc import Iterator
from typing import Any, Callable

import hashtable
from hashtable import XXH3, HashTable, SipHash
from support import UsersError, fails


class Sub(HashTable):
    """A subclass."""


class Missing(HashTable):
    def __missing__(self, key: object) -> object:
        raise UsersError


class Raising:
    """A key and a value whose every method raises."""

    def __eq__(self, other: object) -> bool:
        raise UsersError

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        raise UsersError

    def __reduce__(self) -> Any:
        raise UsersError

    def __deepcopy__(self, memo: object) -> Any:
        raise UsersError

    __iter__ = __index__ = __float__ = __len__ = __reduce__


class Mapping:
    """A mapping whose every key is there."""

    def keys(self) -> list[tuple[int, int]]:
        return [(1, 2), (3, 4)]

    def __getitem__(self, key: object) -> object:
        return [key]


class BrokenMapping(Mapping):
    def __getitem__(self, key: object) -> object:
        raise UsersError


class Index:
    def __index__(self) -> int:
        return 2**100


def raising(*_: object) -> Any:
    raise UsersError


def pairs_that_raise() -> Iterator[tuple[object, object]]:
    yield (1, 2), 3
    raise UsersError


def table() -> HashTable:
    """The table that each path finds and leaves behind."""
    h = HashTable(1, 0.75)
    h.set("kept", "value")
    return h


def fill(h: HashTable) -> HashTable:
    for number in range(20):
        h.set((number,), [number])
    return h


def cycle() -> None:
    h = HashTable(hash_func=lambda key: h.load)
    h.set("self", h)


def change_while_iterating() -> None:
    twin = HashTable(items={(1, 2): 3, (3, 4): 5})
    for _ in twin.items():
        twin["new"] = 1


def anew() -> None:
    """An operation in which its table is initialised anew."""
    own = HashTable(hash_func=lambda key: own.__init__() or 1)  # type: ignore[misc, func-returns-value]
    own.set((1, 2), [3])


def collide(key: object) -> None:
    """Compares `key` with one that raises."""
    HashTable(1, None, lambda key: 0, items=[(Raising(), 1), (key, 2)])


def alone(view: Any) -> list[Any]:
    return [view & [(1, 2)], view | [(1, 2)], view - {(1, 2)}, view ^ {(1, 2)}, view.isdisjoint([(1, 2)])]


def twins_that_raise() -> tuple[HashTable, HashTable]:
    return HashTable(items={(1, 2): Raising()}), HashTable(items={(1, 2): Raising()})


PATHS: dict[str, Callable[[HashTable], object]] = {
    # Makers
    "make": lambda h: HashTable(16, 0.25, lambda key: 0),
    "make with items": lambda h: HashTable(2, items={(1, 2): [3]}),
    "make from pairs": lambda h: HashTable(items=[((1, 2), [3]), ((1, 2), [4])]),
    "make a subclass": lambda h: Sub().set("key", []),
    "make and grow": lambda h: fill(HashTable(1, 0.5)),
    "new alone": lambda h: HashTable.__new__(HashTable).get(1),
    "init again": lambda h: (h.__init__(1, 0.75), h.set("kept", "value")),  # type: ignore[misc]
    "init again with items": lambda h: h.__init__(1, 0.75, items=h),  # type: ignore[misc]
    "fromkeys": lambda h: (HashTable.fromkeys([(1, 2), (1, 2)], []), Sub.fromkeys(h)),
    "copy": lambda h: (h.copy(), copy.copy(h), Sub(items=h).copy(), copy.copy(Sub(items=h))),
    "deepcopy": lambda h: copy.deepcopy(HashTable(items={(1, 2): [HashTable()]})),
    "pickle": lambda h: [pickle.loads(pickle.dumps(x, 2)) for x in (h, HashTable(items={1: [h]}), Sub())],
    "in a cycle": lambda h: cycle(),
    # One key
    "set and pop": lambda h: (h.set((1, 2), [3]), h.pop((1, 2))),
    "store and delete": lambda h: (h.__setitem__((1, 2), [3]), h.__delitem__((1, 2))),
    "set and popitem": lambda h: (h.set((1, 2), [3]), h.popitem()),
    "setdefault": lambda h: (h.setdefault("kept", [1]), h.setdefault((1, 2), [3]), h.popitem()),
    "replace": lambda h: (h.set("kept", [object()]), h.__setitem__("kept", "value")),
    "get": lambda h: (h.get("kept"), h.get("missing"), h.get("missing", [1]), h["kept"], "kept" in h),
    "pop with a default": lambda h: h.pop((1, 2), [3]),
    "ints and floats": lambda h: [(h.set(key, [1]), h[key], h.pop(key)) for key in (2**40, 1e300, 10**50)],
    "compare keys": lambda h: HashTable(1, None, lambda key: 0, items=[((1, 2), 1), ((1, 3), 2)]).get((1, 2)),
    # All keys
    "clear": lambda h: fill(HashTable()).clear(),
    "update": lambda h: [Sub(items=h).update(x) for x in (h, {(1, 2): [3]}, [((1, 2), [3])], Mapping())],
    "update with keywords": lambda h: HashTable().update(a=[1], b=[2]),
    "update with itself": lambda h: (h.update(h), h.update(h.items())),
    "|": lambda h: (h | h, h | {(1, 2): [3]}, {(1, 2): [3]} | h, h.copy().__ior__([((1, 2), [3])])),
    "==": lambda h: (h == h.copy(), h != {(1, 2): [3]}, h == {"kept": "value"}, h == 5, h.__lt__(h)),
    "iterate": lambda h: (list(h), list(h.items()), list(h.values()), list(reversed(h))),
    "iterate a part": lambda h: (
        next(iter(h)),
        next(reversed(h.items())),
        iter(h.values()).__length_hint__(),
    ),
    "pickle an iterator": lambda h: (pickle.loads(pickle.dumps(iter(h))), copy.copy(iter(h.items()))),
    "keys": lambda h: alone(HashTable(items={(1, 2): 3}).keys()),
    "items": lambda h: alone(HashTable(items={(1, 2): 3}).items()),
    "compare views": lambda h: (
        h.keys() == {"kept"},
        h.items() <= h.items(),
        h.keys() > set(),
        h.keys() != 5,
    ),
    "look into views": lambda h: ("kept" in h.keys(), ("kept", 1) in h.items(), 1 in h.values()),  # noqa: SIM118
    "views": lambda h: (repr(h.items()), len(h.keys()), h.values().mapping, h.keys().mapping["kept"]),
    # The inside
    "repr": lambda h: (repr(h), h.picture(), h.picture(1)),
    "bins": lambda h: (h.bins(), h.bin_of((1, 2)), h.stats(), h.stats().mean_chain),
    "attributes": lambda h: (h.size, h.load, h.max_load, h.hash_func, sys.getsizeof(h), len(h), bool(h)),
    "weak references": lambda h: weakref.ref(HashTable(), lambda ref: None),
    "alias": lambda h: HashTable[str, int],
    # Hash functions
    "the module's": lambda h: [
        function(key)
        for function in (hashtable.fnv1a_hash, hashtable.xxh3_hash, hashtable.talk_hash, SipHash(1))
        for key in ("é" * 9, b"bytes", 2.5, 10**30)
    ],
    "numbers": lambda h: [f(10**30) for f in (hashtable.identity_hash, hashtable.fibonacci_hash)],
    "tables with the module's": lambda h: [
        HashTable(hash_func=function, items={"é" * 9: [1], 5: [2]})
        for function in (hashtable.fnv1a_hash, hashtable.xxh3_hash, hashtable.talk_hash, SipHash(), XXH3())
    ],
    "seeds": lambda h: (SipHash(2**120) == SipHash(5), XXH3(2**60).seed, hash(SipHash(9)), repr(XXH3(3))),
    "pickle a seed": lambda h: pickle.loads(pickle.dumps((SipHash(2**120), XXH3(5)))),
    "an index": lambda h: HashTable(hash_func=lambda key: Index()).set((1, 2), [3]),
    # What is missing
    "pop of a missing key": lambda h: fails(KeyError, h.pop, (1, 2)),
    "[] of a missing key": lambda h: fails(KeyError, h.__getitem__, (1, 2)),
    "del of a missing key": lambda h: fails(KeyError, h.__delitem__, (1, 2)),
    "popitem of nothing": lambda h: fails(KeyError, HashTable().popitem),
    "__missing__ raises": lambda h: fails(UsersError, Missing().__getitem__, (1, 2)),
    # Wrong arguments
    "no hash": lambda h: [fails(TypeError, f, []) for f in (h.get, h.pop, h.__getitem__, h.bin_of)],
    "no hash to store": lambda h: [
        fails(TypeError, f, [], [1]) for f in (h.set, h.__setitem__, h.setdefault)
    ],
    "too few arguments": lambda h: [fails(TypeError, f) for f in (h.set, h.get, h.pop, h.bin_of)],
    "too many arguments": lambda h: [fails(TypeError, f, [1], [2], [3]) for f in (h.set, h.get, h.keys)],
    "too many to the constructor": lambda h: fails(TypeError, HashTable, 1, 2, 3, 4, 5),
    "an unknown keyword": lambda h: fails(TypeError, lambda: HashTable(sizes=[1])),  # type: ignore[call-overload]
    "a bad size": lambda h: [fails(TypeError, HashTable, size) for size in (-1000, "4", 1.5, Raising)],
    "a size that raises": lambda h: fails(UsersError, HashTable, Raising()),
    "a bad max_load": lambda h: [fails(TypeError, HashTable, 4, x) for x in (2.5, ["0.5"], 10**400)],
    "a max_load that raises": lambda h: fails(UsersError, HashTable, 4, Raising()),
    "a bad hash function": lambda h: fails(TypeError, HashTable, 4, 0.5, [5]),
    "too many bins": lambda h: [fails(MemoryError, HashTable, size) for size in (2**62, 2**100)],
    "init again with bad arguments": lambda h: fails(TypeError, h.__init__, -1000),
    "init again with bad items": lambda h: fails(TypeError, lambda: h.__init__(items=5)),  # type: ignore[misc]
    "items that raise": lambda h: fails(UsersError, lambda: HashTable(items=pairs_that_raise())),
    "items that are no pairs": lambda h: fails(ValueError, lambda: HashTable(items=[(1, 2, 3)])),
    "items that raise, again": lambda h: fails(
        UsersError,
        lambda: h.__init__(items=pairs_that_raise()),  # type: ignore[misc]
    ),
    "update raises": lambda h: fails(UsersError, h.copy().update, pairs_that_raise()),
    "update with no pairs": lambda h: [fails(TypeError, h.copy().update, x) for x in ([5], 5)],
    "update with a broken mapping": lambda h: fails(UsersError, h.copy().update, BrokenMapping()),
    "fromkeys raises": lambda h: (
        fails(TypeError, HashTable.fromkeys, [[]]),
        fails(TypeError, Sub.fromkeys, 5),
    ),
    "| with something else": lambda h: (fails(TypeError, lambda: h | 5), fails(TypeError, lambda: [5] | h)),
    "views with something else": lambda h: [
        fails(TypeError, lambda: h.keys() & 5),
        fails(TypeError, lambda: h.items() | 5),
    ],
    "attributes are fixed": lambda h: fails(AttributeError, setattr, h, "size", [5]),
    "a bad picture": lambda h: (
        fails(TypeError, h.picture, "5"),
        fails(ValueError, h.picture, 0),
        fails(UsersError, h.picture, Raising()),
    ),
    "a bad seed": lambda h: (fails(TypeError, SipHash, "5"), fails(UsersError, XXH3, Raising())),
    "no key for the module's": lambda h: fails(TypeError, hashtable.fnv1a_hash, [None]),
    "half a character": lambda h: (hashtable.fnv1a_hash("a\ud800"), SipHash(5)("\udfff" * 9)),
    "restore something else": lambda h: fails(TypeError, h.__reduce_ex__(2)[0], int, 4, 0.5, hash),
    # Code that raises
    "the hash function raises": lambda h: [
        fails(UsersError, f, [1])
        for f in (HashTable(hash_func=raising).get, HashTable(hash_func=raising).pop)
    ],
    "the hash is no integer": lambda h: fails(ValueError, HashTable(hash_func=lambda key: [1]).set, [1], [2]),
    "an index raises": lambda h: fails(UsersError, HashTable(hash_func=lambda key: Raising()).set, [1], [2]),
    "a comparison raises": lambda h: fails(UsersError, collide, (1, 2)),
    "== raises": lambda h: fails(UsersError, lambda twins: twins[0] == twins[1], twins_that_raise()),
    "in values raises": lambda h: fails(UsersError, lambda: 5 in HashTable(items={1: Raising()}).values()),
    "== of items raises": lambda h: fails(
        UsersError, lambda twins: twins[0].items() == twins[1].items(), twins_that_raise()
    ),
    "repr of a view raises": lambda h: fails(UsersError, repr, HashTable(items={1: Raising()}).items()),
    "pickle raises": lambda h: fails(UsersError, pickle.dumps, HashTable(items={1: Raising()})),
    "deepcopy raises": lambda h: fails(UsersError, copy.deepcopy, HashTable(items={1: Raising()})),
    # Changes at a bad moment
    "changed while it is iterated over": lambda h: fails(RuntimeError, change_while_iterating),
    "initialised in an operation": lambda h: fails(RuntimeError, anew),
}
