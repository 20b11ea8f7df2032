"""Measures mappings inside of one interpreter: `make bench` runs this on each that it is asked for.

A task is a line on stdin: keys, number of entries, rounds, workloads, contenders. A result is a line of
JSON on stdout. Nothing from outside the standard library is needed, and a contender that is not there is
skipped.

In each round every contender, in an order that rotates, lives one *life*: a table is filled, asked,
changed, walked and emptied, and each of those is a sample. So what slows the machine down slows all of them
down, and a ratio of two contenders in one round is sound where their times are not.

A sample is made of as many passes as it takes to last `SAMPLE_NS` of the thread's own processor time: what
other processes do is not in it, but what the kernel does for us (to hand out memory) is. Each loop is
compiled from the text of the statement that is measured, as timeit does it, and runs once before it counts.
The cost of the loop itself is in every figure, and is measured by itself under the name "empty loop". The
collector of cycles is off.
"""

from __future__ import annotations

import collections
import gc
import json
import os
import platform
import random
import sys
import sysconfig
import time
import tracemalloc
from dataclasses import dataclass, field
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, Callable

SAMPLE_NS = 5_000_000
# Operations in one pass, at least: then what the clock costs is lost in them.
PASS = 5_000
# And at most, where the table is larger than this: a pass is a slice of the keys, in each round another.
SLICE = 200_000


# ---- Keys --------------------------------------------------------------------------------------------------


@dataclass
class Keys:
    """What is put in, in this order; what is looked for, shuffled; and as many that are not there."""

    present: list[Any]
    sought: list[Any]
    absent: list[Any]


def random_ints(count: int) -> list[int]:
    rng = random.Random(2014)
    return [rng.getrandbits(64) - 2**63 for _ in range(count)]


def random_strings(count: int, shortest: int, longest: int) -> list[str]:
    rng = random.Random(2016)
    text = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=1_000_000))
    starts = rng.choices(range(len(text) - longest), k=count)
    lengths = rng.choices(range(shortest - 5, longest - 4), k=count)
    # The number makes each another; it is at the end, where a comparison sees it last.
    return [
        text[start : start + length] + f"{number:05x}"
        for number, (start, length) in enumerate(zip(starts, lengths))
    ]


# Each makes that many different keys, the same ones in every run.
KEYS: dict[str, Callable[[int], list[Any]]] = {
    "ints": random_ints,
    "dense": lambda count: list(range(count)),
    "apart": lambda count: list(range(0, 4096 * count, 4096)),
    "short": lambda count: random_strings(count, 7, 14),
    "long": lambda count: random_strings(count, 100, 140),
    # For dict, and for any table whose hash is Python's, these have one and the same hash.
    "same-hash": lambda count: [sys.hash_info.modulus * number for number in range(1, count + 1)],
}


def copy_of(key: Any) -> Any:
    """An equal object that is not the same one, small ints apart."""
    return int(str(key)) if isinstance(key, int) else "".join(list(key))


def make_keys(name: str, n: int) -> Keys:
    """The keys of this name. "copies of ..." are looked for by other objects than were put in."""
    copies = name.endswith("-copies")
    absent = min(n, 5 * SLICE)
    every = KEYS[name[: -len("-copies")] if copies else name](n + absent)
    present, missing = every[:n], every[n:]
    sought = [copy_of(key) for key in present] if copies else present[:]
    random.Random(1).shuffle(sought)
    random.Random(2).shuffle(missing)
    return Keys(present, sought, missing)


