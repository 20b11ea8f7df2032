"""What a program of the page's may use, and how a child is held to it.

The program is its user's own, and this is no jail: it keeps an accident, as an endless loop, from becoming
one of the whole machine.
"""

from __future__ import annotations

import contextlib
import ctypes
import resource
import signal
import sys
from typing import Any

# Of a run, by the processor; and by the clock, since a machine that is busy with something else is no reason.
SECONDS = 5
PATIENCE = 2 * SECONDS
# Of address space. What the debug allocator puts around each block is not meant to be the user's worry.
MEGABYTES = 512
# Of a request.
OPERATIONS = 2000
# All that the fills of a program put in.
KEYS = 100_000
BODY = 256 * 1024
# A table's bins to begin with.
SIZE = 1 << 17
# At once; and requests that wait for their turn.
CHILDREN = 2
WAITING = 16
# Of the events of a program that are written down; and how many of a step are shown.
EVENTS_BYTES = 6_000_000
EVENTS_SHOWN = 200
# Of all that a child writes into a file, its events and pictures among it.
FILE_BYTES = 64_000_000
# Of pictures; beyond that the program is stopped.
PICTURE_BYTES = 16_000_000
# Events that the server reads; what belongs to no picture is left out beyond that.
EVENTS_READ = 200_000
# Of what a program prints.
PRINTED = 64_000
# Entries up to which the keys of a whole table are shown; beyond, how many there are in each bin.
ENTRIES_SHOWN = 20_000

# Linux: the signal that a process gets when the one that has started it is gone.
PR_SET_PDEATHSIG = 1

# By which Python starts another process.
STARTS = ("os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.exec", "os.system", "subprocess.Popen")


def bind() -> None:
    """Binds this process to the limits. Called before anything of the user's is looked at."""
    lower(resource.RLIMIT_AS, MEGABYTES << 20)
    # The first signal can be caught, the second cannot.
    lower(resource.RLIMIT_CPU, SECONDS, SECONDS + 1)
    lower(resource.RLIMIT_FSIZE, FILE_BYTES)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_NOFILE, 64)
    if hasattr(resource, "RLIMIT_NPROC"):
        # No process and no thread beyond those that are there; root is not bound by it.
        lower(resource.RLIMIT_NPROC, 0)
    # If nobody is there to end it.
    signal.alarm(2 * PATIENCE)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def lower(what: int, soft: int, hard: int | None = None) -> None:
    """Sets a limit, unless a lower one is there already; where the system knows it."""
    hard = soft if hard is None else hard
    _, highest = resource.getrlimit(what)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (soft, hard))


def forbid_processes() -> None:
    """From now on Python raises PermissionError where a program would start another: also for root, whom the
    kernel's own limit does not bind."""

    def look(event: str, _: tuple[Any, ...]) -> None:
        if event in STARTS:
            raise PermissionError(f"{event}: a program of this page starts no processes")

    sys.addaudithook(look)
