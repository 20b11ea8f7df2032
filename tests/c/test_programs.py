"""The C programs of this directory and of examples/: they pass, print what they must, and lose nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from .workshop import ROOT, Workshop, run, run_well

HERE = Path(__file__).resolve().parent
UNIT_TESTS = ("rules", "bad_input", "ownership", "beyond", "defects", "model")
LINKINGS = ("shared", "static")
TALK = ("include/talk",)
TALK_STYLE = HERE / "talk_style.c"
WALKTHROUGH = ROOT / "examples" / "walkthrough.c"


@pytest.mark.parametrize("linking", LINKINGS)
@pytest.mark.parametrize("name", UNIT_TESTS)
def test_unit_tests_pass(workshop: Workshop, name: str, linking: str) -> None:
    run_well(workshop.compile(HERE / f"{name}.c", linking))


@pytest.mark.parametrize("name", UNIT_TESTS)
def test_unit_tests_are_clean_under_valgrind(workshop: Workshop, valgrind: Sequence[str], name: str) -> None:
    fewer = ["3000", "5000"] if name == "model" else []
    run_well(*valgrind, workshop.compile(HERE / f"{name}.c"), *fewer)


WRAP = "-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=free"


def test_nothing_is_lost_and_nothing_is_wrong_while_one_allocation_in_five_fails(workshop: Workshop) -> None:
    run_well(workshop.compile(HERE / "faults.c", flags=[WRAP]), "1000000")


def test_each_request_for_memory_of_each_function_can_fail(workshop: Workshop) -> None:
    run_well(workshop.compile(HERE / "no_memory.c", flags=[WRAP]))


def test_failing_allocations_are_clean_under_valgrind(workshop: Workshop, valgrind: Sequence[str]) -> None:
    run_well(*valgrind, workshop.compile(HERE / "faults.c", flags=[WRAP]), "20000")
    run_well(*valgrind, workshop.compile(HERE / "no_memory.c", flags=[WRAP]), "without the limit")


def test_a_check_that_fails_fails_the_program(workshop: Workshop) -> None:
    planted = '#include "check.h"\nint main(void) { CHECK(integer(1).i == 2); return report(); }\n'
    program = workshop.compile(workshop.write("planted.c", planted), include=("include", "tests/c"))
    result = run(program)
    assert result.returncode == 1
    assert b"not so: integer(1).i == 2" in result.stderr


def test_a_program_without_checks_fails(workshop: Workshop) -> None:
    idle = '#include "check.h"\nint main(void) { return report(); }\n'
    program = workshop.compile(workshop.write("idle.c", idle), include=("include", "tests/c"))
    assert run(program).returncode == 1


def test_a_table_that_was_freed_is_told_as_far_as_it_can_be(workshop: Workshop) -> None:
    # Not under valgrind: it looks into memory that was freed, which is what valgrind is there to forbid.
    run_well(workshop.compile(HERE / "freed.c"))


@pytest.mark.parametrize("linking", LINKINGS)
@pytest.mark.parametrize("std", ["gnu89", "c99", "c11", "gnu17"])
def test_the_talks_program_prints_what_a_pencil_did(workshop: Workshop, std: str, linking: str) -> None:
    program = workshop.compile(TALK_STYLE, linking, TALK, std)
    assert run_well(program) == (HERE / "talk_style.txt").read_bytes()


def test_the_talks_program_is_clean_under_valgrind(workshop: Workshop, valgrind: Sequence[str]) -> None:
    program = workshop.compile(TALK_STYLE, include=TALK)
    assert run_well(*valgrind, program) == (HERE / "talk_style.txt").read_bytes()


def test_printing_to_a_full_disk_is_survived(workshop: Workshop) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    program = workshop.compile(TALK_STYLE, include=TALK)
    run_well("sh", "-c", 'exec "$0" > /dev/full', program)


@pytest.mark.parametrize("linking", LINKINGS)
def test_the_walkthrough_tells_its_story_in_80_columns(workshop: Workshop, linking: str) -> None:
    lines = run_well(workshop.compile(WALKTHROUGH, linking, TALK)).decode().splitlines()
    assert lines[0].startswith("A table of 4 bins.")
    assert lines[-1] == "Everything is freed: table, items, strings."
    assert [line for line in lines if len(line) > 80] == []
    assert "[]********" in lines, "eight towns in one bin"


def test_the_walkthrough_is_clean_under_valgrind(workshop: Workshop, valgrind: Sequence[str]) -> None:
    run_well(*valgrind, workshop.compile(WALKTHROUGH, include=TALK))


@pytest.mark.parametrize("linking", LINKINGS)
def test_a_program_is_linked_the_way_its_test_says(workshop: Workshop, linking: str) -> None:
    needed = run_well("readelf", "-d", workshop.compile(HERE / "rules.c", linking))
    assert (b"libhashtable.so" in needed) == (linking == "shared")
