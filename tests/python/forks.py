"""Children that are forked from a warm parent: to start a Python takes far longer.

A server forks them for the tests: it has imported what they need, has no threads, and nothing that a test
has left.
"""

from __future__ import annotations

import ast
import atexit
import functools
import gc
import importlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import hashtable

# Under glass `hashtable` is a module of a package; children have the ordinary one, which is beside that.
FOLDER = Path(hashtable.__file__).parents[hashtable.__name__.count(".")]
MODULE_PATH = os.pathsep.join([str(FOLDER), str(Path(__file__).parent)])


class Ended(NamedTuple):
    """How a child ended."""

    # As `subprocess` says it: negative for a signal. None if it was ended because its time was over.
    status: int | None
    output: str


def forked(seconds: float) -> Ended | None:
    """Like `os.fork`, but returns in the parent when the child has ended, or has been for `seconds`, and says
    how it ended. Returns None in the child."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, file in enumerate((nothing, writing, writing)):
            os.dup2(file, number)
        for file in (nothing, reading, writing):
            os.close(file)
        return None
    os.close(writing)
    with open(reading, "rb", buffering=0) as pipe:  # noqa: PTH123
        output, in_time = read_all(pipe, seconds)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return Ended(status if in_time else None, output.decode(errors="replace"))


def read_all(pipe: Any, seconds: float) -> tuple[bytes, bool]:
    """What comes out of a pipe until those who write to it have ended; and whether they have in `seconds`."""
    output = b""
    end = time.monotonic() + seconds
    while select.select([pipe], [], [], max(0, end - time.monotonic()))[0]:
        more = pipe.read(1 << 16)
        if not more:
            return output, True
        output += more
    return output, False


def environment(malloc: str) -> dict[str, str]:
    """That of a child which finds the same module, and shows where it crashed."""
    return {**os.environ, "PYTHONPATH": MODULE_PATH, "PYTHONMALLOC": malloc, "PYTHONFAULTHANDLER": "1"}


class Server:
    """A process that forks children."""

    def __init__(self, environment: dict[str, str]) -> None:
        # In a session of its own, so that it can be ended with all its children.
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import forks; forks.serve()"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        atexit.register(self.end)

    def call(self, module: str, function: str, *arguments: Any) -> Ended:
        """Calls a function in a child. The arguments are what `repr` shows as literals."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            print((module, function, arguments), file=self.process.stdin, flush=True)
            return Ended(*ast.literal_eval(self.process.stdout.readline()))
        except BaseException:
            # Of a child that has not answered nothing is known, and the next test gets another server.
            server.cache_clear()
            self.end()
            raise

    def end(self) -> None:
        """Ends it, with the child that it may have."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        atexit.unregister(self.end)


@functools.cache
def server(malloc: str) -> Server:
    """The server whose children have this allocator; started when it is first asked for."""
    return Server(environment(malloc))


# The size of the large runs, as a part or a multiple of the ordinary one: STRESS=0.25, STRESS=100.
STRESS = float(os.environ.get("STRESS", "1"))
# The longest that a child may take.
SECONDS = 100 * max(1, STRESS)


def serve() -> None:
    """The server's side: one child for each line. Returns in each child too, which then ends as usual."""
    importlib.import_module("pytest")
    importlib.import_module("support")
    # What is there now is looked at by no collection, so that the children share its memory.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        module, function, arguments = ast.literal_eval(line)
        ended = forked(SECONDS)
        if ended is None:
            getattr(importlib.import_module(module), function)(*arguments)
            return
        print(tuple(ended), flush=True)
