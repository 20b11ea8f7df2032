"""Python code that runs inside an operation, and does to the very table what it should not.

Each test runs in a process of its own, with the debug allocator: to use a table after it was freed ends it.
"""

from __future__ import annotations

import functools
import gc
import itertools
import random
import sys
import threading
import time
import weakref
from typing import Any, Callable

import pytest
from hashtable import HashTable
from support import in_child

ANEW = "initialised anew"
OPERATIONS: dict[str, Callable[[HashTable, Any], object]] = {
    "set": lambda h, key: h.set(key, "set"),
    "get": lambda h, key: h.get(key),
    "pop": lambda h, key: h.pop(key, None),
}
every_operation = pytest.mark.parametrize("operation", OPERATIONS)


class Trap:
    """Something to do once, in the middle of something else."""

    def __init__(self) -> None:
        self.action: Callable[[], object] | None = None
        self.sprung = 0

    def spring(self) -> None:
        action, self.action = self.action, None
        if action is not None:
            self.sprung += 1
            action()


class Key:
    """Equal to every `Key` of the same name; each comparison springs the trap first."""

    def __init__(self, name: str, trap: Trap | None = None) -> None:
        self.name, self.trap = name, trap or Trap()

    def __eq__(self, other: object) -> bool:
        self.trap.spring()
        return isinstance(other, Key) and self.name == other.name

    __hash__ = None  # type: ignore[assignment]


def zero(key: object) -> int:
    return 0


def hash_trap(**parameters: Any) -> tuple[HashTable, Trap]:
    """A table whose hash function springs a trap."""
    trap = Trap()

    def hash_func(key: object) -> int:
        trap.spring()
        return hash(key)

    return HashTable(hash_func=hash_func, **parameters), trap


def eq_trap(**parameters: Any) -> tuple[HashTable, Trap]:
    """A table with keys c, b and a in one chain, which is searched from a on; to compare b springs a trap."""
    trap = Trap()
    h = HashTable(hash_func=zero, **parameters)
    for name in "cba":
        h.set(Key(name, trap if name == "b" else None), name)
    return h, trap


# In the hash function


@in_child
@every_operation
def test_a_hash_function_that_fills_the_table(operation: str) -> None:
    h, trap = hash_trap()
    h.set("key", "value")
    trap.action = lambda: [h.set(number, number) for number in range(1000)]
    assert OPERATIONS[operation](h, "key") == {"set": None, "get": "value", "pop": "value"}[operation]
    assert trap.sprung == 1
    assert h.get("key") == {"set": "set", "get": "value", "pop": None}[operation]
    assert h.load == 1000 + (operation != "pop")
    assert all(h.get(number) == number for number in range(1000))


@in_child
@every_operation
def test_a_hash_function_that_removes_the_key(operation: str) -> None:
    h, trap = hash_trap()
    h.set("key", "value")
    trap.action = lambda: h.pop("key")
    assert OPERATIONS[operation](h, "key") is None
    assert trap.sprung == 1
    assert h.get("key") == {"set": "set"}.get(operation)
    assert h.load == (operation == "set")


@in_child
@every_operation
def test_a_hash_function_that_initialises_the_table_anew(operation: str) -> None:
    h, trap = hash_trap()
    for number in range(100):
        h.set(number, [number])
    trap.action = lambda: h.__init__(3, None, len)  # type: ignore[misc]
    with pytest.raises(RuntimeError, match=ANEW):
        OPERATIONS[operation](h, 1)
    assert (h.size, h.load, h.max_load, h.hash_func) == (3, 0, None, len)
    assert OPERATIONS[operation](h, "key") is None


@in_child
@every_operation
def test_a_hash_function_that_the_table_drops_in_its_own_call_lives_to_the_end_of_it(operation: str) -> None:
    def hash_func(key: object) -> int:
        h.__init__()  # type: ignore[misc]
        return 1

    # The cache, of which the table has the only reference, is written to after the call.
    h = HashTable(hash_func=functools.lru_cache(maxsize=10)(hash_func))
    with pytest.raises(RuntimeError, match=ANEW):
        OPERATIONS[operation](h, "key")
    assert h.hash_func is hash


