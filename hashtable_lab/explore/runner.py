"""Runs a program of the page's in a child, which may do anything, and sees to it that it ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from hashtable_lab.child import Program, Run, environment, python
from hashtable_lab.events import Event
from hashtable_lab.explore import limits
from hashtable_lab.explore.asked import Asked
from hashtable_lab.explore.notes import MARK

# What a program may leave on standard error is for a few lines of ours.
ERRORS = 100_000


class Children:
    """The children of one request, and the way to end them all."""

    def __init__(self) -> None:
        self._living: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False

    @contextlib.contextmanager
    def child(self, words: list[str], **options: object) -> Iterator[subprocess.Popen[bytes]]:
        """A child with a session of its own, which is ended with all that it has started."""
        with self._lock:
            if self._closed:
                raise InterruptedError("nobody waits for this child")
            child: subprocess.Popen[bytes] = subprocess.Popen(words, start_new_session=True, **options)  # type: ignore[call-overload]
            self._living.add(child)
        try:
            yield child
        finally:
            end(child)
            child.wait()
            with self._lock:
                self._living.discard(child)
                if self._closed:
                    raise InterruptedError("nobody waits for this child")

    def close(self) -> None:
        """Ends all of them, and lets no other begin."""
        with self._lock:
            self._closed = True
            for child in self._living:
                end(child)


def end(child: subprocess.Popen[bytes]) -> None:
    """Kills a child and what is of its group: also when it is gone itself, and has left others."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def run(asked: Asked, children: Children, *, broken: bool = False) -> Run:
    """Runs a program once and waits for its end. `broken`: with the specimen's line, and the table is not
    looked at between operations. Raises InterruptedError if nobody wants it any more."""
    with tempfile.TemporaryDirectory(prefix="htlab-explore-") as folder:
        place = Path(folder)
        told = {
            **asdict(asked),
            "look": not broken,
            # Only a verdict asks for what each line does to a count.
            "references": asked.specimen is not None,
        }
        (place / "program.json").write_text(json.dumps(told), encoding="utf-8")
        stream, inside = place / "stream", place / "empty"
        stream.touch()
        inside.mkdir()
        malloc = "debug" if asked.specimen else "pymalloc"
        around = environment(malloc, asked.specimen if broken else None)
        around["HTLAB_STREAM"] = str(stream)
        words = [*python("hashtable_lab.explore.inside"), str(place / "program.json")]
        expired = threading.Event()
        with (
            (place / "errors").open("wb") as errors,
            children.child(
                words, env=around, cwd=inside, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors
            ) as child,
        ):

            def expire() -> None:
                expired.set()
                end(child)

            clock = threading.Timer(limits.PATIENCE, expire)
            clock.start()
            try:
                child.wait()
            finally:
                clock.cancel()
        with (place / "errors").open("rb") as file:
            stderr = file.read(ERRORS).decode("utf-8", "replace")
        with stream.open(encoding="utf-8", errors="replace") as lines:
            events = list(readable(lines))
    # The processor's time can be up before the clock's is.
    late = expired.is_set() or child.returncode == -signal.SIGXCPU
    return Run(Program("<code>", asked.code), malloc, child.returncode, late, stderr, events)


def readable(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a stream that a program may have written into: what is none is left out, and what nobody
    could keep."""
    for number, line in enumerate(lines):
        if number > limits.EVENTS_READ and MARK not in line:
            continue
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
            if line.endswith("\n"):
                yield Event.parse(line)
