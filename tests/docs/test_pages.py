"""Every page of the site: what it runs prints what it says, and it has in it what such a page has."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from machinery import pages
from machinery.running import run

ALL = pages.page_files()
CHAPTERS = [page for page in ALL if page.parent.name in ("talk", "beyond")]
PARTS = ["What you will see", "Predict", "Run", "Why", "Change one line", "Check yourself"]
HUNTS = [page for page in ALL if page.parent.name == "hunt" and not page.name.startswith("00")]
PARTS_OF_A_HUNT = [
    "What the user saw",
    "The failing test",
    "Hints",
    "The tool that finds it",
    "The fix",
    "What it would have cost",
]


def named(path: Path) -> str:
    return str(path.relative_to(pages.DOCS))


@pytest.mark.parametrize("page", ALL, ids=named)
def test_what_a_page_runs_prints_what_it_says(page: Path, tmp_path: Path) -> None:
    results = run(page.read_text(encoding="utf-8"), tmp_path)
    complaints = [f"line {it.block.line}: {it.complaint}" for _, it in results if it.complaint]
    assert not complaints, "\n\n".join(complaints)
    skipped = [f"line {it.block.line}: {it.skipped}" for _, it in results if it.skipped]
    if skipped:
        pytest.skip("; ".join(skipped))


@pytest.mark.parametrize("page", ALL, ids=named)
def test_a_page_shows_no_code_that_is_not_run(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    fences = re.findall(r"^```+ *(\S.*)$", text, flags=re.MULTILINE)
    directives = {*pages.KINDS, "literalinclude", "generated", "toctree", "figure", "admonition"}
    known = {f"{{{kind}}}" for kind in directives}
    assert {fence.split()[0] for fence in fences} <= {*known, "sh"}


@pytest.mark.parametrize("page", ALL, ids=named)
def test_each_make_target_that_a_page_names_exists(page: Path) -> None:
    shell = re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for line in "".join(shell).splitlines():
        command = line.partition("#")[0].strip()
        assert command.startswith("make ")
        target = command.split()[1]
        subprocess.run(["make", target, "--dry-run"], cwd=pages.ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("page", CHAPTERS, ids=named)
def test_a_chapter_has_its_parts_in_order_and_an_exercise(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == PARTS
    number = int(page.name[:2])
    assert re.search(rf"^\$ htlab lesson start {number}$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("page", HUNTS, ids=named)
def test_a_defect_has_its_parts_in_order_and_an_exercise(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == PARTS_OF_A_HUNT
    number = int(page.name[:2])
    before, _, after = text.partition("## The fix\n")
    assert re.search(rf"^\$ htlab lesson start hunt-{number}$", before, flags=re.MULTILINE)
    assert f"## Hints\n\n```{{generated}} hints-{number}\n```\n" in before
    # Both are run: the test fails before the fix, and passes after it.
    assert "all is well" not in before
    assert after.count("\nall is well\n") == 1


def test_each_defect_has_a_page_and_the_first_page_names_them_all() -> None:
    exercises = {folder.name[5:] for folder in pages.ROOT.glob("hashtable_lab/lessons/hunt_*")}
    assert {page.name[:2] for page in HUNTS} == exercises
    index = pages.DOCS.joinpath("hunt", "00-the-hunt.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\(([^)]+\.md)\)", index) == [page.name for page in HUNTS]
