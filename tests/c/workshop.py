"""Compiles C programs against include/ and the built library, shared and static, and runs them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STRICT = ("-Wall", "-Wextra", "-Werror", "-pedantic")
# What Rust's standard library needs of the system.
SYSTEM_LIBRARIES = ("-lpthread", "-ldl", "-lm")
VALGRIND = ("valgrind", "-q", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=all")


def run(
    *command: str | Path, stdin: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Runs a command to its end and keeps what it prints."""
    words = [str(part) for part in command]
    return subprocess.run(words, input=stdin, cwd=cwd, capture_output=True, timeout=600)


def run_well(*command: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> bytes:
    """Runs a command that has to succeed, and returns what it prints."""
    result = run(*command, stdin=stdin, cwd=cwd)
    said = result.stderr.decode(errors="replace")
    assert result.returncode == 0, f"{command[0]} exited with {result.returncode}:\n{said}"
    return result.stdout


def link_soname(library_dir: Path) -> None:
    """Lets the shared library be found under its soname, as `make lib` and `make install` do."""
    said = run_well("readelf", "-d", library_dir / "libhashtable.so").decode()
    soname = library_dir / said.split("Library soname: [")[1].split("]")[0]
    soname.unlink(missing_ok=True)
    soname.symlink_to("libhashtable.so")


class Workshop:
    """Where programs are made: the compiler, the library, a directory for what comes out."""

    def __init__(self, library_dir: Path, out: Path) -> None:
        self.library_dir = library_dir
        self.shared = library_dir / "libhashtable.so"
        self.static = library_dir / "libhashtable.a"
        self.out = out

    def compile(
        self,
        source: Path,
        linking: str = "static",
        include: Sequence[str] = ("include",),
        std: str = "c99",
        flags: Sequence[str] = (),
    ) -> Path:
        """The program that `source` makes, under strict flags; compiled once for each set of arguments."""
        includes = [f"-I{ROOT / folder}" for folder in include]
        # No "=" in it: `env` would take the program for a variable.
        key = re.sub(r"[/=,]", "_", "-".join([source.stem, linking, *include, std, *flags]))
        program = self.out / key
        if program.exists():
            return program
        if linking == "shared":
            library: list[str | Path] = [
                f"-L{self.library_dir}",
                "-lhashtable",
                f"-Wl,-rpath,{self.library_dir}",
            ]
        else:
            library = [self.static, *SYSTEM_LIBRARIES]
        compiler = "c++" if std.startswith("c++") else "cc"
        run_well(compiler, f"-std={std}", "-g", *STRICT, *flags, *includes, source, "-o", program, *library)
        return program

    def write(self, name: str, text: str) -> Path:
        """A source file with this text."""
        source = self.out / name
        source.write_text(text)
        return source
