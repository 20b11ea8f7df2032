"""Threads that do everything at once to the same tables.

With a GIL they take turns, as often as the interpreter lets them; without one they run at the same time.
Either way each operation does what it says or raises what it may raise, and what is left is a whole table.
STRESS=100 makes the runs a hundred times as long.
"""

from __future__ import annotations

import collections
import copy
import gc
import itertools
import os
import pickle
import random
import sys
import threading
import time
import weakref
from typing import Any, Callable, ClassVar

import pytest
from forks import STRESS
from hashtable import HashTable
from support import in_child

THREADS = 8
# Not fewer, or an operation may never come to its end.
STEPS = int(300 * max(1, STRESS))
MOST_ROUNDS = 10
KEYS = 24
# What an operation may raise because of what other threads do meanwhile, and nothing else.
EXPECTED = (
    "HashTable changed size during iteration",
    "HashTable keys changed during iteration",
    "HashTable changed while it was read",
    "HashTable was initialised anew during an operation on it",
    "HashTable changed during every comparison of its keys",
    "dictionary changed size during iteration",
    "dictionary keys changed during iteration",
    "dictionary changed while it was read",
    "Set changed size during iteration",
)


def let_others_go_first() -> None:
    """In the middle of an operation: whoever waits for a GIL gets it."""
    time.sleep(0)


class Value:
    """Something whose end can be seen: the collector knows of it, and is asked which are left."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        let_others_go_first()
        return isinstance(other, Value) and self.number == other.number

    def __hash__(self) -> int:
        return self.number


class Key:
    """A key whose hash and equality are Python code."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        let_others_go_first()
        return isinstance(other, Key) and self.number == other.number

    def __hash__(self) -> int:
        return hash(self.number)


def python_hash(key: object) -> int:
    let_others_go_first()
    return hash(key) % 5


PARAMETERS: dict[str, Callable[[], dict[str, Any]]] = {
    "the default hash function": dict,
    "a hash function in Python": lambda: {"hash_func": python_hash},
    "one chain": lambda: {"size": 1, "max_load": None, "hash_func": python_hash},
}
KINDS: dict[str, Callable[[int], Any]] = {
    "ints": lambda number: number,
    "strings": lambda number: f"key {number}",
    "keys in Python": Key,
}


class Shared:
    """What all threads work on."""

    def __init__(self, parameters: dict[str, Any], key: Callable[[int], Any], tables: int = 3) -> None:
        self.parameters, self.key = parameters, key
        self.tables = [HashTable(**parameters) for _ in range(tables)]
        self.dict = {key(number): Value(number) for number in range(KEYS)}
        # Pairs that become longer and shorter while they are read.
        self.pairs = [[key(number), Value(number)] for number in range(KEYS)]
        self.iterators: list[Any] = [iter(table) for table in self.tables]


class Turn(random.Random):
    """One thread's choices."""

    def __new__(cls, shared: Shared, seed: int) -> Turn:
        # Before 3.11, all arguments would go to that of Random, which takes one.
        return super().__new__(cls, seed)

    def __init__(self, shared: Shared, seed: int) -> None:
        super().__init__(seed)
        self.shared = shared

    @property
    def table(self) -> HashTable:
        return self.choice(self.shared.tables)

    @property
    def key(self) -> Any:
        # Equal to those of others, and mostly not identical.
        return self.shared.key(self.randrange(KEYS))

    @property
    def value(self) -> Value:
        return Value(self.randrange(KEYS))


def change_a_pair(turn: Turn) -> None:
    pair = turn.choice(turn.shared.pairs)
    pair.append("one too many")
    pair.pop()
    pair[:] = [turn.key, turn.value]


def step_an_iterator(turn: Turn) -> None:
    number = turn.randrange(len(turn.shared.tables))
    try:
        next(turn.shared.iterators[number])
    except (StopIteration, RuntimeError):
        table = turn.table
        turn.shared.iterators[number] = turn.choice(
            [iter(table), reversed(table), iter(table.items()), iter(table.values())]
        )
        raise


