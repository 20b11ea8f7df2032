"""What the page asks for, whoever carries the question: the server of `htlab explore`, or the kernel of a
notebook."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import hashtable

from hashtable_lab.explore import asked as asking
from hashtable_lab.explore import limits, presets, told
from hashtable_lab.explore.asked import Asked, BadError
from hashtable_lab.explore.runner import Children, run

# The page, as `explorer` builds it.
STATIC = Path(__file__).resolve().parent / "static"
FORGED = "It has written into the stream of its own events, and nobody can read them now."


@cache
def specimens() -> list[dict[str, Any]]:
    """Those that can be chosen; read once."""
    return told.specimens()


def about() -> dict[str, Any]:
    """What the page has to know before it asks for anything."""
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "hashtable": hashtable.__version__,
        "specimens": specimens(),
        "limits": {
            "seconds": limits.SECONDS,
            "megabytes": limits.MEGABYTES,
            "operations": limits.OPERATIONS,
            "keys": limits.KEYS,
            "size": limits.SIZE,
        },
        "presets": presets.as_json(),
        "first": presets.FIRST,
    }


def parse(body: bytes) -> Asked:
    """The program in a question. Raises BadError."""
    return asking.parse(body, frozenset(each["name"] for each in specimens()))


def refusal(words: str) -> dict[str, Any]:
    return BadError(words, None).as_json()


def work(asked: Asked, children: Children) -> tuple[int, dict[str, Any]]:
    """Runs a program: the status of HTTP's, and the answer. It takes its time."""
    try:
        healthy = run(asked, children)
        broken = run(asked, children, broken=True) if asked.specimen else None
    except InterruptedError:
        return 503, refusal("It was stopped.")
    try:
        return 200, told.reply(asked, healthy, broken)
    except BadError as error:
        return 400, error.as_json()
    except (LookupError, TypeError, ValueError, AttributeError):
        # Its own notes have another shape: the program has written notes like them.
        ended = {"how": "died", "words": FORGED, "step": None, "verdict": None}
        return 200, {"steps": [], "ended": ended, "truncated": False}
