"""Builds the C side: one program with every contender in it whose headers are here."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "benches" / "c"
C = ["cc", "-std=gnu11"]
CPP = ["c++", "-std=c++20"]
OPTIONS = ["-O2", "-g", "-DNDEBUG", "-Wall", "-Wextra"]


@dataclass(frozen=True)
class Contender:
    """A source file; what pkg-config calls the library; or what the linker calls it."""

    source: str
    package: str = ""
    link: tuple[str, ...] = ()


LIBRARY = ROOT / "target" / "release"
CONTENDERS = [
    Contender("libhashtable.c", link=(f"-L{LIBRARY}", f"-Wl,-rpath,{LIBRARY}", "-lhashtable")),
    Contender("std.cpp"),
    Contender("glib.c", package="glib-2.0"),
    Contender("uthash.c"),
    Contender("model2014.c"),
    Contender("khash.c"),
    Contender("judy.c", link=("-lJudy",)),
    Contender("boost.cpp"),
    Contender("absl.cpp", package="absl_flat_hash_map"),
    Contender("robin.cpp"),
    Contender("sparsehash.cpp"),
]


class MissingError(Exception):
    """A contender cannot be built here; says why."""


def asked_of_pkg_config(package: str, what: str) -> list[str]:
    if not package:
        return []
    try:
        said = subprocess.run(["pkg-config", what, package], capture_output=True, text=True)
    except OSError as error:
        raise MissingError("there is no pkg-config") from error
    if said.returncode != 0:
        raise MissingError(f"pkg-config does not know {package}")
    return said.stdout.split()


def compiled(source: str, package: str, folder: Path) -> Path:
    """The object file."""
    compiler = C if source.endswith(".c") else CPP
    if shutil.which(compiler[0]) is None:
        raise MissingError(f"there is no {compiler[0]}")
    result = folder / f"{Path(source).name}.o"
    where = [f"-I{ROOT / 'include'}", *asked_of_pkg_config(package, "--cflags")]
    command = [*compiler, *OPTIONS, "-c", str(HERE / source), "-o", str(result), *where]
    said = subprocess.run(command, capture_output=True, text=True)
    if said.returncode != 0:
        lines = said.stderr.splitlines()
        errors = [line for line in lines if "error" in line]
        if not any("No such file" in line for line in errors):
            # Our own mistake, and not a header that is not there.
            raise SystemExit(said.stderr)
        raise MissingError(errors[0].partition("error: ")[2])
    return result


def build(folder: Path) -> tuple[Path, list[str]]:
    """The program, and which contenders were left out and why. The shared library has been built before."""
    folder.mkdir(parents=True, exist_ok=True)
    objects, links, skipped = [compiled("main.c", "", folder)], [], []
    cpp = False
    for contender in CONTENDERS:
        try:
            objects.append(compiled(contender.source, contender.package, folder))
            links += [*contender.link, *asked_of_pkg_config(contender.package, "--libs")]
        except MissingError as reason:
            skipped.append(f"{contender.source}: {reason}")
            continue
        cpp = cpp or contender.source.endswith(".cpp")
    program = folder / "bench"
    command = [(CPP if cpp else C)[0], *map(str, objects), "-o", str(program), *links]
    subprocess.run(command, check=True)
    return program, skipped
