"""A hostile case, run in a process of its own, and the verdict on it."""

from __future__ import annotations

import gc
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from typing import Any, Callable, NamedTuple, NoReturn

import forks
import refleaks
from support import limit_memory, run_child

MEMORY = 4 << 30
# A case has so many seconds of a processor, and that often as long to wait for one on a busy machine.
WAITS = 3
# What a child ends with that has done all of its case; any other status is none of ours.
WHOLE, LEAKS = 42, 43

PASS, CRASH, HANG, LEAK, WRONG = VERDICTS = ("pass", "crash", "hang", "leak", "wrong")


class Case(NamedTuple):
    """Something hostile, of which nothing may come but an answer or an exception."""

    group: str
    name: str
    # Called again and again in a forked child; or a program, which is started, and prints "done" at its end.
    body: Callable[[], Any] | str
    # How often the body is called before what it leaves is counted, and how often then.
    warm: int = 1
    counted: int = 2


class LeakError(Exception):
    """What a body raises that has counted for itself."""


class Verdict(NamedTuple):
    case: tuple[str, str]
    verdict: str
    seconds: float
    told: str


def judge(case: Case, seconds: int) -> Verdict:
    """Does a case, which may take so many seconds of processor time."""
    begin = time.monotonic()
    verdict, told = (of_program if isinstance(case.body, str) else of_body)(case, seconds)
    return Verdict((case.group, case.name), verdict, time.monotonic() - begin, told)


def of_body(case: Case, seconds: int) -> tuple[str, str]:
    ended = forks.forked(WAITS * seconds)
    if ended is None:
        in_the_child(case, seconds)
    status, told = ended
    if status in (None, -signal.SIGXCPU):
        return HANG, told
    if status < 0:
        return CRASH, f"signal {-status}\n{told}"
    return {WHOLE: PASS, LEAKS: LEAK}.get(status, WRONG), told


def in_the_child(case: Case, seconds: int) -> NoReturn:
    """Does what is in the case, and does not come back."""
    status = 1
    try:
        limit_memory(MEMORY)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
        if case.counted:
            # A quick look; and if something grows, one that first empties the interpreter's caches each time.
            growth = refleaks.measure(case.body, case.warm, case.counted, gc.collect)
            if growth.leaks:
                growth = refleaks.measure(case.body, case.warm, case.counted + 1)
            status = LEAKS if growth.leaks else WHOLE
            print(growth if growth.leaks else "", end="")
        else:
            case.body()
            gc.collect()
            status = WHOLE
    except LeakError as error:
        status = LEAKS
        print(error)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def of_program(case: Case, seconds: int) -> tuple[str, str]:
    try:
        child = run_child(case.body, timeout=WAITS * seconds)
    except subprocess.TimeoutExpired:
        return HANG, ""
    told = f"status {child.returncode}\n{child.stdout}{child.stderr}"
    if child.returncode < 0:
        return CRASH, told
    whole = (child.returncode, child.stdout, child.stderr) == (0, "done\n", "")
    return (PASS, "") if whole else (WRONG, told)
