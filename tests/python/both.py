"""One table, its model, and everything that can be done to both, with keys and hash functions at their worst.

The model is the rules T1 to T9 of DESIGN in simple words: a list of bins of entries, and the order in which
the entries came. After each operation the bins, the order, the results and the calls of the hash function are
compared. Where Python code has changed the table in the middle of an operation, its outcome is open: then the
table only has to be whole, and the model is read from it again.

`test_stateful.py` and `fuzz/fuzz_targets/python.py` choose what is done.
"""

from __future__ import annotations

import contextlib
import copy
import gc
import sys
import weakref
import zlib
from typing import Any, Callable

from hashtable import HashTable


class UsersError(Exception):
    """An exception that no library knows."""


# Keys and hash functions


class Trap:
    """Does something at one of the next calls of a hash function or an equality."""

    def __init__(self) -> None:
        self.disarm()

    def disarm(self) -> None:
        self.action: Callable[[], object] | None = None
        self.calls_left = 0
        self.sprung = False

    def arm(self, calls_left: int, action: Callable[[], object]) -> None:
        self.disarm()
        self.calls_left, self.action = calls_left, action

    def spring(self) -> None:
        if self.action is None:
            return
        self.calls_left -= 1
        if self.calls_left > 0:
            return
        action, self.action = self.action, None
        self.sprung = True
        action()


TRAP = Trap()
# What the hash functions have returned.
LOG: list[int] = []


class Key:
    """A key with a hash of its own, and an equality that may lie."""

    alive = 0

    def __new__(cls, *_: object) -> Key:
        # A deep copy counts too.
        Key.alive += 1
        return super().__new__(cls)

    def __init__(self, name: int, hash_: int, mood: str) -> None:
        self.name, self.hash, self.mood = name, hash_, mood

    def __del__(self) -> None:
        Key.alive -= 1

    def __repr__(self) -> str:
        return f"Key({self.name}, {self.hash}, {self.mood!r})"

    def __eq__(self, other: object) -> bool:
        TRAP.spring()
        if self.mood == "honest":
            return isinstance(other, Key) and (self.name, self.hash) == (other.name, other.hash)
        return self.mood == "says yes"

    __hash__ = None  # type: ignore[assignment]


class HashableKey(Key):
    """The same, for the builtin `hash`."""

    def __hash__(self) -> int:
        TRAP.spring()
        return self.hash

    __eq__ = Key.__eq__


def number_of(key: object) -> int:
    """A number for each key: the same in every process."""
    return key.hash if isinstance(key, Key) else zlib.crc32(repr(key).encode()) % 50 - 25


class HashFunction:
    """A hash function that keeps a log."""

    def __init__(self, name: str, function: Callable[[int], int]) -> None:
        self.name, self.function = name, function

    def __call__(self, key: object) -> int:
        TRAP.spring()
        LOG.append(self.function(number_of(key)))
        return LOG[-1]

    def __repr__(self) -> str:
        return self.name


calls = iter(range(10**9))
HASH_FUNCTIONS = [
    HashFunction("own", lambda number: number),
    HashFunction("colliding", lambda number: 7),
    HashFunction("three", lambda number: number % 3 - 1),
    HashFunction("at the ends of 64 bits", lambda number: (2**63 - 1 - abs(number)) * (-1) ** abs(number)),
    HashFunction("wide", lambda number: number * 3**45),
]
LIAR = HashFunction("another each time", lambda number: number + next(calls) % 3)

# The model


class Entry:
    def __init__(self, hash_: int, key: Any, value: object) -> None:
        self.hash, self.key, self.value = hash_, key, value


def kind(key: object) -> type:
    return next((base for base in (int, float, str) if isinstance(key, base)), object)


def same_key(ours: Any, theirs: Any) -> bool:
    return ours is theirs or (kind(ours) is kind(theirs) and bool(ours == theirs))