def walk_through(turn: Turn) -> None:
    for key, value in turn.table.items():
        assert isinstance(value, Value), (key, value)


def start_over(turn: Turn) -> None:
    turn.table.__init__(**turn.shared.parameters)  # type: ignore[misc]


def start_over_with_items(turn: Turn) -> None:
    turn.table.__init__(**turn.shared.parameters, items=turn.table)  # type: ignore[misc]


def drop_a_weak_reference(turn: Turn) -> None:
    table = turn.table.copy()
    reference = weakref.ref(table)
    turn.table[turn.key] = Value(1)
    del table
    assert reference() is None


OPERATIONS: dict[str, Callable[[Turn], object]] = {
    "set": lambda turn: turn.table.set(turn.key, turn.value),
    "store": lambda turn: turn.table.__setitem__(turn.key, turn.value),
    "get": lambda turn: turn.table.get(turn.key, turn.value),
    "subscript": lambda turn: turn.table[turn.key],
    "in": lambda turn: turn.key in turn.table,
    "setdefault": lambda turn: turn.table.setdefault(turn.key, turn.value),
    "pop": lambda turn: turn.table.pop(turn.key, None),
    "del": lambda turn: turn.table.__delitem__(turn.key),
    "popitem": lambda turn: turn.table.popitem(),
    "clear": lambda turn: turn.table.clear(),
    "len": lambda turn: len(turn.table),
    "update with a table": lambda turn: turn.table.update(turn.table),
    "update with a dict": lambda turn: turn.table.update(turn.shared.dict),
    "update with pairs": lambda turn: turn.table.update(turn.shared.pairs),
    "update with keywords": lambda turn: turn.table.update(key=turn.value),
    "change a pair": change_a_pair,
    "change the dict": lambda turn: turn.shared.dict.__setitem__(turn.key, turn.value),
    "shrink the dict": lambda turn: turn.shared.dict.pop(turn.key, None),
    "|": lambda turn: turn.table | turn.table,
    "| from the left": lambda turn: turn.shared.dict | turn.table,
    "|=": lambda turn: turn.table.__ior__(turn.table),
    "fromkeys": lambda turn: HashTable.fromkeys(turn.table, turn.value),
    "==": lambda turn: turn.table == turn.table,
    "== a dict": lambda turn: turn.table == turn.shared.dict,
    "copy": lambda turn: turn.table.copy(),
    "copy.copy": lambda turn: copy.copy(turn.table),
    "copy.deepcopy": lambda turn: copy.deepcopy(turn.table),
    "pickle": lambda turn: pickle.loads(pickle.dumps(turn.table)),
    "iterate": lambda turn: list(turn.table),
    "iterate in reverse": lambda turn: list(reversed(turn.table)),
    "iterate over items": walk_through,
    "step an iterator of all": step_an_iterator,
    "copy an iterator of all": lambda turn: copy.copy(turn.choice(turn.shared.iterators)),
    "keys &": lambda turn: turn.table.keys() & turn.table.keys(),
    "keys |": lambda turn: turn.table.keys() | turn.shared.dict.keys(),
    "keys <=": lambda turn: turn.table.keys() <= turn.table.keys(),
    "items ^": lambda turn: turn.table.items() ^ turn.table.items(),
    "items ==": lambda turn: turn.table.items() == turn.table.items(),
    "in items": lambda turn: (turn.key, turn.value) in turn.table.items(),
    "values": lambda turn: list(turn.table.values()),
    "__init__": start_over,
    "__init__ with items": start_over_with_items,
    "bins": lambda turn: turn.table.bins(),
    "bin_of": lambda turn: turn.table.bin_of(turn.key),
    "stats": lambda turn: turn.table.stats(),
    "picture": lambda turn: turn.table.picture(5),
    "repr": lambda turn: repr(turn.table.items()),
    "attributes": lambda turn: (turn.table.size, turn.table.load, turn.table.max_load, turn.table.hash_func),
    "sizeof": lambda turn: sys.getsizeof(turn.table),
    "a weak reference": drop_a_weak_reference,
    "a table in itself": lambda turn: turn.table.copy().update(self=turn.table),
}


