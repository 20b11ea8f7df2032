"""The life of a module: in more interpreters than one, imported again, forked, and at the end."""

from __future__ import annotations

import importlib
import os
import pickle
import shutil
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path

import hashtable
import pytest
from hashtable import HashTable
from support import in_child, run_child

MODULE_DIRECTORY = str(Path(hashtable.__file__).parent)

# Uses the module in sub-interpreters, some with a GIL of their own and some with the main one's, and says how
# each went; then uses it in the main interpreter.
SUB_INTERPRETERS = """
import sys, hashtable
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

USE = '''
import gc, hashtable
h = hashtable.HashTable(hash_func=lambda key: 5, items={"a": 1})
h["self"] = h
assert h["a"] == 1 and h.stats().load == 2 and isinstance(h.stats(), hashtable.Stats)
assert hashtable.HashTable().hash_func is hash
for own in hashtable.fnv1a_hash, hashtable.SipHash(5):
    assert hashtable.HashTable(64, hash_func=own).bin_of("key") == own("key") % 64
del h
gc.collect()
'''

def attempt(interpreter):
    run = getattr(interpreters, "exec", None) or interpreters.run_string
    try:
        failure = run(interpreter, USE)
    except Exception as error:
        failure = error
    interpreters.destroy(interpreter)
    return str(getattr(failure, "formatted", failure))

shared = (lambda: interpreters.create("legacy")) if sys.version_info >= (3, 13) else (
    lambda: interpreters.create(isolated=False))
for _ in range(3):
    print("own:", attempt(interpreters.create()))
    print("shared:", attempt(shared()))
h = hashtable.HashTable(items={1: 2})
assert h.stats().load == 1 and list(h.items()) == [(1, 2)] and h.hash_func is hash
print("main: None")
"""


def test_interpreters_that_share_the_gil_work_and_others_are_refused() -> None:
    child = run_child(SUB_INTERPRETERS)
    assert child.returncode == 0, child.stderr
    told = child.stdout.splitlines()
    assert told.count("shared: None") == 3
    assert told[-1] == "main: None"
    refused = [line for line in told if line.startswith("own:")]
    if sys.version_info >= (3, 12):
        assert all("ImportError" in line and "hashtable" in line for line in refused), refused
    else:
        # Up to 3.11 there is only one GIL.
        assert refused == ["own: None"] * 3


def embedding_flags() -> list[str]:
    """What it takes to compile and link a program with this Python in it."""
    variable = sysconfig.get_config_var
    directories = [directory for directory in (variable("LIBDIR"), variable("LIBPL")) if directory]
    return [
        f"-I{variable('INCLUDEPY')}",
        f"-I{sysconfig.get_path('platinclude')}",
        *(f"-L{directory}" for directory in directories),
        *(f"-Wl,-rpath,{directory}" for directory in directories),
        f"-lpython{variable('LDVERSION')}",
        *(variable("LIBS") or "").split(),
        *(variable("SYSLIBS") or "").split(),
    ]


