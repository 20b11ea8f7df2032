"""Hunts for leaks: repeats every test on a debug Python, and counts references and blocks of memory.

    python3-dbg tests/python/refleaks.py [--rounds WARM:COUNTED] [what pytest takes: files, -k, -n ...]

As CPython's own `regrtest -R 3:3`: the first rounds fill what is filled once (caches, free lists); what grows
in each of the rounds after them leaks. A test that needs a process of its own is repeated in one. Ends with 1
if anything leaks, after it has shown that it would see that.
"""

from __future__ import annotations

import abc
import array
import collections.abc
import gc
import json
import linecache
import os
import re
import sys
import time
import unittest
from pathlib import Path
from typing import Any, Callable, NamedTuple

import pytest

HERE = Path(__file__).resolve().parent

# These are not repeated, and why.
EXCEPT = {
    "test_a_table_does_what_its_model_does_whatever_its_keys_do": "hypothesis keeps what it has learnt",
    "test_fnv1a_hashes_what_a_key_is_made_of": "hypothesis, again",
    "test_a_key_is_hashed_as_its_bytes": "hypothesis, again",
    "test_the_functions_for_numbers_are_what_they_say": "hypothesis, again",
    "test_the_talks_hash_is_what_the_talk_said": "hypothesis, again",
    "test_a_table_makes_no_python_call_to_hash_with_a_function_of_the_module": "it measures memory itself",
    "test_15_the_memory_of_the_module_shows_in_tracemalloc": "it measures memory itself",
    "test_a_table_of_many_bins_costs_what_is_put_into_it": "it measures memory itself",
}
# A test that takes this many seconds gets fewer rounds.
SLOW = 2.0


class Growth(NamedTuple):
    """What each counted round of a test has left behind."""

    references: list[int]
    blocks: list[int]

    @property
    def leaks(self) -> bool:
        """As in regrtest: a leak shows in every round; what shows in one only was filled late."""
        return any(all(delta > 0 for delta in deltas) for deltas in self if deltas)

    def __str__(self) -> str:
        return f"references {self.references}, blocks {self.blocks}"


def clean_up() -> None:
    """Empties the caches that a test may fill."""
    re.purge()
    linecache.clearcache()
    if hasattr(sys, "_clear_internal_caches"):
        sys._clear_internal_caches()
    else:
        sys._clear_type_cache()
    for name in collections.abc.__all__:
        for kind in [getattr(collections.abc, name), *getattr(collections.abc, name).__subclasses__()]:
            if isinstance(kind, abc.ABCMeta):
                # Classes that a test has made and asked about.
                abc._reset_caches(kind)  # type: ignore[attr-defined]
    for module in list(sys.modules.values()):
        getattr(module, "__warningregistry__", {}).clear()
    while gc.collect():
        pass


# Only a debug Python can tell them.
total_references: Callable[[], int] = getattr(sys, "gettotalrefcount", lambda: 0)


def measure(
    test: Callable[[], object], warm: int, counted: int, clean_up: Callable[[], object] = clean_up
) -> Growth:
    """Runs `test` some times, and says how much is left after each of the last ones."""
    # Numbers that are no objects, so that to note them down does not count.
    references, blocks = (array.array("q", bytes(8 * (counted + 1))) for _ in range(2))
    start = time.perf_counter()
    test()
    if time.perf_counter() - start > SLOW:
        warm, counted = 1, min(2, counted)
    for _ in range(warm - 1):
        test()
    for number in range(counted + 1):
        if number > 0:
            test()
        clean_up()
        references[number] = total_references()
        blocks[number] = sys.getallocatedblocks()
    return Growth(*([counts[n + 1] - counts[n] for n in range(counted)] for counts in (references, blocks)))


def forget_what_is_there() -> None:
    """What is there already is no test's, and need not be looked at by each collection."""
    clean_up()
    gc.freeze()


# Tests that need a process of their own


def in_a_process_of_its_own(item: pytest.Function, warm: int, counted: int) -> Growth:
    from support import run_child

    test = item.obj
    arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
    file = sys.modules[test.__module__].__file__
    code = f"import refleaks; refleaks.child({file!r}, {test.__name__!r}, {arguments!r}, {warm}, {counted})"
    child = run_child(code, timeout=1800)
    if child.returncode != 0:
        raise AssertionError(f"the child process ended with status {child.returncode}\n{child.stderr}")
    return Growth(*json.loads(child.stdout.splitlines()[-1]))


def child(file: str, name: str, arguments: dict[str, Any], warm: int, counted: int) -> None:
    """The child's side."""
    from support import undecorated

    test = undecorated(file, name)
    forget_what_is_there()
    print("\n" + json.dumps(measure(lambda: test(**arguments), warm, counted)))


# All tests


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rounds", default="3:3", help="rounds to warm up, and rounds to count (3:3)")


def pytest_configure(config: pytest.Config) -> None:
    # After the configuration, which finds the module.
    config.pluginmanager.register(Hunt(*map(int, config.getoption("--rounds").split(":"))))


class Hunt:
    """A plugin of pytest that repeats each test instead of running it."""

    def __init__(self, warm: int, counted: int) -> None:
        self.rounds = warm, counted

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            # Time limits are meant for one round.
            item.own_markers = [marker for marker in item.own_markers if marker.name != "timeout"]
            reason = EXCEPT.get(getattr(item, "originalname", item.name))
            if reason is not None:
                item.add_marker(pytest.mark.skip(reason=reason))

    def pytest_collection_finish(self) -> None:
        forget_what_is_there()

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        test = pyfuncitem.obj
        if issubclass(pyfuncitem.cls or object, unittest.TestCase):
            kind, name = pyfuncitem.cls, pyfuncitem.name

            def run() -> None:
                kind(name).debug()

            growth = measure(run, *self.rounds)
        elif hasattr(test, "__wrapped__"):
            growth = in_a_process_of_its_own(pyfuncitem, *self.rounds)
        else:
            arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
            growth = measure(lambda: test(**arguments), *self.rounds)
        if growth.leaks:
            pytest.fail(f"leaks: {growth}", pytrace=False)
        return True


# That it sees what it looks for


def planted_leak() -> None:
    """Leaves an object behind each time."""
    KEPT.append([object()])


def no_leak() -> None:
    """Leaves what is replaced the next time."""
    KEPT[:] = [[object()] for _ in range(100)]


KEPT: list[list[object]] = []
planted_leak.__wrapped__ = planted_leak  # type: ignore[attr-defined]


def sees_a_planted_leak() -> bool:
    """In this process, and in one of its own."""
    from support import run_child

    call = f"import refleaks; refleaks.child({__file__!r}, 'planted_leak', {{}}, 3, 3)"
    there = Growth(*json.loads(run_child(call).stdout.splitlines()[-1]))
    return measure(planted_leak, 3, 3).leaks and there.leaks and not measure(no_leak, 3, 3).leaks


def main(arguments: list[str]) -> int:
    if not hasattr(sys, "gettotalrefcount"):
        print("References can be counted by a debug Python only: python3-dbg, say.", file=sys.stderr)
        return 2
    if not any(Path(word.split("::")[0]).exists() for word in arguments if not word.startswith("-")):
        arguments = [*arguments, str(HERE)]
    # So that this is found as a plugin, here and by those that share the work.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    sys.path.insert(0, str(HERE))
    status = pytest.main(["-p", "refleaks", "-p", "no:cacheprovider", *arguments])
    # After the tests: their configuration has found the module.
    if not sees_a_planted_leak():
        print("A leak that was planted was not seen: this hunt shows nothing.")
        return 2
    print("A leak that was planted was seen.")
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
