"""The findings rest on the rows beside them, and these on the sweeps that are written down."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from machinery import findings
from machinery.pages import DOCS

PAGE = (DOCS / "findings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", findings.SWEEPS)
def test_the_rows_are_those_of_the_sweep_that_is_written_down(name: str) -> None:
    asked = findings.SWEEPS[name]
    rows = list(findings.read(name))
    assert {row["hash_func"] for row in rows} == set(asked.get("hashes", "hash").split(","))
    assert {row["keys"] for row in rows} == set(asked.get("keys", "random").split(","))
    assert {row["operation"] for row in rows if row["metric"] == "ns"} == {
        "loop",
        *asked["operations"].split(","),
    }
    assert len({row["machine"] for row in rows}) == 1


@pytest.mark.parametrize("name", findings.TABLES)
def test_a_table_has_what_was_measured_in_every_cell(name: str) -> None:
    head, _, *lines = (line for line in findings.table(name).splitlines() if line.startswith("|"))
    assert lines
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == head.count("|") - 1
        # A dict has no knobs, no chains, and counts nothing.
        assert "`dict`" in line or all(cells), line


def test_each_finding_asks_predicts_and_names_its_rows() -> None:
    questions = PAGE.split("\n## ")[1:]
    assert len(questions) == 7
    for question in questions[:-1]:
        assert "**Predict:**" in question
        assert "{generated} finding-" in question
    used = set(re.findall(r"\{generated\} finding-(\S+)", PAGE))
    assert used == set(findings.TABLES)


def test_a_sweep_is_kept_with_its_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "ROWS", tmp_path / "rows")
    monkeypatch.setattr(findings, "PICTURES", tmp_path / "pictures")
    page = tmp_path / "page.md"
    page.write_text("```{figure} plots/findings/tiny-chains.svg")
    monkeypatch.setattr(findings, "PAGE", page)
    monkeypatch.setitem(findings.SWEEPS, "tiny", {"n": "10,20,30", "rounds": "1", "operations": "hit"})
    findings.sweep("tiny")
    with (tmp_path / "rows" / "tiny.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["n"] for row in rows} == {"10", "20", "30"}
    assert not any(row["metric"].startswith("bins_of_length") for row in rows)
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["tiny-chains.svg"]
