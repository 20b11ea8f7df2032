"""Write a program whose trace has six given events."""

from __future__ import annotations

from collections.abc import Sequence

from hashtable_lab.events import Event
from hashtable_lab.lessons.grading import Work

HINTS = (
    """`htlab trace program.py` shows what you have so far, `--layer table` only the table's part of it. A
    hash function that you choose, `len` say, puts keys into whichever bin you like.""",
    """Python is asked whether two keys are equal if they have one hash, are not one object, and are not plain
    strings, ints or floats: tuples, for instance. A search begins with the youngest entry. And a tag denies
    a hash that is not in a bin, though others are: 1 and 9 share a bin of 8.""",
    """`h = hashtable.HashTable(2, 1.0, lambda key: key[0])` takes tuples. The keys (0, "a"), (3, "b"),
    (1, "c") make it grow, and (3, "d") then comes into the chain of (3, "b"): look for `tuple([3, "b"])`. 5
    is in bin 1 of 4, where (1, "c") is. `del h[5, "e"]` is a KeyError to catch; `del h` frees the table.""",
)


def grade(work: Work) -> None:
    run = work.under_glass("program.py")
    work.demand(run.status == 0 and not run.timed_out, "it comes to its end", run.words())
    # Up to where the program ends, and its names go.
    ends = [number for number, event in enumerate(run.events) if event.note == ("line", END)]
    events = run.events[: ends[-1]] if ends else run.events
    work.expect(
        any(event.what == "hash" and event.facts["by"] == "python" for event in events),
        "a hash function in Python is called",
        "no key was hashed by calling one",
    )
    grown = growths(events)
    work.expect(
        any(True in stayed and False in stayed for stayed in grown),
        "a table grows, and of its entries one moves to another bin while one stays",
        f"in its {len(grown)} resizes all entries went, or all stayed" if grown else "no table has grown",
    )
    answers = opinions(events)
    work.expect(
        any(both == (False, True) for said in answers for both in zip(said, said[1:])),
        "in one search Python finds first that two keys are not equal, then that two are",
        "what it found, search by search: " + (str(answers) if any(answers) else "it was never asked"),
    )
    work.expect(
        denied(events),
        "a key is looked for in vain, and its bin's tag alone says so, though the bin is not empty",
        "no tag said so, or only of keys that were then added",
    )
    work.expect(
        any(event.what == "return" and event.facts["raised"] for event in events),
        "an operation raises an exception, and the program goes on",
        "none has raised one",
    )
    work.expect(
        any(event.what == "free" for event in events),
        "a table is freed before the program has ended",
        "none was, or only when the program's names went",
    )


# The note of `hashtable_lab.inside` after the program's last statement.
END = "0:the program has ended, and its names go"


def growths(events: Sequence[Event]) -> list[list[bool]]:
    """For each resize, whether each of its entries stayed in its bin."""
    found: list[list[bool]] = []
    for event in events:
        if event.what == "resize":
            found.append([])
        elif event.what == "move":
            found[-1].append(event.facts["from"] == event.facts["to"])
    return found


def opinions(events: Sequence[Event]) -> list[list[bool]]:
    """For each search, what Python said about its keys."""
    found: list[list[bool]] = [[]]
    for event in events:
        if event.what == "bin":
            found.append([])
        elif event.what == "answered":
            found[-1].append(bool(event.facts["equal"]))
    return [said for said in found if said]


def denied(events: Sequence[Event]) -> bool:
    """Whether a tag has said that a key is not there, and it was not added either."""
    said = False
    for event in events:
        if event.what == "bin":
            said = bool(event.facts["denied"])
        elif event.what == "append":
            said = False
        elif event.what == "return" and said:
            return True
    return False
