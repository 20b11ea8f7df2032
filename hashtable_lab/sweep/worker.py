"""The process in which a sweep counts and measures: jobs come in as lines of JSON, and what came of each goes
out."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from hashtable_lab.sweep.counting import count
from hashtable_lab.sweep.grid import Point
from hashtable_lab.sweep.timing import measure


def do(job: dict[str, Any]) -> list[tuple[str, str, float]]:
    """Operation, metric and value, of all that a job is about."""
    point = Point(**job["point"])
    if job["round"] is None:
        return [(*name, value) for name, value in count(point, job["seed"]).items()]
    taken = measure(point, job["operations"], job["seed"])
    return [(operation, "ns", value) for operation, value in taken.items()]


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # What a hash function of the user's prints must not get in between.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        job = json.loads(line)
        try:
            answer: dict[str, Any] = {"values": do(job)}
        except Exception as error:  # whatever a function of the user's raises is told
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