@in_child
@every_operation
def test_a_hash_function_that_drops_the_table_and_itself(operation: str) -> None:
    tables = []

    def hash_func(key: object) -> int:
        tables.clear()
        gc.collect()
        return 1

    tables.append(HashTable(hash_func=hash_func))
    del hash_func
    gone = weakref.ref(tables[0])
    assert OPERATIONS[operation](tables[0], "key") is None
    gc.collect()
    assert gone() is None


@in_child
@every_operation
def test_a_builtin_hash_of_a_key_that_changes_the_table(operation: str) -> None:
    class Hashed:
        def __hash__(self) -> int:
            trap.spring()
            return 1

    trap = Trap()
    h, key = HashTable(), Hashed()
    h.set(key, "value")
    trap.action = lambda: [h.set(number, number) for number in range(100)]
    assert OPERATIONS[operation](h, key) == {"set": None, "get": "value", "pop": "value"}[operation]
    trap.action = h.__init__  # type: ignore[misc]
    with pytest.raises(RuntimeError, match=ANEW):
        OPERATIONS[operation](h, key)
    assert h.load == 0


@in_child
@every_operation
def test_an_index_method_of_a_hash_that_initialises_the_table_anew(operation: str) -> None:
    class Index:
        def __index__(self) -> int:
            h.__init__(2)  # type: ignore[misc]
            return 1

    h = HashTable(hash_func=lambda key: Index())
    with pytest.raises(RuntimeError, match=ANEW):
        OPERATIONS[operation](h, "key")
    assert (h.size, h.load, h.hash_func) == (2, 0, hash)


@in_child
@every_operation
def test_a_hash_function_that_calls_the_operation_again_and_again(operation: str) -> None:
    h = HashTable(hash_func=lambda key: OPERATIONS[operation](h, key))
    with pytest.raises(RecursionError):
        OPERATIONS[operation](h, "key")
    assert h.load == 0


# In the constructor


@in_child
def test_an_argument_that_initialises_the_table_is_overruled() -> None:
    class Size:
        def __index__(self) -> int:
            h.__init__(3, None, len)  # type: ignore[misc]
            h.set("key", "value")
            return 5

        __float__ = None

    class MaxLoad:
        def __float__(self) -> float:
            h.__init__(3, None, len)  # type: ignore[misc]
            h.set("key", "value")
            return 0.25

    h = HashTable()
    h.__init__(Size(), MaxLoad())  # type: ignore[misc]
    assert (h.size, h.load, h.max_load, h.hash_func) == (5, 0, 0.25, hash)


@in_child
def test_what_dies_with_the_old_table_finds_the_new_one() -> None:
    class Dying:
        def __del__(self) -> None:
            found.append((h.size, h.load, h.get("key")))
            h.set("last words", len(found))

    found: list[tuple[int, int, object]] = []
    h = HashTable()
    h.set("key", Dying())
    h.set("other", Dying())
    h.__init__(8)  # type: ignore[misc]
    assert found == [(8, 0, None), (8, 1, None)]
    assert (h.load, h.get("last words")) == (1, 2)


# In an equality


@in_child
@every_operation
def test_an_equality_that_fills_the_table(operation: str) -> None:
    h, trap = eq_trap(size=1, max_load=1.0)
    trap.action = lambda: [h.set(number, number) for number in range(300)]
    assert OPERATIONS[operation](h, Key("c")) == {"set": None, "get": "c", "pop": "c"}[operation]
    assert trap.sprung == 1
    assert h.get(Key("c")) == {"set": "set", "get": "c", "pop": None}[operation]
    assert (h.get(Key("a")), h.get(Key("b"))) == ("a", "b")
    assert h.load == 303 - (operation == "pop")


