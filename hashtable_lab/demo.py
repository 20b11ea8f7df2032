"""The demos: a program, the line of ours that is broken in it, and what must come of that on this
interpreter."""

from __future__ import annotations

import ast
import json
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from hashtable_lab import glass, native
from hashtable_lab.child import Program, Run, run
from hashtable_lab.events import Thing
from hashtable_lab.history import Step, account, steps
from hashtable_lab.timeline import Timeline, timeline
from hashtable_lab.verdict import Verdict, judge

SCRIPTS = Path(__file__).resolve().parent / "demos"

# What can come of a broken line, as `outcome` tells it.
OUTCOMES = {
    "dies": "the process dies",
    "leaks": "it leaks, and the ledger knows of references that nobody has",
    "uncollected": "it leaks with every count right, a cycle that the collector does not find",
    "silent": "nothing that one could see from outside",
    "hangs": "it does not come to an end",
}

STATED = {"leak": "leaks", "error": "leaks", "cycle": "uncollected"}
WITHOUT_IMMORTALS = "Before Python 3.12 None has a count like any other object, and runs out of it."
WITH_IMMORTALS = "From Python 3.12 on None is immortal: its count does not move, and nobody notices."


@dataclass(frozen=True)
class Demo:
    """A program that shows a broken line, with its explanation."""

    name: str
    program: Program

    @property
    def words(self) -> list[str]:
        """The explanation: a title, then paragraphs."""
        docstring = ast.get_docstring(ast.parse(self.program.source)) or ""
        return [" ".join(paragraph.split()) for paragraph in docstring.split("\n\n")]

    @property
    def code(self) -> str:
        """The program without its explanation."""
        docstring = ast.parse(self.program.source).body[0]
        return "\n".join(self.program.source.splitlines()[docstring.end_lineno or 0 :]).strip("\n")

    @property
    def first_line(self) -> int:
        """The line number at which `code` begins."""
        return self.program.source[: self.program.source.index(self.code)].count("\n") + 1

    @property
    def stated(self) -> str:
        """What comes of it on this interpreter, under the debug allocator."""
        if self.name == "none":
            return "silent" if immortal_none() else "dies"
        return STATED.get(self.name, "dies")

    @property
    def reason(self) -> str:
        """Why that depends on the interpreter; empty if it does not."""
        if self.name == "none":
            return WITH_IMMORTALS if immortal_none() else WITHOUT_IMMORTALS
        return ""


def immortal_none() -> bool:
    """Whether None's count stays as it is when a reference is taken; measured, and not looked up."""
    before = sys.getrefcount(None)
    taken = [None] * 1000
    return sys.getrefcount(None) - before < len(taken)


def demos() -> dict[str, Demo]:
    """All demos, by name: those specimens for which there is a program."""
    return {name: demo(name) for name in sorted(glass.specimens()) if (SCRIPTS / f"{name}.py").is_file()}


def demo(name: str) -> Demo:
    """One of them. Raises KeyError if there is none of that name."""
    path = SCRIPTS / f"{name}.py"
    if name not in glass.specimens() or not path.is_file():
        raise KeyError(name)
    return Demo(name, Program(path.name, path.read_text(encoding="utf-8")))


@dataclass
class Examination:
    """A program run healthy and broken, and what follows from that. What it takes is computed once, when
    asked for."""

    program: Program
    specimen: str | None = None
    forget: str | None = None

    @cached_property
    def healthy(self) -> Run:
        return run(self.program)

    @cached_property
    def broken(self) -> Run:
        """Under the debug allocator, which overwrites what is freed: so it dies at the next use."""
        return run(self.program, specimen=self.specimen, forget=self.forget)

    @cached_property
    def plain(self) -> Run:
        """As users run it. One that hangs, its builtins being gone, is not waited for as long as one that
        may be slow."""
        return run(self.program, specimen=self.specimen, forget=self.forget, malloc="pymalloc", limit=10)

    @cached_property
    def frames(self) -> native.Frames | None:
        """The native frames of its death; None if there is no tool to see them, or nothing to see."""
        return native.frames(self.program, self.specimen, self.forget) if self.broken.died else None

    @cached_property
    def healthy_steps(self) -> list[Step]:
        return steps(self.healthy.events)

    @cached_property
    def broken_steps(self) -> list[Step]:
        return steps(self.broken.events)

    @cached_property
    def verdict(self) -> Verdict | None:
        finished = self.broken.accounts is not None
        return judge(self.healthy_steps, self.broken_steps, finished)

    @cached_property
    def timeline(self) -> Timeline | None:
        """The life of the object that the verdict is about; None if there is no verdict."""
        return timeline(self.healthy_steps, self.broken_steps, self.verdict) if self.verdict else None

    @property
    def fault(self) -> str:
        """What is wrong in the broken run."""
        return (
            f"without the count of {self.forget}" if self.forget else f"with the fault of {self.specimen!r}"
        )

    @property
    def account(self) -> tuple[int, int] | None:
        """References to the object in question that were taken, and given back, in the broken run."""
        steps = [row.broken for row in self.timeline.rows if row.broken] if self.timeline else []
        return account(self.broken.events, steps[0].event.object) if steps else None

    @property
    def outcome(self) -> str:
        """What came of it, as a key of OUTCOMES."""
        if self.broken.timed_out:
            return "hangs"
        if self.broken.died:
            return "dies"
        if unexplained(self.broken) > unexplained(self.healthy):
            return "leaks"
        if held(self.broken) > held(self.healthy):
            return "uncollected"
        return "silent"

    @property
    def diff(self) -> str | None:
        """What mends it."""
        if self.specimen:
            return glass.mending(glass.specimens()[self.specimen])
        # What goes out of scope at its end has no line of its own that could be put back.
        if self.forget and not self.forget.endswith(":end"):
            file, line = parse_forget(self.forget)
            return glass.putting_back(file, line)
        return None


