"""Every operation of the mapping, with Python code that runs inside it and does everything to the table.

A matrix: each operation, in which each piece of Python code that runs (a hash function, an equality, a
finalizer, the methods of another mapping ...) makes each change. What comes out is a right answer or a Python
exception; the table is whole after it, and no reference is lost. One child process for each operation, with
the debug allocator: to use what was freed ends it.
"""

from __future__ import annotations

import copy
import gc
import itertools
import pickle
import random
import signal
import sys
import threading
import weakref
from typing import Any, Callable

import pytest
from hashtable import HashTable
from hostile import (
    ALIVE,
    DEEP,
    EXPECTED,
    HARMLESS,
    MUTATIONS,
    NESTINGS,
    OPERATIONS,
    TRAP,
    VARIANTS,
    Node,
    World,
    check_all,
    check_that_nothing_is_left,
    nested,
    quiet,
    run,
)
from support import in_child, limit_memory, of_this_python


@in_child
@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_happens_inside_the_table_is_whole_and_nothing_is_lost(operation: str) -> None:
    quiet()
    for variant in VARIANTS:
        undisturbed = run(operation, variant, None, None, None)
        for site, calls in TRAP.calls.copy().items():
            for mutation, when in of_this_python(itertools.product(MUTATIONS, {1: 0, calls: 0, None: 0})):
                try:
                    came = run(operation, variant, site, when, mutation)
                    if mutation in HARMLESS:
                        assert came == undisturbed
                except BaseException as error:
                    raise AssertionError(
                        f"{variant}: {mutation} in {site}, call {when} of {calls}"
                    ) from error


# Callbacks that run inside an operation for sure: if not, the matrix above shows nothing of them.
RUNS_INSIDE = {
    "h[k]": {"hash func", "index", "key hash", "key eq", "truth"},
    "h[missing]": {"missing", "hash func", "key eq"},
    "h[k] = replaced": {"hash func", "key eq", "Value del", "weak reference"},
    "pop": {"hash func", "key eq", "Key del", "weak reference"},
    "clear": {"Key del", "Value del", "weak reference"},
    "init": {"init", "Key del", "Value del", "weak reference"},
    "init with items": {"next", "iter", "iter of pair", "hash func", "Key del", "Value del"},
    "update from a mapping": {"keys", "next", "getitem", "hash func", "key eq", "Value del"},
    "update from pairs": {"next", "iter", "iter of pair", "hash func", "key eq", "Value del"},
    "update from a dict": {"hash func", "key eq", "Value del"},
    "update from a table with the same hash function": {"key eq", "Value del"},
    "update from a table with another hash function": {"key eq", "key hash", "hash func", "Value del"},
    "h == its twin": {"key eq", "value eq", "truth"},
    "h == mapping": {"len", "next", "getitem", "hash func", "key eq", "value eq", "truth"},
    "fromkeys": {"init", "setitem", "next"},
    "bins": {"collector"},
    "copy": {"collector"},
    "copy.deepcopy": {"reduce", "hash func"},
    "pickle": {"reduce", "hash func"},
    "repr of a view": {"repr"},
    "items == items": {"key eq", "value eq", "hash func"},
    "keys & keys": {"key hash", "key eq"},
}


@in_child
def test_the_matrix_is_not_empty() -> None:
    quiet()
    for operation, expected in RUNS_INSIDE.items():
        sites = set()
        for variant in VARIANTS:
            run(operation, variant, None, None, None)
            sites |= set(TRAP.calls)
        if "collector" in expected and sys.version_info >= (3, 12):
            # The collector waits until Python code runs.
            expected = expected - {"collector"}
        assert expected <= sites, (operation, expected - sites)


@in_child
@pytest.mark.parametrize("block", range(4))
def test_random_programs_of_the_whole_protocol_leave_nothing_behind(block: int) -> None:
    quiet()
    sites = ["hash func", "index", "key hash", "key eq", "truth", "value eq", "Key del", "Value del", "next"]
    sites += ["weak reference", "keys", "getitem", "setitem", "collector", "iter of pair"]
    for seed in range(250 * block, 250 * (block + 1)):
        choice = random.Random(seed)
        ALIVE.clear()
        world = World(choice.choice(list(VARIANTS)), choice.choice(list(OPERATIONS)))
        depth = [0]

        def anything(world: World = world, choice: random.Random = choice, depth: list[int] = depth) -> None:
            """An operation or a change, in which anything may happen again, some levels deep."""
            if depth[0] >= 4 or world.h is None:
                return
            depth[0] += 1
            try:
                TRAP.busy = False
                TRAP.site = choice.choice(sites)
                TRAP.when = TRAP.calls[TRAP.site] + choice.randint(1, 3)
                name = choice.choice([*OPERATIONS, *MUTATIONS])
                try:
                    (OPERATIONS.get(name) or MUTATIONS[name])(world)
                except EXPECTED:
                    pass
                except (AttributeError, TypeError):
                    # Of `None`, where the table was.
                    if world.h is not None:
                        raise
            finally:
                depth[0] -= 1

        TRAP.calls.clear()
        TRAP.action, TRAP.on = anything, True
        for _ in range(12):
            anything()
        TRAP.action, TRAP.on, TRAP.busy = None, False, False
        del anything
        try:
            check_all(world)
            check_that_nothing_is_left(world)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error


