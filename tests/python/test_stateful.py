"""Random programs against a model, with keys and hash functions that do their worst.

The model is the rules T1 to T9 of DESIGN in simple words: a list of bins of entries, and the order in which
the entries came. After each operation the bins, the order, the results and the calls of the hash function are
compared. Where Python code has changed the table in the middle of an operation, its outcome is open: then the
table only has to be whole, and the model is read from it again.
"""

from __future__ import annotations

import gc
import sys
import weakref
import zlib
from pathlib import Path
from typing import Any, Callable

import hypothesis
import hypothesis.configuration
from forks import STRESS
from hashtable import HashTable
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from support import in_child

# It keeps a file or two: not beside the tests.
hypothesis.configuration.set_hypothesis_home_dir(Path(__file__).parents[2] / "target" / "hypothesis")

# A debug Python takes thrice as long.
EXAMPLES = int((200 if hasattr(sys, "gettotalrefcount") else 500) * STRESS)


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

    def __init__(self, name: int, hash_: int, mood: str) -> None:
        self.name, self.hash, self.mood = name, hash_, mood
        Key.alive += 1

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
names = st.integers(0, 5)
hashes = st.sampled_from([-(2**62), -4, -3, -2, 0, 1, 2, 3, 4, 8, 2**62])
moods = st.sampled_from(["honest", "honest", "honest", "says yes", "says no"])
plain_keys = st.sampled_from([0, 1, True, 2, -1, 1.0, 0.0, -0.0, NAN, "", "1", "0", 2**64, 10**20, -(2**63)])
sizes = st.integers(1, 9)
max_loads = st.sampled_from([None, 0.1, 0.3, 0.5, 0.5, 0.75, 1.0, 1.0])
hash_functions = st.sampled_from([hash, *HASH_FUNCTIONS])
values = st.integers(0, 10**6).map(lambda number: [number])