def test_three_rounds_of_initialising_and_finalising_are_clean(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    program = tmp_path / "embed"
    source = Path(__file__).with_name("embed.c")
    compiled = subprocess.run(
        [compiler, str(source), "-o", str(program), *embedding_flags()], capture_output=True, text=True
    )
    if compiled.returncode != 0:
        pytest.skip("this Python cannot be embedded: " + compiled.stderr.strip().splitlines()[-1])
    environment = {**os.environ, "PYTHONHOME": sys.base_prefix, "PYTHONMALLOC": "debug"}
    environment.pop("PYTHONPATH", None)
    child = subprocess.run(
        [program, MODULE_DIRECTORY], env=environment, capture_output=True, text=True, timeout=100
    )
    assert (child.returncode, child.stdout) == (0, "round 1\nround 2\nround 3\n"), child.stderr


# Imported again


@in_child
def test_a_module_that_is_imported_twice_is_two_modules_with_one_type() -> None:
    h = HashTable(items={"before": 1})
    # More often than the interpreter has room for functions to call at its exit.
    for _ in range(50):
        del sys.modules["hashtable"]
        again = importlib.import_module("hashtable")
        assert again is not hashtable
        assert (again.HashTable, again.Stats) == (hashtable.HashTable, hashtable.Stats)
        assert again.HashTable().hash_func is hash
        assert again.HashTable(items=h) == h == pickle.loads(pickle.dumps(h))
        assert type(h.stats()) is again.Stats


@in_child
def test_a_module_that_is_reloaded_goes_on() -> None:
    h = HashTable(items={"before": 1})
    for _ in range(50):
        # A module in C is not loaded again: it stays, with all that it has.
        assert importlib.reload(hashtable) is hashtable
        assert hashtable.HashTable is HashTable
        h["after"] = hashtable.HashTable(hash_func=len, items={"new": 2})
    assert (h["before"], h["after"]["new"]) == (1, 2)


@in_child
def test_threads_that_import_it_for_the_first_time_get_one_type() -> None:
    del sys.modules["hashtable"]
    barrier, types = threading.Barrier(8), []

    def work() -> None:
        barrier.wait()
        types.append((importlib.import_module("hashtable").HashTable, type(HashTable().stats())))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert types == [(HashTable, hashtable.Stats)] * 8


# Without a GIL


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this Python cannot lose its GIL")
def test_importing_it_leaves_the_gil_off() -> None:
    child = run_child("import sys, hashtable; print(sys._is_gil_enabled())")
    assert (child.stdout, child.stderr) == ("False\n", "")


# Forked

# Threads use a table, of which a fork takes a copy at any moment: what the child has must be whole.
FORK = """
import gc, os, sys, threading, warnings
from hashtable import HashTable

warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: threads, and a fork
sys.setswitchinterval(1e-5)
h = HashTable(hash_func=lambda key: hash(key) % 7, items={number: [number] for number in range(20)})
ended = False

def work(thread):
    number = 0
    while not ended:
        number += 1
        h[thread, number % 50] = HashTable(items={number: h})
        h.pop((thread, number % 30), None)

threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
for thread in threads:
    thread.start()
statuses = []
for _ in range(10):
    child = os.fork()
    if child == 0:
        try:
            keys = list(h)
            assert len(keys) == len(h) == h.stats().load == sum(map(len, h.bins()))
            assert [h[number] for number in range(20)] == [[number] for number in range(20)]
            for key in keys:
                del h[key]
            h["child"] = HashTable(items={"of": h})
            assert list(h) == ["child"] and h["child"]["of"] is h
            del h
            gc.collect()
            os._exit(42)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)
    statuses.append(os.waitpid(child, 0)[1])
ended = True
for thread in threads:
    thread.join()
assert statuses == [42 << 8] * 10, statuses
assert [h[number] for number in range(20)] == [[number] for number in range(20)] and "child" not in h
print("whole")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_takes_a_whole_table_along() -> None:
    child = run_child(FORK)
    assert (child.returncode, child.stdout, child.stderr) == (0, "whole\n", "")


# At the end

# Daemon threads that are in the middle of an operation when the interpreter ends: each waits in Python code
# that the operation called.
DAEMONS = """
import threading, time
from hashtable import HashTable

def pause():
    time.sleep(0.0005)

class Key:
    __hash__ = None
    def __eq__(self, other):
        pause()
        return self is other

class Value:
    def __del__(self):
        pause()

def slow_hash(key):
    pause()
    return hash(key)

def slow_pairs():
    for number in range(3):
        pause()
        yield number, number

slow = HashTable(hash_func=slow_hash)
colliding = HashTable(hash_func=lambda key: 0)
plain = HashTable()
PLACES = {
    "a hash function": lambda: slow.set("key", "value"),
    "a comparison": lambda: (colliding.set(Key(), 1), colliding.popitem()),
    "the end of a value": lambda: plain.set("key", Value()),
    "an iterator": lambda: plain.update(slow_pairs()),
    "nested tables": lambda: HashTable(items={1: HashTable(items={2: Value()})}),
    "a view": lambda: slow.keys() & slow_pairs(),
}
turns = [0] * 8

def work(thread):
    while True:
        PLACES[PLACE]()
        turns[thread] += 1

for thread in range(8):
    threading.Thread(target=work, args=(thread,), daemon=True).start()
while min(turns) < 5:
    time.sleep(0.001)
print("the end", flush=True)
"""
PLACES = ["a hash function", "a comparison", "the end of a value", "an iterator", "nested tables", "a view"]


@pytest.mark.parametrize("place", PLACES)
def test_the_interpreter_ends_while_daemon_threads_are_in(place: str) -> None:
    for _ in range(3):
        child = run_child(f"PLACE = {place!r}" + DAEMONS)
        assert (child.returncode, child.stdout, child.stderr) == (0, "the end\n", "")


def test_an_interpreter_with_other_digits_is_refused() -> None:
    child = run_child(
        "import sys, types\n"
        "sys.int_info = types.SimpleNamespace(bits_per_digit=15)\n"
        "try:\n"
        "    import hashtable\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    assert child.stdout == "hashtable needs a Python whose ints have digits of 30 bits\n", child.stderr