# Cycles

CYCLES: dict[str, Callable[[], HashTable]] = {}


def cycle(make: Callable[[], HashTable]) -> Callable[[], HashTable]:
    CYCLES[make.__name__.replace("_", " ")] = make
    return make


@cycle
def as_an_attribute_of_a_key() -> HashTable:
    h, node = HashTable(), Node()
    node.held = h
    h[node] = 1
    return h


@cycle
def as_its_own_value() -> HashTable:
    h = HashTable()
    h["h"] = h
    return h


@cycle
def as_its_own_key() -> HashTable:
    h = HashTable(hash_func=id)
    h[h] = 1
    return h


@cycle
def in_its_hash_function() -> HashTable:
    h = HashTable(hash_func=lambda key: len(h))
    return h


@cycle
def in_the_default_of_its_hash_function() -> HashTable:
    def with_default(key: object, tables: list[HashTable] = []) -> int:  # noqa: B006
        return len(tables)

    h = HashTable(hash_func=with_default)
    with_default.__defaults__[0].append(h)  # type: ignore[index]
    return h


@cycle
def in_a_bound_method() -> HashTable:
    class Own(HashTable):
        def __init__(self) -> None:
            super().__init__(hash_func=self.method)

        def method(self, key: object) -> int:
            return 0

    return Own()


@cycle
def in_a_builtin_bound_method() -> HashTable:
    h = HashTable()
    h.__init__(hash_func=h.bin_of)  # type: ignore[misc]
    return h


@cycle
def in_its_own_attributes() -> HashTable:
    class Own(HashTable):
        pass

    h = Own()
    h.itself = h
    return h


@cycle
def in_its_own_slots() -> HashTable:
    class Own(HashTable):
        __slots__ = ("itself",)

    h = Own()
    h.itself = h
    return h


@cycle
def in_its_own_class() -> HashTable:
    class Own(HashTable):
        pass

    h = Own()
    Own.instance = h
    return h


@cycle
def in_a_view() -> HashTable:
    h = HashTable()
    h["view"] = [h.keys(), h.values(), h.items(), h.keys().mapping]
    return h


@cycle
def in_an_iterator() -> HashTable:
    h = HashTable()
    h["iterator"] = node = Node()
    node.held = [iter(h), reversed(h), iter(h.items())]
    next(node.held[0])  # type: ignore[index]
    return h


@cycle
def in_a_weak_callback() -> HashTable:
    h, node = HashTable(), Node()
    h["node"] = node
    h["ref"] = weakref.ref(node, lambda ref: h)
    return h


@cycle
def in_a_suspended_generator() -> HashTable:
    def generator() -> Any:
        yield from h

    h = HashTable(items={"a": 1, "b": 2})
    h["generator"] = running = generator()
    del h["b"]
    h.get(running)
    return h


@cycle
def in_a_ring_of_tables() -> HashTable:
    tables = [HashTable() for _ in range(1000)]
    for one, other in zip(tables, [*tables[1:], tables[0]]):
        one["next"] = other
    return tables[0]


@cycle
def in_the_exception_that_it_raised() -> HashTable:
    h = HashTable()
    try:
        h.pop("missing")
    except KeyError as error:
        h["error"] = error
    return h


@pytest.mark.parametrize("name", CYCLES)
def test_a_table_in_a_cycle_is_collected(name: str) -> None:
    h = CYCLES[name]()
    gone = weakref.ref(h)
    gc.collect()
    assert gone() is h
    del h
    gc.collect()
    gc.collect()
    assert gone() is None