@in_child
@every_operation
@pytest.mark.parametrize("removed", ["a", "b", "c", "abc"])
def test_an_equality_that_removes_keys(operation: str, removed: str) -> None:
    h, trap = eq_trap()
    trap.action = lambda: [h.pop(Key(name)) for name in removed]
    found = "c" not in removed
    assert OPERATIONS[operation](h, Key("c")) == ("c" if found and operation != "set" else None)
    assert trap.sprung == 1
    expected = {name: name for name in "abc" if name not in removed}
    if operation == "set":
        expected["c"] = "set"
    elif operation == "pop":
        expected.pop("c", None)
    assert {name: h.get(Key(name)) for name in "abc" if h.get(Key(name))} == expected
    assert h.load == len(expected)


@in_child
def test_an_equality_that_replaces_the_value() -> None:
    h, trap = eq_trap()
    trap.action = lambda: h.set(Key("b"), ["new"])
    assert h.get(Key("b")) == ["new"]
    trap.action = lambda: h.set(Key("b"), ["newer"])
    assert h.pop(Key("b")) == ["newer"]
    assert h.load == 2


@in_child
def test_an_equality_that_adds_the_key_that_is_being_added() -> None:
    h, trap = eq_trap(max_load=None)
    trap.action = lambda: h.set(Key("d"), "inner")
    h.set(Key("d"), "outer")
    assert trap.sprung == 1
    assert (h.load, h.get(Key("d"))) == (4, "outer")


@in_child
def test_an_equality_that_removes_and_adds_the_same_key_is_noticed() -> None:
    h, trap = eq_trap()
    trap.action = lambda: (h.pop(Key("b")), h.set(Key("b"), "back"))
    assert h.get(Key("b")) == "back"
    assert h.load == 3


@in_child
@every_operation
def test_an_equality_that_initialises_the_table_anew(operation: str) -> None:
    h, trap = eq_trap()
    trap.action = lambda: h.__init__(5, None, zero)  # type: ignore[misc]
    with pytest.raises(RuntimeError, match=ANEW):
        OPERATIONS[operation](h, Key("c"))
    assert (h.size, h.load, h.max_load) == (5, 0, None)
    assert OPERATIONS[operation](h, Key("c")) is None


@in_child
@every_operation
def test_an_equality_that_raises_changes_nothing(operation: str) -> None:
    class UsersError(Exception):
        pass

    def throw() -> None:
        raise error

    error = UsersError()
    h, trap = eq_trap(max_load=None)
    for name in "cd":
        trap.action = throw
        with pytest.raises(UsersError) as caught:
            OPERATIONS[operation](h, Key(name))
        assert caught.value is error
        assert (h.size, h.load, repr(h)) == (4, 3, "[]***\n[]\n[]\n[]")
        assert [h.get(Key(name)) for name in "abcd"] == ["a", "b", "c", None]


@in_child
@every_operation
def test_a_truth_value_that_changes_the_table(operation: str) -> None:
    class Answer:
        def __bool__(self) -> bool:
            h.pop(1, None)
            return True

    class Odd:
        def __eq__(self, other: object) -> Any:
            return Answer()

        __hash__ = None  # type: ignore[assignment]

    h = HashTable(hash_func=zero)
    h.set(1, "one")
    h.set(Odd(), "odd")
    assert OPERATIONS[operation](h, Odd()) == {"set": None, "get": "odd", "pop": "odd"}[operation]
    assert h.get(1) is None


@in_child
@every_operation
def test_an_equality_that_changes_the_table_every_time_is_given_up(operation: str) -> None:
    class Restless:
        def __eq__(self, other: object) -> bool:
            h.set("other", 1)
            h.pop("other")
            return False

        __hash__ = None  # type: ignore[assignment]

    h = HashTable(hash_func=zero)
    h.set(Restless(), "value")
    with pytest.raises(RuntimeError, match="changed during every comparison"):
        OPERATIONS[operation](h, Restless())
    assert h.load == 1


