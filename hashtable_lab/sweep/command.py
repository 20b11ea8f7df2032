"""`htlab sweep`: what is asked for, the progress, and what is said in the end."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Callable

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hashtable_lab.sweep import functions, grid, keysets
from hashtable_lab.sweep.run import Failure, run
from hashtable_lab.sweep.store import Job, OtherPlanError, Store


def listed(
    parse: Callable[[str], list[Any]],
) -> Callable[[click.Context, click.Parameter, str], tuple[Any, ...]]:
    """A click callback for a list in one word."""

    def callback(_: click.Context, __: click.Parameter, text: str) -> tuple[Any, ...]:
        try:
            return tuple(parse(text))
        except ValueError as error:
            raise click.BadParameter(str(error)) from error

    return callback


def names(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def hashes(text: str) -> list[str]:
    """Names of hash functions, each looked at before an hour has gone."""
    found = names(text)
    for name in found:
        if name != "dict":
            functions.hash_function(name)
    return found


def key_sets(text: str) -> list[str]:
    found = names(text)
    for name in found:
        _, argument, _ = keysets.parse(name)
        if name.startswith("words:") and not Path(argument).is_file():
            raise ValueError(f"there is no file {argument}")
    return found


def operations(text: str) -> list[str]:
    found = names(text)
    for name in found:
        if name not in grid.OPERATIONS:
            raise ValueError(f"there is no operation {name!r}; there are: {', '.join(grid.OPERATIONS)}")
    return found


def option(
    name: str, default: str, parse: Callable[[str], list[Any]], words: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(name, default=default, show_default=True, callback=listed(parse), help=words)


@click.command()
@option("--sizes", "4", grid.whole_numbers, "Bins to begin with.")
@option("--max-loads", "0.5", grid.loads, "Above 0.0 and up to 1.0; or none: never resize.")
@option(
    "--hashes",
    "hash",
    hashes,
    f"{', '.join(functions.NATIVE)}, FILE:FUNC; or dict: a dict in the table's place.",
)
@option(
    "--keys",
    "random",
    key_sets,
    f"{', '.join(keysets.NAMES)}; as in strided:4096/floats, words:FILE, zipf:1.2.",
)
@option("--n", "1000", grid.whole_numbers, "Numbers of keys: 10,100 or 100:1000:50 or 10:1000000:x1.5.")
@option("--operations", ",".join(grid.OPERATIONS), operations, "Those that are timed.")
@click.option(
    "--rounds", default=5, show_default=True, type=click.IntRange(0), help="Of timing; 0: only count."
)
@click.option("--seed", default=2016, show_default=True, help="Of the keys that are random.")
@click.option(
    "--jobs",
    default=os.cpu_count() or 1,
    type=click.IntRange(1),
    help="Processes that count; all processors if not said. Times are taken in one.",
)
@click.option(
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("sweep"),
    show_default=True,
    help="The folder.",
)
@click.option("--json", "wants_json", is_flag=True, help="Write JSON, for programs.")
def sweep(folder: Path, jobs: int, wants_json: bool, **asked: Any) -> None:
    """How size, load and hash function decide what an operation costs.

    The real table, on a grid of them all. First it counts what does not depend on the machine (entries that
    are looked at, chains, resizes, calls of the hash function); then it takes times, in rounds; and writes
    one table, results.csv. Interrupt it when you like: the same command goes on where it was.

    \b
        htlab sweep --hashes hash,my.py:my_hash --keys random,strided:4096
        htlab sweep --n 100:2000:20 --hashes hash,dict --output saw
        htlab plot saw
    """
    import json

    plan = grid.Plan(
        sizes=asked["sizes"],
        max_loads=asked["max_loads"],
        hash_funcs=asked["hashes"],
        keys=asked["keys"],
        ns=asked["n"],
        operations=asked["operations"],
        rounds=asked["rounds"],
        seed=asked["seed"],
    )
    store = Store(folder, plan)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None)

        def tell(job: Job, done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total, description=str(job.point))

        try:
            failures = run(store, jobs, tell)
        except OtherPlanError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            raise click.ClickException(f"interrupted; the same command goes on, from {folder}") from None
    results = folder / "results.csv"
    if wants_json:
        told = [{"point": str(each.job.point), "why": each.why} for each in failures]
        click.echo(json.dumps({"results": str(results), "failures": told}, indent=2))
    else:
        report(results, failures)
    sys.exit(1 if failures else 0)


def report(results: Path, failures: list[Failure]) -> None:
    seen = set()
    for failure in failures:
        if failure.job.point not in seen:
            seen.add(failure.job.point)
            click.echo(f"left out: {failure.job.point}: {failure.why}", err=True)
    click.echo(f"{results}: {sum(1 for _ in results.open(encoding='utf-8')) - 1} rows")