@in_child
def test_a_table_in_a_dying_cycle_can_still_be_used() -> None:
    class Last:
        def __del__(self) -> None:
            h = self.h
            h["words"] = "last"
            found.append((h["words"], h.pop("words"), len(h) >= 0, list(h) is not None, h.copy() is not None))

    found: list[object] = []
    for number in range(10):
        h = HashTable(hash_func=lambda key, number=number: number)
        for key in range(number):
            h[key] = last = Last()
            last.h = h
        del h
        if number:
            del last
        gc.collect()
    assert found == [("last", "last", True, True, True)] * 45


def test_a_finalizer_that_brings_its_table_back_finds_it_whole() -> None:
    class Phoenix(HashTable):
        def __del__(self) -> None:
            ashes.append(self)

    ashes: list[Phoenix] = []
    h = Phoenix(items={"a": 1})
    h["self"] = h
    del h
    gc.collect()
    (h,) = ashes
    assert (h["a"], h["self"], len(h)) == (1, h, 2)
    ashes.clear()
    gone = weakref.ref(h)
    del h
    gc.collect()
    assert gone() is None


# Depth


@in_child
@pytest.mark.parametrize("nesting", NESTINGS)
def test_100_000_nested_tables_are_freed(nesting: str) -> None:
    gc.disable()
    before = sys.getallocatedblocks()
    h = nested(nesting, 100_000)
    assert sys.getallocatedblocks() > before + 90_000
    gone = weakref.ref(h)
    del h
    assert gone() is None
    # But for the interpreter's own free lists.
    assert sys.getallocatedblocks() < before + 10_000


@in_child
@pytest.mark.parametrize("nesting", ["value", "key", "view", "subclass", "dict"])
def test_nested_tables_are_freed_in_the_stack_of_a_small_thread(nesting: str) -> None:
    def work() -> None:
        h = nested(nesting, 100_000)
        del h
        done.append(True)

    done: list[bool] = []
    threading.stack_size(512 << 10)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


@in_child
@pytest.mark.parametrize("way", ["clear", "popitem", "init", "collect", "replace"])
def test_nested_tables_are_freed_in_every_way(way: str) -> None:
    h = HashTable()
    h["inner"] = nested("value", 100_000)
    gone = weakref.ref(h["inner"])
    if way == "clear":
        h.clear()
    elif way == "popitem":
        h.popitem()
    elif way == "init":
        h.__init__()  # type: ignore[misc]
    elif way == "replace":
        h["inner"] = None
    else:
        h["self"] = h
        del h
        gc.collect()
    assert gone() is None


@in_child
@pytest.mark.parametrize("operation", DEEP)
def test_what_is_too_deep_is_a_recursion_error(operation: str) -> None:
    one, other = nested("value", 100_000), nested("value", 100_000)
    for _ in range(2):
        with pytest.raises(RecursionError):
            DEEP[operation](one, other)
    assert len(one) == 1


@in_child
def test_a_repr_that_is_too_deep_is_a_recursion_error() -> None:
    view = HashTable().values()
    for _ in range(100_000):
        view = HashTable(items=[("inner", view)]).values()
    for _ in range(2):
        with pytest.raises(RecursionError):
            repr(view)
    assert repr(nested("value", 100_000)).count("*") == 1


@in_child
@pytest.mark.parametrize("operation", ["==", "!=", "== of items", "<= of items"])
def test_two_tables_that_hold_themselves_cannot_be_compared(operation: str) -> None:
    one, other = HashTable(), HashTable()
    one["inner"], other["inner"] = one, other
    with pytest.raises(RecursionError):
        DEEP[operation](one, other)
    assert one == one
    assert one != HashTable()


def test_what_holds_itself_is_copied_and_pickled() -> None:
    h = HashTable()
    h["h"] = h
    for twin in (copy.deepcopy(h), pickle.loads(pickle.dumps(h))):
        assert twin["h"] is twin
        assert len(twin) == 1


@in_child
@pytest.mark.parametrize(
    "operation", ["get", "in", "set", "update", "==", "items ==", "fromkeys", "missing", "init"]
)
def test_an_operation_that_calls_itself_for_ever_is_a_recursion_error(operation: str) -> None:
    class Own(HashTable):
        def __missing__(self, key: object) -> object:
            return self[key]

        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            if operation == "init":
                Own()
            super().__init__(*arguments, **keywords)

        def __setitem__(self, key: object, value: object) -> None:
            if operation == "fromkeys":
                Own.fromkeys("a")
            super().__setitem__(key, value)

    def again(*_: object) -> Any:
        return operations[operation]()

    class Again:
        __eq__ = again
        __hash__ = object.__hash__

    operations: dict[str, Callable[[], Any]] = {
        "get": lambda: h.get("key"),
        "in": lambda: "key" in h,
        "set": lambda: h.set("key", 1),
        "update": lambda: h.update({"key": 1}),
        "==": lambda: HashTable(items={"key": Again()}) == {"key": 1},
        "items ==": lambda: HashTable(items={"key": Again()}).items() == {("key", 1)},
        "fromkeys": lambda: Own.fromkeys("a"),
        "missing": lambda: Own()["key"],
        "init": Own,
    }
    h = HashTable(hash_func=again)
    with pytest.raises(RecursionError):
        again()
    assert len(h) == 0


