"""One package, three builds: the table alone, the C library, the extension; none is in another's way."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

import pytest
from building import (
    CARGO,
    build_extension,
    build_library,
    exported,
    needed,
    needs_binutils,
    of_python,
    run,
    succeed,
    wanted,
)

EXTENSION = "hashtable" + sysconfig.get_config_var("EXT_SUFFIX")


class Built(NamedTuple):
    """What both builds made, one after the other, in one target directory."""

    library: Path
    archive: Path
    extension: Path
    # What the first build had made was the same after the second, and so on to the third.
    untouched: bool


@pytest.fixture(scope="module", params=["library first", "extension first"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    directory = tmp_path_factory.mktemp("flavours")
    target, base = directory / "target", directory / "build"
    library, archive = (target / "release" / name for name in ("libhashtable.so", "libhashtable.a"))

    def extension() -> Path:
        (module,) = base.glob(f"lib*/{EXTENSION}")
        return module

    if request.param == "library first":
        build_library(target)
        made = [(path, path.read_bytes()) for path in (library, archive)]
        build_extension(target, base)
        made.append((extension(), extension().read_bytes()))
        build_library(target)
    else:
        build_extension(target, base)
        made = [(extension(), extension().read_bytes())]
        build_library(target)
        made += [(path, path.read_bytes()) for path in (library, archive)]
        build_extension(target, base)
    untouched = all(path.read_bytes() == content for path, content in made)
    return Built(library, archive, extension(), untouched)


def test_neither_overwrites_the_other(built: Built) -> None:
    assert built.untouched
    assert built.library.read_bytes() != built.extension.read_bytes()


@needs_binutils
def test_neither_is_linked_to_libpython(built: Built) -> None:
    for library in (built.library, built.extension):
        names = needed(library)
        assert any(name.startswith("libc.") for name in names), "readelf was understood"
        assert not any("python" in name for name in names), names


@needs_binutils
def test_the_c_library_knows_nothing_of_python(built: Built) -> None:
    assert {symbol for symbol in exported(built.library) if symbol.startswith("ht_")}
    assert of_python(exported(built.library) | wanted(built.library)) == set()
    of_archive = succeed("nm", "--format=just-symbols", built.archive)
    assert of_python(set(of_archive.split())) == set()


@needs_binutils
def test_the_extension_offers_its_init_function_and_nothing_else(built: Built) -> None:
    assert exported(built.extension) == {"PyInit_hashtable"}
    # What it wants, the interpreter has.
    assert "PyType_Ready" in of_python(wanted(built.extension))


def test_the_extension_can_be_imported_from_where_it_was_built(built: Built) -> None:
    code = "import hashtable; print(hashtable.__file__, hashtable.HashTable().size)"
    printed = succeed(sys.executable, "-c", code, PYTHONPATH=str(built.extension.parent))
    assert printed.split() == [str(built.extension), "4"]


# What cargo alone does


WITH_PYTHON = ("--no-default-features", "--features", "python")


def test_the_table_alone_can_be_built(tmp_path: Path) -> None:
    succeed(CARGO, "check", "--locked", "--no-default-features", CARGO_TARGET_DIR=str(tmp_path))


def test_cargo_alone_does_not_build_the_extension_where_the_c_library_is(tmp_path: Path) -> None:
    done = run(
        *(CARGO, "build", "--locked", *WITH_PYTHON),
        CARGO_TARGET_DIR=str(tmp_path / "target"),
        PYO3_PYTHON=sys.executable,
    )
    assert done.returncode != 0
    assert (
        "the extension would overwrite the C library: run `python setup.py build`, "
        "or give cargo `--target-dir target/extension`"
    ) in done.stderr
    assert list((tmp_path / "target").rglob("libhashtable*")) == []


def test_cargo_alone_can_check_the_extension_in_its_own_place(tmp_path: Path) -> None:
    target = str(tmp_path / "extension")
    succeed(CARGO, "check", "--locked", *WITH_PYTHON, CARGO_TARGET_DIR=target, PYO3_PYTHON=sys.executable)


def test_both_features_together_are_refused_in_one_sentence(tmp_path: Path) -> None:
    done = run(
        *(CARGO, "check", "--locked", "--features", "python"),
        CARGO_TARGET_DIR=str(tmp_path / "extension"),
        PYO3_PYTHON=sys.executable,
    )
    assert done.returncode != 0
    assert "the C library and the Python extension are two builds: choose feature" in done.stderr
