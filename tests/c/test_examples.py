"""The examples: they compile strictly, say what they must, and lose nothing."""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from .workshop import ROOT, STRICT, Workshop, run, run_well

EXAMPLES = ROOT / "examples"
# Large, real, and there wherever Python is.
TEXT = Path(re.__file__).parent.parent / "typing.py"
LINKINGS = ("shared", "static")

CACHE = """\
Here begins page 1.
Here begins page 2.
Here begins page 1.
Here begins page 3.
  page 2 goes
Here begins page 4.
Here begins page 1.
  page 3 goes
Here begins page 2.
  page 4 goes
Here begins page 5.
Here begins page 1.
3 hits, 6 misses; now the rest:
"""


def counted(path: Path) -> str:
    """What the word counter has to say of a file."""
    words = Counter(re.findall(rb"[A-Za-z0-9_]+", path.read_bytes()))
    ranked = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
    return "".join(f"{count:10} {word.decode()}\n" for word, count in ranked)


@pytest.mark.parametrize("linking", LINKINGS)
def test_the_word_counter_counts(workshop: Workshop, linking: str) -> None:
    program = workshop.compile(EXAMPLES / "wordcount.c", linking)
    assert run_well(program, TEXT, "1000000").decode() == counted(TEXT)
    assert len(run_well(program, TEXT).splitlines()) == 10


def test_the_word_counters_of_the_benchmark_agree(workshop: Workshop) -> None:
    expected = "".join(line + "\n" for line in counted(TEXT).splitlines()[:10]).encode()
    if shutil.which("c++") is None:
        pytest.skip("no C++ compiler is installed")
    rivals = ROOT / "benches" / "wordcount"
    assert run_well(workshop.compile(rivals / "std.cpp", std="c++17"), TEXT) == expected
    asked = ("pkg-config", "--cflags", "--libs", "glib-2.0")
    if shutil.which("pkg-config") is None or run(*asked).returncode != 0:
        pytest.skip("GLib is not installed, as far as pkg-config knows")
    options = run_well(*asked).decode().split()
    run_well("cc", *STRICT, rivals / "glib.c", "-o", workshop.out / "glib", *options)
    assert run_well(workshop.out / "glib", TEXT) == expected


def test_the_word_counter_bears_any_file(workshop: Workshop) -> None:
    program = workshop.compile(EXAMPLES / "wordcount.c")
    strange = workshop.out / "strange"
    for content in (b"", b"\n", b"a", b"\0\xff a\0a \n\n a" + b"x" * 100_000, bytes(range(256)) * 50):
        strange.write_bytes(content)
        assert run_well(program, strange, "1000000").decode() == counted(strange)
    assert run(program).returncode == 1
    assert run(program, workshop.out / "no such file").returncode == 1


@pytest.mark.parametrize("linking", LINKINGS)
def test_the_custom_hash_is_as_good_as_it_should_be(workshop: Workshop, linking: str) -> None:
    said = run_well(workshop.compile(EXAMPLES / "custom_hash.c", linking)).decode()
    longest = dict(re.findall(r"^(\S+) .*longest chain +(\d+)", said, re.MULTILINE))
    assert longest["talk"] == "10000"
    assert int(longest["FNV-1a"]) < 10
    assert int(longest["SipHash"]) < 10


@pytest.mark.parametrize("linking", LINKINGS)
def test_the_cache_forgets_what_was_not_used(workshop: Workshop, linking: str) -> None:
    said = run_well(workshop.compile(EXAMPLES / "cache.c", linking)).decode()
    assert said.startswith(CACHE)
    # In no particular order: the seed is random.
    assert sorted(said[len(CACHE) :].splitlines()) == [
        "  page 1 goes",
        "  page 2 goes",
        "  page 5 goes",
        "6 pages made, 6 destroyed",
    ]


@pytest.mark.parametrize("std", ["c++11", "c++20"])
def test_cpp_is_served(workshop: Workshop, std: str) -> None:
    if shutil.which("c++") is None:
        pytest.skip("no C++ compiler is installed")
    said = run_well(workshop.compile(EXAMPLES / "cpp_use.cpp", std=std)).decode()
    assert said == "162\n10\n1005 items in 2048 bins\nno table: invalid argument\n"


def test_ctypes_opens_the_third_door(workshop: Workshop) -> None:
    said = run_well(sys.executable, EXAMPLES / "ctypes_use.py", workshop.shared).decode()
    assert said == "4 1764 4064256\n[]*\n[]\n[]*\n[]\n[]\n[]\n[]*\n[]\n"


@pytest.mark.parametrize("source", ["wordcount.c", "custom_hash.c", "cache.c", "cpp_use.cpp"])
def test_the_examples_are_clean_under_valgrind(
    workshop: Workshop, valgrind: Sequence[str], source: str
) -> None:
    std = "c++11" if source.endswith(".cpp") else "c99"
    program = workshop.compile(EXAMPLES / source, std=std)
    run_well(*valgrind, program, *([TEXT] if source == "wordcount.c" else []))