def slice_of(keys: list[Any], number: int) -> list[Any]:
    """The keys of one pass: all of them, several times if they are few; of many, the slice of that number."""
    if len(keys) <= SLICE:
        return keys * -(-PASS // len(keys))
    start = number * SLICE % (len(keys) - SLICE + 1)
    return keys[start : start + SLICE]


# ---- Statements --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loop:
    """A statement in a loop, for each table `t`: what goes before the loop, its head, what is in it."""

    before: str = "pass"
    head: str = "k in keys"
    body: str = "pass"
    after: str = "pass"

    def compile(self) -> Callable[[list[Any], Any, Any], list[Any]]:
        text = (
            "def run(tables, keys, v):\n"
            " left = []\n"
            " for t in tables:\n"
            f"  {self.before}\n"
            f"  for {self.head}:\n"
            f"   {self.body}\n"
            f"  {self.after}\n"
            " return left\n"
        )
        space: dict[str, Any] = {}
        exec(text, space)
        return space["run"]


GET = Loop("get = t.get", body="get(k)")
ITEM = Loop(body="t[k]")
IN = Loop(body="k in t")
ASSIGN = Loop(body="t[k] = v")
POP = Loop("pop = t.pop", body="pop(k)")
CONSTRUCT = "construct"

LOOPS = {
    "insert": ASSIGN,
    "insert-set": ASSIGN,
    "hit-get": GET,
    "hit-item": ITEM,
    "hit-in": IN,
    "miss-get": GET,
    "miss-in": IN,
    "replace": ASSIGN,
    "replace-set": ASSIGN,
    "iterate-keys": Loop(head="k in t"),
    "iterate-items": Loop(head="item in t.items()"),
    "mixed": Loop("get = t.get", "k, old in keys", "t[k] = v; get(k); get(old); del t[old]"),
    "pop": POP,
    "delete": Loop(body="del t[k]"),
    # Here t is the type, and v the pairs.
    "construct": Loop(head="_ in keys", body="t()"),
    "construct-items": Loop(head="_ in keys", body="t(v)"),
}
MIXED_OPERATIONS = 4
FILLING = ("insert", "insert-set")
EMPTYING = ("pop", "delete")
MEMORY = ("memory-getsizeof", "memory-traced", "memory-resident")


@dataclass(frozen=True)
class Contender:
    """A mapping: how an empty one is made, and where its loops differ. None: it cannot do that."""

    name: str
    make: Callable[[], Any]
    loops: dict[str, Loop | None] = field(default_factory=dict)
    # Whether a change gives a new table and leaves the old one as it was.
    persistent: bool = False
    only_strings: bool = False

    def loop(self, workload: str) -> Loop | None:
        return self.loops.get(workload, LOOPS[workload])


class DictSubclass(dict):
    """A dict with a name of its own."""


# These are dict's by another name, and only HashTable has `set`.
NO_SET: dict[str, Loop | None] = {"insert-set": None, "replace-set": None}
SET = Loop("put = t.set", body="put(k, v)")


def of_immutables(module: Any) -> Contender:
    loops: dict[str, Loop | None] = {
        "insert": Loop("t = t.mutate()", body="t[k] = v", after="left.append(t.finish())"),
        "replace": Loop(body="t = t.set(k, v)"),
        "mixed": Loop(
            "pass",
            "k, old in keys",
            "t = t.set(k, v); t.get(k); t.get(old); t = t.delete(old)",
            "left.append(t)",
        ),
        "pop": None,
        "delete": Loop(body="t = t.delete(k)"),
    }
    return Contender("immutables.Map", module.Map, {**NO_SET, **loops}, persistent=True)


def of_rpds(module: Any) -> Contender:
    loops: dict[str, Loop | None] = {
        "insert": Loop(body="t = t.insert(k, v)", after="left.append(t)"),
        "replace": Loop(body="t = t.insert(k, v)"),
        "mixed": Loop(
            "pass",
            "k, old in keys",
            "t = t.insert(k, v); t.get(k); t.get(old); t = t.remove(old)",
            "left.append(t)",
        ),
        "pop": None,
        "delete": Loop(body="t = t.remove(k)"),
    }
    return Contender("rpds.HashTrieMap", module.HashTrieMap, {**NO_SET, **loops}, persistent=True)


def of_hashtable(module: Any) -> Contender:
    loops: dict[str, Loop | None] = {
        "insert-set": SET,
        "replace-set": SET,
        "construct-items": Loop(head="_ in keys", body="t(items=v)"),
    }
    return Contender("HashTable", module.HashTable, loops)


# From other packages: the module, the package that has its version, and what is made of it.
OTHERS: list[tuple[str, str, Callable[[Any], Contender]]] = [
    ("multidict", "multidict", lambda m: Contender("MultiDict", m.MultiDict, NO_SET, only_strings=True)),
    ("immutables", "immutables", of_immutables),
    ("rpds", "rpds-py", of_rpds),
    ("hashtable", "hashtable", of_hashtable),
]


def find_contenders() -> tuple[list[Contender], dict[str, str], list[str]]:
    """The contenders that are here, their versions, and what had to be left out and why."""
    contenders = [
        Contender("dict", dict),
        Contender("dict subclass", DictSubclass, NO_SET),
        Contender("UserDict", collections.UserDict, NO_SET),
    ]
    versions, skipped = {}, []
    for module_name, package, make in OTHERS:
        try:
            contenders.append(make(import_module(module_name)))
        except ImportError as error:
            skipped.append(f"{package}: {error}")
            continue
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "of this tree"
    return contenders, versions, skipped


# ---- A life ------------------------------------------------------------------------------------------------


def emit(record: dict[str, Any]) -> None:
    print(json.dumps(record), flush=True)


def timed(passes: Callable[[], tuple[int, int]]) -> float:
    """Nanoseconds an operation, of as many passes as make up a sample. A pass says what it took and did."""
    spent = operations = 0
    while spent < SAMPLE_NS:
        took, done = passes()
        spent += took
        operations += done
    return spent / operations


class Life:
    """One contender with one set of keys, through all workloads, once a round."""

    def __init__(self, contender: Contender, keys: Keys, workloads: list[str]) -> None:
        self.contender = contender
        self.keys = keys
        self.workloads = [name for name in workloads if name in LOOPS and contender.loop(name)]
        self.runs = {}
        for name in {*self.workloads, "insert"}:
            loop = contender.loop(name)
            assert loop is not None
            self.runs[name] = loop.compile()
        # Small tables are measured by the batch.
        self.batch = -(-PASS // len(keys.present))
        self.tables: list[Any] = []
        self.warm_up()

    def warm_up(self) -> None:
        """Runs each loop a little, so that the interpreter has specialised its code before it counts."""
        few = self.keys.present[:100]
        for _ in range(20):
            table = self.filled("insert", few, 1)[0]
            for name in self.workloads:
                if name in ("construct", "construct-items"):
                    self.runs[name]([self.contender.make], range(3), [(few[0], 0)])
                elif name == "mixed":
                    self.runs[name](
                        [table], [(self.keys.absent[0], few[0]), (few[0], self.keys.absent[0])], 0
                    )
                elif name not in (*EMPTYING, *FILLING):
                    self.runs[name]([table], few, 0)
        for name in self.workloads:
            if name in EMPTYING:
                self.runs[name](self.filled("insert", few, 20), few, 0)

    def filled(self, workload: str, keys: list[Any], count: int) -> list[Any]:
        tables = [self.contender.make() for _ in range(count)]
        return (
            self.runs[workload](tables, keys, 0)
            if self.contender.persistent
            else self.fill(workload, tables, keys)
        )

    def fill(self, workload: str, tables: list[Any], keys: list[Any]) -> list[Any]:
        self.runs[workload](tables, keys, 0)
        return tables

    def live(self, number: int) -> dict[str, float]:
        """Nanoseconds an operation, by workload, in the round of that number."""
        results = {}
        # Nobody's first table counts. Memory that others gave back a while ago has to be had from the system
        # again, and a virtual machine may have to ask its host for it: 450 ns an insertion, instead of 45.
        self.tables = []
        self.filled("insert", self.keys.present, self.batch)
        for position, name in enumerate(self.workloads):
            if not self.tables and name not in FILLING:
                self.tables = self.filled("insert", self.keys.present, self.batch)
            results[name] = self.sample(name, number + position)
        self.tables = []
        return results

    def sample(self, name: str, number: int) -> float:
        run = self.runs[name]
        n, now = len(self.keys.present), time.thread_time_ns
        keys: Any
        if name in FILLING:

            def one_pass() -> tuple[int, int]:
                self.tables = []
                tables = [self.contender.make() for _ in range(self.batch)]
                start = now()
                left = run(tables, self.keys.present, 0)
                took = now() - start
                self.tables = left if self.contender.persistent else tables
                assert len(self.tables[-1]) == n, "the keys are not all different"
                return took, self.batch * n

        elif name in EMPTYING:
            keys = self.keys.sought if n <= SLICE else slice_of(self.keys.sought, number)

            def one_pass() -> tuple[int, int]:
                start = now()
                run(self.tables, keys, 0)
                took = now() - start
                if not self.contender.persistent:
                    assert len(self.tables[-1]) == n - len(keys)
                    self.runs["insert"](self.tables, keys, 0)
                return took, self.batch * len(keys)

        elif name == "mixed":
            new, old = slice_of(self.keys.absent, number), slice_of(self.keys.sought, number)
            if n < PASS:
                new, old = new[:n], old[:n]
            pairs = list(zip(new, old))
            back = [(old_key, new_key) for new_key, old_key in pairs]

            def one_pass() -> tuple[int, int]:
                start = now()
                left = run(self.tables, pairs, 0)
                # And back again, so that the table holds what it held.
                run(left or self.tables, back, 0)
                took = now() - start
                return took, 2 * MIXED_OPERATIONS * self.batch * len(pairs)

        elif name.startswith("iterate"):

            def one_pass() -> tuple[int, int]:
                start = now()
                run(self.tables, None, 0)
                return now() - start, self.batch * n

        elif name.startswith("construct"):
            pairs = [(key, 0) for key in self.keys.present] if name == "construct-items" else []
            size = max(1, len(pairs))
            keys = range(max(1, PASS // size))

            def one_pass() -> tuple[int, int]:
                start = now()
                run([self.contender.make], keys, pairs)
                return now() - start, len(keys) * size

        else:
            keys = slice_of(self.keys.absent if name.startswith("miss") else self.keys.sought, number)
            table = self.tables[:1]
            run(table, keys[:PASS], 0)

            def one_pass() -> tuple[int, int]:
                start = now()
                run(table, keys, 0)
                return now() - start, len(keys)

        return timed(one_pass)


# ---- A hash function in Python -----------------------------------------------------------------------------


def by_itself(key: int) -> int:
    """The shortest hash function there is: what calling it costs is all that it costs."""
    return key


class HashFunctionLife:
    """`get` and `h[k] = v` with a hash function in Python, the same without one, and the call by itself.

    The call is measured as C code makes it, by `map`; and `f(k)` in a loop, which the interpreter may inline.
    """

    def __init__(self, keys: Keys, table_type: Any) -> None:
        self.keys = keys
        tables = {"own hash": table_type(), "hash function": table_type(hash_func=by_itself)}
        self.steps: dict[str, tuple[Callable[..., Any], Any, Any]] = {}
        for name, table in tables.items():
            ASSIGN.compile()([table], keys.present, 0)
            self.steps[f"get, {name}"] = (GET.compile(), [table], None)
            self.steps[f"replace, {name}"] = (ASSIGN.compile(), [table], None)
        self.steps["f(k)"] = (Loop(body="t(k)").compile(), [by_itself], None)
        self.steps["map(f, keys)"] = (Loop(head="_ in map(t, keys)").compile(), [by_itself], None)
        self.steps["empty loop"] = (Loop().compile(), [None], None)
        for run, tables_or_function, _ in self.steps.values():
            for _ in range(20):
                run(tables_or_function, keys.present[:100], 0)

    def live(self, number: int) -> dict[str, float]:
        keys = slice_of(self.keys.sought, number)
        now = time.thread_time_ns
        results = {}
        for name, (run, first, _) in self.steps.items():

            def one_pass(run: Callable[..., Any] = run, first: Any = first) -> tuple[int, int]:
                start = now()
                run(first, keys, 0)
                return now() - start, len(keys)

            results[name] = timed(one_pass)
        return results


# ---- Memory ------------------------------------------------------------------------------------------------


STATM = Path("/proc/self/statm")


def resident_bytes() -> int:
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def in_a_child(measure: Callable[[], float | None]) -> float | None:
    """What the function says in a child process: on a heap where no table has been before."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiver)
        os.write(sender, json.dumps(measure()).encode())
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as file:
        said = file.read()
    os.waitpid(child, 0)
    return json.loads(said)


def memory(contender: Contender, keys: Keys, workload: str) -> float | None:
    """Bytes an entry: the table's, without the keys and values."""
    if workload == "memory-resident" and not STATM.exists():
        return None
    loop = contender.loop("insert")
    assert loop is not None
    run = loop.compile()

    def measure() -> float | None:
        if workload == "memory-traced":
            tracemalloc.start()
            before = tracemalloc.get_traced_memory()[0]
        elif workload == "memory-resident":
            before = resident_bytes()
        table = contender.make()
        left = run([table], keys.present, 0)
        table = left[0] if contender.persistent else table
        if workload == "memory-traced":
            taken = tracemalloc.get_traced_memory()[0] - before
        elif workload == "memory-resident":
            taken = resident_bytes() - before
        elif type(table).__sizeof__ is object.__sizeof__:
            return None  # It does not say.
        else:
            taken = sys.getsizeof(table)
        return taken / len(keys.present)

    return in_a_child(measure)


# ---- Tasks -------------------------------------------------------------------------------------------------


@dataclass
class Task:
    """A line of stdin."""

    keys: str
    n: int
    rounds: int
    workloads: list[str]
    contenders: list[Contender]


def read_task(line: str, contenders: list[Contender]) -> Task:
    keys, n, rounds, workloads, wanted = line.rstrip("\n").split("\t")
    chosen = [each for each in contenders if wanted == "*" or each.name in wanted.split(",")]
    if keys not in ("short", "long", "short-copies", "long-copies"):
        chosen = [each for each in chosen if not each.only_strings]
    return Task(keys, int(n), int(rounds), workloads.split(","), chosen)


def carry_out(task: Task) -> None:
    keys = make_keys(task.keys, task.n)

    def tell(workload: str, contender: str, number: int, value: float, unit: str = "ns") -> None:
        where = {"workload": workload, "keys": task.keys, "n": task.n, "round": number}
        emit({**where, "contender": contender, "value": value, "unit": unit})

    for workload in MEMORY:
        for contender in task.contenders if workload in task.workloads else []:
            value = memory(contender, keys, workload)
            if value is not None:
                tell(workload, contender.name, 0, value, "bytes")
    lives: list[tuple[str, str | None, Any]] = []
    if any(workload in LOOPS for workload in task.workloads):
        lives += [(each.name, None, Life(each, keys, task.workloads)) for each in task.contenders]
    if "hash-function" in task.workloads:
        of_ours = [each.make for each in task.contenders if each.name == "HashTable"]
        lives += [("", "hash-function", HashFunctionLife(keys, table_type)) for table_type in of_ours]
    for number in range(task.rounds):
        for turn in range(len(lives)):
            name, only, life = lives[(turn + number) % len(lives)]
            for key, value in life.live(number).items():
                tell(only or key, key if only else name, number, value)
    emit({"done": True})


def main() -> None:
    gc.disable()
    contenders, versions, skipped = find_contenders()
    tasks = [read_task(line, contenders) for line in sys.stdin if line.strip()]
    # Debian's packages are built with profiles, but by its own rules, which leave no trace in the flags.
    flags = sysconfig.get_config_var("CONFIG_ARGS") or ""
    optimised = "--enable-optimizations" in flags or "deb_system" in sysconfig.get_scheme_names()
    emit(
        {
            "about": {
                "python": platform.python_version(),
                "build": ", ".join(platform.python_build()),
                "compiler": platform.python_compiler(),
                "optimised": optimised,
                "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
                **versions,
            },
            "skipped": skipped,
        }
    )
    for task in tasks:
        carry_out(task)


if __name__ == "__main__":
    main()
