"""Each demo does what it says, on this interpreter, and the ledger names the line that was broken."""

from __future__ import annotations

import re
import subprocess

import pytest
from laboratory import NAMES, command, examined, told

from hashtable_lab import glass
from hashtable_lab.demo import OUTCOMES, demo, immortal_none
from hashtable_lab.svg import draw

each_demo = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in NAMES]
)


def test_every_specimen_has_a_demo() -> None:
    assert sorted(glass.specimens()) == NAMES
    assert {"segfault", "leak", "none", "builtins", "get", "cycle", "reentry"} <= set(NAMES)


@each_demo
def test_what_comes_of_it_is_what_is_stated(name: str) -> None:
    examination = examined(name)
    assert examination.outcome == demo(name).stated, (examination.broken.words(), examination.broken.stderr)


@each_demo
def test_the_healthy_run_is_well_and_leaves_nothing(name: str) -> None:
    healthy = examined(name).healthy
    assert (healthy.status, healthy.stderr, healthy.accounts) == (0, "", [])


def changed_lines(patch: str) -> set[int]:
    """The lines of the source that a patch takes away, and those that it puts something before."""
    found, number = set(), 0
    for line in patch.splitlines():
        head = re.match(r"@@ -(\d+)", line)
        if head:
            number = int(head[1])
        elif number:
            if line[:1] in ("-", "+"):
                found.add(number)
            number += line[:1] != "+"
    return found


@each_demo
def test_the_ledger_names_the_broken_line(name: str) -> None:
    verdict = examined(name).verdict
    assert verdict is not None
    if name == "cycle":
        # No line is to blame for what was never called; what was not shown to the collector is.
        assert verdict.kind == "never called"
        assert [account["held"] - account["shown"] for account in examined(name).broken.accounts or []] == [1]
        return
    patch = glass.specimens()[name]
    file, _, line = verdict.place.rpartition(":")
    if name == "none":
        # It is the line that asks for a None which is named, of the many that do.
        assert "api::none" in glass.sources()[file].splitlines()[int(line) - 1]
        return
    assert f"--- a/{file}\n" in patch
    # What is put before a line takes the line's place.
    assert changed_lines(patch) & {int(line), int(line) + 1}, verdict.place


@each_demo
def test_a_death_is_told_with_the_programs_line(name: str) -> None:
    broken = examined(name).broken
    if broken.died and not broken.at_end:
        assert broken.line is not None
        assert f"at line {broken.line}" in broken.words()


def test_none_is_silent_where_it_is_immortal_and_fatal_where_it_is_not() -> None:
    assert demo("none").stated == ("silent" if immortal_none() else "dies")
    assert "3.12" in demo("none").reason


@each_demo
def test_the_diff_that_mends_it_is_the_specimens_the_other_way_round(name: str, tmp_path) -> None:
    patch = glass.specimens()[name]
    file = re.search(r"^--- a/(.*)$", patch, re.MULTILINE)[1]
    source = tmp_path / file
    source.parent.mkdir(parents=True)
    source.write_text(glass.sources()[file])
    for diff in (patch, glass.mending(patch)):
        subprocess.run(["patch", "-p1", "--quiet"], cwd=tmp_path, input=diff, text=True, check=True)
    assert source.read_text() == glass.sources()[file]


@pytest.mark.xdist_group("segfault")
def test_the_command_tells_the_whole_story_and_succeeds() -> None:
    done = command("demo", "segfault", "--fixed")
    assert done.exit_code == 0, done.output
    story = " ".join(done.output.split())
    verdict = examined("segfault").verdict
    assert verdict is not None
    for part in (
        "It died at line",
        " ".join(verdict.sentence().split()),
        "As users run it",
        "What mends it",
        "The healthy run",
        "As it should be: the process dies.",
    ):
        assert part in story, part


@pytest.mark.xdist_group("leak")
def test_the_command_tells_it_to_programs_too() -> None:
    story = told("demo", "leak", "--no-native", "--fixed")
    assert (story["demo"], story["stated"], story["outcome"], story["as_stated"]) == (
        "leak",
        "leaks",
        "leaks",
        True,
    )
    assert [run["allocator"] for run in story["runs"]] == ["debug", "pymalloc"]
    assert "changed by 3" in story["runs"][0]["printed"]
    assert "changed by 0" in story["fixed"]["printed"]
    assert story["verdict"]["kind"] == "not given back"
    assert story["verdict"]["object"] == {"type": "function", "text": "my_hash"}
    assert story["timeline"]["rows"][story["timeline"]["first_difference"]]["broken_count"] is None
    assert story["diff"].startswith("--- a/src/python/lifecycle.rs")


def test_the_list_says_of_each_what_comes_of_it_here() -> None:
    listed = told("demo", "list")
    assert [each["name"] for each in listed] == NAMES
    assert {each["stated"] for each in listed} <= set(OUTCOMES)
    printed = command("demo", "list").output
    assert all(re.search(rf"^{name} ", printed, re.MULTILINE) for name in NAMES)


@pytest.mark.xdist_group("leak")
def test_the_picture_of_a_demo_shows_both_lines_and_the_first_difference(tmp_path) -> None:
    import xml.etree.ElementTree as ElementTree

    life = examined("leak").timeline
    assert life is not None
    root = ElementTree.fromstring(draw(life, "a <title> & more"))
    kinds = [element.get("class") for element in root.iter() if element.get("class")]
    assert kinds.count("healthy-mark") == 1 + sum(row.healthy is not None for row in life.rows)
    assert kinds.count("broken-mark") == 1 + sum(row.broken is not None for row in life.rows)
    assert kinds.count("band") == 1
    done = command("diff", "leak", "--svg", str(tmp_path / "leak.svg"))
    assert done.exit_code == 0, done.output
    ElementTree.parse(tmp_path / "leak.svg")
