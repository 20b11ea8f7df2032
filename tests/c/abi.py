"""What a compiled program knows of the library, as libabigail describes it, against what is kept.

    python -m tests.c.abi            compares: exits with 1, and says how, if a promise has changed
    python -m tests.c.abi --update   keeps the header as it is now: the change is a decision

What is described is a stand-in: a C library that has each function of the header with an empty body. The
real one has the same symbols (test_header.py) and the same layouts (build.rs), but the debug information of
Rust, in which private things would count.
"""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from pathlib import Path

from .prototypes import HEADER, prototypes
from .workshop import ROOT, run, run_well

KEPT = Path(__file__).resolve().parent / "libhashtable.abi"


def why_not() -> str:
    """Why nothing can be compared here; nothing if it can."""
    if shutil.which("abidw") is None or shutil.which("abidiff") is None:
        return "libabigail's abidw and abidiff are not installed"
    if platform.machine() != "x86_64":
        return "the description that is kept is that of x86-64"
    return ""


def describe(header: Path, out: Path) -> None:
    """Writes the description of what `header` declares."""
    bodies = []
    for each in prototypes(header):
        parameters = ", ".join(f"{type} p{number}" for number, type in enumerate(each.parameters)) or "void"
        unused = " ".join(f"(void)p{number};" for number, _ in enumerate(each.parameters))
        result = "" if each.returns == "void" else "return 0;"
        bodies.append(f"{each.returns} {each.name}({parameters}) {{ {unused} {result} }}")
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / "standin.c", Path(folder) / "libhashtable.so"
        source.write_text("\n".join([f'#include "{header}"', *bodies, ""]))
        # By its bare name: the description is not to know where it was made.
        run_well("cc", "-std=c99", "-g", "-shared", "-fPIC", source.name, "-o", library, cwd=Path(folder))
        quiet = ("--no-corpus-path", "--no-comp-dir-path", "--no-show-locs")
        run_well("abidw", *quiet, "--out-file", out, library)


def difference(header: Path) -> str:
    """How `header` differs from the description that is kept; nothing if it does not."""
    with tempfile.TemporaryDirectory() as folder:
        now = Path(folder) / "now.abi"
        describe(header, now)
        result = run("abidiff", KEPT, now)
    return "" if result.returncode == 0 else (result.stdout + result.stderr).decode() or "abidiff failed\n"


def main() -> None:
    if reason := why_not():
        print(f"SKIPPED: the ABI is not compared: {reason}")
    elif "--update" in sys.argv[1:]:
        describe(HEADER, KEPT)
        print(f"kept: {KEPT.relative_to(ROOT)}")
    else:
        changes = difference(HEADER)
        sys.stdout.write(changes or "the ABI is the one that is kept\n")
        sys.exit(changes != "")


if __name__ == "__main__":
    main()
