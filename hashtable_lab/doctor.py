"""What this interpreter does with references: measured here and now, and not looked up by its version."""

from __future__ import annotations

import gc
import platform
import sys
from typing import Any

from hashtable_lab import glass, native, refs
from hashtable_lab.demo import OUTCOMES, demos


def examination() -> dict[str, Any]:
    """Every fact, under its name."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "debug_build": hasattr(sys, "gettotalrefcount"),
        "gil": gil(),
        "immortal": {name: refs.is_immortal(value) for name, value in SPECIAL.items()},
        "getrefcount_adds": refs.call_cost(),
        "call_adds": references_of_a_call(),
        "frames_are_referrers": frames_are_referrers(),
        "tools": {"gdb": native.has("gdb"), "valgrind": native.has("valgrind")},
        "demos": {
            name: {"outcome": demo.stated, "words": OUTCOMES[demo.stated], "reason": demo.reason}
            for name, demo in demos().items()
        },
    }


SPECIAL: dict[str, object] = {
    "None": None,
    "True": True,
    "a small int": 7,
    "an empty tuple": (),
    "a class": int,
}


def gil() -> bool:
    """Whether one thread runs at a time."""
    # The function is there from 3.13 on.
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())


def references_of_a_call() -> int:
    """By how much the count of an object is higher inside of a function that got it as an argument."""

    def inside(argument: object) -> int:
        return sys.getrefcount(argument)

    thing = object()
    return inside(thing) - sys.getrefcount(thing)


def frames_are_referrers() -> bool:
    """Whether the collector names a running function as the holder of its variables."""
    thing: list[object] = []
    frame = sys._getframe()
    return any(holder is frame for holder in gc.get_referrers(thing))


def built() -> bool:
    """Whether there is an instrumented module."""
    try:
        glass.specimens()
    except glass.NotBuiltError:
        return False
    return True
