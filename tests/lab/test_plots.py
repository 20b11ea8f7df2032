"""`htlab plot`: each picture is there if there is something to draw, and says what the table says."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from laboratory import command, told

pytest.importorskip("matplotlib")

from matplotlib import pyplot as plt

from hashtable_lab.plots import figures
from hashtable_lab.plots.rows import Rows, names
from hashtable_lab.sweep.grid import Plan, Point
from hashtable_lab.sweep.run import run
from hashtable_lab.sweep.store import Store

PLAN = Plan(
    hash_funcs=("hash", "fibonacci", "dict"),
    keys=("random", "strided:4096"),
    max_loads=(0.25, 0.5, 1.0),
    ns=(50, 200),
    operations=("insert", "hit"),
    rounds=1,
)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    assert run(Store(folder, PLAN), 2, lambda *_: None) == []
    return folder


@pytest.fixture(scope="module")
def rows(swept: Path) -> Rows:
    return Rows.read(swept)


def test_all_pictures_are_in_one_page_that_needs_nothing_else(swept: Path) -> None:
    drawn = told("plot", str(swept))
    assert drawn["figures"] == ["load", "chains", "matrix", "costs", "dict"]
    for name in drawn["figures"]:
        assert (swept / f"{name}.png").read_bytes()[:4] == b"\x89PNG"
    page = (swept / "index.html").read_text(encoding="utf-8")
    assert page.count("<img") == len(drawn["figures"]) + len(drawn["maps"])
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert "Python 3." in page


def test_pictures_are_the_same_for_the_same_figures(swept: Path) -> None:
    command("plot", str(swept))
    before = {path.name: path.read_bytes() for path in swept.glob("*.svg")}
    command("plot", str(swept))
    assert before == {path.name: path.read_bytes() for path in swept.glob("*.svg")}


def test_chains_are_those_of_the_table_beside_those_of_chance(rows: Rows) -> None:
    point = Point("fibonacci", "random", 4, 0.5, 200)
    _, axis = plt.subplots()
    figures.one_chain(axis, rows, point, "")
    (chance,) = axis.get_lines()
    # 200 keys in 512 bins.
    assert chance.get_ydata()[0] == pytest.approx(math.exp(-200 / 512))
    lengths = rows.lengths(point)
    assert axis.patches[0].get_height() == pytest.approx(lengths[0] / 512)
    assert sum(patch.get_height() for patch in axis.patches) == pytest.approx(1)
    plt.close()


def test_the_matrix_has_what_was_counted(rows: Rows) -> None:
    figure = figures.matrix(rows)
    assert figure is not None
    texts = {text.get_text() for text in figure.axes[0].texts}
    # All 200 in one bin: (1 + 200) / 2 on average.
    assert "100" in texts
    plt.close(figure)


def test_a_table_is_compared_with_those_of_as_many_keys(rows: Rows, tmp_path: Path) -> None:
    figure = figures.by_load(rows)
    assert figure is not None
    for line in figure.axes[0].get_lines():
        # 200 keys at three maximum loads; at 50 they would lie between.
        assert list(line.get_xdata()) == [200 / 1024, 200 / 512, 200 / 256]
    plt.close(figure)
    assert figures.by_keys(rows) is None
    ns = (10, 100, 1000, 10_000)
    run(Store(tmp_path, Plan(ns=ns, operations=("hit",), rounds=1)), 1, lambda *_: None)
    figure = figures.by_keys(Rows.read(tmp_path))
    assert figure is not None
    assert list(figure.axes[0].get_lines()[0].get_xdata()) == list(ns)
    plt.close(figure)


def test_a_saw_tooth_wants_a_close_sampling(rows: Rows, tmp_path: Path) -> None:
    assert figures.saw_tooth(rows) is None
    run(
        Store(tmp_path, Plan(ns=tuple(range(10, 100, 10)), operations=("insert",), rounds=1)),
        1,
        lambda *_: None,
    )
    figure = figures.saw_tooth(Rows.read(tmp_path))
    assert figure is not None
    (moved,) = figure.axes[1].get_lines()
    # At 10 keys the bins have been doubled with 2, 4 and 8 in them.
    assert next(iter(moved.get_xdata())) == 10
    assert next(iter(moved.get_ydata())) == pytest.approx((2 + 4 + 8) / 10)
    plt.close(figure)


def test_points_are_named_by_what_tells_them_apart() -> None:
    one, two = Point("hash", "random", 4, 0.5, 10), Point("a/mine.py:f", "random", 4, 1.0, 10)
    assert names([one, two]) == {one: "hash, max load 0.5", two: "mine.py:f, max load 1.0"}
    assert names([one]) == {one: "hash"}


@pytest.mark.parametrize("text", ["", "nonsense\n1\n"])
def test_what_is_no_sweep_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "results.csv").write_text(text)
    done = command("plot", str(tmp_path))
    assert done.exit_code == 1
    assert "sweep" in done.output or "empty" in done.output