def is_expected(error: Exception) -> bool:
    if isinstance(error, (KeyError, StopIteration)):
        return True
    if isinstance(error, ValueError):
        return "update sequence element" in str(error)
    return isinstance(error, RuntimeError) and str(error) in EXPECTED


def in_threads(work: Callable[[int], None]) -> None:
    """Runs `work` in all threads at once, and raises what they raise."""
    failures: list[BaseException] = []
    barrier = threading.Barrier(THREADS)

    def run(thread: int) -> None:
        try:
            barrier.wait()
            work(thread)
        except BaseException as error:
            failures.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=run, args=(thread,)) for thread in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    if failures:
        raise failures[0]


def assert_whole(h: HashTable, kind: type = Value) -> None:
    """All ways of looking at a table show the same."""
    keys = list(h)
    assert len(keys) == len(h) == h.load == h.stats().load
    assert {id(key) for key in keys} == {id(key) for keys in h.bins() for key in keys}
    assert keys[::-1] == list(reversed(h))
    for key, value in list(h.items()):
        assert h[key] is value
        assert isinstance(value, kind)
        assert any(key is other for other in h.bins()[h.bin_of(key)])
    if h.max_load is not None:
        assert h.load / h.size <= h.max_load


def do_everything(shared: Shared) -> None:
    done: list[set[str]] = [set() for _ in range(THREADS)]

    def work(thread: int) -> None:
        turn = Turn(shared, thread)
        names = list(OPERATIONS)
        for _ in range(STEPS):
            name = turn.choice(names)
            try:
                OPERATIONS[name](turn)
                done[thread].add(name)
            except Exception as error:
                if not is_expected(error):
                    raise AssertionError(f"{name}: {error!r}") from error

    # Whatever was raised on the way, each operation has also come to its end. One that is easily disturbed
    # may need more than a round for that, on a machine that has much else to do.
    for _ in range(MOST_ROUNDS):
        in_threads(work)
        if set.union(*done) >= set(OPERATIONS):
            break
    assert set(OPERATIONS) - set.union(*done) == set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parameters", PARAMETERS)
@in_child
def test_eight_threads_that_do_everything_to_the_same_tables_leave_them_whole(
    parameters: str, kind: str
) -> None:
    shared = Shared(PARAMETERS[parameters](), KINDS[kind])
    do_everything(shared)
    for table in shared.tables:
        assert_whole(table)
    del shared, table
    gc.collect()
    assert [left for left in gc.get_objects() if type(left) in (HashTable, Value, Key)] == []


@in_child
def test_threads_that_share_an_iterator_get_each_entry_once() -> None:
    h = HashTable(items={number: number for number in range(5000)})
    for shared in (iter(h), reversed(h), iter(h.values())):
        got: list[list[int]] = [[] for _ in range(THREADS)]
        in_threads(lambda thread, shared=shared, got=got: got[thread].extend(shared))  # type: ignore[misc]
        assert sorted(itertools.chain(*got)) == list(range(5000))


@in_child
def test_threads_that_pop_the_last_entry_get_each_once() -> None:
    h = HashTable(items={number: number for number in range(5000)})
    got: list[list[int]] = [[] for _ in range(THREADS)]

    def work(thread: int) -> None:
        while True:
            try:
                got[thread].append(h.popitem()[0])
            except KeyError:
                return

    in_threads(work)
    assert sorted(itertools.chain(*got)) == list(range(5000))
    assert len(h) == 0


# Accounts


class Token:
    """A value of which there is one, and which notes its own end."""

    ended: ClassVar[list[int]] = []

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        Token.ended.append(self.number)


