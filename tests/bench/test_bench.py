"""`make bench` computes what it says. Nothing here depends on how long anything takes."""

from __future__ import annotations

import csv
import json
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from benches import build_c, demands, plan, report, run
from benches.samples import Place, Samples, Spread

SIDES = ("python", "c", "rust")


def record(contender: str, number: int, value: float, **where: Any) -> dict[str, Any]:
    place = {"side": "python", "interpreter": "3.13.0", "workload": "hit-get", "keys": "ints", "n": 1000}
    return {**place, "contender": contender, "round": number, "value": value, "unit": "ns", **where}


def leave(folder: Path, records: list[dict[str, Any]], **about: Any) -> None:
    """What a run leaves in its folder."""
    lines = (json.dumps(each) + "\n" for each in records)
    (folder / report.SAMPLES).write_text("".join(lines))
    sides = {"Python 3.13.0": {"about": {"python": "3.13.0"}, "skipped": ["rpds-py: not there"]}}
    conditions = {"processor": "an abacus", "options": "--quick"}
    (folder / report.ABOUT).write_text(json.dumps({"conditions": conditions, "sides": sides, **about}))


def csv_rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


# ---- Figures -----------------------------------------------------------------------------------------------


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    # A slow second round: the ratio of the medians would be 20 / 10.
    dict_ns, ours_ns = [10, 40, 10], [9, 36, 20]
    records = [record("dict", number, value) for number, value in enumerate(dict_ns)]
    records += [record("HashTable", number, value) for number, value in enumerate(ours_ns)]
    place = Place("python", "3.13.0", "hit-get", "ints", 1000)
    ratio = Samples(records).ratio(place, "HashTable", "dict")
    assert ratio == Spread(0.9, 0.9, 1.45, 3)


def test_a_round_that_one_of_them_missed_has_no_ratio() -> None:
    records = [record("dict", 0, 10), record("dict", 1, 10), record("HashTable", 1, 5)]
    place = Place("python", "3.13.0", "hit-get", "ints", 1000)
    assert Samples(records).ratio(place, "HashTable", "dict") == Spread(0.5, 0.5, 0.5, 1)
    assert Samples(records).ratio(place, "HashTable", "MultiDict") is None


def test_a_hash_function_is_measured_by_our_own_operation_and_the_bare_call() -> None:
    figures = {"get, hash function": 110, "get, own hash": 40, "map(f, keys)": 70, "empty loop": 10}
    records = [record(name, 0, value, workload="hash-function") for name, value in figures.items()]
    place = Place("python", "3.13.0", "hash-function", "ints", 1000)
    measured = Samples(records).hash_function(place, "get")
    assert measured is not None
    assert measured.median == pytest.approx(1.1)


@pytest.mark.parametrize(("ours", "met"), [(9.5, "yes"), (9.6, "no")])
def test_a_demand_is_met_up_to_its_limit(tmp_path: Path, ours: float, met: str) -> None:
    leave(tmp_path, [record("dict", 0, 10), record("HashTable", 0, ours)])
    report.write(tmp_path)
    (row,) = csv_rows(tmp_path / "demands.csv")
    assert (row["limit"], row["met"]) == ("0.95", met)
    said = "of 0.95: met" if met == "yes" else "of 0.95: **no**"
    assert said in (tmp_path / "results.md").read_text()


def test_the_limit_of_an_interpreter_built_with_profiles_is_its_own() -> None:
    def judged(interpreter: str) -> bool:
        where = {"workload": "hit-item", "interpreter": interpreter}
        samples = Samples([record("dict", 0, 10, **where), record("HashTable", 0, 11, **where)])
        ((_, cells),) = demands.judge(samples, "python", interpreter)
        return cells[1000].met

    assert (judged("3.13.0"), judged("3.13.0 PGO")) == (False, True)


def test_the_tables_say_on_what_they_were_measured_and_what_was_left_out(tmp_path: Path) -> None:
    leave(tmp_path, [record("dict", 0, 10)], interrupted=True)
    report.write(tmp_path)
    for name in ("results.csv", "results.md"):
        text = (tmp_path / name).read_text()
        assert "an abacus" in text
        assert "rpds-py: not there" in text
    assert "interrupted" in (tmp_path / "results.md").read_text()
    (row,) = csv_rows(tmp_path / "results.csv")
    assert (row["contender"], row["median"], row["rounds"]) == ("dict", "10", "1")


def test_samples_that_were_cut_off_are_read_up_to_there(tmp_path: Path) -> None:
    leave(tmp_path, [record("dict", 0, 10)])
    with (tmp_path / report.SAMPLES).open("a") as file:
        file.write('{"side": "pyth')
    samples, _ = report.read(tmp_path)
    assert len(samples.by_place) == 1


# ---- The plan ----------------------------------------------------------------------------------------------


def test_every_demand_is_measured_by_the_full_plan() -> None:
    for demand in demands.DEMANDS:
        for n in demand.limits:
            found = [
                task
                for task in plan.tasks(demand.side, quick=False)
                if (task.keys, task.n) == (demand.keys, n) and demand.workload in task.workloads
            ]
            assert found, (demand, n)


