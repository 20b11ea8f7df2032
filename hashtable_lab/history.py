"""What a run did, step by step: each change that matters, with the program's line and the calls that it was
in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hashtable_lab.events import Event, Thing

# Of the events that are no references, those in whose order two runs can differ for a reason. What depends on
# addresses, as the bin of an object that hashes by its own does, is none of them.
LANDMARKS = {
    ("module", "call"),
    ("module", "return"),
    ("module", "replace"),
    ("module", "free"),
    ("table", "append"),
    ("table", "remove"),
    ("table", "clear"),
    ("table", "resize"),
}


@dataclass(frozen=True)
class Step:
    """An event, and where the program and our code were when it came.

    `calls` are the functions of ours that are at work, outermost first; `turn` is the how-manieth time it is
    that the program has called one.
    """

    event: Event
    line: int
    statement: str
    calls: tuple[str, ...]
    turn: int

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same in another run that does the same thing."""
        event = self.event
        if event.layer == "reference":
            facts = event.facts
            return (event.what, facts["file"], facts["line"], facts.get("end"), event.object.type)
        return (event.layer, event.what, event.facts.get("name"))

    @property
    def thing(self) -> Thing | None:
        """Whose reference it is about, if it is about one."""
        return self.event.object if self.event.layer == "reference" else None


def steps(events: Iterable[Event]) -> list[Step]:
    """The steps of a run."""
    found = []
    line, statement, turn = 0, "", 0
    calls: list[str] = []
    for event in events:
        if event.what == "note":
            kind, text = event.note
            if kind == "line":
                number, _, statement = text.partition(":")
                line = int(number)
                # A call that Python unwound has no return.
                calls.clear()
        elif event.layer == "reference":
            found.append(Step(event, line, statement, tuple(calls), turn))
        elif (event.layer, event.what) in LANDMARKS:
            if event.what == "call":
                turn += not calls
                calls.append(str(event.facts["name"]))
            found.append(Step(event, line, statement, tuple(calls), turn))
            if event.what == "return" and calls:
                calls.pop()
    return found


def account(events: Iterable[Event], thing: Thing) -> tuple[int, int]:
    """Of an object, how many references our code has taken or was given, and how many it has given back or
    handed on: nothing but the arithmetic of a stream, which a crash does not stop."""
    effects = [event.effect for event in events if event.effect and event.object == thing]
    return effects.count(1), effects.count(-1)
