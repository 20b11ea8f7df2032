"""What the instrumented module tells, as Python values: one event for each line of its stream.

The stream also carries what the program says and where it is, as notes of `hashtable_lab.inside`: so
everything is in one order, which a crash cannot upset.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LAYERS = ("python", "module", "table", "reference")

# How an event of the reference layer changes what our code owes: what it has taken or was given, less what it
# gave back or handed on.
EFFECTS: Mapping[str, int] = {"incref": 1, "received": 1, "decref": -1, "returned": -1, "stolen": -1}


# Types whose objects are told by their names, and what they are called.
NAMED = {
    "function": "function",
    "builtin_function_or_method": "builtin",
    "method": "method",
    "type": "class",
    "ABCMeta": "class",
}


@dataclass(frozen=True)
class Thing:
    """An object of the program, as it was when the event came. `id` is its address, which another may have
    later."""

    id: int
    type: str
    text: str | None = None

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> Thing:
        return cls(told["id"], told["type"], told.get("text"))

    @property
    def looks(self) -> tuple[str, str | None]:
        """What tells it from others in another run of the same program, where addresses differ."""
        return self.type, self.text

    def __str__(self) -> str:
        if self.text is None:
            return f"a {self.type}" if self.type[:1] not in "aeiou" else f"an {self.type}"
        return f"{NAMED[self.type]} {self.text}" if self.type in NAMED else self.text


@dataclass(frozen=True)
class Event:
    """One event. `facts` is what this kind of event tells beyond layer and kind."""

    number: int
    layer: str
    what: str
    facts: Mapping[str, Any]

    @classmethod
    def parse(cls, line: str) -> Event:
        told = json.loads(line)
        return cls(told.pop("n"), told.pop("layer"), told.pop("what"), told)

    def thing(self, name: str) -> Thing | None:
        """An object that the event tells of; None if there is none under that name."""
        told = self.facts.get(name)
        return None if told is None else Thing.parse(told)

    @property
    def object(self) -> Thing:
        """Whose reference it is. Of events of the reference layer only."""
        return Thing.parse(self.facts["object"])

    @property
    def effect(self) -> int:
        """What it does to the account of its object; 0 if it is no event of the reference layer."""
        return EFFECTS.get(self.what, 0) if self.layer == "reference" else 0

    @property
    def place(self) -> str:
        """The line of our source that did it. Of events of the reference layer only."""
        return f"{self.facts['file']}:{self.facts['line']}"

    @property
    def note(self) -> tuple[str, str]:
        """Kind and text of a note: `line` (number and source of the statement that begins), `print` (what the
        program writes), `accounts` (at the end, as JSON), or `say` for what somebody else has noted."""
        text = str(self.facts.get("text", ""))
        kind, colon, rest = text.partition(":")
        return (kind, rest) if colon and kind in ("line", "print", "accounts") else ("say", text)

    def as_json(self) -> dict[str, Any]:
        """The event as it was told; but of a note what it stands for."""
        told = {"n": self.number, "layer": self.layer, "what": self.what, **self.facts}
        if self.what != "note":
            return told
        told["what"], told["text"] = self.note
        if told["what"] == "line":
            number, _, told["text"] = told["text"].partition(":")
            told["line"] = int(number)
        elif told["what"] == "accounts":
            told["accounts"] = json.loads(told.pop("text"))
        return told


def parse_all(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a stream. Its last line may be cut short by the end of the process: that one is left
    out."""
    for line in lines:
        if not line.endswith("\n"):
            return
        yield Event.parse(line)
