"""Runs a program in a process of its own, which may die, and reads what it tells until it does."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

from hashtable_lab.events import Event, parse_all

PACKAGE = Path(__file__).resolve().parent

SIGNALS = {
    "SIGSEGV": "segmentation fault: it touched memory that is not there",
    "SIGBUS": "bus error: it touched memory that is not there",
    "SIGABRT": "abort: the interpreter found itself broken and gave up",
    "SIGILL": "illegal instruction: it ran what is no program",
    "SIGTRAP": "trap: it ran what is no program",
    "SIGFPE": "arithmetic error",
    "SIGKILL": "killed from outside",
}


@dataclass(frozen=True)
class Program:
    """A program to be looked at. `echo`: with the values of its expressions, as at the interactive prompt."""

    name: str
    source: str
    arguments: tuple[str, ...] = ()
    echo: bool = False

    @classmethod
    def read(cls, path: Path, arguments: tuple[str, ...] = ()) -> Program:
        return cls(str(path), path.read_text(encoding="utf-8"), arguments)

    def as_json(self) -> dict[str, Any]:
        path = Path(self.name)
        directory = str(path.resolve().parent) if path.is_file() else ""
        return {
            "name": self.name,
            "source": self.source,
            "arguments": list(self.arguments),
            "echo": self.echo,
            "directory": directory,
        }


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@dataclass
class Run:
    """What became of a child."""

    program: Program
    allocator: str
    status: int
    timed_out: bool
    stderr: str
    events: list[Event] = field(repr=False)

    @property
    def signal(self) -> str | None:
        """The name of the signal that ended it."""
        return signal_name(-self.status) if self.status < 0 else None

    @property
    def died(self) -> bool:
        """Whether it ended otherwise than a program may: not by itself, or with the interpreter's fatal
        error."""
        return self.signal is not None or "Fatal Python error" in self.stderr

    @property
    def fatal(self) -> str | None:
        """What the interpreter said with its last breath."""
        found = re.search(r"Fatal Python error: (.*)", self.stderr)
        return found[1].strip() if found else None

    @property
    def line(self) -> int | None:
        """The line of the program at which it died, as faulthandler saw it."""
        named = re.search(rf'File "{re.escape(self.program.name)}", line (\d+)', self.stderr)
        return int(named[1]) if named else None

    @property
    def at_end(self) -> bool:
        """Whether the program had come to its end, well or with an exception."""
        lines = [event.note[1] for event in self.events if event.what == "note" and event.note[0] == "line"]
        return bool(lines) and lines[-1].startswith("0:")

    @property
    def printed(self) -> str:
        notes = (event.note for event in self.events if event.what == "note")
        return "".join(text for kind, text in notes if kind == "print")

    @property
    def accounts(self) -> list[dict[str, Any]] | None:
        """The ledger at the end; None if it did not get there."""
        for event in reversed(self.events):
            if event.what == "note" and event.note[0] == "accounts":
                return list(json.loads(event.note[1]))
        return None

    def words(self) -> str:
        """How it ended, in a sentence."""
        if self.timed_out:
            return "It was still running when its time was up."
        where = f" at line {self.line}" if self.line else " after its last line" if self.at_end else ""
        if self.signal:
            said = f" ({self.fatal})" if self.fatal and self.signal == "SIGABRT" else ""
            return f"It died{where} of {self.signal}, {SIGNALS.get(self.signal, 'a signal')}{said}."
        if self.fatal:
            return f"It died{where} of a fatal error: {self.fatal}."
        if self.status:
            last = self.stderr.strip().splitlines()
            return f"It ended with exit status {self.status}: {last[-1] if last else 'without a word'}."
        return "It ran to its end, and says that all is well."


def environment(malloc: str, specimen: str | None = None, forget: str | None = None) -> dict[str, str]:
    """What a child finds around it: nothing of an outer lab, and the same hashes each time."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HTLAB_")}
    own = {
        "PYTHONMALLOC": malloc,
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if specimen:
        own["HTLAB_SPECIMEN"] = specimen
    if forget:
        own["HTLAB_FORGET"] = forget
    return {**inherited, **own}


def python(module: str) -> list[str]:
    """The command line that runs `main` of a module of this package, wherever that is; and nothing else of
    where the command was given."""
    code = f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); from {module} import main; main()"
    return [sys.executable, "-c", code]


@contextlib.contextmanager
def command(program: Program) -> Iterator[list[str]]:
    """The command line that runs a program under glass."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(program.as_json(), file)
        file.flush()
        yield [*python("hashtable_lab.inside"), file.name]


def run(
    program: Program,
    *,
    specimen: str | None = None,
    forget: str | None = None,
    malloc: str = "debug",
    limit: float = 60,
    tell: Callable[[Event], None] | None = None,
) -> Run:
    """Runs a program in a child and waits for its end, at most `limit` seconds.

    `specimen`: the name of the broken line that runs in place of the real one; `forget`: the line of our
    source whose reference is not counted. `tell` is called with each event as it comes, from the program's
    first statement on. Raises LookupError if the instrumented module does not know the specimen.
    """
    reading, writing = os.pipe()
    around = environment(malloc, specimen, forget)
    around["HTLAB_STREAM"] = f"/dev/fd/{writing}"
    with (
        command(program) as words,
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
    ):
        with os.fdopen(reading, encoding="utf-8") as stream:
            try:
                child = subprocess.Popen(words, env=around, stderr=errors, pass_fds=[writing])
            finally:
                os.close(writing)
            expired = threading.Event()

            def end() -> None:
                expired.set()
                child.kill()

            clock = threading.Timer(limit, end)
            clock.start()
            events = []
            try:
                begun = False
                for event in parse_all(stream):
                    events.append(event)
                    begun = begun or (event.what == "note" and event.note[0] == "line")
                    if tell and begun:
                        tell(event)
                child.wait()
            finally:
                clock.cancel()
                child.kill()
                child.wait()
        errors.seek(0)
        stderr = errors.read()
    if "ImportError" in stderr and specimen and not events:
        raise LookupError(stderr.strip().splitlines()[-1].partition(": ")[2])
    return Run(program, malloc, child.returncode, expired.is_set(), stderr, events)