# Interrupts

needs_timer = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system has no timer that signals"
)

ENDLESS: dict[str, Callable[[HashTable], object]] = {
    "update from new pairs": lambda h: h.update(zip(itertools.count(), itertools.repeat(0))),
    "update from the same pair": lambda h: h.update(itertools.repeat((1, 2))),
    "|=": lambda h: h.__ior__(itertools.repeat((1, 2))),
    "items": lambda h: HashTable(items=itertools.repeat((1, 2))),
    "init again": lambda h: h.__init__(items=itertools.repeat((1, 2))),
    "fromkeys": lambda h: HashTable.fromkeys(itertools.repeat(1)),
    "update from a mapping": lambda h: h.update(Endless()),
    "isdisjoint": lambda h: h.keys().isdisjoint(itertools.repeat(5)),
    "items.isdisjoint": lambda h: h.items().isdisjoint(itertools.repeat((5, 5))),
    "&": lambda h: h.keys() & itertools.repeat(5),
}


class Endless:
    def keys(self) -> Any:
        return itertools.repeat(1)

    __getitem__ = staticmethod(bool)


def interrupted(operation: Callable[[], object], seconds: float) -> None:
    """Presses Ctrl-C while `operation` runs, which has to end with that."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def press_and_run() -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        operation()

    signal.signal(signal.SIGALRM, interrupt)
    with pytest.raises(KeyboardInterrupt):
        press_and_run()


def lets_signals_through(operation: Callable[[], object]) -> bool:
    """Whether `operation` looks for signals again and again.

    One that does not lets one come through at the most, however long it takes: when it is done.
    """
    ticks = 0

    def tick(*_: object) -> None:
        nonlocal ticks
        ticks += 1

    signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    operation()
    signal.setitimer(signal.ITIMER_REAL, 0)
    return ticks > 4


@needs_timer
@pytest.mark.timeout(60)
@in_child
@pytest.mark.parametrize("operation", ENDLESS)
def test_ctrl_c_ends_what_has_no_end(operation: str) -> None:
    limit_memory(8 << 30)
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    # Kills this process if Ctrl-C does not.
    signal.setitimer(signal.ITIMER_VIRTUAL, 20)
    h = HashTable(items={"key": "value"})
    interrupted(lambda: ENDLESS[operation](h), 0.2)
    assert h["key"] == "value"
    assert len(h) == len(list(h)) == h.stats().load


@needs_timer
@pytest.mark.timeout(60)
@in_child
@pytest.mark.parametrize("holes", [0, 1, 2], ids=["no holes", "holes at odd places", "holes at even places"])
@pytest.mark.parametrize("operation", ["update", "|", "=="])
def test_ctrl_c_ends_what_takes_long(operation: str, holes: int) -> None:
    number = 1_000_000
    long = HashTable(items=zip(range(number), itertools.repeat(None)))
    for key in range(2 - holes, number, 2) if holes else ():
        del long[key]
    twin = HashTable(hash_func=hash.__call__, items=zip(long, itertools.repeat(None)))
    h = HashTable(items={"key": "value"})
    operations: dict[str, Callable[[], object]] = {
        "update": lambda: h.copy().update(long),
        "|": lambda: h | long,
        "==": lambda: long == twin,
    }
    assert lets_signals_through(operations[operation])
    interrupted(operations[operation], 0.001)
    assert dict(h) == {"key": "value"}


@needs_timer
@in_child
def test_ctrl_c_ends_the_making_of_many_lists() -> None:
    h = HashTable(300_000)
    assert len(h.bins()) == 300_000
    assert lets_signals_through(h.bins)
    interrupted(h.bins, 0.001)


@needs_timer
@in_child
def test_an_interrupt_in_a_hash_function_comes_out_and_changes_nothing() -> None:
    def slow(key: object) -> int:
        while True:
            pass

    h = HashTable(hash_func=slow)
    interrupted(lambda: h.set("key", 1), 0.1)
    interrupted(lambda: h.update({"key": 1}), 0.1)
    assert len(h) == 0
