"""Each operation and each error path very often, in a process of its own: what do they leave behind?

    python tests/battery/leaks.py [--times N] [-k WORD] [--report FILE]

Counted are references (on a debug Python only), blocks of memory and, where there are times enough to tell,
resident memory, which has to be flat. First come planted leaks, which have to be noticed. Ends with 1 if
anything leaks.
"""

from __future__ import annotations

import argparse
import ctypes
import functools
import os
import sys
import time
from pathlib import Path
from typing import Callable

import run
from judge import LEAK, PASS, Case, LeakError
from paths import PATHS, table
from planted import answer_well, keep_a_block, keep_a_reference
from support import growth

# References or blocks for each time: what is lost one time in ten shows.
LEFT = 0.1
# Bytes of resident memory that may come and go; and the smallest block that there is.
FLAT, BLOCK = 1 << 20, 16
# So many seconds for each process, however often it does its part.
SECONDS = 600


def resident() -> int:
    """Bytes of memory that this process has, as the system sees it; always 0 where it does not say."""
    file = Path("/proc/self/statm")
    return int(file.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if file.exists() else 0


def leaves_nothing(operation: Callable[[], object], times: int) -> None:
    for _ in range(times // 10):
        operation()
    before = resident()
    left = growth(operation, times, tracing=False)
    grown = resident() - before
    if max(left.references, left.blocks) > LEFT or (times * BLOCK > FLAT and grown > FLAT):
        raise LeakError(f"{times} times: {left}, {grown} bytes of resident memory")


def do(path: str, times: int) -> None:
    h = table()
    leaves_nothing(functools.partial(PATHS[path], h), times)
    assert list(h.items()) == [("kept", "value")]


def keep_memory_of_the_system() -> None:
    """What no Python knows of."""
    allocate = ctypes.CDLL(None).malloc
    allocate.restype = ctypes.c_void_p
    ctypes.memset(allocate(64), 1, 64)


PLANTED: list[tuple[Callable[[], None], str]] = [(keep_a_block, LEAK), (answer_well, PASS)]
if hasattr(sys, "gettotalrefcount"):
    PLANTED.append((keep_a_reference, LEAK))


def planted(times: int) -> list[tuple[Case, str]]:
    """Leaks, and what leaks nothing. It takes a number of times to tell in the memory of the system."""
    cases = [
        *((leak, times, verdict) for leak, verdict in PLANTED),
        (keep_memory_of_the_system, FLAT // BLOCK + 1, LEAK if resident() else PASS),
    ]
    return [
        (Case("planted", leak.__name__, functools.partial(leaves_nothing, leak, often), counted=0), verdict)
        for leak, often, verdict in cases
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100_000, help="how often each is done (100,000)")
    parser.add_argument("-k", metavar="WORD", default="", help="only paths with this in their names")
    parser.add_argument("--report", metavar="FILE", type=Path, default=Path("target/battery/leaks.md"))
    arguments = parser.parse_args()
    begin = time.monotonic()
    if not run.sees_what_is_planted(planted(min(arguments.times, 10_000)), SECONDS):
        return 1
    verdicts = run.judge_all(
        [
            Case("leaks", path, functools.partial(do, path, arguments.times), counted=0)
            for path in PATHS
            if arguments.k in path
        ],
        SECONDS,
    )
    title = f"Everything {arguments.times:,} times"
    return run.report(title, verdicts, time.monotonic() - begin, arguments.report)


if __name__ == "__main__":
    sys.exit(main())