class Model:
    """A table as a list of bins, each a list of entries, and a list of all of them as they came."""

    def __init__(self, size: int, max_load: float | None, hash_func: Any) -> None:
        self.bins: list[list[Entry]] = [[] for _ in range(size)]
        self.order: list[Entry] = []
        self.max_load, self.hash_func = max_load, hash_func

    def hash_of(self, key: object) -> int:
        """What the table was told, in the same order."""
        number = hash(key) if self.hash_func is hash else LOG.pop(0)
        return number if -(2**63) <= number < 2**63 else hash(number)

    def chain(self, number: int) -> list[Entry]:
        return self.bins[number % len(self.bins)]

    def find(self, key: object, number: int) -> Entry | None:
        # From the youngest on: it matters where an equality lies.
        found = (e for e in reversed(self.chain(number)) if e.hash == number and same_key(e.key, key))
        return next(found, None)

    def set(self, key: object, value: object) -> None:
        self.put(key, self.hash_of(key), value)

    def set_all(self, pairs: list[tuple[Any, Any]]) -> None:
        for key, value in pairs:
            self.set(key, value)

    def put(self, key: object, number: int, value: object) -> None:
        entry = self.find(key, number)
        if entry is None:
            self.add(Entry(number, key, value))
        else:
            entry.value = value

    def add(self, entry: Entry) -> None:
        while self.max_load is not None and (len(self.order) + 1) / len(self.bins) > self.max_load:
            old = self.bins
            self.bins = [[] for _ in range(2 * len(old))]
            for moved in (e for chain in old for e in chain):
                self.chain(moved.hash).append(moved)
        self.chain(entry.hash).append(entry)
        self.order.append(entry)

    def get(self, key: object, default: object = None) -> object:
        entry = self.find(key, self.hash_of(key))
        return default if entry is None else entry.value

    def setdefault(self, key: object, default: object) -> object:
        number = self.hash_of(key)
        entry = self.find(key, number)
        if entry is not None:
            return entry.value
        self.add(Entry(number, key, default))
        return default

    def pop(self, key: object, default: object) -> object:
        entry = self.find(key, self.hash_of(key))
        if entry is None:
            return default
        self.remove(entry)
        return entry.value

    def remove(self, entry: Entry) -> None:
        self.chain(entry.hash).remove(entry)
        self.order.remove(entry)

    def popitem(self) -> tuple[object, object]:
        entry = self.order[-1]
        self.remove(entry)
        return entry.key, entry.value

    def clear(self) -> None:
        self.bins = [[] for _ in self.bins]
        self.order = []

    def update(self, other: Model) -> None:
        """From a table with the same hash function: its hashes are known."""
        for entry in other.order:
            number = entry.hash if other.hash_func is self.hash_func else self.hash_of(entry.key)
            self.put(entry.key, number, entry.value)

    def copy(self) -> Model:
        twin = Model(1, None, self.hash_func)
        twin.bins = [[] for _ in self.bins]
        for entry in self.order:
            twin.add(Entry(entry.hash, entry.key, entry.value))
        twin.max_load = self.max_load
        return twin

    def read_again(self, table: HashTable) -> None:
        """Takes over what a table has become. Its hash function has to be honest."""
        self.max_load, self.hash_func = table.max_load, table.hash_func
        self.bins = [[] for _ in table.bins()]
        self.order = []
        for key, value in table.items():
            number = hash(key) if self.hash_func is hash else self.hash_func(key)
            entry = Entry(number if -(2**63) <= number < 2**63 else hash(number), key, value)
            self.chain(entry.hash).append(entry)
            self.order.append(entry)


# What a program is made of

MISSING = object()
NAN = float("nan")

# Few names and hashes, so that keys meet.
NAMES = range(6)
HASHES = [-(2**62), -4, -3, -2, 0, 1, 2, 3, 4, 8, 2**62]
MOODS = ["honest", "honest", "honest", "says yes", "says no"]
PLAIN_KEYS: list[Any] = [0, 1, True, 2, -1, 1.0, 0.0, -0.0, NAN, "", "1", "0", 2**64, 10**20, -(2**63)]
MAX_LOADS = [None, 0.1, 0.3, 0.5, 0.5, 0.75, 1.0, 1.0]

