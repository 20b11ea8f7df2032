"""`make install`: what lands where, and that programs are built with it as C people do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from .prototypes import prototypes
from .workshop import ROOT, STRICT, Workshop, run, run_well

STRICT_CC = " ".join(("cc", "-std=c99", *STRICT))
PROGRAM = """
#include <hashtable.h>
#include <stdio.h>
int main(void)
{
    ht_table *table = ht_create(NULL);
    ht_value key;
    key.i = 42;
    if (ht_add(table, LONG_MAX, key, HT_INTEGER, key, HT_INTEGER) != HT_OK)
        return 1;
    printf("%s %ld\\n", ht_version(), ht_lookup(table, key, HT_INTEGER)->value.i);
    ht_free(table);
    return 0;
}
"""
TALK_PROGRAM = """
#include "hashtable.h"
int main(void)
{
    HashTable *table = init(4, 0.5);
    print_table_simple(table);
    free_table(table);
    return 0;
}
"""


@pytest.fixture(scope="module")
def prefix(workshop: Workshop) -> Path:
    """Where the library was installed."""
    if workshop.library_dir != ROOT / "target" / "release":
        pytest.skip("`make install` installs what is in target/release")
    where = workshop.out / "prefix"
    run_well("make", "--silent", "install", f"PREFIX={where}", cwd=ROOT)
    return where


@pytest.fixture
def flags(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has pkg-config look where the library was installed."""
    if shutil.which("pkg-config") is None:
        pytest.skip("pkg-config is not installed")
    monkeypatch.setenv("PKG_CONFIG_PATH", str(prefix / "lib" / "pkgconfig"))
    monkeypatch.setenv("LD_LIBRARY_PATH", str(prefix / "lib"))


def build(workshop: Workshop, source: str, name: str, compiler: str, asked: str) -> Path:
    """What `cc app.c $(pkg-config --cflags --libs hashtable)` makes, or the like."""
    program = workshop.out / name
    text = workshop.write(f"{name}.c", source)
    run_well("sh", "-c", f'{compiler} "$0" -o "$1" $(pkg-config --cflags --libs {asked})', text, program)
    return program


def version() -> str:
    found = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    assert found
    return found[1]


def test_everything_is_in_its_place(prefix: Path) -> None:
    found = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir()}
    abi = ".".join(version().split(".")[:2])
    assert found == {
        "include/hashtable.h",
        "include/hashtable-talk/hashtable.h",
        "lib/libhashtable.a",
        "lib/libhashtable.so",
        f"lib/libhashtable.so.{abi}",
        f"lib/libhashtable.so.{version()}",
        "lib/pkgconfig/hashtable.pc",
        "lib/pkgconfig/hashtable-talk.pc",
        "share/man/man3/hashtable.3",
    }
    assert (prefix / "lib/libhashtable.so").resolve().name == f"libhashtable.so.{version()}"


def test_a_program_finds_the_library_by_pkg_config(workshop: Workshop, flags: None) -> None:
    program = build(workshop, PROGRAM, "shared", STRICT_CC, "hashtable")
    assert run_well(program) == f"{version()} 42\n".encode()
    needed = run_well("readelf", "-d", program).decode()
    assert f"[libhashtable.so.{'.'.join(version().split('.')[:2])}]" in needed


def test_a_static_program_finds_what_it_needs_by_pkg_config(workshop: Workshop, flags: None) -> None:
    program = build(workshop, PROGRAM, "static", "cc -static", "--static hashtable")
    assert run_well(program) == f"{version()} 42\n".encode()
    assert b"NEEDED" not in run_well("readelf", "-d", program)


def test_a_program_of_the_talks_finds_its_header_by_pkg_config(workshop: Workshop, flags: None) -> None:
    program = build(workshop, TALK_PROGRAM, "talk", STRICT_CC, "hashtable-talk")
    assert run_well(program) == b"[]\n[]\n[]\n[]\n"