@in_child
@every_operation
def test_an_equality_that_calls_the_operation_again_and_again(operation: str) -> None:
    class Deep:
        def __eq__(self, other: object) -> bool:
            return bool(OPERATIONS[operation](h, Deep()))

        __hash__ = None  # type: ignore[assignment]

    h = HashTable(hash_func=zero)
    h.set(Deep(), "value")
    with pytest.raises(RecursionError):
        OPERATIONS[operation](h, Deep())
    assert h.load == 1


@in_child
@every_operation
def test_an_equality_that_drops_the_table(operation: str) -> None:
    class Dropping:
        def __eq__(self, other: object) -> bool:
            tables.clear()
            gc.collect()
            return True

        __hash__ = None  # type: ignore[assignment]

    tables = [HashTable(hash_func=zero)]
    tables[0].set(Dropping(), "value")
    gone = weakref.ref(tables[0])
    expected = {"set": None, "get": "value", "pop": "value"}[operation]
    assert OPERATIONS[operation](tables[0], Dropping()) == expected
    assert gone() is None


# When something dies


class Last:
    """Does something when it dies."""

    def __init__(self, words: Callable[[], object]) -> None:
        self.words = words

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def __del__(self) -> None:
        self.words()


@in_child
def test_an_old_value_that_dies_finds_the_new_one() -> None:
    found = []
    h = HashTable()
    h.set("key", Last(lambda: (found.append(h.get("key")), h.set("key", "by the old"))))
    h.set("key", "by us")
    assert found == ["by us"]
    assert (h.load, h.get("key")) == (1, "by the old")


@in_child
def test_an_old_value_that_dies_may_initialise_the_table_anew() -> None:
    h = HashTable()
    h.set("key", Last(lambda: h.__init__(9, None, zero)))  # type: ignore[misc]
    assert h.set("key", "new") is None
    assert (h.size, h.load) == (9, 0)


@in_child
def test_a_key_that_dies_finds_itself_gone() -> None:
    found = []
    h = HashTable(hash_func=zero)
    key = Last(lambda: (found.append(h.load), [h.set(number, number) for number in range(100)]))
    h.set(key, ["value"])
    holder = [key]
    del key
    # The argument is the last reference but the table's.
    assert h.pop(holder.pop()) == ["value"]
    assert found == [0]
    assert h.load == 100


@in_child
@every_operation
def test_a_candidate_that_dies_in_its_own_comparison(operation: str) -> None:
    class Candidate(Last):
        def __eq__(self, other: object) -> bool:
            # The table's is the last reference, but for that of the comparison.
            h.__class__.pop(h, 1, None)
            for number in range(50):
                h.set(number, number)
            trap.spring()
            return False

    trap = Trap()
    sink: list[object] = []
    h = HashTable(hash_func=zero)
    h.set(1, "one")
    h.set(Candidate(lambda: [h.set(number, "last words") for number in range(60)]), "candidate")

    def take_it_out() -> None:
        # The key's equality is our own here: identity finds it.
        candidate = next(x for x in gc.get_referents(h) if isinstance(x, Candidate))
        h.pop(candidate)
        sink.append(h.load)

    trap.action = take_it_out
    assert OPERATIONS[operation](h, Last(lambda: None)) is None
    assert trap.sprung == 1
    assert sink == [50]
    assert h.get(59) == "last words"
    assert h.load == 60 + (operation == "set")


@in_child
@every_operation
def test_a_candidate_that_leaves_in_its_own_comparison_lives_to_the_end_of_it(operation: str) -> None:
    class Leaving:
        def __eq__(self, other: object) -> bool:
            h.pop(self)
            # So now the other side is asked about an object that the table no longer has.
            return NotImplemented

        __hash__ = None  # type: ignore[assignment]

    class Asked:
        def __eq__(self, other: object) -> bool:
            seen.append(type(other))
            return False

        __hash__ = None  # type: ignore[assignment]

    seen: list[type] = []
    h = HashTable(hash_func=zero)
    h.set(Leaving(), "value")
    assert OPERATIONS[operation](h, Asked()) is None
    assert seen == [Leaving]
    assert h.load == (operation == "set")


