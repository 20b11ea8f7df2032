"""`htlab quality`: asks two children, and says what it means."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import click

from hashtable_lab.child import python
from hashtable_lab.page import Page
from hashtable_lab.quality.judge import IDEAL_OCCUPIED, IDEAL_PROBES, Remark, remarks, table, verdict_of
from hashtable_lab.quality.measure import SIZE, WINDOW
from hashtable_lab.sweep.functions import BadFunctionError, hash_function


def measured(name: str, seed: int, hash_seed: str, limit: float) -> dict[str, Any]:
    """What a child has measured. Raises ClickException if it did not come to an end."""
    try:
        done = subprocess.run(
            python("hashtable_lab.quality.measure"),
            input=json.dumps([name, seed]) + "\n",
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise click.ClickException(f"{name} was still at it after {limit:g} s.") from None
    if done.returncode or not done.stdout:
        last = (done.stderr.strip() or "without a word").splitlines()[-1]
        raise click.ClickException(f"What called {name} ended with status {done.returncode}: {last}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@click.command()
@click.argument("function", metavar="FILE:FUNC")
@click.option("--seed", default=2016, show_default=True, help="Of the keys that are random.")
@click.option("--limit", default=120.0, show_default=True, help="Seconds that it may take.")
@click.option("--json", "wants_json", is_flag=True, help="Write JSON, for programs.")
def quality(function: str, seed: int, limit: float, wants_json: bool) -> None:
    """Is this hash function any good?

    FILE:FUNC is a function of yours; hash, talk, identity, fibonacci, fnv1a, xxh3 and siphash are known by
    name. It is tried on numbers in a row, at random and in steps, and on texts of many kinds.

    Exit status: 0 if it is good; 1 if there is something to mend; 2 if asked wrongly.
    """
    try:
        hash_function(function)
    except BadFunctionError as error:
        raise click.BadParameter(str(error), param_hint="FILE:FUNC") from error
    told, other = measured(function, seed, "0", limit), measured(function, seed, "1", limit)
    found = remarks(told, other)
    good = not any(remark.bad for remark in found)
    if wants_json:
        for each in told["sets"]:
            each["verdict"] = verdict_of(each)
        words = [{"bad": remark.bad, "words": remark.words} for remark in found]
        same = told["sample"] == other["sample"]
        result = {**told, "good": good, "remarks": words, "same_in_another_process": same}
        result.pop("sample")
        click.echo(json.dumps(result, indent=2))
    else:
        show(Page(), told, found, good)
    sys.exit(0 if good else 1)


def show(page: Page, told: dict[str, Any], found: list[Remark], good: bool) -> None:
    page.title(f"{told['function']}, {SIZE} keys in {SIZE} bins")
    page.line()
    widths = [20, 11, 13, 9, 13, 12, 9]
    for number, row in enumerate(table(told)):
        cells = [f"{cell:{width}}" for cell, width in zip(row, widths)]
        style = "faint" if number == 0 else "bad" if row[1] in ("bad", "one chain") else "plain"
        page.line(("".join(cells).rstrip(), style))
    ideal = ["chance", "good", f"{IDEAL_OCCUPIED:.0%}", "7", f"{IDEAL_PROBES:.2f}", f"{WINDOW}.0", "50%"]
    page.line(("".join(f"{cell:{width}}" for cell, width in zip(ideal, widths)).rstrip(), "faint"))
    for remark in found:
        page.line()
        page.prose(remark.words, "bad" if remark.bad else "plain")
    page.line()
    page.prose("It is good." if good else "It is not good yet.", "good" if good else "bad")
