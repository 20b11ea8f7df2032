"""The lines of Rust that no test has reached, from what an instrumented build has left in target/coverage.

`make coverage` builds, runs the tests and calls this. Prints a table by file, and writes the lines themselves
to target/coverage/unreached.txt.
"""

from __future__ import annotations

import collections
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "target" / "coverage"
TOOLS = Path(sysconfig.get_path("purelib")) / "llvm" / "bin"


def tool(name: str, *arguments: str | Path) -> str:
    return subprocess.run([TOOLS / name, *arguments], check=True, capture_output=True, text=True).stdout


def instrumented() -> list[Path]:
    """What was run: the extension, the shared library, the tests in Rust."""
    rust = [path for path in HERE.glob("library/debug/deps/*-*") if path.suffix == "" and path.is_file()]
    return [
        *ROOT.glob("build/coverage/lib*/hashtable*.so"),
        *HERE.glob("library/release/libhashtable.so"),
        *rust,
    ]


def counts() -> dict[Path, dict[int, int]]:
    """How often each line of our own was run."""
    merged = HERE / "all.profdata"
    tool("llvm-profdata", "merge", "-sparse", *HERE.glob("*.profraw"), "-o", merged)
    first, *others = instrumented()
    objects = [part for path in others for part in ("-object", path)]
    told = tool("llvm-cov", "export", "-format=lcov", f"-instr-profile={merged}", first, *objects)
    lines: dict[Path, dict[int, int]] = collections.defaultdict(collections.Counter)
    for row in told.splitlines():
        kind, _, rest = row.partition(":")
        if kind == "SF":
            file = Path(rest)
        elif kind == "DA" and ROOT / "src" in file.parents:
            line, count = map(int, rest.split(",")[:2])
            lines[file.relative_to(ROOT)][line] += count
    return lines


def main() -> int:
    unreached = []
    print(f"{'':28} lines  unreached")
    for file, lines in sorted(counts().items()):
        source = (ROOT / file).read_text().splitlines()
        missed = sorted(line for line, count in lines.items() if count == 0)
        unreached += [f"{file}:{line}: {source[line - 1].strip()}" for line in missed]
        print(f"{file!s:28} {len(lines):5}  {len(missed):5}")
    (HERE / "unreached.txt").write_text("\n".join(unreached) + "\n")
    print(f"{len(unreached)} lines in all: {(HERE / 'unreached.txt').relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