Pairs = list[tuple[Any, Any]]


def throw() -> None:
    raise UsersError


# What Python code that is called in the middle of an operation may do to its table.
CHANGES: dict[str, Callable[[Both, Any, Pairs], object]] = {
    "set": lambda both, key, pairs: both.h.set(key, "changed"),
    "pop": lambda both, key, pairs: both.h.pop(key, None),
    "clear": lambda both, key, pairs: both.h.clear(),
    "popitem": lambda both, key, pairs: both.h.popitem() if both.h else None,
    "update": lambda both, key, pairs: both.h.update(pairs),
    "init": lambda both, key, pairs: both.h.__init__(3, None, HASH_FUNCTIONS[2]),
    "init with items": lambda both, key, pairs: both.h.__init__(3, 1.0, HASH_FUNCTIONS[0], items=pairs),
    "drop": lambda both, key, pairs: both.drop(),
    "set many": lambda both, key, pairs: both.h.update((number, number) for number in range(100, 130)),
    "again": lambda both, key, pairs: both.take_out_and_put_back(),
}
# What it may look at.
LOOKS: dict[str, Callable[[Both], object]] = {
    "copy": lambda both: both.h.copy(),
    "iterate": lambda both: both.count_in_three_ways(),
    "look up": lambda both: both.h.get(123, both.h.stats()),
    "collect": lambda both: gc.collect(),
}
# Operations whose outcome the model does not know; all that they can do is to leave the table as it was. What
# they are given is a table too, with any hash function, and keys.
READS: dict[str, Callable[[Any, Any, list[Any]], object]] = {
    "==": lambda h, other, keys: h == other,
    "!=": lambda h, other, keys: other != h,
    "== of items": lambda h, other, keys: h.items() == other.items(),
    "keys &": lambda h, other, keys: h.keys() & keys,
    "keys |": lambda h, other, keys: h.keys() | other,
    "keys -": lambda h, other, keys: h.keys() - other.keys(),
    "keys <": lambda h, other, keys: h.keys() <= other.keys(),
    "& keys": lambda h, other, keys: keys & h.keys(),
    "items &": lambda h, other, keys: h.items() & [(key, 1) for key in keys],
    "items ^": lambda h, other, keys: h.items() ^ other.items(),
    "disjoint": lambda h, other, keys: h.keys().isdisjoint(keys),
    "in items": lambda h, other, keys: [(key, 1) in h.items() for key in keys],
    "in values": lambda h, other, keys: [key in h.values() for key in keys],
    "deepcopy": lambda h, other, keys: copy.deepcopy(h),
    "reduce": lambda h, other, keys: h.__reduce_ex__(4),
    "dict": lambda h, other, keys: dict(h),
    "unpack": lambda h, other, keys: {**h},
    "fromkeys": lambda h, other, keys: HashTable.fromkeys(h, 1),
    "walk": lambda h, other, keys: [h.get(key) for key in h],
}


