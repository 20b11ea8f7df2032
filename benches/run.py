"""`make bench`: measures the table against others, from Python, C and Rust, and writes tables and plots.

    make bench                                        all of it
    make bench BENCH=--quick                          under two minutes
    make bench BENCH="--only python --python python3.13 --python /usr/bin/python3"
    make bench BENCH="--quick --only python --select 'hit*' --sizes 1000,100000"

Everything goes into one folder, target/bench. Ctrl-C ends it early, with a report of what was measured.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benches import build_c, machine, plan, report

ROOT = Path(__file__).resolve().parents[1]
SIDES = ("python", "c", "rust")


def arguments() -> argparse.Namespace:
    def names(text: str) -> list[str]:
        return [name for name in text.split(",") if name]

    def numbers(text: str) -> list[int]:
        return [int(float(number)) for number in names(text)]

    parser = argparse.ArgumentParser(prog='make bench BENCH="..."', description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--quick", action="store_true", help="what the demands are about, in under two minutes"
    )
    parser.add_argument("--only", type=names, default=[], help="of python, c, rust: some, with commas")
    parser.add_argument("--python", action="append", default=[], help="an interpreter; may be given again")
    parser.add_argument(
        "--select", action="append", default=[], help="workloads: 'hit*', '*/dense'; may be given again"
    )
    parser.add_argument(
        "--sizes", type=numbers, default=[], help="numbers of entries, instead of the planned ones"
    )
    parser.add_argument("--contenders", help="names, with commas, of those that take part")
    parser.add_argument("--rounds", type=int, help="instead of the planned ones")
    parser.add_argument("--core", type=int, help="the processor to run on; the last one if not said")
    parser.add_argument("--output", type=Path, default=ROOT / "target" / "bench", help="the folder")
    parser.add_argument("--no-plots", action="store_true", help="tables only")
    parser.add_argument(
        "--again", action="store_true", help="measure nothing: new tables from the folder's samples"
    )
    options = parser.parse_args()
    unknown = set(options.only) - set(SIDES)
    if unknown:
        parser.error(f"--only knows {', '.join(SIDES)}, and not {', '.join(sorted(unknown))}")
    return options


# ---- The sides, built --------------------------------------------------------------------------------------


@dataclass
class Side:
    """A program that carries out tasks: which side it is, and of Python which interpreter."""

    name: str
    interpreter: str
    command: list[str]
    tasks: list[plan.Task]
    environment: dict[str, str] = field(default_factory=dict)
    # Of what the program does not know the version of itself.
    versions: dict[str, str] = field(default_factory=dict)
    # What could not be built, and why.
    skipped: list[str] = field(default_factory=list)


def said_by(*command: str) -> str:
    """What a command prints on stdout. What it has to say besides is seen, and its failure is ours."""
    print(f"$ {shlex.join(command)}", file=sys.stderr)
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def python_side(interpreter: str) -> tuple[list[str], dict[str, str]]:
    """What runs on an interpreter: made by the Makefile, which knows how."""
    said = said_by("make", "--no-print-directory", "bench-interpreter", f"PYTHON={interpreter}")
    python, build = said.splitlines()[-1].split("\t")
    script = str(ROOT / "benches" / "python_side.py")
    return [str(ROOT / python), script], {"PYTHONPATH": str(ROOT / build), "PYTHONHASHSEED": "2014"}


def rust_side() -> list[str]:
    said = said_by(
        "cargo", "bench", "--locked", "--quiet", "--bench", "core", "--no-run", "--message-format=json"
    )
    messages = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
    made = [message["executable"] for message in messages if message.get("executable")]
    return [made[-1]]


def locked(*crates: str) -> dict[str, str]:
    """The versions of crates."""
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    found = re.findall(r'name = "(.*)"\nversion = "(.*)"', lock)
    return {name: version for name, version in found if name in crates}


def sides(options: argparse.Namespace) -> Iterator[Side]:
    """Each side that is wanted and has something to do, built."""
    for name in SIDES:
        if options.only and name not in options.only:
            continue
        tasks = plan.chosen(
            plan.tasks(name, options.quick), options.select, options.sizes, options.rounds, options.contenders
        )
        if not tasks:
            continue
        if name == "python":
            for interpreter in options.python or [os.environ.get("PYTHON", sys.executable)]:
                command, environment = python_side(interpreter)
                yield Side(name, interpreter, command, tasks, environment)
        elif name == "c":
            program, skipped = build_c.build(ROOT / "target" / "bench-c")
            yield Side(name, "", [str(program)], tasks, skipped=skipped)
        else:
            yield Side(name, "", rust_side(), tasks, versions=locked("hashbrown", "indexmap"))


# ---- Measuring ---------------------------------------------------------------------------------------------


def interpreter_name(about: dict[str, Any], taken: set[str], path: str) -> str:
    """A short name that no other has."""
    name = about["python"] + (" PGO" if about["optimised"] else "") + ("" if about["gil"] else " no GIL")
    return name if name not in taken else f"{name} {path}"


@contextlib.contextmanager
def running(side: Side, core: int | None) -> Iterator[subprocess.Popen[str]]:
    """The side's program, which has read its tasks; ended when this is."""
    process = subprocess.Popen(
        side.command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **side.environment},
    )
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        assert process.stdin is not None
        process.stdin.write("".join(task.line() + "\n" for task in side.tasks))
        process.stdin.close()
        yield process
    finally:
        process.kill()
        process.wait()