def unexplained(ended: Run) -> int:
    """The references that were taken and that nobody holds any more."""
    return sum(max(0, account["account"] - account["held"]) for account in ended.accounts or [])


def held(ended: Run) -> int:
    """The references that tables, iterators and views held when the program had gone and the collector had
    run."""
    return sum(account["held"] for account in ended.accounts or [])


def unshown(ended: Run) -> list[str]:
    """What tables hold and do not show to the collector, in words."""
    return [
        f"But tables hold {account['held']} to {Thing.parse(account['object'])}, and show {account['shown']} "
        "of them to the collector: that is the work of `tp_traverse`. So it takes the object to be held by "
        "somebody outside, and lets it be."
        for account in ended.accounts or []
        if account["shown"] < account["held"]
    ]


def parse_forget(place: str) -> tuple[str, int]:
    """File and line of `src/python/operations.rs:53`. Raises ValueError if there is no such line."""
    found = re.fullmatch(r"(.+?):(\d+)(:end)?", place)
    if not found:
        raise ValueError(f"{place!r} is no source line; one is written as src/python/operations.rs:53")
    file, line = found[1], int(found[2])
    text = glass.sources().get(file)
    if text is None or not 0 < line <= len(text.splitlines()):
        raise ValueError(f"the instrumented module has no line {place}")
    return file, line


def as_json(examination: Examination, demo: Demo | None, fixed: bool, frames: bool) -> dict[str, Any]:
    """Everything that `htlab demo` tells."""
    verdict, life = examination.verdict, examination.timeline
    told: dict[str, Any] = {
        "demo": examination.specimen,
        "forget": examination.forget,
        "program": examination.program.name,
        "python": ".".join(map(str, sys.version_info[:3])),
        "stated": demo.stated if demo else None,
        "outcome": examination.outcome,
        "as_stated": as_stated(examination, demo),
        "runs": [run_as_json(examination.broken), run_as_json(examination.plain)],
        "frames": examination.frames.as_json() if frames and examination.frames else None,
        "verdict": verdict_as_json(verdict) if verdict else None,
        "account": examination.account,
        "timeline": life.as_json() if life else None,
        "diff": examination.diff,
    }
    if fixed:
        told["fixed"] = run_as_json(examination.healthy)
    return told


def as_stated(examination: Examination, demo: Demo | None) -> bool:
    """Whether what came of it is what was to come of it; without a demo, whether the ledger found the
    line."""
    if demo and examination.outcome != demo.stated:
        return False
    return examination.verdict is not None


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    step = verdict.step
    return {
        "kind": verdict.kind,
        "file": step.event.facts.get("file"),
        "line": step.event.facts.get("line"),
        "call": verdict.call,
        "program_line": step.line,
        "statement": step.statement,
        "object": {"type": verdict.thing.type, "text": verdict.thing.text} if verdict.thing else None,
        "amiss": verdict.amiss,
        "sentence": verdict.sentence(),
    }


def run_as_json(ended: Run) -> dict[str, Any]:
    return {
        "allocator": ended.allocator,
        "status": ended.status,
        "signal": ended.signal,
        "fatal": ended.fatal,
        "line": ended.line,
        "timed_out": ended.timed_out,
        "words": ended.words(),
        "printed": ended.printed,
        "events": len(ended.events),
        "accounts": ended.accounts,
    }


def dump(told: object) -> str:
    """JSON for people and programs."""
    return json.dumps(told, indent=2, ensure_ascii=False)
