"""`htlab sweep`: what is counted, by hand; what is there after an interruption; what is asked wrongly."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import built
import pytest
from laboratory import command, told

from hashtable_lab.sweep import grid, keysets
from hashtable_lab.sweep.counting import count
from hashtable_lab.sweep.functions import NATIVE, BadFunctionError, hash_function
from hashtable_lab.sweep.grid import Plan, Point
from hashtable_lab.sweep.run import counting, run, timing
from hashtable_lab.sweep.store import Job, OtherPlanError, Store
from hashtable_lab.sweep.timing import measure


def counts(hash_func: str, keys: str, size: int, max_load: float | None, n: int) -> dict[str, float]:
    """By `operation metric`, and without what is as always."""
    return {
        " ".join(name).strip(): value
        for name, value in count(Point(hash_func, keys, size, max_load, n), 1).items()
    }


def test_three_keys_of_which_the_third_doubles_the_bins() -> None:
    # 0 and 1 go into 4 bins; with 2 the load would be 3 of 4, so there are 8, and the two are moved.
    found = counts("identity", "sequential", 4, 0.5, 3)
    assert (found["size"], found["load"], found["load_proportion"]) == (8, 3, 0.375)
    assert (found["insert resizes"], found["insert moved_entries"]) == (1, 2)
    assert (found["insert probes"], found["hit probes"]) == (0, 1)
    # 3, 4 and 5 are in bins of their own, which are empty.
    assert found["miss probes"] == 0
    assert (found["bins_of_length_0"], found["bins_of_length_1"], found["longest_chain"]) == (5, 3, 1)


def test_three_keys_in_one_chain() -> None:
    found = counts("hash", "strided:4096", 4, None, 3)
    # 0 meets nobody, 4096 meets one, 8192 two. A hit takes 3, 2 and 1; a miss walks past all.
    assert found["insert probes"] == pytest.approx((0 + 1 + 2) / 3)
    assert found["hit probes"] == pytest.approx((3 + 2 + 1) / 3)
    assert found["miss probes"] == 3
    assert (found["insert resizes"], found["longest_chain"], found["occupied_bins"]) == (0, 3, 1)
    assert found["bins_of_length_3"] == 1


def test_seven_keys_are_moved_three_times() -> None:
    # From one bin with one key: at the second key 2 bins, at the third 4, at the fifth 8.
    found = counts("identity", "sequential", 1, 1.0, 7)
    assert (found["insert resizes"], found["size"]) == (3, 8)
    assert found["insert moved_entries"] == 1 + 2 + 4


@pytest.mark.parametrize("hash_func", NATIVE)
def test_a_hash_function_is_called_once_for_each_operation_and_not_for_a_walk(hash_func: str) -> None:
    found = counts(hash_func, "random", 4, 0.5, 50)
    for operation in ("insert", "hit", "miss", "replace", "delete"):
        assert found[f"{operation} hash_calls"] == 1
    assert found["iterate hash_calls"] == 0


def test_counts_are_the_same_each_time() -> None:
    assert counts("fnv1a", "urls", 4, 0.75, 200) == counts("fnv1a", "urls", 4, 0.75, 200)


@pytest.mark.parametrize(
    "text",
    [
        *(name for name in keysets.NAMES if name != "words"),
        f"words:{__file__}",
        "random/floats",
        "strided:7/strings",
        "ipv4/ints",
        "zipf:1.5",
    ],
)
def test_keys_are_different_and_the_others_are_not_there(text: str) -> None:
    sets = keysets.keys(text, 200, seed=1)
    assert len(set(sets.present)) == len(set(sets.absent)) == len(sets.sought) == 200
    assert not set(sets.present) & set(sets.absent)
    assert set(sets.sought) <= set(sets.present)
    assert sets == keysets.keys(text, 200, seed=1)
    kind = text.partition("/")[2]
    assert {type(key) for key in sets.present} == {
        {"floats": float, "ints": int}.get(kind, type(sets.present[0]))
    }


def test_zipf_asks_for_few_keys_most_of_the_time() -> None:
    sought = keysets.keys("zipf", 1000, seed=1).sought
    assert len(set(sought)) < 600
    assert max(map(sought.count, set(sought))) > 50


def test_ranges() -> None:
    assert grid.whole_numbers("10,100:300:100,1:8:x2") == [1, 2, 4, 8, 10, 100, 200, 300]
    assert grid.loads("0.5, 1,none") == [0.5, 1.0, None]


@pytest.mark.parametrize("text", ["x", "0", "1:10:0", "1:10:x1", "-3", ""])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"no number|get anywhere|not positive"):
        grid.whole_numbers(text)


@pytest.mark.parametrize(
    "text", ["nothing", "words", "random:3", "urls/ints", "strided:0", "strided:x", "zipf:-1"]
)
def test_keys_that_cannot_be_are_told(text: str) -> None:
    with pytest.raises(keysets.BadKeysError):
        keysets.parse(text)


def test_a_function_of_the_users(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    (tmp_path / "beside.py").write_text("SHIFT = 12\n")
    file.write_text("from beside import SHIFT\ndef high(key): return key >> SHIFT\nnone = 3\n")
    assert hash_function(f"{file}:high")(8192) == 2
    for wrong in (f"{file}:missing", f"{file}:none", f"{tmp_path}/no.py:f", "nothing"):
        with pytest.raises(BadFunctionError):
            hash_function(wrong)


def test_times_are_those_of_the_real_operations() -> None:
    times = measure(Point("hash", "random", 4, 0.5, 100), list(grid.OPERATIONS), 1)
    assert set(times) == {"loop", *grid.OPERATIONS}
    # A second is a million times what each takes: only that the unit is right is tested here.
    assert all(0 < value < 1e6 for value in times.values())


PLAN = Plan(ns=(10, 20), hash_funcs=("hash", "dict"), operations=("hit",), rounds=2)


def test_a_sweep_writes_one_tidy_table(tmp_path: Path) -> None:
    assert run(Store(tmp_path, PLAN), 2, lambda *_: None) == []
    with (tmp_path / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    keys = [tuple(row[name] for name in ("hash_func", "n", "operation", "metric")) for row in rows]
    assert len(set(keys)) == len(keys)
    (hit,) = [
        row
        for row in rows
        if (row["hash_func"], row["n"], row["operation"], row["metric"]) == ("hash", "10", "hit", "ns")
    ]
    assert hit["samples"] == "2"
    assert float(hit["low"]) <= float(hit["value"]) <= float(hit["high"])
    assert hit["python"] == ".".join(map(str, sys.version_info[:3]))
    assert all(row["machine"] and row["hashtable"] for row in rows)


def test_what_is_there_is_not_done_again_and_what_is_half_there_is(tmp_path: Path) -> None:
    store = Store(tmp_path, PLAN)
    run(store, 1, lambda *_: None)
    whole = store.samples.read_text()
    rng = random.Random(1)
    jobs = {*counting(PLAN), *timing(PLAN)}
    for _ in range(20):
        half = whole[: rng.randrange(len(whole))]
        store.samples.write_text(half)
        again: list[Job] = []
        run(Store(tmp_path, PLAN), 1, lambda job, *_, again=again: again.append(job))  # type: ignore[misc]
        values = [(value.job, value.operation, value.metric) for value in store.values()]
        assert len(values) == len(set(values))
        assert {job for job, *_ in values} == jobs
        assert len(again) == len(jobs) - half.count("\n\n")


def hear_interrupts() -> None:
    """In a child: whoever runs tests in the background may have had Ctrl-C ignored, which is inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_sweep_that_is_interrupted_goes_on(tmp_path: Path) -> None:
    asked = ["sweep", "--n", "100:3000:100", "--rounds", "1", "--output", str(tmp_path), "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(built.BUILT.parent)}
    child = subprocess.Popen(
        [sys.executable, "-m", "hashtable_lab", *asked],
        cwd=built.BUILT.parent,
        env=environment,
        stderr=subprocess.PIPE,
        preexec_fn=hear_interrupts,
    )
    samples = tmp_path / "samples.csv"
    while not (samples.exists() and samples.read_text().count("\n\n") > 3):
        time.sleep(0.01)
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    assert b"goes on" in child.communicate()[1]
    assert child.returncode == 1
    assert not (tmp_path / "results.csv").exists()
    done = told(*asked)
    assert done["failures"] == []
    with samples.open() as file:
        rows = [tuple(row.values())[:-1] for row in csv.DictReader(file)]
    assert len(rows) == len(set(rows))
    assert len({row[4] for row in rows}) == 30


def test_another_sweep_is_not_mixed_in(tmp_path: Path) -> None:
    Store(tmp_path, PLAN).open()
    with pytest.raises(OtherPlanError):
        Store(tmp_path, Plan(ns=(5,))).open()
    done = command("sweep", "--n", "5", "--output", str(tmp_path))
    assert done.exit_code == 1
    assert "another sweep" in done.output


def test_a_function_that_fails_or_dies_is_told_and_the_others_are_measured(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "import os\n"
        "def bad(key): raise KeyError(key)\n"
        "def wild(key): os._exit(7)\n"
        "def loud(key): return print(key) or 1\n"
    )
    asked = ",".join(["hash", *(f"{file}:{name}" for name in ("bad", "wild", "loud"))])
    done = command(
        "sweep", "--hashes", asked, "--n", "10", "--rounds", "1", "--output", str(tmp_path / "out"), "--json"
    )
    assert done.exit_code == 1
    failures = json.loads(done.output)["failures"]
    assert sorted(each["why"].partition(":")[0] for each in failures) == ["KeyError", "the process ended"]
    results = (tmp_path / "out" / "results.csv").read_text()
    assert "loud" in results
    assert "bad" not in results


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--hashes", "nothing"], "no hash function"),
        (["--keys", "nothing"], "no keys"),
        (["--keys", "words:no-such-file"], "no file"),
        (["--n", "x"], "no number"),
        (["--max-loads", "2"], "up to 1.0"),
        (["--operations", "fly"], "no operation"),
    ],
)
def test_what_is_asked_wrongly_is_status_2_and_a_sentence(words: list[str], said: str) -> None:
    done = command("sweep", *words)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_the_command_says_where_the_rows_are_and_what_was_left_out(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def bad(key): raise KeyError(key)\n")
    folder = tmp_path / "out"
    done = command(
        "sweep", "--hashes", f"hash,{file}:bad", "--n", "10", "--rounds", "0", "--output", str(folder)
    )
    assert done.exit_code == 1
    assert done.output.count("left out: ") == 1
    assert "KeyError" in done.output
    rows = len((folder / "results.csv").read_text().splitlines()) - 1
    assert done.output.splitlines()[-1] == f"{folder / 'results.csv'}: {rows} rows"