def advance(progress: Any, weight: float) -> None:
    """By no more than there is left: weights are rounded."""
    progress.update(min(weight, progress.total - progress.n))


def measure(side: Side, core: int | None, about: dict[str, Any], progress: Any) -> Iterator[dict[str, Any]]:
    """The samples of a side, as they come."""
    remaining = iter(side.tasks)
    task = next(remaining)
    rounds_seen: set[int] = set()
    interpreter = side.interpreter
    with running(side, core) as process:
        assert process.stdout is not None
        for line in process.stdout:
            record = json.loads(line)
            if "about" in record:
                if side.name == "python":
                    taken = {name.partition("Python ")[2] for name in about["sides"]}
                    interpreter = interpreter_name(record["about"], taken, side.interpreter)
                record["skipped"] += side.skipped
                record["about"].update(side.versions)
                about["sides"][report.title(side.name, interpreter)] = record
                progress.set_description(report.title(side.name, interpreter))
            elif "done" in record:
                # The last round, and those that nobody was there for.
                left = task.rounds - max(len(rounds_seen) - 1, 0)
                advance(progress, task.weight() * left / task.rounds)
                task, rounds_seen = next(remaining, task), set()
            else:
                if record["round"] not in rounds_seen:
                    progress.set_postfix_str(f"{record['keys']}, {record['n']:,} entries")
                    if rounds_seen:
                        advance(progress, task.weight() / task.rounds)
                    rounds_seen.add(record["round"])
                yield {"side": side.name, "interpreter": interpreter, **record}
        if process.wait() != 0:
            raise SystemExit(f"{shlex.join(side.command)} ended with {process.returncode}")


def measure_all(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    built = list(sides(options))
    if not built:
        raise SystemExit("nothing that is planned is called that")
    core = options.core
    if core is None and hasattr(os, "sched_getaffinity"):
        core = max(os.sched_getaffinity(0))
    about: dict[str, Any] = {"conditions": machine.conditions(shlex.join(sys.argv[1:]), core), "sides": {}}
    total = sum(task.weight() for side in built for task in side.tasks)
    bar = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}, about {remaining} to go {postfix}"
    options.output.mkdir(parents=True, exist_ok=True)
    with (
        (options.output / report.SAMPLES).open("w", encoding="utf-8") as file,
        tqdm(total=total, bar_format=bar, file=sys.stderr, dynamic_ncols=True) as progress,
    ):
        try:
            for side in built:
                for sample in measure(side, core, about, progress):
                    file.write(json.dumps(sample) + "\n")
        except KeyboardInterrupt:
            about["interrupted"] = True
    (options.output / report.ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")


def main() -> None:
    options = arguments()
    if not options.again:
        measure_all(options)
    report.write(options.output)
    if not options.no_plots:
        from benches import plots

        plots.write(options.output)
    print(f"\nThe tables are in {options.output / 'results.md'}, plots and CSV beside it.", file=sys.stderr)


if __name__ == "__main__":
    main()
