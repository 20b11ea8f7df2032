"""What the lab's tests share: its commands, runs that are made once, and streams of events written by
hand."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import built
from click.testing import CliRunner, Result

from hashtable_lab.child import Program, Run, run
from hashtable_lab.cli import htlab
from hashtable_lab.demo import Examination, demo, demos
from hashtable_lab.events import Event
from hashtable_lab.history import Step, steps

TOUR = Program.read(Path(__file__).with_name("tour.py"))
NAMES = sorted(demos())


@functools.cache
def examined(name: str) -> Examination:
    """A demo, which has run once for all tests of this process."""
    return Examination(demo(name).program, specimen=name)


@functools.cache
def toured() -> Run:
    """The healthy run of the tour."""
    return run(TOUR)


@functools.cache
def toured_steps() -> list[Step]:
    return steps(toured().events)


def command(*words: str) -> Result:
    """`htlab`, in this process."""
    return CliRunner().invoke(htlab, words, prog_name="htlab")


def told(*words: str) -> Any:
    """What a command says as JSON; it has to succeed."""
    done = command(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def process(*words: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """`python -m hashtable_lab` as a user has it, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(built.BUILT.parent), **options.pop("environment", {})}
    return subprocess.run(
        [sys.executable, "-m", "hashtable_lab", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


class Stream:
    """A stream of events as the instrumented module would tell it, written by hand."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, layer: str, what: str, /, **facts: Any) -> Stream:
        self.events.append(Event(len(self.events) + 1, layer, what, facts))
        return self

    def statement(self, line: int, text: str) -> Stream:
        return self.add("python", "note", text=f"line:{line}:{text}")

    def call(self, name: str) -> Stream:
        return self.add("module", "call", name=name, self=None)

    def returns(self, name: str) -> Stream:
        return self.add("module", "return", name=name, raised=False)

    def reference(self, what: str, line: int, thing: str = "'spam'", id: int = 1, count: int = 2) -> Stream:
        told = {"id": id, "type": "str", "text": thing}
        return self.add(
            "reference", what, object=told, count=count, file="src/python/a.rs", line=line, why=None
        )

    @property
    def steps(self) -> list[Step]:
        return steps(self.events)
