"""Three voices: what the program, the module and the table say, in the order in which they say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable

from hashtable_lab.events import Event, Thing

# The talk's prefixes: the deeper the layer, the shorter the arrow.
PREFIXES = {
    "python": "Python: --------->",
    "module": "Module:    ------>",
    "table": "Table:        --->",
    "reference": "Count:           >",
}


@dataclass(frozen=True)
class Line:
    """A line of the trace. `layer` is "print" for what the program itself has printed."""

    layer: str
    text: str

    def __str__(self) -> str:
        return self.text if self.layer == "print" else f"{PREFIXES[self.layer]} {self.text}"


def lines(event: Event) -> Iterator[Line]:
    """What an event has to say; most say one thing."""
    if event.what == "note":
        kind, text = event.note
        if kind == "line":
            number, _, statement = text.partition(":")
            yield Line("python", statement if number != "0" else f"({statement})")
        elif kind == "print":
            yield from (Line("print", part) for part in text.removesuffix("\n").split("\n"))
        elif kind == "say":
            yield Line("python", text)
        return
    if event.layer == "module" and event.facts.get("name") == "finish":
        # The rest of a dealloc, which may come later than its beginning.
        if event.what == "call":
            yield Line("module", "gives back what the table owned")
        return
    say = REFERENCE if event.layer == "reference" else WORDS.get((event.layer, event.what))
    yield Line(event.layer, say(event) if say else event.what)


def _thing(event: Event, name: str) -> str:
    thing = event.thing(name)
    return str(thing) if thing else "something"


# Functions that Python programs know under another name.
NAMES = {"vectorcall": "HashTable()"}


def _name(event: Event) -> str:
    name = str(event.facts["name"])
    return NAMES.get(name, name)


def _call(event: Event) -> str:
    thing = event.thing("self")
    return _name(event) + (f" of {thing}" if thing else "")


def _return(event: Event) -> str:
    return f"{_name(event)} " + ("raises" if event.facts["raised"] else "returns")


def _hash(event: Event) -> str:
    key, by = _thing(event, "key"), event.facts["by"]
    if by == "builtin":
        return f"hashes {key} itself"
    if by == "native":
        return f"hashes {key} with {_thing(event, 'function')}, which is no Python"
    return f"calls {_thing(event, 'function')} to hash {key}"


def _probe(event: Event) -> str:
    found = "the hash that is looked for" if event.facts["same"] else "another hash"
    return f"looks at slot {event.facts['slot']}: {found}"


def _moved(event: Event) -> str:
    slot, old, new = event.facts["slot"], event.facts["from"], event.facts["to"]
    return (
        f"slot {slot} stays in bin {old}" if old == new else f"slot {slot} moves from bin {old} to bin {new}"
    )


def _removal(event: Event) -> str:
    facts = event.facts
    return f"takes slot {facts['slot']} out of bin {facts['bin']}; the load is now {facts['load']}"


def _appended(event: Event) -> str:
    facts = event.facts
    return f"puts slot {facts['slot']} at the end of bin {facts['bin']}; the load is now {facts['load']}"


def _reference(event: Event) -> str:
    thing: Thing = event.object
    where = f"({event.place.removeprefix('src/python/')})"
    if event.what in MOVED:
        return f"{MOVED[event.what].format(thing)} {where}"
    sign = "+1" if event.what == "incref" else "-1"
    return f"{sign} {thing}, now {event.facts['count']} {where}"


# Where a reference changes its owner, and no count changes.
MOVED = {
    "received": "a new reference to {} comes in",
    "returned": "the reference to {} goes to the caller",
    "stolen": "the reference to {} is taken over by a call",
}

Say = Callable[[Event], str]
REFERENCE: Say = _reference
WORDS: dict[tuple[str, str], Say] = {
    ("module", "call"): _call,
    ("module", "return"): _return,
    ("module", "hash"): _hash,
    ("module", "hashed"): lambda event: f"has the hash {event.facts['hash']}",
    ("module", "ask"): lambda event: (
        f"asks Python whether {_thing(event, 'candidate')} == {_thing(event, 'key')}"
    ),
    ("module", "answered"): lambda event: "they are " + ("equal" if event.facts["equal"] else "not equal"),
    ("module", "dealloc"): lambda event: f"dealloc of {_thing(event, 'self')}: its last reference is gone",
    ("module", "free"): lambda event: f"frees the memory of {_thing(event, 'self')}",
    ("module", "replace"): lambda event: (
        f"replaces the value of {_thing(event, 'key')}: {_thing(event, 'old')} by {_thing(event, 'new')}"
    ),
    ("table", "bin"): lambda event: (
        f"hash {event.facts['hash']} is of bin {event.facts['bin']} of {event.facts['size']}"
        + (", whose tag says: not there" if event.facts.get("denied") else "")
    ),
    ("table", "probe"): _probe,
    ("table", "append"): _appended,
    ("table", "resize"): lambda event: f"{event.facts['from']} bins become {event.facts['to']}",
    ("table", "move"): _moved,
    ("table", "remove"): _removal,
    ("table", "clear"): lambda event: f"lets go of all {event.facts['load']} entries",
}