@in_child
@pytest.mark.parametrize("what", ["key", "value"])
def test_a_weak_reference_that_calls_back_into_the_table(what: str) -> None:
    class Thing:
        pass

    h = HashTable(hash_func=id)
    thing = Thing()
    refs = [weakref.ref(thing, lambda _: [h.set(n, n) for n in small])]
    small = [object() for _ in range(100)]
    if what == "key":
        h.set(thing, "value")
        pop = [thing]
        del thing
        h.pop(pop.pop())
    else:
        h.set(small[0], thing)
        del thing
        h.set(small[0], "new")
    assert refs[0]() is None
    assert h.load == 100
    assert all(h.get(n) is n for n in small)


@in_child
def test_what_dies_with_the_table_may_use_other_tables() -> None:
    other = HashTable()
    h = HashTable()
    for number in range(100):
        h.set(number, Last(lambda: other.set(other.load, HashTable())))
    del h
    assert other.load == 100


@in_child
def test_a_finalizer_in_a_cycle_finds_the_table_whole() -> None:
    found = []
    h = HashTable()
    h.set("key", "value")
    last = Last(lambda: None)
    last.words = lambda h=h: (found.append((h.load, h.get("key"))), h.set("last", "words"))
    h.set("last", last)
    gone = weakref.ref(h)
    del h, last
    gc.collect()
    gc.collect()
    assert found == [(2, "value")]
    assert gone() is None


@in_child
def test_a_value_that_dies_while_an_exception_is_under_way() -> None:
    def swallow() -> None:
        try:
            HashTable().pop("missing")
        except KeyError:
            gc.collect()

    def use() -> None:
        h = HashTable()
        h.set("key", Last(swallow))
        h.pop("missing")

    with pytest.raises(KeyError, match="missing"):
        use()


# Anything, at random


class Chaos:
    """A program that does anything to a table whenever its code runs, some levels deep."""

    def __init__(self, seed: int) -> None:
        self.choice = random.Random(seed)
        self.depth = 0
        self.fuel = 60
        chaos = self

        class Wild:
            def __init__(self, name: int) -> None:
                self.name = name

            def __eq__(self, other: object) -> bool:
                chaos.act()
                return isinstance(other, Wild) and self.name == other.name

            def __hash__(self) -> int:
                chaos.act()
                return self.name % 3

            def __del__(self) -> None:
                chaos.act()

        self.make = lambda: Wild(self.choice.randrange(8))
        self.tables = [HashTable(self.choice.randint(1, 4), self.choice.choice([0.5, 1.0, None]))]

    def act(self) -> None:
        if self.depth >= 4 or self.fuel <= 0:
            return
        self.depth += 1
        self.fuel -= 1
        try:
            self.once(self.choice.choice(self.tables))
        except (KeyError, RuntimeError):
            # A missing key; a table that was changed too much.
            pass
        finally:
            self.depth -= 1

    def once(self, h: HashTable) -> None:
        which = self.choice.randrange(12)
        if which < 4:
            h.set(self.make(), self.make())
        elif which < 6:
            h.get(self.make())
        elif which < 9:
            h.pop(self.make())
        elif which == 9:
            repr(h)
        elif which == 10:
            h.__init__(self.choice.randint(1, 5), self.choice.choice([0.5, None]))  # type: ignore[misc]
        else:
            self.tables[0] = HashTable(hash_func=self.choice.choice([hash, lambda key: key.name - 4]))


@in_child
@pytest.mark.parametrize("block", range(4))
def test_random_programs_end_and_leave_a_table_that_works(block: int) -> None:
    # What a finalizer raises is reported, not passed on; nothing is wrong with a missing key.
    sys.unraisablehook = lambda _: None
    for seed in range(250 * block, 250 * (block + 1)):
        chaos = Chaos(seed)
        while chaos.fuel > 0:
            chaos.act()
        h = chaos.tables[0]
        assert repr(h).count("*") == h.load, f"seed {seed}"
        assert repr(h).count("[]") == h.size, f"seed {seed}"
        h.__init__(hash_func=zero)  # type: ignore[misc]
        h.set("key", seed)
        assert (h.load, h.get("key")) == (1, seed)


