"""What the page is told of a run: its steps, and how it ended, from the events in their order."""

from __future__ import annotations

import json
from typing import Any

from hashtable_lab import glass
from hashtable_lab.child import SIGNALS, Run
from hashtable_lab.demo import demo, unshown
from hashtable_lab.events import Event
from hashtable_lab.explore import limits, presets
from hashtable_lab.explore.asked import Asked, BadError
from hashtable_lab.explore.notes import MARK
from hashtable_lab.history import steps as history
from hashtable_lab.trace import lines
from hashtable_lab.verdict import judge

# What a step has that comes with a look at the table.
PICTURE = ("size", "load", "changed", "bins", "lengths", "stats", "dict")
NO_REFERENCES = {"hash_func": None, "key": None, "value": None}


class Told:
    """A run, taken apart. What a program has written into the stream by itself is not to be trusted to have
    a shape."""

    def __init__(self, ended: Run, asked: Asked) -> None:
        self.ended = ended
        self.asked = asked
        self.steps: list[dict[str, Any]] = []
        self.over: dict[str, Any] | None = None
        self.refused: dict[str, Any] | None = None
        self.truncated = False
        # Of a step, the events that are not shown; of the run, the steps that came to their end.
        self.hidden = self.done = 0
        self.within = False
        for event in ended.events:
            note = own_note(event)
            if note is None:
                self.event(event)
            else:
                self.note(note)
        self.close()

    def event(self, event: Event) -> None:
        """One for the swim lanes, if it belongs to a step."""
        if not self.within or event.layer == "reference":
            return
        if event.what == "note" and event.note[0] == "accounts":
            return
        shown = self.steps[-1]["events"]
        for line in lines(event):
            if len(shown) < limits.EVENTS_SHOWN:
                layer = "python" if line.layer == "print" else line.layer
                shown.append({"layer": layer, "text": line.text})
            else:
                self.hidden += 1

    def add(self, layer: str, text: str) -> None:
        self.steps[-1]["events"].append({"layer": layer, "text": text})

    def close(self) -> None:
        """The end of a step's events."""
        if self.hidden:
            self.add("module", f"... {self.hidden:,} more")
            self.hidden = 0
        self.within = False

    def note(self, note: dict[str, Any]) -> None:
        what = note.get("what")
        if what == "begin":
            self.close()
            self.within = True
            self.steps.append(self.new_step(len(self.steps)))
        elif what in ("over", "refused"):
            self.close()
            setattr(self, what, note)
        elif what == "truncated":
            self.truncated = True
        elif not self.steps:
            return
        elif what == "muted":
            self.add("module", "(not traced: this program has said too much already)")
        elif what == "untraced":
            self.add("module", f"... and the same with {note['keys']:,} more keys")
        elif what == "done":
            self.close()
            self.done = len(self.steps)
            step = self.steps[-1]
            step.update({name: note[name] for name in ("result", "error", "references")})
        elif what in ("frame", "picture"):
            step, picture = self.steps[-1], {name: note[name] for name in PICTURE}
            if what == "frame":
                step["frames"].append({"event": len(step["events"]) - 1, **picture})
            else:
                step.update(picture)

    def new_step(self, number: int) -> dict[str, Any]:
        """A step of which nothing is known yet: the table is as it was."""
        before = self.steps[-1] if self.steps else None
        operations: list[list[Any]] = [["new"], *self.asked.operations]
        return {
            "operation": operations[number],
            "result": None,
            "error": None,
            "events": [],
            "frames": [],
            "references": NO_REFERENCES,
            **unchanged(before, self.asked),
        }

    def how(self) -> dict[str, Any]:
        """How it ended."""
        over, ended = self.over, self.ended
        step = len(self.steps) - 1 if self.steps else None
        if ended.timed_out:
            words = (
                f"It was still running when its time was up, {limits.SECONDS} seconds of computing, and was "
                "stopped."
            )
            return {"how": "timeout", "words": words, "step": step, "verdict": None}
        if over and over["how"] != "well":
            at = f", at line {over['line']} of the code" if over["line"] else ""
            return {
                "how": over["how"],
                "words": f"{over['words']}{at}.",
                "step": over["step"],
                "verdict": None,
            }
        if ended.signal or ended.fatal or over is None:
            last = ended.stderr.strip().rpartition("\n")[2]
            how = "memory" if last.startswith(("memory allocation of", "MemoryError")) else "died"
            return {"how": how, "words": self.death(), "step": step, "verdict": None}
        return {"how": "well", "words": "It ran to its end.", "step": None, "verdict": None}

    def death(self) -> str:
        ended = self.ended
        if ended.signal:
            said = f" ({ended.fatal})" if ended.fatal and ended.signal == "SIGABRT" else ""
            at = f" at line {ended.line} of the code" if ended.line else ""
            return f"It died{at} of {ended.signal}, {SIGNALS.get(ended.signal, 'a signal')}{said}."
        if ended.fatal:
            return f"It died of a fatal error: {ended.fatal}."
        return f"The process ended before the program did, with exit status {ended.status}."


