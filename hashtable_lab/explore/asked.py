"""What the page asks for, looked at before anything is done: its shape only. What its texts mean, as Python,
is for the child to find out."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from hashtable_lab.explore import limits

# Operations: how many texts come after the name.
ARGUMENTS = {"set": 2, "get": 1, "pop": 1, "new": 0, "clear": 0, "list": 0}
FIELDS = {"code", "size", "max_load", "specimen", "operations", "watch"}


class BadError(ValueError):
    """What cannot be run: why, in which field, and at which line of the code."""

    def __init__(self, words: str, where: str | None, line: int | None = None) -> None:
        super().__init__(words)
        self.where = where
        self.line = line

    def as_json(self) -> dict[str, Any]:
        return {"error": str(self), "where": self.where, "line": self.line}


@dataclass(frozen=True)
class Asked:
    """A program of the page's."""

    code: str
    size: int
    max_load: float | None
    specimen: str | None
    operations: list[list[Any]]
    # The key whose references are counted, with its value's, in each step; if None, each operation's own.
    watch: str | None


def parse(body: bytes, specimens: frozenset[str]) -> Asked:
    """The program in a request. Raises BadError."""

    def no_number(text: str) -> Any:
        raise ValueError(f"{text} is no number of JSON")

    try:
        told = json.loads(body.decode("utf-8"), parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise BadError(f"This is no JSON: {error}.", None) from None
    if not isinstance(told, dict):
        raise BadError("A program is a JSON object.", None)
    unknown = sorted(set(told) - FIELDS)
    if unknown:
        raise BadError(f"There is no field {unknown[0][:40]!r}.", None)
    operations = operations_of(told.get("operations"))
    return Asked(
        code_of(told.get("code")),
        size_of(told.get("size")),
        max_load_of(told.get("max_load")),
        specimen_of(told.get("specimen"), specimens),
        operations,
        watch_of(told.get("watch"), operations),
    )


def is_int(value: object) -> bool:
    """JSON's true is no number, and Python's is."""
    return isinstance(value, int) and not isinstance(value, bool)


def code_of(value: object) -> str:
    if not isinstance(value, str):
        raise BadError("The code is a text.", "code")
    return value


def size_of(value: object) -> int:
    if not is_int(value) or not 1 <= value <= limits.SIZE:  # type: ignore[operator]
        raise BadError(f"The size is a whole number from 1 to {limits.SIZE:,}.", "size")
    return value  # type: ignore[return-value]


def max_load_of(value: object) -> float | None:
    if value is None:
        return None
    bad = not (is_int(value) or isinstance(value, float)) or not 0 < value <= 1  # type: ignore[operator]
    if bad or not math.isfinite(float(value)):  # type: ignore[arg-type]
        raise BadError("The maximum load is a number above 0 and up to 1, or null.", "max_load")
    return float(value)  # type: ignore[arg-type]


def specimen_of(value: object, specimens: frozenset[str]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in specimens:
        raise BadError(f"There is no such specimen; there are: {', '.join(sorted(specimens))}.", "specimen")
    return value


def watch_of(value: object, operations: list[list[Any]]) -> str | None:
    if value is None or (isinstance(value, str) and any(key_of(each) == value for each in operations)):
        return value
    raise BadError("The key that is watched is a key of an operation, or null.", "watch")


def key_of(operation: list[Any]) -> str | None:
    """The key that an operation names; None if it names none."""
    return operation[1] if operation[0] in ("set", "get", "pop") else None


def operations_of(value: object) -> list[list[Any]]:
    if not isinstance(value, list):
        raise BadError("The operations are a list.", "operations")
    if len(value) > limits.OPERATIONS:
        raise BadError(
            f"These are {len(value):,} operations; there can be {limits.OPERATIONS:,}.", "operations"
        )
    keys = 0
    for number, each in enumerate(value, 1):
        keys += operation_of(number, each)
    if keys > limits.KEYS:
        raise BadError(f"These fill in {keys:,} keys; there can be {limits.KEYS:,}.", "operations")
    return value


def operation_of(number: int, each: object) -> int:
    """How many keys an operation fills in. Raises BadError if it is none."""
    if not isinstance(each, list) or not each or not isinstance(each[0], str):
        raise BadError(f"Operation {number} is no list that begins with a name.", "operations")
    name, arguments = each[0], each[1:]
    if name == "fill":
        if len(arguments) != 2 or not isinstance(arguments[0], str) or not is_int(arguments[1]):
            raise BadError(f"Operation {number}: fill takes a set of keys and a number.", "operations")
        if not 0 <= arguments[1] <= limits.KEYS:
            raise BadError(f"Operation {number}: it can fill in up to {limits.KEYS:,} keys.", "operations")
        return int(arguments[1])
    if name not in ARGUMENTS:
        known = ", ".join([*ARGUMENTS, "fill"])
        raise BadError(f"Operation {number} is none; there are: {known}.", "operations")
    if len(arguments) != ARGUMENTS[name] or not all(isinstance(text, str) for text in arguments):
        raise BadError(f"Operation {number}: {name} takes {ARGUMENTS[name]} texts.", "operations")
    return 0
