"""What the battery has to notice: before it runs, each of these gets the verdict that it deserves."""

from __future__ import annotations

import ctypes
import itertools
import os
import sys
import threading

from judge import CRASH, HANG, LEAK, PASS, WRONG, Case

KEPT: list[object] = []


def crash() -> None:
    ctypes.string_at(1)


def write_beyond_the_end() -> None:
    """What only the debug allocator notices."""
    allocate, free = ctypes.pythonapi.PyMem_Malloc, ctypes.pythonapi.PyMem_Free
    allocate.restype, free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    block = allocate(24)
    ctypes.memset(block, 0, 25)
    free(block)


def spin_in_python() -> None:
    while True:
        pass


def spin_in_c() -> None:
    """Asks for no signals, and so only SIGKILL ends it."""
    sum(itertools.repeat(0))


def wait_for_ever() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def keep_a_block() -> None:
    KEPT.append([object()])


def keep_a_reference() -> None:
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(KEPT))


def answer_wrongly() -> None:
    assert len(KEPT) > 10**9


def leave_early() -> None:
    os._exit(0)


def leave() -> None:
    sys.exit(0)


def answer_well() -> None:
    KEPT[:] = [[object()] for _ in range(100)]


PLANTED = [
    (Case("planted", "a segmentation fault", crash), CRASH),
    (Case("planted", "a byte beyond the end", write_beyond_the_end), CRASH),
    (
        Case(
            "planted", "a crash at the end", "import ctypes; print('done', flush=True); ctypes.string_at(1)"
        ),
        CRASH,
    ),
    (Case("planted", "a loop in Python", spin_in_python), HANG),
    (Case("planted", "a loop in C", spin_in_c), HANG),
    (Case("planted", "a wait", wait_for_ever), HANG),
    (Case("planted", "a program without end", "while True: pass"), HANG),
    (Case("planted", "a block", keep_a_block), LEAK),
    (Case("planted", "a wrong answer", answer_wrongly), WRONG),
    (Case("planted", "an early end", leave_early), WRONG),
    (Case("planted", "an exit", leave), WRONG),
    (Case("planted", "a word too much", "import sys; print('done'); print('?', file=sys.stderr)"), WRONG),
    (Case("planted", "nothing", answer_well), PASS),
    (Case("planted", "a program that ends", "print('done')"), PASS),
]
if hasattr(sys, "gettotalrefcount"):
    PLANTED.append((Case("planted", "a reference", keep_a_reference), LEAK))
