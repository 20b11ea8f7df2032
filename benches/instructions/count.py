"""Counts the instructions that a dozen operations take, with callgrind, against budgets that are kept.

Times say what a user feels, and never the same thing twice. Instructions are the same in every run of the
same program: so they tell, in CI and on a busy machine, that somebody has made an operation longer. They know
nothing of caches; for those there is `make bench`.

An operation over its budget is an error. One that is well below it is told: then the budget is to be made
lower, with --update. The budgets are for one compiler and one Python; there are none for others.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUDGETS = HERE / "budgets.json"
COUNT = 1000
# What is new in a compiler of the same version, in libc and in the interpreter may move a count by this much.
SLACK = 0.03
WORTH_TELLING = 0.10

C_OPERATIONS = [
    "int hit",
    "int miss",
    "int insert",
    "int replace",
    "int insert, remove, free",
    "string hit",
    "string miss",
    "string upsert",
    "walk",
]
# The function that is entered for each operation: what is counted is what happens from there on.
PYTHON_OPERATIONS = {
    "string h[k]": "mapping::subscript",
    "string h[k], an equal key": "mapping::subscript",
    "string get, hit": "methods::get",
    "string get, miss": "methods::get",
    "string in": "mapping::contains_slot",
    "string h[k] = v, replaced": "mapping::ass_subscript",
    "string h[k] = v, new": "mapping::ass_subscript",
    "string pop": "methods::pop",
    "string hash_func=len": "mapping::subscript",
    "string HashTable()": "lifecycle::vectorcall",
    "string iteration": "iterators::next",
    "string items()": "iterators::next",
    "int h[k]": "mapping::subscript",
    "int get, miss": "methods::get",
}


def instructions(function: str, command: list[str], environment: dict[str, str] | None = None) -> int:
    """The instructions that a command executes while it is in a function."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind"
        callgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
        run = subprocess.run(
            [*callgrind, f"--toggle-collect={function}", *command],
            capture_output=True,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        if run.returncode != 0:
            sys.exit(f"{' '.join(command)}:\n{run.stderr}")
        found = re.search(r"^(?:totals|summary): (\d+)$", out.read_text(), re.MULTILINE)
    if not found or int(found[1]) == 0:
        sys.exit(f"callgrind has not seen {function} in {' '.join(command)}")
    return int(found[1])


def per_call(function: str, command: list[str], environment: dict[str, str] | None = None) -> float:
    """The instructions of one call, without what it takes to begin: the difference of two runs."""
    few, many = (instructions(function, [*command, str(count)], environment) for count in (COUNT // 2, COUNT))
    return (many - few) / (COUNT - COUNT // 2)


def count_c(folder: Path) -> dict[str, float]:
    """The C library, through its ABI."""
    program = folder / "operations"
    library = ROOT / "target" / "release" / "libhashtable.a"
    sources = [str(HERE / "operations.c"), str(library), "-lpthread", "-ldl", "-lm"]
    subprocess.run(["cc", "-O2", f"-I{ROOT / 'include'}", *sources, "-o", str(program)], check=True)
    return {name: per_call("measured", [str(program), name]) for name in C_OPERATIONS}


def count_python() -> dict[str, float]:
    """The extension module, in this interpreter."""
    environment = {"PYTHONHASHSEED": "0", "PYTHONMALLOC": "pymalloc"}
    # Without `site`: what is installed in the environment is none of our affair.
    command = [sys.executable, "-S", str(HERE / "operations.py")]
    return {
        name: per_call(f"*hashtable::python::{function}*", [*command, name], environment)
        for name, function in PYTHON_OPERATIONS.items()
    }


def compiler() -> str:
    """The compiler's version, which the counts depend on."""
    return subprocess.check_output(["rustc", "--version"], text=True).split()[1]


def compare(title: str, counted: dict[str, float], kept: dict[str, float] | None) -> int:
    """Prints what was counted beside the budgets; how many are over theirs."""
    over = 0
    print(f"\n{title}: instructions of one operation")
    for name, count in counted.items():
        budget = (kept or {}).get(name)
        if budget is None:
            verdict = "no budget"
        elif count > budget * (1 + SLACK) + 0.5:
            verdict = f"over its budget of {budget:.0f}"
            over += 1
        elif count < budget * (1 - WORTH_TELLING):
            verdict = f"well below its budget of {budget:.0f}: make that lower"
        else:
            verdict = f"within {budget:.0f}"
        print(f"  {name:28} {count:8.1f}  {verdict}")
    return over


def main() -> None:
    """Counts, and compares or keeps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="keep what is counted now as the budgets")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("there is no valgrind, which counts")
    machine = os.uname().machine
    c_key = f"rust {compiler()}, {machine}"
    python_key = f"{c_key}, {sysconfig.get_config_var('SOABI')}, {sys.version.split()[0]}"
    with tempfile.TemporaryDirectory() as folder:
        counted = {c_key: count_c(Path(folder)), python_key: count_python()}
    budgets = json.loads(BUDGETS.read_text()) if BUDGETS.exists() else {}
    if options.update:
        for key, counts in counted.items():
            budgets[key] = {name: round(count, 1) for name, count in counts.items()}
        BUDGETS.write_text(json.dumps(budgets, indent=2) + "\n")
    over = sum(compare(key, counts, budgets.get(key)) for key, counts in counted.items())
    if over:
        sys.exit(f"\n{over} over budget: see why, or keep them with --update and say why")


if __name__ == "__main__":
    main()