# What the collector can be asked for

FOUND: dict[str, Callable[[HashTable], object]] = {
    "cleared": lambda found: found.clear(),
    "filled": lambda found: found.update({"more": 1, "and": 2, "more still": 3}),
    "initialised": lambda found: found.__init__(size=1),  # type: ignore[misc]
    "filled anew": lambda found: found.__init__(items={"anew": 1}),  # type: ignore[misc]
    "emptied from the end": lambda found: [found.popitem() for _ in range(len(found))],
}


@pytest.mark.parametrize("what", FOUND)
@in_child
def test_the_table_that_init_fills_may_be_found_and(what: str) -> None:
    h = HashTable(items={"before": 0})
    trap = Trap()

    def hash_func(key: object) -> int:
        if key == 2:
            trap.spring()
        return 0

    def find() -> None:
        # It has places to change with h when it is complete: until then nothing refers to it.
        for found in gc.get_objects():
            if type(found) is HashTable and found is not h:
                FOUND[what](found)

    def initialise() -> None:
        h.__init__(hash_func=hash_func, items=[(1, "one"), (2, "two"), (3, "three")])  # type: ignore[misc]

    trap.action = find
    if what in ("initialised", "filled anew"):
        with pytest.raises(RuntimeError, match=ANEW):
            initialise()
        assert list(h.items()) == [("before", 0)]
    else:
        initialise()
        assert [h[key] for key in (2, 3)] == ["two", "three"]
        assert h.hash_func is hash_func
    assert trap.sprung == 1
    assert len(list(h)) == len(h) == h.stats().load == sum(map(len, h.bins()))


# Threads


def in_threads(work: Callable[[int], None], number: int = 4) -> None:
    errors = []

    def run(thread: int) -> None:
        try:
            work(thread)
        except BaseException as error:
            errors.append(error)

    old = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=run, args=(thread,)) for thread in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(old)
    assert errors == []


def yielding_hash(key: object) -> int:
    time.sleep(0)
    return hash(key)


@in_child
def test_threads_with_keys_of_their_own_lose_nothing() -> None:
    h = HashTable(hash_func=yielding_hash)

    def work(thread: int) -> None:
        for number in range(1500):
            h.set((thread, number), number)
            assert h.get((thread, number)) == number
            if number % 3 == 0:
                assert h.pop((thread, number)) == number

    in_threads(work)
    assert h.load == 4 * 1000
    for thread in range(4):
        for number in range(1500):
            assert h.get((thread, number)) == (None if number % 3 == 0 else number)


@in_child
def test_threads_that_pop_the_same_keys_get_each_value_once() -> None:
    h = HashTable(hash_func=yielding_hash)
    for number in range(3000):
        h.set(number, number)
    got: list[list[int]] = [[], [], [], []]

    def work(thread: int) -> None:
        for number in range(3000):
            value = h.pop(number, None)
            if value is not None:
                got[thread].append(value)

    in_threads(work)
    assert h.load == 0
    assert sorted(itertools.chain(*got)) == list(range(3000))


@in_child
def test_threads_that_compare_the_same_keys_agree() -> None:
    class Slow:
        def __init__(self, name: int) -> None:
            self.name = name

        def __eq__(self, other: object) -> bool:
            time.sleep(0)
            return isinstance(other, Slow) and self.name == other.name

        __hash__ = None  # type: ignore[assignment]

    # One chain for each hash, of five keys that only their equality tells apart.
    h = HashTable(hash_func=lambda key: key.name // 5)

    def work(thread: int) -> None:
        for number in range(200):
            h.set(Slow(number), number)
            assert h.get(Slow(number)) == number

    in_threads(work)
    assert h.load == 200
    assert all(h.get(Slow(number)) == number for number in range(200))