class TableAgainstModel(RuleBasedStateMachine):
    """One table, its model, and everything that can be done to both."""

    def __init__(self) -> None:
        super().__init__()
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

    def key(self, data: Any) -> Any:
        """A new key, one that was used before, or a plain one."""
        choice = data.draw(st.integers(0, 3), label="which key")
        if choice == 0 and self.keys:
            # By number, so that it is not kept by anyone else.
            return self.keys[data.draw(st.integers(0, len(self.keys) - 1), label="the same key")]
        if choice == 1:
            return data.draw(plain_keys, label="plain key")
        key = HashableKey(data.draw(names), data.draw(hashes), data.draw(moods))
        self.keys.append(key)
        return key

    def pairs(self, data: Any) -> list[tuple[Any, Any]]:
        return [
            (self.key(data), data.draw(values)) for _ in range(data.draw(st.integers(0, 5), label="pairs"))
        ]

    # What is armed for the next operation

    @rule(calls=st.integers(1, 4))
    def something_will_raise(self, calls: int) -> None:
        def throw() -> None:
            raise UsersError

        self.disarm()
        self.raising = True
        TRAP.arm(calls, throw)

    @rule(calls=st.integers(1, 4), which=st.sampled_from(["copy", "iterate", "look up", "collect"]))
    def something_will_look(self, calls: int, which: str) -> None:
        def look() -> None:
            log = LOG.copy()
            if which == "copy":
                self.h.copy()
            elif which == "iterate":
                assert len(list(self.h.items())) == len(self.h) == sum(map(len, self.h.bins()))
            elif which == "look up":
                self.h.get(123, self.h.stats())
            else:
                gc.collect()
            LOG[:] = log

        self.disarm()
        self.raising = False
        TRAP.arm(calls, look)

    @rule(
        data=st.data(),
        calls=st.integers(1, 4),
        which=st.sampled_from(
            [
                "set",
                "pop",
                "clear",
                "popitem",
                "update",
                "init",
                "init with items",
                "drop",
                "set many",
                "again",
            ]
        ),
    )
    def something_will_change_the_table(self, data: Any, calls: int, which: str) -> None:
        if self.model.hash_func is LIAR:
            # Nobody could tell what hashes the entries have.
            return
        key, pairs = self.key(data), self.pairs(data)

        def change() -> None:
            if which == "set":
                self.h[key] = "changed"
            elif which == "pop":
                self.h.pop(key, None)
            elif which == "clear":
                self.h.clear()
            elif which == "popitem":
                if self.h:
                    self.h.popitem()
            elif which == "update":
                self.h.update(pairs)
            elif which == "init":
                self.h.__init__(3, None, HASH_FUNCTIONS[2])
            elif which == "init with items":
                self.h.__init__(3, 1.0, HASH_FUNCTIONS[0], items=pairs)
            elif which == "set many":
                self.h.update((number, number) for number in range(100, 130))
            elif which == "again":
                for k, v in list(self.h.items()):
                    self.h.pop(k, None)
                    self.h[k] = v
            else:
                self.h = None
                gc.collect()

        self.disarm()
        self.raising = False
        self.changing = True
        TRAP.arm(calls, change)

    # Operations

    @rule(data=st.data(), value=values, how=st.sampled_from(["set", "setitem"]))
    def set(self, data: Any, value: Any, how: str) -> None:
        key = self.key(data)
        ours = (lambda: self.h.set(key, value)) if how == "set" else (lambda: self.h.__setitem__(key, value))
        self.do(ours, lambda: self.model.set(key, value))

    @rule(data=st.data())
    def get(self, data: Any) -> None:
        key = self.key(data)
        self.do(lambda: self.h.get(key, MISSING), lambda: self.model.get(key, MISSING))

    @rule(data=st.data())
    def getitem(self, data: Any) -> None:
        key = self.key(data)
        self.do(lambda: self.h[key], lambda: self.model.get(key, KeyError))

    @rule(data=st.data())
    def contains(self, data: Any) -> None:
        key = self.key(data)
        self.do(lambda: key in self.h, lambda: self.model.get(key, MISSING) is not MISSING)

    @rule(data=st.data(), value=values)
    def setdefault(self, data: Any, value: Any) -> None:
        key = self.key(data)
        self.do(lambda: self.h.setdefault(key, value), lambda: self.model.setdefault(key, value))

    @rule(data=st.data())
    def pop(self, data: Any) -> None:
        key = self.key(data)
        self.do(lambda: self.h.pop(key), lambda: self.model.pop(key, KeyError))

    @rule(data=st.data())
    def pop_with_default(self, data: Any) -> None:
        key = self.key(data)
        self.do(lambda: self.h.pop(key, MISSING), lambda: self.model.pop(key, MISSING))

    @rule(data=st.data())
    def delitem(self, data: Any) -> None:
        key = self.key(data)
        self.do(
            lambda: self.h.__delitem__(key),
            lambda: KeyError if self.model.pop(key, KeyError) is KeyError else None,
        )

    @rule(data=st.data())
    def bin_of(self, data: Any) -> None:
        key = self.key(data)
        self.do(lambda: self.h.bin_of(key), lambda: self.model.hash_of(key) % len(self.model.bins))

    @rule()
    def popitem(self) -> None:
        self.do(lambda: self.h.popitem(), lambda: self.model.popitem() if self.model.order else KeyError)

    @rule(often=st.integers(0, 3))
    def clear(self, often: int) -> None:
        # Now and then is enough.
        if often == 0:
            self.do(lambda: self.h.clear(), lambda: self.model.clear())

    @rule()
    def go_on_with_a_copy(self) -> None:
        LOG.clear()
        self.h, self.model = self.h.copy(), self.model.copy()
        self.compare(self.h, self.model)

    @rule(data=st.data())
    def update_from_pairs(self, data: Any) -> None:
        pairs = self.pairs(data)
        self.do(
            lambda: self.h.update(iter(pairs)),
            lambda: self.model.set_all(pairs),
            at_once=False,
        )

    def other(self, data: Any, same: bool) -> tuple[HashTable, Model]:
        """Another table, and its model."""
        hash_func = self.model.hash_func if same else data.draw(hash_functions, label="hash function")
        pairs, armed = self.pairs(data), (TRAP.action, TRAP.calls_left)
        TRAP.action = None
        LOG.clear()
        table, model = HashTable(2, 1.0, hash_func, items=pairs), Model(2, 1.0, hash_func)
        model.set_all(pairs)
        self.compare(table, model)
        TRAP.action, TRAP.calls_left = armed
        return table, model

    @rule(data=st.data(), same=st.booleans(), how=st.sampled_from(["update", "|=", "|"]))
    def update_from_a_table(self, data: Any, same: bool, how: str) -> None:
        other, model = self.other(data, same)

        def ours() -> None:
            if how == "update":
                self.h.update(other)
            elif how == "|=":
                self.h |= other
            else:
                self.h = self.h | other

        # Read before: `|` has a table of its own, which nothing in the middle of it can change.
        self.do(ours, lambda: self.model.update(model), at_once=how == "|")

    @rule(size=sizes, max_load=max_loads, hash_func=hash_functions, lie=st.integers(0, 4), data=st.data())
    def init_again(self, size: int, max_load: float | None, hash_func: Any, lie: int, data: Any) -> None:
        if lie == 0:
            hash_func = LIAR
            self.disarm()
        pairs = self.pairs(data)

        def model() -> None:
            self.model = Model(size, max_load, hash_func)
            self.model.set_all(pairs)

        self.do(lambda: self.h.__init__(size, max_load, hash_func, items=pairs), model)

    def teardown(self) -> None:
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
            # Nor is what hypothesis keeps looked at again.
            gc.freeze()


@in_child
def test_a_table_does_what_its_model_does_whatever_its_keys_do() -> None:
    gc.collect()
    # What is there already is not looked at again by each collection.
    gc.freeze()
    run_state_machine_as_test(
        TableAgainstModel,
        settings=hypothesis.settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            # The same programs each time.
            derandomize=True,
            # To see a short program that fails, add Phase.shrink: it may take minutes.
            phases=[hypothesis.Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )
