"""What may be different each time a page is run, by name; and whether what was printed is what was said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# What is looked for, and what stands in its place while two texts are compared.
MASKS = {
    "addresses": (r"0x[0-9a-fA-F]+", "ADDRESS"),
    # Of a source file, which changes with each line that is added to it.
    "lines": (r"(\.(?:rs|py|c|h):)\d+|(\blines? )\d+|(@@ )-\d+(?:,\d+)? \+\d+(?:,\d+)?", r"\1\2\3N"),
    # What a count is before anything is done differs from version to version.
    "counts": (r"(?<![\w.])\d+(?![\w.]*\w)", "COUNT"),
    "times": (r"\d+(?:\.\d+)? ?(?:ns|µs|us|ms|s|seconds?)\b", "TIME"),
    "numbers": (r"-?\d+(?:\.\d+)?", "NUMBER"),
    "version": (r"\b\d+\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?\+?", "VERSION"),
    "pids": (r"==\d+==|\bpid \d+", "PID"),
    "paths": (r"(?:/[\w.+-]+)+/", "PATH/"),
    "signals": (r"SIG(?:SEGV|ABRT|BUS|ILL|TRAP|FPE)\b[^\n]*", "SIGNAL"),
    # The letters are in the order of a hash with a seed, or the spaces are made for the widest number.
    "spaces": (r"[ \t]+", " "),
}


def masked(line: str, masks: Iterable[str]) -> str:
    for name in masks:
        pattern, instead = MASKS[name]
        line = re.sub(pattern, instead, line)
    return line.rstrip()


def shown(expected: Sequence[str], printed: Sequence[str], masks: Sequence[str]) -> list[str] | None:
    """The lines of what was printed that a page shows, `...` for what it leaves out; None if it is not what
    was said."""
    left_out = [line.strip() == "..." for line in expected]
    pattern = "".join(
        r"((?:.*\n)*?)" if gap else re.escape(masked(line, masks)) + r"\n"
        for gap, line in zip(left_out, expected)
    )
    found = re.fullmatch(pattern, "".join(masked(line, masks) + "\n" for line in printed))
    if found is None:
        return None
    gaps = (gap.count("\n") for gap in found.groups())
    result: list[str] = []
    at = 0
    for gap in left_out:
        result.append("..." if gap else printed[at])
        at += next(gaps) if gap else 1
    return result
