"""The machine that runs the pages sees what is wrong with one."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from machinery import pages
from machinery.generated import GENERATED
from machinery.masks import shown
from machinery.running import Outcome, run

THIS, OTHER = (f"{sign}3.{sys.version_info[1]}" for sign in (">=", "<"))


def page(kind: str, *lines: str) -> str:
    name, _, argument = kind.partition(" ")
    return "\n".join([f"```{{{name}}} {argument}".rstrip(), *lines, "```", ""])


def outcomes(text: str, folder: Path) -> list[Outcome]:
    return [outcome for _, outcome in run(text, folder)]


def complaints(text: str, folder: Path) -> list[str]:
    return [outcome.complaint for outcome in outcomes(text, folder) if outcome.complaint]


@pytest.mark.parametrize(
    ("said", "printed", "on_the_site"),
    [
        (["a", "b"], ["a", "b"], ["a", "b"]),
        (["a", "..."], ["a", "b", "c"], ["a", "..."]),
        (["...", "c"], ["a", "b", "c"], ["...", "c"]),
        (["a", "...", "c"], ["a", "c"], ["a", "...", "c"]),
        (["at 0x1"], ["at 0x2f"], ["at 0x2f"]),
        (["a"], ["a", "b"], None),
        (["...", "b"], ["a", "b", "c"], None),
        (["a", "b"], ["a"], None),
        ([], ["a"], None),
    ],
)
def test_what_was_printed_is_compared(
    said: list[str], printed: list[str], on_the_site: list[str] | None
) -> None:
    assert shown(said, printed, ["addresses"]) == on_the_site


def test_a_mask_has_to_be_asked_for() -> None:
    assert shown(["at 0x1"], ["at 0x2"], []) is None


def test_a_page_is_a_session(tmp_path: Path) -> None:
    text = page("file a.txt", "hello") + page("console", "$ cat a.txt", "hello", "$ rm a.txt")
    text += page("python", ">>> x = 1", ">>> print('a\\n\\nb')", "a", "<BLANKLINE>", "b")
    text += page(
        "python",
        ">>> x",
        "1",
        ">>> x.y",
        "Traceback (most recent call last):",
        "    ...",
        "AttributeError: 'int' object has no attribute 'y'",
    )
    assert complaints(text, tmp_path) == []
    assert outcomes(text, tmp_path)[2].body == ">>> x = 1\n>>> print('a\\n\\nb')\na\n\nb\n"


@pytest.mark.parametrize(
    "text",
    [
        page("console", "$ echo a", "b"),
        page("console", "$ echo a"),
        page("console", "$ false"),
        page("console", ":status: 2", "$ false"),
        page("python", ">>> 1 + 1", "3"),
        page("python", ">>> import os; os._exit(3)"),
    ],
)
def test_what_is_not_as_it_says_is_told(text: str, tmp_path: Path) -> None:
    assert len(complaints(text, tmp_path)) == 1


def test_what_it_printed_is_what_the_page_is_mended_to(tmp_path: Path) -> None:
    (outcome,) = outcomes(page("console", "$ printf 'a\\n\\nb\\n'", "b"), tmp_path)
    assert outcome.update == "$ printf 'a\\n\\nb\\n'\na\n\nb\n"
    assert complaints(page("console", outcome.update.rstrip()), tmp_path) == []


def test_a_block_for_another_python_is_not_there(tmp_path: Path) -> None:
    text = page("console", f":python: {OTHER}", "$ false") + page("console", f":python: {THIS}", "$ true")
    assert complaints(text, tmp_path) == []
    assert [outcome.body for outcome in outcomes(text, tmp_path)] == ["", "$ true\n"]
    sometimes = f"<!-- on {THIS} -->\nyes\n<!-- end -->\n<!-- on {OTHER} -->\nno\n<!-- end -->\n"
    assert pages.for_this_python(sometimes) == "yes\n"


def test_what_needs_a_tool_that_is_not_there_is_as_it_was_recorded(tmp_path: Path) -> None:
    (outcome,) = outcomes(page("console", ":needs: no-such-tool", "$ no-such-tool", "recorded"), tmp_path)
    assert (outcome.skipped, outcome.complaint) == ("there is no no-such-tool", "")
    assert "recorded" in outcome.body


def test_the_headers_of_this_python_are_a_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page("console", ":needs: python.h", "$ echo ran", "ran")
    monkeypatch.setattr(pages.sysconfig, "get_path", {"include": str(tmp_path)}.get)
    assert [outcome.skipped for outcome in outcomes(text, tmp_path)] == ["there is no python.h"]
    (tmp_path / "Python.h").touch()
    assert [outcome.skipped for outcome in outcomes(text, tmp_path)] == [""]


def test_the_hints_of_a_grader_are_put_behind_a_click() -> None:
    assert re.findall(r"^:::\{dropdown\} (.*)\n\w", GENERATED["hints-1"](), re.MULTILINE) == [
        "Hint 1",
        "Hint 2",
        "Hint 3",
    ]


@pytest.mark.parametrize(
    "text",
    [page("console", "a"), page("console"), page("file", "a"), page("console", ":colour: red", "$ true")],
)
def test_a_block_that_nobody_could_run_is_told_with_its_line(text: str, tmp_path: Path) -> None:
    with pytest.raises(pages.BadPageError, match="line 1: "):
        run(text, tmp_path)


def test_a_picture_is_drawn_anew(tmp_path: Path) -> None:
    (outcome,) = outcomes(page("draw A circle", "$ echo '<svg/>' > a.svg # --svg a.svg"), tmp_path)
    assert [path.read_text() for path in outcome.pictures] == ["<svg/>\n"]
