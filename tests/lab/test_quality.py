"""`htlab quality`: good functions are good, and what is wrong with bad ones is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from laboratory import command

from hashtable_lab.quality.judge import verdict_of
from hashtable_lab.quality.measure import SIZE, avalanche, entropy, of_set, spread

MINE = """
import itertools, os
numbers = itertools.count()
def constant(key): return 7
def keeps_low(key): return key << 12
def wide(key): return hash(key) << 70 | hash(key) & 0xFFFF
def random(key): return next(numbers)
def first_letter(key): return ord(key[0])
def raises(key): raise LookupError("never mind")
def no_int(key): return "7"
def dies(key): os._exit(5)
def hangs(key):
    while True: pass
def loud(key):
    print("x" * 1000)
    return hash(key)
"""


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("mine") / "mine.py"
    file.write_text(MINE)
    return file


def judged(function: str) -> Any:
    done = command("quality", function, "--json")
    told = json.loads(done.output)
    assert done.exit_code == (0 if told["good"] else 1)
    return told


def words(told: Any) -> str:
    return " ".join(remark["words"] for remark in told["remarks"] if remark["bad"])


@pytest.mark.parametrize("function", ["siphash", "xxh3"])
def test_a_good_function_is_good(function: str) -> None:
    told = judged(function)
    assert told["good"]
    assert {each["verdict"] for each in told["sets"]} == {"good"}
    assert told["same_in_another_process"]


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("constant", "one and the same hash"),
        ("keeps_low", "keep the low bits"),
        ("random", "another hash the next time"),
        ("first_letter", "many keys have the same hash"),
        ("raises", "LookupError: never mind"),
        ("no_int", "takes no keys at all"),
    ],
)
def test_what_is_wrong_is_named(mine: Path, function: str, said: str) -> None:
    told = judged(f"{mine}:{function}")
    assert not told["good"]
    assert said in words(told)


def test_the_shift_that_it_advises_mends_it() -> None:
    assert "return h ^ h >> 12" in words(judged("hash"))
    before, after = (of_set(it, "strided:4096", 1) for it in (hash, lambda key: key ^ key >> 12))
    assert (verdict_of(before), verdict_of(after)) == ("one chain", "even")


def test_wide_results_and_other_processes_are_told(mine: Path) -> None:
    told = judged(f"{mine}:wide")
    said = " ".join(remark["words"] for remark in told["remarks"])
    assert "wider than 64 bits" in said
    assert "Another process has other hashes" in said
    assert not told["same_in_another_process"]


def test_a_function_that_prints_is_measured_all_the_same(mine: Path) -> None:
    assert judged(f"{mine}:loud")["sets"]


@pytest.mark.parametrize(("function", "said"), [("dies", "status 5"), ("hangs", "still at it")])
def test_a_function_that_never_returns_is_told(mine: Path, function: str, said: str) -> None:
    done = command("quality", f"{mine}:{function}", "--limit", "2")
    assert done.exit_code == 1
    assert said in done.output


@pytest.mark.parametrize("function", ["nothing", "no_such_file.py:f"])
def test_what_is_no_function_is_status_2(function: str) -> None:
    assert command("quality", function).exit_code == 2


def test_entropy_by_hand() -> None:
    assert entropy([1, 1, 1]) == 0
    assert entropy([1, 2]) == 1
    assert entropy(range(256)) == 8


def test_spread_by_hand() -> None:
    even, one = spread(hash, list(range(SIZE))), spread(lambda key: 0, list(range(SIZE)))
    assert (even["occupied"], even["longest_chain"], even["hit_probes"]) == (1.0, 1, 1.0)
    # As far below what chance gives as can be: chi-squared is 0.
    assert even["deviations"] == pytest.approx(-(((SIZE - 1) / 2) ** 0.5))
    assert (one["occupied"], one["longest_chain"]) == (1 / SIZE, SIZE)


def test_avalanche_by_hand() -> None:
    # One bit of the key is one bit of the hash; it is among the low 16 in half of the 32 places.
    assert avalanche(lambda key: key, list(range(200))) == pytest.approx(1 / 16 / 2, abs=0.005)
    assert avalanche(lambda key: 0, list(range(200))) == 0


def test_the_page_has_a_row_for_each_set_of_keys_and_a_verdict() -> None:
    done = command("quality", "identity")
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert any(line.startswith("strided:4096") and "one chain" in line for line in lines)
    assert any(line.startswith("uuids") and "raises" in line for line in lines)
    assert lines[-1] == "It is not good yet."
    assert max(map(len, lines)) <= 90
