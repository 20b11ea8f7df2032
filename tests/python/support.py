"""What the tests share: child processes, counts of references, and loops that must not leak."""

from __future__ import annotations

import functools
import gc
import importlib.util
import itertools
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable, Iterator
from typing import Any, Callable, NamedTuple, TypeVar

from forks import STRESS, environment, server

Test = TypeVar("Test", bound=Callable[..., None])
Case = TypeVar("Case")


class UsersError(Exception):
    """An exception that no library knows."""


def of_this_python(cases: Iterable[Case]) -> Iterator[Case]:
    """All cases of a large run; or with STRESS=0.25 each fourth, and on the next Python the next fourth."""
    parts = max(1, round(1 / STRESS))
    number = sys.version_info.minor + hasattr(sys, "gettotalrefcount")
    return itertools.islice(cases, number % parts, None, parts)


def run_child(code: str, *, malloc: str = "debug", timeout: float = 100) -> subprocess.CompletedProcess[str]:
    """Runs `code` in a process of its own, which may die, with the same module.

    The debug allocator makes it die at once if memory is written out of bounds or used after it was freed.
    """
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(malloc),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def in_child(test: Test) -> Test:
    """Runs a test function in a process of its own, so that a crash fails this test and ends no other."""
    return _in_child(test, malloc="debug")


def in_child_with_plain_malloc(test: Test) -> Test:
    """The same without the debug allocator, which writes to all memory that is freed."""
    return _in_child(test, malloc="malloc")


def _in_child(test: Test, malloc: str) -> Test:
    # Said twice, the child would start a child, and so on without end.
    assert not hasattr(test, "__wrapped__"), f"{test.__name__} is to run in a child already"

    @functools.wraps(test)
    def parent(**arguments: object) -> None:
        file = sys.modules[test.__module__].__file__
        child = server(malloc).call("support", "call", file, test.__name__, arguments)
        if child.status != 0:
            raise AssertionError(f"the child process ended with status {child.status}\n{child.output}")

    return parent  # type: ignore[return-value]


def call(file: str, name: str, arguments: dict[str, Any]) -> None:
    """The child's side of `in_child`."""
    undecorated(file, name)(**arguments)


def undecorated(file: str, name: str) -> Callable[..., None]:
    """A test function that is marked with `in_child`, to be run in this process."""
    spec = importlib.util.spec_from_file_location("tests_in_child", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["tests_in_child"] = module
    spec.loader.exec_module(module)
    return getattr(module, name).__wrapped__


def limit_memory(size: int) -> None:
    """From here on this process can have no more than `size` bytes. For child processes.

    Under a checker it can have all that there is: see under.py.
    """
    if "UNDER_A_CHECKER" in os.environ:
        return
    resource = __import__("resource")
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


class Watch:
    """Counts the references to some objects, and says how the counts have changed since.

    `with`, because a call holds its arguments until it returns: they can only be counted after it.
    """

    def __init__(self, **objects: object) -> None:
        self.objects = objects

    def __enter__(self) -> Watch:
        self.before = self._counts()
        return self

    def __exit__(self, *_: object) -> None:
        self.objects.clear()

    def _counts(self) -> dict[str, int]:
        return {name: sys.getrefcount(self.objects[name]) for name in self.objects}

    def changes(self) -> dict[str, int]:
        """The differences that are not 0."""
        now = self._counts()
        return {name: now[name] - self.before[name] for name in now if now[name] != self.before[name]}


class Growth(NamedTuple):
    """What a loop has left behind, for each time round."""

    bytes: float
    blocks: float
    references: float


def growth(operation: Callable[[], object], times: int = 1000, *, tracing: bool = True) -> Growth:
    """Repeats `operation` and measures what is left. References can be told only by a debug Python, and bytes
    only by tracing, which takes its time."""
    total_references: Callable[[], int] = getattr(sys, "gettotalrefcount", lambda: 0)

    def state() -> tuple[int, int, int]:
        gc.collect()
        return tracemalloc.get_traced_memory()[0], sys.getallocatedblocks(), total_references()

    def repeat(times: int) -> None:
        for _ in range(times):
            operation()

    starts = tracing and not tracemalloc.is_tracing()
    if starts:
        tracemalloc.start()
    try:
        # What is made once and kept (free lists, caches) is made here.
        repeat(times // 5)
        state()
        before = state()
        repeat(times)
        after = state()
    finally:
        if starts:
            tracemalloc.stop()
    return Growth(*((new - old) / times for new, old in zip(after, before)))


def assert_leaves_nothing(operation: Callable[[], object], times: int = 1000) -> None:
    """Fails if `operation` leaves a block of memory or a reference behind each time, or every other time."""
    for longer in (1, 4, 16):
        left = growth(operation, longer * times)
        # The smallest block is of 16 bytes.
        if left.bytes < 8 and max(left.blocks, left.references) < 0.5:
            return
        # What the interpreter fills late, it fills once: in a longer run there is less of it each time.
    raise AssertionError(left)


def fails(expected: type[BaseException], operation: Callable[..., object], *arguments: object) -> None:
    """Calls `operation`, which must raise; and keeps nothing of the exception, nor of the arguments."""
    try:
        operation(*arguments)
    except expected:
        return
    raise AssertionError(f"{operation} did not raise {expected.__name__}")