class Both:
    """One table, its model, and everything that can be done to both."""

    def __init__(self) -> None:
        TRAP.disarm()
        self.keys: list[Any] = []
        self.start(4, 0.5, HASH_FUNCTIONS[0])

    def start(self, size: int, max_load: float | None, hash_func: Any) -> None:
        self.h: Any = HashTable(size, max_load, hash_func)
        self.model = Model(size, max_load, hash_func)

    # How to do the same to both

    def do(self, table: Callable[[], object], model: Callable[[], object], *, at_once: bool = True) -> None:
        """Does the same to both, and compares what comes out and what is left.

        An operation that is done `at_once` changes nothing if it fails.
        """
        LOG.clear()
        if self.raising and not at_once and self.model.hash_func is LIAR:
            # Nobody could tell what hashes the entries have that came before.
            self.disarm()
        raised: BaseException | None = None
        result = None
        try:
            result = table()
        except (KeyError, RuntimeError, UsersError) as error:
            raised = error
        changing, sprung = self.changing, TRAP.sprung
        self.disarm()
        if sprung and (changing or (self.raising and not at_once)):
            del result, raised
            self.start_over()
            return
        if sprung and self.raising:
            assert isinstance(raised, UsersError)
            assert raised.__context__ is None
            LOG.clear()
        else:
            expected = model()
            if expected is KeyError:
                assert isinstance(raised, KeyError)
            else:
                assert raised is None, raised
                if isinstance(expected, tuple):
                    assert all(ours is theirs for ours, theirs in zip(result, expected))  # type: ignore[call-overload]
                else:
                    assert result is expected or (type(expected) in (bool, int) and result == expected)
            assert LOG == []
        self.raising = False
        self.compare(self.h, self.model)

    raising = changing = False

    def disarm(self) -> None:
        TRAP.disarm()
        self.changing = False

    def start_over(self) -> None:
        """The outcome was open: the table is whole, and the model becomes what it is."""
        self.raising = False
        if self.h is None:
            self.start(2, 1.0, HASH_FUNCTIONS[1])
        self.model.read_again(self.h)
        LOG.clear()
        self.compare(self.h, self.model)
        size, load, max_load = self.h.size, self.h.load, self.h.max_load
        assert max_load is None or load / size <= max_load

    @staticmethod
    def compare(h: Any, model: Model) -> None:
        assert (h.size, h.load, h.max_load) == (len(model.bins), len(model.order), model.max_load)
        assert h.hash_func is model.hash_func
        assert [list(map(id, keys)) for keys in h.bins()] == [
            [id(e.key) for e in chain] for chain in model.bins
        ]
        assert [(id(k), id(v)) for k, v in h.items()] == [(id(e.key), id(e.value)) for e in model.order]
        assert list(map(id, reversed(h))) == [id(e.key) for e in reversed(model.order)]
        assert repr(h) == "\n".join("[]" + "*" * len(chain) for chain in model.bins)
        stats, lengths = h.stats(), list(map(len, model.bins))
        assert (stats.longest_chain, stats.occupied_bins) == (max(lengths), sum(map(bool, lengths)))
        assert LOG == []

    def new_key(self, name: int, hash_: int, mood: str) -> HashableKey:
        key = HashableKey(name, hash_, mood)
        self.keys.append(key)
        return key

    # What is armed for the next operation

    def something_will_raise(self, calls: int) -> None:
        self.disarm()
        self.raising = True
        TRAP.arm(calls, throw)

    def something_will_look(self, calls: int, which: str) -> None:
        def look() -> None:
            log = LOG.copy()
            LOOKS[which](self)
            LOG[:] = log

        self.disarm()
        self.raising = False
        TRAP.arm(calls, look)

    def something_will_change_the_table(self, calls: int, which: str, key: Any, pairs: Pairs) -> None:
        if self.model.hash_func is LIAR:
            # Nobody could tell what hashes the entries have.
            return
        self.disarm()
        self.raising = False
        self.changing = True
        TRAP.arm(calls, lambda: CHANGES[which](self, key, pairs))

    def drop(self) -> None:
        self.h = None
        gc.collect()

    def take_out_and_put_back(self) -> None:
        for k, v in list(self.h.items()):
            self.h.pop(k, None)
            self.h[k] = v

    def count_in_three_ways(self) -> None:
        assert len(list(self.h.items())) == len(self.h) == sum(map(len, self.h.bins()))

    # Operations

    def set(self, key: Any, value: Any) -> None:
        self.do(lambda: self.h.set(key, value), lambda: self.model.set(key, value))

    def setitem(self, key: Any, value: Any) -> None:
        self.do(lambda: self.h.__setitem__(key, value), lambda: self.model.set(key, value))

    def get(self, key: Any) -> None:
        self.do(lambda: self.h.get(key, MISSING), lambda: self.model.get(key, MISSING))

    def getitem(self, key: Any) -> None:
        self.do(lambda: self.h[key], lambda: self.model.get(key, KeyError))

    def contains(self, key: Any) -> None:
        self.do(lambda: key in self.h, lambda: self.model.get(key, MISSING) is not MISSING)

    def setdefault(self, key: Any, value: Any) -> None:
        self.do(lambda: self.h.setdefault(key, value), lambda: self.model.setdefault(key, value))

    def pop(self, key: Any) -> None:
        self.do(lambda: self.h.pop(key), lambda: self.model.pop(key, KeyError))

    def pop_with_default(self, key: Any) -> None:
        self.do(lambda: self.h.pop(key, MISSING), lambda: self.model.pop(key, MISSING))

    def delitem(self, key: Any) -> None:
        self.do(
            lambda: self.h.__delitem__(key),
            lambda: KeyError if self.model.pop(key, KeyError) is KeyError else None,
        )

    def bin_of(self, key: Any) -> None:
        self.do(lambda: self.h.bin_of(key), lambda: self.model.hash_of(key) % len(self.model.bins))

    def popitem(self) -> None:
        self.do(lambda: self.h.popitem(), lambda: self.model.popitem() if self.model.order else KeyError)

    def clear(self) -> None:
        self.do(lambda: self.h.clear(), lambda: self.model.clear())

    def go_on_with_a_copy(self) -> None:
        LOG.clear()
        self.h, self.model = self.h.copy(), self.model.copy()
        self.compare(self.h, self.model)

    def update_from_pairs(self, pairs: Pairs) -> None:
        self.do(
            lambda: self.h.update(iter(pairs)),
            lambda: self.model.set_all(pairs),
            at_once=False,
        )

    def other(self, hash_func: Any, pairs: Pairs) -> tuple[HashTable, Model]:
        """Another table, and its model."""
        armed = (TRAP.action, TRAP.calls_left)
        TRAP.action = None
        LOG.clear()
        table, model = HashTable(2, 1.0, hash_func, items=pairs), Model(2, 1.0, hash_func)
        model.set_all(pairs)
        self.compare(table, model)
        TRAP.action, TRAP.calls_left = armed
        return table, model

    def update_from_a_table(self, hash_func: Any, pairs: Pairs, how: str) -> None:
        """From one with this hash function, or with the same if it is None."""
        other, model = self.other(self.model.hash_func if hash_func is None else hash_func, pairs)

        def ours() -> None:
            if how == "update":
                self.h.update(other)
            elif how == "|=":
                self.h |= other
            else:
                self.h = self.h | other

        # Read before: `|` has a table of its own, which nothing in the middle of it can change.
        self.do(ours, lambda: self.model.update(model), at_once=how == "|")

    def read(self, how: str, hash_func: Any, pairs: Pairs) -> None:
        """Something whose outcome only has to be an outcome."""
        other, model = self.other(self.model.hash_func if hash_func is None else hash_func, pairs)
        keys = {id(key): key for key, _ in pairs}.keys() if how == "& keys" else [key for key, _ in pairs]
        LOG.clear()
        # What an exception means here is for the tests of each operation to say.
        with contextlib.suppress(KeyError, RuntimeError, TypeError, UsersError):
            READS[how](self.h, other, keys)
        changed = self.changing and TRAP.sprung
        self.disarm()
        self.raising = False
        LOG.clear()
        del other
        if changed:
            model.clear()
            self.start_over()
        else:
            self.compare(self.h, self.model)

    def init_again(self, size: int, max_load: float | None, hash_func: Any, pairs: Pairs) -> None:
        if hash_func is LIAR:
            self.disarm()

        def model() -> None:
            self.model = Model(size, max_load, hash_func)
            self.model.set_all(pairs)

        self.do(lambda: self.h.__init__(size, max_load, hash_func, items=pairs), model)

    def end(self) -> None:
        """Lets go of both, and looks whether they are gone."""
        TRAP.disarm()
        LOG.clear()
        gone = weakref.ref(self.h)
        self.h = None
        self.model.clear()
        self.keys.clear()
        gc.collect()
        if sys.exc_info() == (None, None, None):
            # Else an exception is under way, which holds anything.
            assert gone() is None
            assert Key.alive == 0