class Hammer(Turn):
    """A thread that puts tokens into its own table and into those of others, and takes them out."""

    def __init__(self, shared: Shared, thread: int) -> None:
        super().__init__(shared, thread)
        self.thread, self.made = thread, 0
        self.taken: list[Token] = []

    @property
    def table(self) -> HashTable:
        return self.choice([self.shared.tables[self.thread], super().table])

    @property
    def token(self) -> Token:
        self.made += 1
        return Token(self.thread + THREADS * self.made)

    def take(self, token: Any) -> None:
        if token is not None:
            self.taken.append(token)


# What puts tokens in, takes them out or lets them end. Each is in one table at most, but for passing copies.
MOVES: dict[str, Callable[[Hammer], object]] = {
    "set": lambda hammer: hammer.table.set(hammer.key, hammer.token),
    "store": lambda hammer: hammer.table.__setitem__(hammer.key, hammer.token),
    "setdefault": lambda hammer: hammer.table.setdefault(hammer.key, hammer.token),
    "update with a dict": lambda hammer: hammer.table.update({hammer.key: hammer.token}),
    "update with pairs": lambda hammer: hammer.table.update([(hammer.key, hammer.token) for _ in range(3)]),
    "|=": lambda hammer: hammer.table.__ior__(HashTable(items=[(hammer.key, hammer.token)])),
    "pop": lambda hammer: hammer.take(hammer.table.pop(hammer.key, None)),
    "popitem": lambda hammer: hammer.take(hammer.table.popitem()[1]),
    "del": lambda hammer: hammer.table.__delitem__(hammer.key),
    "clear": lambda hammer: hammer.table.clear(),
    "__init__": start_over,
}
# What makes tokens of one, or has tokens in two tables.
COPIES = {"copy.deepcopy", "pickle", "update with a table", "update with keywords", "a table in itself"}
COPIES |= {"__init__ with items", "iterate over items", "a weak reference"}
LOOKS = {name: operation for name, operation in OPERATIONS.items() if name not in {*MOVES, *COPIES}}
# Half a second for each, but with HAMMER_SECONDS=60 a minute for all.
SECONDS = float(os.environ.get("HAMMER_SECONDS", "4.5")) / (len(KINDS) * len(PARAMETERS))


@pytest.mark.timeout(120 + SECONDS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parameters", PARAMETERS)
@in_child
def test_eight_threads_that_hammer_one_anothers_tables_lose_no_value_and_get_none_twice(
    parameters: str, kind: str
) -> None:
    shared = Shared(PARAMETERS[parameters](), KINDS[kind], tables=THREADS)
    hammers = [Hammer(shared, thread) for thread in range(THREADS)]
    end = time.monotonic() + SECONDS

    def work(thread: int) -> None:
        hammer = hammers[thread]
        while time.monotonic() < end:
            operations: dict[str, Callable[[Any], object]] = hammer.choice([MOVES, LOOKS])
            name = hammer.choice(list(operations))
            try:
                operations[name](hammer)
            except Exception as error:
                if not is_expected(error):
                    raise AssertionError(f"{name}: {error!r}") from error

    in_threads(work)
    # An iterator over items keeps the last pair that it gave, to use its tuple again, as that of a dict does.
    shared.iterators.clear()
    for table in shared.tables:
        assert_whole(table, Token)
    there = [token.number for table in shared.tables for token in table.values()]
    taken = [token.number for hammer in hammers for token in hammer.taken]
    made = [hammer.thread + THREADS * (number + 1) for hammer in hammers for number in range(hammer.made)]
    assert min(len(there), len(taken), len(Token.ended)) > 0
    found = collections.Counter([*there, *taken, *Token.ended])
    found.subtract(made)
    wrong = {number: times for number, times in found.items() if times}
    assert wrong == {}, f"lost (-1), or found twice (1): {wrong}"
