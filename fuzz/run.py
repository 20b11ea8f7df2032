"""Builds the fuzzers and runs them: see README.md, and `make help`.

libFuzzer is driven directly, with the flags that cargo-fuzz would pass: so nothing has to be installed, and
the stable compiler will do. What a run finds goes to target/fuzz: new inputs to corpus/TARGET, and inputs
that fail to the folder itself.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
OUT = ROOT / "target" / "fuzz"
# One for all, and called so because of what src/build.rs wants of the extension's.
TARGET_DIR = ROOT / "target" / "extension" / "fuzz"

COVERAGE = ["level=4", "inline-8bit-counters", "pc-table", "trace-compares"]
RUSTFLAGS = [
    "-Zsanitizer=address",
    "-Cpasses=sancov-module",
    *(f"-Cllvm-args=-sanitizer-coverage-{what}" for what in COVERAGE),
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
]


class Target(NamedTuple):
    """A fuzzer: which door it needs built, how long its inputs get, and how AddressSanitizer is to be."""

    features: str
    max_len: int
    asan: str


TARGETS = {
    "table": Target("", 1000, ""),
    "capi": Target("capi", 1000, ""),
    # The interpreter leaves much behind at its end, and knows it.
    "python": Target("python", 400, "detect_leaks=0"),
}


class Plant(NamedTuple):
    """A fault: a line of the sources, and what it becomes."""

    target: str
    file: str
    right: str
    wrong: str


PLANTS = [
    # The first defect of the 2014 program: a negative hash leaves the array.
    Plant(
        "table",
        "src/table/bins.rs",
        "hash.rem_euclid(self.size as i64) as usize",
        "(hash % self.size as i64) as usize",
    ),
    Plant(
        "table",
        "src/table/load.rs",
        "load as f64 / size as f64 <= self.0",
        "(load as f64 / size as f64) < self.0",
    ),
    # When there is no memory for the rest, what was adopted is freed, and what was copied is not.
    Plant("capi", "src/capi/item.rs", "if first != same {", "if first == same {"),
    Plant("capi", "src/capi/item.rs", "libc::strdup(string)", "libc::strndup(string, 3)"),
    # The talk's: a forgotten INCREF.
    Plant("python", "src/python/operations.rs", "Py_INCREF(key.object.as_ptr());", ""),
    # An equality that changes the table in the middle of a search is not noticed.
    Plant("python", "src/python/lookup.rs", "if table.version() != version {", "if table.load() == 0 {"),
]


def host() -> str:
    """The triple of this machine: named, so that the flags are not those of build scripts too."""
    said = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"^host: (.+)$", said, re.MULTILINE)
    assert found is not None
    return found[1]


def build(name: str, root: Path = ROOT) -> Path:
    """Builds a target from the tree at `root`, and says where it is."""
    target = TARGETS[name]
    environment = {
        **os.environ,
        # -Zsanitizer is for nightly compilers, or for one that is told to be as trusting.
        "RUSTC_BOOTSTRAP": "1",
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(RUSTFLAGS),
        "PYO3_PYTHON": sys.executable,
    }
    triple = host()
    command = ["cargo", "build", "--quiet", "--locked", "--release", "--target", triple, "--bin", name]
    subprocess.run(
        [*command, "--target-dir", TARGET_DIR, "--features", target.features],
        cwd=root / "fuzz",
        env=environment,
        check=True,
    )
    return TARGET_DIR / triple / "release" / name


def start(name: str, program: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a target to its end, and keeps what it says."""
    options = ["allocator_may_return_null=1", TARGETS[name].asan]
    return subprocess.run(
        [program, *arguments],
        env={**os.environ, "ASAN_OPTIONS": ":".join(filter(None, options))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def search(
    name: str, program: Path, seconds: int, corpus: Path, seed: int
) -> subprocess.CompletedProcess[str]:
    """Lets a target search for so many seconds, from what is in the tree and in `corpus`, and add to that."""
    for folder in (corpus, HERE / "corpus" / name):
        folder.mkdir(parents=True, exist_ok=True)
    return start(
        name,
        program,
        corpus,
        HERE / "corpus" / name,
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-max_len={TARGETS[name].max_len}",
        "-timeout=60",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        f"-artifact_prefix={OUT}/{name}-",
    )


def executed(said: str) -> int:
    """How many inputs a run has tried."""
    found = re.search(r"stat::number_of_executed_units: +(\d+)", said)
    return int(found[1]) if found else 0


def covered(said: str) -> str:
    """How many edges of the program, and how many features of it, libFuzzer has seen."""
    found = re.findall(r" cov: (\d+) ft: (\d+)", said)
    return "{} edges, {} features".format(*found[-1]) if found else "nothing"


def fuzz(names: list[str], seconds: int, seed: int) -> None:
    """Replays what is kept, then searches; with a seed from the tree alone, so that runs are alike."""
    for name in names:
        program = build(name)
        kept = sorted((HERE / "corpus" / name).iterdir())
        replayed = start(name, program, *kept)
        if replayed.returncode != 0:
            sys.exit(f"{replayed.stdout}\n{name}: an input that is kept fails")
        begun = time.monotonic()
        corpus = OUT / ("corpus-of-a-seed" if seed else "corpus") / name
        if seed:
            shutil.rmtree(corpus, ignore_errors=True)
        done = search(name, program, seconds, corpus, seed)
        if done.returncode != 0:
            sys.exit(f"{done.stdout}\n{name}: found something; the input is in {OUT}")
        took = time.monotonic() - begun
        print(
            f"{name}: {len(kept)} inputs replayed, {executed(done.stdout):,} executed in {took:.0f} s,"
            f" {covered(done.stdout)}: nothing found",
            flush=True,
        )


def minimise(names: list[str]) -> None:
    """Puts into the tree the fewest inputs that reach all that was ever reached."""
    for name in names:
        kept, merged = HERE / "corpus" / name, OUT / "merged" / name
        shutil.rmtree(merged, ignore_errors=True)
        merged.mkdir(parents=True)
        kept.mkdir(parents=True, exist_ok=True)
        # By edges alone: libFuzzer's features tell apart how often each was taken, and would keep thousands.
        done = start(
            name, build(name), "-set_cover_merge=1", "-use_counters=0", merged, OUT / "corpus" / name, kept
        )
        if done.returncode != 0:
            sys.exit(done.stdout)
        shutil.rmtree(kept)
        shutil.copytree(merged, kept)
        inputs = list(kept.iterdir())
        print(f"{name}: {len(inputs)} inputs, {sum(each.stat().st_size for each in inputs):,} bytes")


def planted(names: list[str], seconds: int) -> None:
    """Puts a fault into a copy of the tree, one after the other, and looks whether its target finds it."""
    copy = OUT / "planted"
    for plant in PLANTS:
        if plant.target not in names:
            continue
        shutil.rmtree(copy, ignore_errors=True)
        for part in ("src", "include", "tests", "benches", "fuzz"):
            shutil.copytree(ROOT / part, copy / part)
        for part in ("Cargo.toml", "Cargo.lock", "build.rs"):
            shutil.copy(ROOT / part, copy / part)
        file = copy / plant.file
        text = file.read_text()
        assert text.count(plant.right) == 1, f"{plant.file} has not just one: {plant.right}"
        file.write_text(text.replace(plant.right, plant.wrong))
        found = copy / "corpus"
        done = search(plant.target, build(plant.target, copy), seconds, found, seed=1)
        what = f"{plant.target}, {plant.file}: {plant.wrong!r} for {plant.right!r}"
        if done.returncode == 0:
            sys.exit(f"not found in {seconds} s: {what}")
        verdict = re.search(
            r"panicked at .*\n.*|not so: .*|ERROR: AddressSanitizer: \S+|\w+Error.*", done.stdout
        )
        print(
            f"found after {executed(done.stdout):,} executions: {what}\n    {verdict[0] if verdict else '?'}",
            flush=True,
        )
    shutil.rmtree(copy, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=["fuzz", "minimise", "planted"])
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all of them, if none is named")
    parser.add_argument("--seconds", type=int, default=3600, help="for each target")
    parser.add_argument("--seed", type=int, default=0, help="0: another each time")
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    names = arguments.targets or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no such target: {', '.join(unknown)}")
    if arguments.action == "fuzz":
        fuzz(names, arguments.seconds, arguments.seed)
    elif arguments.action == "minimise":
        minimise(names)
    else:
        planted(names, arguments.seconds)


if __name__ == "__main__":
    main()