def test_no_place_is_measured_twice() -> None:
    for side in SIDES:
        for quick in (False, True):
            tasks = plan.tasks(side, quick)
            places = [(task.keys, task.n, workload) for task in tasks for workload in task.workloads]
            assert len(places) == len(set(places)), (side, quick)


def test_workloads_are_chosen_by_name_and_by_keys() -> None:
    tasks = plan.chosen(plan.tasks("python", quick=True), ["hit*", "pop/dense"], [], None, None)
    chosen = {(task.keys, workload) for task in tasks for workload in task.workloads}
    assert ("ints", "hit-get") in chosen
    assert ("dense", "pop") in chosen
    assert ("ints", "pop") not in chosen


def test_sizes_take_the_place_of_the_planned_ones() -> None:
    tasks = plan.chosen(plan.tasks("python", quick=True), ["hit-get/ints"], [50], 2, "dict")
    assert [(task.keys, task.n, task.rounds, task.contenders) for task in tasks] == [("ints", 50, 2, "dict")]


def test_no_chain_becomes_too_long_to_wait_for() -> None:
    tasks = plan.chosen(plan.tasks("c", quick=False), [], [1_000, 1_000_000], None, None)
    assert {task.n for task in tasks if task.keys == "one-bin-ints"} == {1_000}


# ---- The sides ---------------------------------------------------------------------------------------------


class Progress:
    """Takes the place of the display."""

    def __init__(self, total: float) -> None:
        self.total, self.n = total, 0.0

    def update(self, weight: float) -> None:
        self.n += weight

    def set_description(self, text: str) -> None:
        pass

    def set_postfix_str(self, text: str) -> None:
        pass


def carried_out(side: run.Side) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What a side measures, and what it says of itself. The display ends where it should."""
    progress = Progress(sum(task.weight() for task in side.tasks))
    about: dict[str, Any] = {"conditions": {}, "sides": {}}
    records = list(run.measure(side, None, about, progress))
    assert progress.n == pytest.approx(progress.total)
    return records, about


@pytest.fixture(scope="module")
def python_run() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    workloads = (*plan.PYTHON, "construct", "construct-items")
    tasks = [
        plan.Task("python", "ints", 20, 1, ("memory-getsizeof",), "dict,UserDict"),
        plan.Task("python", "short-copies", 20, 2, workloads, "dict,UserDict"),
    ]
    script = run.ROOT / "benches" / "python_side.py"
    return carried_out(run.Side("python", sys.executable, [sys.executable, str(script)], tasks))


def test_python_measures_every_workload_in_every_round(python_run: tuple[list[dict[str, Any]], Any]) -> None:
    records, _ = python_run
    for contender, cannot in (("dict", set()), ("UserDict", {"insert-set", "replace-set"})):
        for number in (0, 1):
            done = {
                each["workload"]
                for each in records
                if (each["contender"], each["round"], each["unit"]) == (contender, number, "ns")
            }
            assert done == {*plan.PYTHON, "construct", "construct-items"} - cannot
    assert all(each["value"] > 0 for each in records)


def test_memory_is_what_the_mapping_says(python_run: tuple[list[dict[str, Any]], Any]) -> None:
    records, _ = python_run
    ((contender, value),) = [
        (each["contender"], each["value"]) for each in records if each["unit"] == "bytes"
    ]
    assert contender == "dict"
    assert value * 20 == sys.getsizeof(dict.fromkeys(range(20), 0))


def test_a_run_leaves_tables_and_a_name_for_its_interpreter(
    python_run: tuple[list[dict[str, Any]], dict[str, Any]], tmp_path: Path
) -> None:
    records, about = python_run
    version = platform.python_version()
    assert [name.split()[:2] for name in about["sides"]] == [["Python", version]]
    (tmp_path / report.SAMPLES).write_text("".join(json.dumps(each) + "\n" for each in records))
    (tmp_path / report.ABOUT).write_text(json.dumps(about))
    report.write(tmp_path)
    rows = csv_rows(tmp_path / "results.csv")
    assert {row["contender"] for row in rows} == {"dict", "UserDict"}
    assert "### hit-get, short-copies" in (tmp_path / "results.md").read_text()


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_c_measures_and_says_what_it_had_to_leave_out(monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "absent.c").write_text("#include <no_such_table.h>\n")
    there, absent = build_c.Contender("model2014.c"), build_c.Contender(str(tmp_path / "absent.c"))
    monkeypatch.setattr(build_c, "CONTENDERS", [there, absent])
    program, skipped = build_c.build(tmp_path)
    assert len(skipped) == 1
    assert "no_such_table.h" in skipped[0]
    tasks = [
        plan.Task("c", keys, 50, 1, (*plan.NATIVE, *plan.NATIVE_MEMORY))
        for keys in ("ints", "dense", "apart", "short", "long", "one-bin-ints", "one-bin-short")
    ]
    records, about = carried_out(run.Side("c", "", [str(program)], tasks, skipped=skipped))
    done = {(each["keys"], each["workload"]) for each in records}
    assert done == {(task.keys, workload) for task in tasks for workload in task.workloads}
    ((_, side),) = about["sides"].items()
    assert side == {"about": {"2014 model": "of this tree"}, "skipped": skipped}