def unchanged(before: dict[str, Any] | None, asked: Asked) -> dict[str, Any]:
    """The picture of a step that is as the one before it; without one, of an empty table."""
    return {
        "size": before["size"] if before else asked.size,
        "load": before["load"] if before else 0,
        "changed": [] if before else None,
        "bins": None if before else [[] for _ in range(asked.size)],
        "lengths": None,
        "stats": before["stats"] if before else NO_STATS,
        "dict": {"size": before["dict"]["size"] if before else 0, "probes": None},
    }


NO_STATS = {
    "longest_chain": 0,
    "occupied_bins": 0,
    "hit_probes": 0.0,
    "miss_probes": 0.0,
    "load_proportion": 0.0,
    "resizes": 0,
    "ideal_hit_probes": 0.0,
    "ideal_longest": 0,
}


def own_note(event: Event) -> dict[str, Any] | None:
    """A note of the child's own; None if it is anything else."""
    if event.layer != "python" or event.what != "note":
        return None
    text = str(event.facts.get("text", ""))
    return dict(json.loads(text[len(MARK) :])) if text.startswith(MARK) else None


def reply(asked: Asked, healthy: Run, broken: Run | None) -> dict[str, Any]:
    """What the page is told. Raises BadError for what cannot be run."""
    told = Told(healthy, asked)
    if told.refused:
        raise BadError(*(told.refused[name] for name in ("words", "where", "line")))
    ended = told.how()
    if broken is not None and ended["how"] == "well":
        look, told = told, Told(broken, asked)
        ended = told.how()
        del told.steps[len(look.steps) :]
        for number, step in enumerate(told.steps):
            # An operation in which it died has changed nothing that could be seen.
            if number < told.done:
                step.update({name: look.steps[number][name] for name in ("frames", *PICTURE)})
            else:
                step.update(unchanged(told.steps[number - 1] if number else None, asked))
        ended["verdict"] = verdict(asked.specimen or "", healthy, broken)
        if ended["verdict"] is None:
            ended["words"] += " It does not come by the broken line."
        elif ended["how"] == "well":
            ended["words"] = "It ran to its end; but the ledger knows better."
    return {"steps": told.steps, "ended": ended, "truncated": told.truncated}


def verdict(specimen: str, healthy: Run, broken: Run) -> dict[str, Any] | None:
    """What the ledger has to say of the broken run."""
    found = judge(history(healthy.events), history(broken.events), broken.accounts is not None)
    if found is None:
        return None
    return {
        "sentence": " ".join([found.sentence(), *unshown(broken)]),
        "place": found.place,
        "why": found.step.event.facts.get("why") or story(specimen),
        "diff": glass.mending(glass.specimens()[specimen]),
    }


def story(specimen: str) -> str:
    """What the patch of a specimen says of it, between its title and its lines."""
    words = glass.specimens()[specimen].partition("\n--- ")[0].partition("\n")[2]
    return " ".join(words.split())


def specimens() -> list[dict[str, Any]]:
    """The broken lines that can be chosen, each with its title and a program that comes by it."""
    known = glass.specimens()
    return [
        {"name": name, "title": demo(name).words[0], "code": code, "operations": operations}
        for name, (code, operations) in presets.SESSIONS.items()
        if name in known
    ]
