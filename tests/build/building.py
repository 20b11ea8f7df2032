"""What the tests of the build share: running its commands, and looking into what they made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CARGO = os.environ.get("CARGO", "cargo")
NO_CARGO = "hashtable is built from Rust, and there is no cargo on the PATH: see https://rustup.rs."

needs_binutils = pytest.mark.skipif(
    not (shutil.which("readelf") and shutil.which("nm")),
    reason="readelf and nm are needed to look into libraries",
)


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as a user would; what comes of it is the caller's affair."""
    # What `make` tells its children is not for the makes that are started here.
    inherited = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**inherited, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def succeed(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Runs a command that has to work. Returns what it wrote to its standard output."""
    done = run(*command, cwd=cwd, **environment)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build_library(target: Path) -> None:
    """libhashtable, under `target`."""
    succeed(CARGO, "build", "--locked", "--release", "--quiet", CARGO_TARGET_DIR=str(target))


def build_extension(target: Path, base: Path) -> None:
    """The extension module alone: cargo's part under `target`, the result under `base`."""
    build = (sys.executable, "setup.py", "--quiet", "build", "--build-base", base)
    succeed(*build, CARGO_TARGET_DIR=str(target), HASHTABLE_LAB="no")


def needed(library: Path) -> list[str]:
    """The shared libraries that a shared library is linked to."""
    return re.findall(r"\(NEEDED\).*\[(.+)\]", succeed("readelf", "--dynamic", "--wide", library, LC_ALL="C"))


def exported(library: Path) -> set[str]:
    """The symbols that a shared library offers."""
    return set(succeed("nm", "--dynamic", "--defined-only", "--format=just-symbols", library).split())


def wanted(library: Path) -> set[str]:
    """The symbols that a shared library wants from others."""
    return set(succeed("nm", "--dynamic", "--undefined-only", "--format=just-symbols", library).split())


def of_python(symbols: set[str]) -> set[str]:
    """Those that belong to the C API of Python."""
    return {symbol for symbol in symbols if re.match(r"_?Py[A-Z_]", symbol)}