def test_cmake_finds_the_library_through_pkg_config(workshop: Workshop, flags: None) -> None:
    if shutil.which("cmake") is None:
        pytest.skip("cmake is not installed")
    project = workshop.out / "project"
    project.mkdir()
    (project / "app.c").write_text(PROGRAM)
    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\n"
        "project(app C)\n"
        "find_package(PkgConfig REQUIRED)\n"
        "pkg_check_modules(HASHTABLE REQUIRED IMPORTED_TARGET hashtable)\n"
        "add_executable(app app.c)\n"
        "target_link_libraries(app PRIVATE PkgConfig::HASHTABLE)\n"
    )
    run_well("cmake", "-S", project, "-B", project / "build")
    run_well("cmake", "--build", project / "build")
    assert run_well(project / "build" / "app") == f"{version()} 42\n".encode()


def test_what_is_installed_exports_what_the_header_declares_and_is_small(prefix: Path) -> None:
    library = prefix / "lib" / "libhashtable.so"
    listing = run_well("nm", "-D", "--defined-only", library).decode()
    assert {line.split()[-1].split("@")[0] for line in listing.splitlines()} == {p.name for p in prototypes()}
    assert library.stat().st_size < 450_000


def test_the_private_libraries_are_those_that_rustc_names(prefix: Path) -> None:
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed")
    command = ("cargo", "rustc", "--quiet", "--lib", "--crate-type", "staticlib")
    target = ROOT / "target" / "native-libs"
    # rustc says it only when it compiles.
    shutil.rmtree(target, ignore_errors=True)
    result = run(*command, "--target-dir", target, "--", "--print", "native-static-libs", cwd=ROOT)
    named = re.search(rb"native-static-libs: (.*)", result.stderr)
    assert named, result.stderr
    private = re.search(
        r"^Libs.private: (.*)$", (prefix / "lib/pkgconfig/hashtable.pc").read_text(), re.MULTILINE
    )
    assert private
    # These two the compiler adds itself, as they fit: with -static there is no libgcc_s.
    assert set(private[1].split()) == set(named[1].decode().split()) - {"-lgcc_s", "-lc"}


def test_destdir_goes_before_the_prefix_and_not_into_the_files(workshop: Workshop, prefix: Path) -> None:
    stage = workshop.out / "stage"
    run_well("make", "--silent", "install", "PREFIX=/opt/ours", f"DESTDIR={stage}", cwd=ROOT)
    text = (stage / "opt/ours/lib/pkgconfig/hashtable.pc").read_text()
    assert "prefix=/opt/ours\n" in text
    assert str(stage) not in text
    run_well("make", "--silent", "uninstall", "PREFIX=/opt/ours", f"DESTDIR={stage}", cwd=ROOT)
    assert [path for path in stage.rglob("*") if not path.is_dir()] == []
    assert not (stage / "opt/ours/include/hashtable-talk").exists()


def test_the_man_page_is_well_formed_and_names_every_function() -> None:
    page = ROOT / "man" / "hashtable.3"
    text = page.read_text()
    named = set(re.findall(r"^\.Fn (\w+)", text.split(".Sh DESCRIPTION")[0], re.MULTILINE))
    assert named == {each.name for each in prototypes()}
    if shutil.which("man") is None or shutil.which("groff") is None:
        pytest.skip("there is no groff to format the page with")
    result = run("env", "LC_ALL=C.UTF-8", "man", "--warnings", "-l", page)
    assert result.returncode == 0
    assert result.stderr == b""
    assert b"ht_upsert" in result.stdout


def test_the_man_pages_example_runs(workshop: Workshop) -> None:
    text = (ROOT / "man" / "hashtable.3").read_text()
    code = text.split(".Bd -literal\n")[1].split(".Ed\n")[0].replace("\\e", "\\")
    program = workshop.compile(workshop.write("example.c", code))
    counts = run_well(program, stdin=b"to be or not to be\n").decode().splitlines()
    assert sorted(counts) == ["1 not", "1 or", "2 be", "2 to"]
