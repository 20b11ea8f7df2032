"""Counts the words of a file of 100 MB: libhashtable, GLib and std::unordered_map at the same job.

The file is made of the Python sources of the standard library, over and over, where a word that is rare in
them gets the number of the round: so the number of different words grows as it does in real text. It is the
same in every run with the same Python.

The three programs take turns, on one processor; what is told are medians of the processor's time and of the
peak memory.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import sysconfig
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OUT = ROOT / "target" / "wordcount"
TEXT_BYTES = 100_000_000
ROUNDS = 7
RARE = 3


def make_text(path: Path) -> None:
    """Writes the file that is counted."""
    library = Path(sysconfig.get_paths()["stdlib"])
    sources = sorted(source for source in library.rglob("*.py") if "site-packages" not in source.parts)
    text = b"\n".join(source.read_bytes() for source in sources)
    counts = Counter(re.findall(rb"\w+", text))
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        written = number = 0
        while written < TEXT_BYTES:
            suffix = b"_%d" % number if number else b""
            this_round = re.sub(
                rb"\w+",
                lambda found, suffix=suffix: found[0] + suffix if counts[found[0]] <= RARE else found[0],
                text,
            )
            written += file.write(this_round[: TEXT_BYTES - written])
            number += 1
    part.rename(path)


def compile_all() -> dict[str, Path]:
    """The programs, by name; says which cannot be made here, and why."""
    library = [str(ROOT / "target" / "release" / "libhashtable.a"), "-lpthread", "-ldl", "-lm"]
    include = f"-I{ROOT / 'include'}"
    commands = {"libhashtable": ["cc", "-O2", include, str(ROOT / "examples" / "wordcount.c"), *library]}
    asked = ["pkg-config", "--cflags", "--libs", "glib-2.0"]
    glib = subprocess.run(asked, capture_output=True, text=True) if shutil.which("pkg-config") else None
    if glib and glib.returncode == 0:
        commands["GLib GHashTable"] = ["cc", "-O2", str(HERE / "glib.c"), *glib.stdout.split()]
    else:
        print("SKIPPED: GLib: pkg-config does not know of it")
    if shutil.which("c++"):
        commands["std::unordered_map"] = ["c++", "-O2", "-std=c++17", str(HERE / "std.cpp")]
    else:
        print("SKIPPED: std::unordered_map: there is no C++ compiler")
    programs = {}
    for number, (name, command) in enumerate(commands.items()):
        programs[name] = OUT / f"program{number}"
        # Options that name libraries go behind what needs them.
        subprocess.run([*command, "-o", str(programs[name])], check=True)
    return programs


def measure(program: Path, text: Path) -> tuple[bytes, float, float]:
    """What the program prints, its seconds of processor time, and its peak memory in MB."""
    process = subprocess.Popen([program, text], stdout=subprocess.PIPE)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{program} exited with {process.returncode}")
    return printed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def main() -> None:
    if sys.argv[1:2] == ["--make-text"]:
        make_text(Path(sys.argv[2]))
        return
    OUT.mkdir(parents=True, exist_ok=True)
    text = OUT / "text"
    if not text.exists():
        print("making the text ...", flush=True)
        # In a process of its own: what a child counts as its peak memory begins with its parent's.
        subprocess.run([sys.executable, __file__, "--make-text", text], check=True)
    programs = compile_all()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    said: set[bytes] = set()
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for number in range(ROUNDS):
        for name, program in programs.items():
            printed, seconds, megabytes = measure(program, text)
            said.add(printed)
            runs[name].append((seconds, megabytes))
        print(f"round {number + 1} of {ROUNDS}", end="\r", flush=True)
    if len(said) != 1:
        sys.exit("the programs do not agree")
    size = f"{text.stat().st_size / 1e6:.0f} MB of text"
    print(f"{size}, medians of {ROUNDS} runs in turn, {platform.machine()}\n")
    print("| | seconds of processor time (least to most) | peak memory, MB |\n|---|---|---|")
    for name, results in runs.items():
        times = [seconds for seconds, _ in results]
        memory = statistics.median(megabytes for _, megabytes in results)
        spread = f"{statistics.median(times):.2f} ({min(times):.2f} to {max(times):.2f})"
        print(f"| {name} | {spread} | {memory:.1f} |")


if __name__ == "__main__":
    main()
