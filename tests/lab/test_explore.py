"""`htlab explore`: what a program comes to, by hand and against the real table; what may end a child, and not
the server; what is refused."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import built
import hashtable
import httpx
import pytest
from laboratory import command

from hashtable_lab.child import environment
from hashtable_lab.explore import limits, presets
from hashtable_lab.explore.asked import BadError, parse
from hashtable_lab.explore.inside import ideal_hit_probes, ideal_longest
from hashtable_lab.explore.runner import Children
from hashtable_lab.explore.service import work
from hashtable_lab.explore.shadow import SMALLEST, Shadow, grown_to

LENGTH = "def hash_func(key):\n    return len(key)\n"
IDENTITY = "def hash_func(key):\n    return key\n"
SPECIMENS = frozenset(presets.SESSIONS)


def body(code: str, *operations: list[Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "size": 4, "max_load": None, "specimen": None, "operations": [*operations], **more}


def asked(code: str, *operations: list[Any], **more: Any) -> tuple[int, Any]:
    """Status and answer for a program; without the network."""
    program = parse(json.dumps(body(code, *operations, **more)).encode(), SPECIMENS)
    return work(program, Children())


def told(code: str, *operations: list[Any], **more: Any) -> Any:
    status, answer = asked(code, *operations, **more)
    assert status == 200, answer
    return answer


def well(code: str, *operations: list[Any], **more: Any) -> list[Any]:
    """The steps of a program that has to run to its end."""
    answer = told(code, *operations, **more)
    assert (answer["ended"]["how"], answer["truncated"]) == ("well", False), answer["ended"]
    return list(answer["steps"])


def ended(code: str, *operations: list[Any], **more: Any) -> Any:
    return told(code, *(operations or (["set", "'spam'", "1"],)), **more)["ended"]


def texts(step: Any, layer: str) -> list[str]:
    return [event["text"] for event in step["events"] if event["layer"] == layer]


# What a program comes to.


def test_a_step_tells_all_there_is_to_tell() -> None:
    new, first, second = well(LENGTH, ["set", "'spam'", "1"], ["set", "'eggs'", "2"], size=8, max_load=0.75)
    assert new["operation"] == ["new"]
    assert (new["size"], new["load"], new["changed"], new["bins"]) == (8, 0, None, [[]] * 8)
    assert texts(new, "python") == ["h = HashTable(8, 0.75, hash_func)"]
    assert first["operation"] == ["set", "'spam'", "1"]
    assert (first["result"], first["error"]) == ("None", None)
    assert (first["size"], first["load"], first["bins"], first["lengths"]) == (8, 1, None, None)
    assert first["changed"] == [[4, ["'spam'"]]]
    assert second["changed"] == [[4, ["'spam'", "'eggs'"]]]
    assert texts(second, "python") == ["h.set('eggs', 2)"]
    assert texts(second, "module") == [
        "set of a HashTable",
        "calls function hash_func to hash 'eggs'",
        "has the hash 4",
        "set returns",
    ]
    assert (
        texts(second, "table")
        == [
            "hash 4 is of bin 4 of 8",
            "looks at slot 0: the hash that is looked for",
            "asks",
        ][:2]
        + texts(second, "table")[2:]
    )
    assert texts(second, "table")[-1] == "puts slot 1 at the end of bin 4; the load is now 2"
    assert second["stats"] == {
        "longest_chain": 2,
        "occupied_bins": 1,
        # The one that came last is found at once, the other behind it.
        "hit_probes": 1.5,
        "miss_probes": 0.25,
        "load_proportion": 0.25,
        "resizes": 0,
        "ideal_hit_probes": 1 + 1 / 16,
        "ideal_longest": second["stats"]["ideal_longest"],
    }
    assert set(second) == {
        *("operation", "result", "error", "events", "size", "load", "changed", "bins", "lengths"),
        *("frames", "stats", "references", "dict"),
    }


def test_a_resize_is_a_whole_picture_and_is_counted() -> None:
    steps = well(IDENTITY, *(["set", str(key), "0"] for key in (0, 1, 4)), size=4, max_load=0.5)
    assert [step["size"] for step in steps] == [4, 4, 4, 8]
    assert steps[2]["changed"] == [[1, ["1"]]]
    assert steps[3]["changed"] is None
    assert steps[3]["bins"] == [["0"], ["1"], [], [], ["4"], [], [], []]
    assert steps[3]["stats"]["resizes"] == 1


def test_get_pop_clear_list_and_new() -> None:
    steps = well(
        LENGTH,
        ["set", "'spam'", "(1, 'a')"],
        ["get", "'spam'"],
        ["get", "'none'"],
        ["list"],
        ["pop", "'spam'"],
        ["pop", "'spam'"],
        ["set", "'x'", "1"],
        ["clear"],
        ["set", "'x'", "1"],
        ["new"],
    )
    assert [step["result"] for step in steps] == [
        *(None, "None", "(1, 'a')", "None", "['spam']", "(1, 'a')", None, "None", "None", "None", None)
    ]
    assert steps[6]["error"] == "KeyError: 'spam'"
    assert steps[5]["changed"] == [[0, []]]
    assert [step["load"] for step in steps] == [0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0]
    assert steps[2]["changed"] == []
    assert steps[8]["bins"] == steps[10]["bins"] == [[], [], [], []]


def test_an_exception_of_the_hash_function_is_told_and_the_program_goes_on() -> None:
    steps = well(LENGTH, ["set", "1", "1"], ["set", "'a'", "1"])
    assert steps[1]["error"] == "TypeError: object of type 'int' has no len()"
    assert (steps[1]["load"], steps[2]["load"]) == (0, 1)


def test_what_the_hash_function_prints_stands_among_the_events() -> None:
    step = well("def hash_func(key):\n    print('now', key, '<b>')\n    return 1\n", ["set", "'a'", "1"])[1]
    where = [event["text"] for event in step["events"]]
    assert where.index("now a <b>") == where.index("calls function hash_func to hash 'a'") + 1


def test_references_are_those_of_the_table_and_of_the_code() -> None:
    new, put, other, gone, after = well(
        LENGTH,
        ["set", "'spam and eggs'", "'ham and more'"],
        ["set", "'other key'", "'ham and more'"],
        ["pop", "'spam and eggs'"],
        ["get", "'spam and eggs'"],
    )
    # The code's own name, and the table.
    assert new["references"]["hash_func"] == put["references"]["hash_func"]
    again = well(LENGTH, ["new"])
    assert again[1]["references"] == again[0]["references"]
    assert put["references"]["key"] - gone["references"]["key"] == 1
    assert other["references"]["value"] - put["references"]["value"] == 1
    assert after["references"]["value"] == put["references"]["value"]
    assert new["references"]["key"] is None


def test_a_watched_key_is_counted_in_every_step_and_so_is_its_value() -> None:
    key, value = "'spam and eggs'", "'ham and more'"
    steps = well(
        LENGTH,
        ["get", "'other key'"],
        ["set", key, value],
        ["set", "'other key'", value],
        ["list"],
        ["pop", key],
        ["clear"],
        watch=key,
    )
    counts = [step["references"] for step in steps]
    first = counts[0]["key"]
    assert [count["key"] - first for count in counts] == [0, 0, 1, 1, 1, 0, 0]
    # Before it is set, nobody knows which value it will have; afterwards it is that value, wherever it is.
    assert [count["value"] for count in counts[:2]] == [None, None]
    assert [count["value"] - counts[2]["value"] for count in counts[2:]] == [0, 1, 1, 0, -1]
    # Of each operation its own, as long as none is watched.
    unwatched = well(LENGTH, ["get", "'other key'"], ["set", key, value])
    assert unwatched[2]["references"] == steps[2]["references"]


def test_only_a_key_of_an_operation_can_be_watched() -> None:
    for operations, watch in (([["set", "'a'", "'b'"]], "'b'"), ([["fill", "random", 2]], "random")):
        with pytest.raises(BadError) as refused:
            parse(json.dumps(body(LENGTH, *operations, watch=watch)).encode(), SPECIMENS)
        assert refused.value.where == "watch"


def test_what_is_immortal_has_no_count() -> None:
    if sys.version_info >= (3, 12):
        step = well("hash_func = hash", ["set", "1", "None"])[1]
        assert (step["references"]["key"], step["references"]["value"]) == (None, None)


def test_the_code_can_know_its_table_and_no_count_changes() -> None:
    code = "print(table())\ndef hash_func(key):\n    print(table().size, table() is table())\n    return 1\n"
    steps = well(code, ["set", "1", "1"], ["new"], size=5)
    assert texts(steps[1], "python")[-1] == "5 True"
    # A table that has gone is not kept by the name.
    left = (
        "import gc\ndef hash_func(_):\n    return sum(type(it) is type(table()) for it in gc.get_objects())\n"
    )
    again = well(left, ["new"], ["new"], ["set", "1", "1"], size=4)[3]
    assert again["changed"] == [[1, ["1"]]]


def test_a_fill_is_a_set_of_the_sweeps() -> None:
    steps = well(IDENTITY, ["fill", "strided:8", 3], ["get", "16"], ["fill", "sequential/strings", 0], size=8)
    assert steps[1]["bins"][0] == ["0", "8", "16"]
    assert steps[2]["result"] == "2"
    assert (steps[1]["changed"], steps[1]["references"]["key"]) == (None, None)


@pytest.mark.parametrize("specimen", [None, "leak"])
def test_within_a_fill_each_key_is_seen_to_come(specimen: str | None) -> None:
    keys = 30
    answer = told("hash_func = hash", ["fill", "sequential", keys], size=4, max_load=0.75, specimen=specimen)
    fill = answer["steps"][1]
    table: hashtable.HashTable[int, int] = hashtable.HashTable(4, 0.75, hash)
    bins: list[list[str]] = [[] for _ in range(4)]
    assert len(fill["frames"]) == 25
    for key, frame in enumerate(fill["frames"]):
        table.set(key, key)
        bins = frame["bins"] or bins
        for number, chain in frame["changed"] or []:
            bins[number] = chain
        assert bins == [[str(key) for key in chain] for chain in table.bins()]
        assert (frame["size"], frame["load"], frame["stats"]["resizes"]) == (
            *(table.size, len(table)),
            table.stats().resizes,
        )
        # The event is the last one of its key's.
        assert fill["events"][frame["event"]]["text"] == "set returns" or frame["event"] == 199
    assert len(fill["bins"]) == 64
    assert fill["load"] == keys


def test_a_fill_of_a_large_table_is_seen_when_it_is_over() -> None:
    fill = well("hash_func = hash", ["fill", "sequential", 3], size=1000)[1]
    assert fill["frames"] == []


def test_a_long_trace_is_cut() -> None:
    steps = well("hash_func = lambda key: 1", ["fill", "sequential", 1000], ["get", "0"])
    assert any(text == "... and the same with 975 more keys" for text in texts(steps[1], "module"))
    assert len(steps[2]["events"]) == limits.EVENTS_SHOWN + 1
    # A get of the first key walks past all: what is not shown is counted.
    assert steps[2]["events"][-1]["text"].endswith(" more")


def test_long_keys_are_shortened() -> None:
    key = repr("x" * 100)
    step = well(LENGTH, ["set", key, key], ["get", key])[1]
    (shown,) = step["changed"][0][1]
    assert len(shown) == 40
    assert shown.endswith("…")


def test_beyond_twenty_thousand_entries_there_are_lengths() -> None:
    steps = well(
        "hash_func = hash", ["fill", "sequential", 20_001], ["set", "'a'", "1"], ["pop", "7"], size=8
    )
    assert steps[1]["bins"] is None
    assert sum(steps[1]["lengths"]) == 20_001
    assert len(steps[1]["lengths"]) == steps[1]["size"]
    assert steps[2]["changed"][0][1][-1] == "'a'"
    assert steps[3]["load"] == 20_001


@pytest.mark.parametrize("fill", [0, 3000])
@pytest.mark.parametrize(
    "code", ["hash_func = hash", "hash_func = lambda key: int(key) // 10", "hash_func = lambda key: 3"]
)
def test_the_picture_is_that_of_bins_after_random_operations(code: str, fill: int) -> None:
    rng = random.Random(f"{code} {fill}")
    operations: list[list[Any]] = [["fill", "sequential", fill]] if fill else []
    for _ in range(150 if fill else 400):
        key = rng.choice([str(rng.randrange(60)), f"{rng.randrange(60)}.0"])
        if rng.random() < 0.02:
            operations.append(["clear"] if not fill else ["list"])
        else:
            name = rng.choice(["set", "set", "pop", "get"])
            operations.append([name, key, "1"] if name == "set" else [name, key])
    size, max_load = rng.choice([1, 8, 64]), rng.choice([0.5, 1.0]) if fill == 0 else 0.75
    space: dict[str, Any] = {}
    exec(code, space)
    table: Any = hashtable.HashTable(size, max_load, space["hash_func"])
    shown: dict[int, list[str]] = {}
    for step in well(code, *operations, size=size, max_load=max_load):
        name, *arguments = step["operation"]
        with contextlib.suppress(KeyError):
            if name == "fill":
                table.update({key: at for at, key in enumerate(range(arguments[1]))})
            elif name == "list":
                list(table)
            elif name != "new":
                getattr(table, name)(*map(eval, arguments))
        if step["changed"] is None:
            shown = dict(enumerate(step["bins"]))
        else:
            shown.update(dict(step["changed"]))
        real = [[repr(key) for key in chain] for chain in table.bins()]
        assert [shown.get(number, []) for number in range(step["size"])] == real
        stats = table.stats()
        assert (step["size"], step["load"]) == (stats.size, stats.load)
        for field in ("longest_chain", "occupied_bins", "hit_probes", "miss_probes", "load_proportion"):
            assert step["stats"][field] == pytest.approx(getattr(stats, field))


def test_ideals() -> None:
    assert (ideal_hit_probes(0, 8), ideal_hit_probes(1, 8)) == (0.0, 1.0)
    assert ideal_hit_probes(4097, 4096) == 1.5
    assert [ideal_longest(load, 8) for load in (0, 1)] == [0, 1]
    # As many keys as bins: see what random ones make of it.
    rng = random.Random(1)
    found = []
    for _ in range(50):
        counts = [0] * 4096
        for _ in range(4096):
            counts[rng.randrange(4096)] += 1
        found.append(max(counts))
    assert abs(ideal_longest(4096, 4096) - sorted(found)[25]) <= 1


def test_a_dict_of_the_same_keys() -> None:
    steps = well(
        "hash_func = lambda key: 1",
        *(["set", str(key), "0"] for key in (0, 8, 16)),
        ["set", "'a'", "0"],
        ["set", "[1]", "0"],
        ["get", "16"],
    )
    # Of 8 slots 0 takes the first. 8 finds that taken, goes on to 0 * 5 + (8 >> 5) + 1 = 1; 16 goes by way
    # of these two, to 1 * 5 + 1 = 6.
    assert [step["dict"]["probes"] for step in steps] == [None, 1, 2, 3, None, None, 3]
    assert [step["dict"]["size"] for step in steps] == [0, 8, 8, 8, 8, 8, 8]


def test_the_simulated_dict_grows_as_the_real_one() -> None:
    rng = random.Random(3)
    for make in (int, str, float):
        shadow = Shadow()
        for turn in range(3000):
            key = make(rng.randrange(400 if turn < 1500 else 2000))
            if rng.random() < 0.6:
                shadow.put(key)
            else:
                shadow.take(key)
            shadow.catch_up()
            assert shadow.size == len(shadow.slots)
            assert list(shadow.used) == list(shadow.dict)
    assert grown_to(1) == SMALLEST


@pytest.mark.parametrize("make", [int, str])
def test_the_slots_of_large_dicts(make: Callable[[int], Any]) -> None:
    shadow = Shadow()
    for number in range(50_000):
        shadow.put(make(number))
        if number in (80, 90, 180, 10_000, 30_000, 49_999):
            shadow.catch_up()
            assert shadow.size == len(shadow.slots) > number


# What may end a child.


def test_an_endless_loop_is_stopped() -> None:
    begun = time.monotonic()
    end = ended("def hash_func(key):\n    while True: pass\n")
    assert (end["how"], end["step"]) == ("timeout", 1)
    assert time.monotonic() - begun < limits.PATIENCE + 5


def test_a_sleep_is_stopped_too() -> None:
    assert ended("import time\ntime.sleep(1000)\nhash_func = hash")["how"] == "timeout"


def test_an_exit_is_told() -> None:
    end = ended("import os\ndef hash_func(key): os._exit(0)\n")
    assert (end["how"], end["step"], end["verdict"]) == ("died", 1, None)
    assert "exit status 0" in end["words"]
    end = ended("def hash_func(key): raise SystemExit(3)\n")
    assert (end["how"], end["step"]) == ("exception", 1)


def test_a_crash_is_told_with_its_line() -> None:
    end = ended("import ctypes\ndef hash_func(key):\n    ctypes.string_at(0)\n")
    assert (end["how"], end["step"]) == ("died", 1)
    assert "line 3" in end["words"]
    assert "SIGSEGV" in end["words"]


@pytest.mark.parametrize(
    "code",
    [
        "kept = []\ndef hash_func(key):\n    while True: kept.append(bytearray(1 << 20))\n",
        "def hash_func(key): return len([0] * 10**10)\n",
    ],
)
def test_memory_has_an_end(code: str) -> None:
    end = ended(code)
    assert (end["how"], end["step"]) == ("memory", 1)


def test_memory_has_an_end_before_the_first_step() -> None:
    assert ended("hash_func = [0] * 10**10")["how"] == "memory"


def test_megabytes_that_are_printed_are_not_kept() -> None:
    step = well("def hash_func(key):\n    print('x' * 5_000_000)\n    return 1\n", ["set", "1", "1"])[1]
    assert len(json.dumps(step)) < 2 * limits.PRINTED
    assert "left out" in str(step["events"])
    code = "import sys\ndef hash_func(key):\n    while True: sys.stderr.write('x' * 1_000_000)\n"
    assert "Error" in well(code, ["set", "1", "1"])[1]["error"]
    code = "import os\ndef hash_func(key):\n    while True: os.write(2, b'x' * 1_000_000)\n"
    assert "OSError" in well(code, ["set", "1", "1"])[1]["error"]


def test_a_file_that_grows_has_an_end() -> None:
    code = (
        "def hash_func(key):\n    with open('big', 'wb') as f:\n        while True: f.write(bytes(1 << 20))\n"
    )
    assert "OSError" in well(code, ["set", "1", "1"])[1]["error"]


@pytest.mark.parametrize(
    "start",
    [
        "os.fork()",
        "os.system('true')",
        "subprocess.run(['true'])",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "multiprocessing.Process(target=print).start()",
    ],
)
def test_no_process_can_be_started(start: str) -> None:
    code = f"import os, subprocess, multiprocessing\ndef hash_func(key):\n    while True: {start}\n"
    assert well(code, ["set", "1", "1"])[1]["error"].startswith("PermissionError")


def is_running(pid: str) -> bool:
    """Whether a process is there, and more than an entry that nobody has asked for."""
    try:
        state = Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def test_a_process_that_is_started_all_the_same_is_gone_with_the_child() -> None:
    # As root, by way of C: nothing else lets one come about.
    code = (
        "import ctypes, os, time\n"
        "def hash_func(key):\n"
        "    pid = ctypes.CDLL(None).fork()\n"
        "    if pid == 0:\n"
        "        time.sleep(60)\n"
        "    print('started', pid)\n"
        "    return 1\n"
    )
    step = well(code, ["set", "1", "1"])[1]
    (started,) = (text.split()[1] for text in texts(step, "python") if text.startswith("started"))
    if started == "-1":
        # Nor does it come about.
        return
    deadline = time.monotonic() + 5
    while is_running(started):
        assert time.monotonic() < deadline


def test_the_kernel_lets_an_ordinary_user_start_none() -> None:
    # Root, whom that limit does not bind, becomes nobody first: when all that is needed has been imported.
    code = (
        "import ctypes, errno, os\n"
        "from hashtable_lab.explore import limits\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "if os.getuid() == 0:\n"
        "    os.setgroups([])\n"
        "    os.setgid(65534)\n"
        "    os.setuid(65534)\n"
        "limits.bind()\n"
        "pid = libc.fork()\n"
        "if pid == 0:\n"
        "    os._exit(0)\n"
        "print(pid, errno.errorcode[ctypes.get_errno()])\n"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, env=environment("pymalloc"), capture_output=True, text=True, check=True)
    assert done.stdout == "-1 EAGAIN\n"


def test_an_exception_of_the_code_ends_it_before_it_begins() -> None:
    answer = told("x = 1\n1 / 0\n", ["set", "1", "1"])
    assert answer["steps"] == []
    end = answer["ended"]
    assert (end["how"], end["step"]) == ("exception", None)
    assert "ZeroDivisionError" in end["words"]
    assert "line 2" in end["words"]


def test_endless_recursion_is_an_exception() -> None:
    step = well("def hash_func(key): return hash_func(key)\n", ["set", "1", "1"])[1]
    assert step["error"].startswith("RecursionError")


def test_forged_notes_are_no_error_of_the_server() -> None:
    for note in (
        "'explore:{}'",
        "'explore:[1]'",
        '\'explore:{"what":"over"}\'',
        '\'explore:{"what":"begin"}\'',
    ):
        code = f"import hashtable, os\ndef hash_func(key):\n    hashtable.note({note})\n    os._exit(0)\n"
        assert ended(code)["how"] == "died"


# Specimens.


@pytest.mark.parametrize("name", presets.SESSIONS)
def test_a_specimen_is_judged(name: str) -> None:
    code, operations = presets.SESSIONS[name]
    answer = told(code, *operations, specimen=name)
    end = answer["ended"]
    # What becomes of an object that is freed too early is for chance to say: another may be in its place.
    wanted = {"segfault": "died", "iter": "died", "leak": "well", "error": "well", "cycle": "well"}.get(name)
    assert end["how"] == wanted or (wanted is None and end["how"] in ("died", "well")), end
    verdict = end["verdict"]
    assert verdict["place"].startswith("src/python/")
    assert verdict["sentence"]
    assert verdict["why"]
    assert "\n+" in verdict["diff"]
    if end["how"] == "died":
        assert end["step"] == len(answer["steps"]) - 1


def test_of_a_cycle_it_is_said_what_the_collector_is_not_shown() -> None:
    code, operations = presets.SESSIONS["cycle"]
    sentence = told(code, *operations, specimen="cycle")["ended"]["verdict"]["sentence"]
    assert "tables hold 1 to function hash_func, and show 0 of them to the collector" in sentence


def test_the_crash_of_the_talk() -> None:
    code, operations = presets.SESSIONS["segfault"]
    answer = told(code, *operations, ["get", "'eggs'"], specimen="segfault")
    # It dies at the next use of the table, and until then its picture is there.
    assert [step["operation"][0] for step in answer["steps"]] == ["new", "set", "get"]
    assert answer["steps"][1]["changed"] == [[0, ["'spam'"]]]
    assert answer["ended"]["step"] == 2
    assert "methods.rs" in answer["ended"]["verdict"]["place"]


def test_an_operation_in_which_it_died_has_changed_nothing() -> None:
    answer = told(LENGTH, ["set", "'a'", "1"], ["set", "'b'", "1"], specimen="segfault")
    assert [step["load"] for step in answer["steps"]] == [0, 1, 1]
    assert (answer["steps"][2]["changed"], answer["steps"][2]["bins"]) == ([], None)
    assert answer["steps"][2]["stats"] == answer["steps"][1]["stats"]
    answer = told("import os\ndef hash_func(key): key == 2 and os._exit(0); return key\n", ["set", "2", "1"])
    assert (answer["steps"][1]["load"], answer["steps"][1]["changed"]) == (0, [])


def test_the_leak_of_the_talk_can_be_seen_in_the_counts() -> None:
    code, operations = presets.SESSIONS["leak"]
    broken = told(code, *operations, specimen="leak")["steps"]
    healthy = well(code, *operations)
    rise = [broken[at]["references"]["hash_func"] - healthy[at]["references"]["hash_func"] for at in range(5)]
    assert rise == [0, 0, 1, 2, 3]


def test_a_program_that_does_not_come_by_the_broken_line() -> None:
    end = ended(LENGTH, ["get", "'spam'"], specimen="error")
    assert (end["how"], end["verdict"]) == ("well", None)
    assert "does not come by" in end["words"]


# What cannot be run.


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        ("def hash_func(key):\n    return (\n", 2, "SyntaxError"),
        ("def hash_func(key)\n", 1, "SyntaxError"),
        ("  x = 1\n", 1, "IndentationError"),
        ("x = 1\n", None, "hash_func"),
        ("hash_func = 3\n", None, "hash_func"),
        ("hash_func = '\ud800'\n", None, ""),
        ("x = 1\0\n", None, ""),
        ("x = " + "(" * 1000, 1, ""),
    ],
)
def test_code_that_is_none(code: str, line: int | None, said: str) -> None:
    status, answer = asked(code, ["get", "1"])
    assert (status, answer["where"]) == (400, "code")
    assert said in answer["error"]
    if line:
        assert answer["line"] == line


@pytest.mark.parametrize(
    "literal", ["", "x", "1 +", "f()", "__import__('os')", "(" * 500, "1" * 10_000, "'\\", "[x for x in y]"]
)
def test_a_key_that_is_no_literal(literal: str) -> None:
    status, answer = asked(LENGTH, ["get", "'a'"], ["get", literal])
    if status == 200:
        # Before Pythons knew a longest int, this was one.
        assert literal.isdigit()
    else:
        assert (status, answer["where"]) == (400, "operations")
        assert answer["error"].startswith("Operation 2: ")


@pytest.mark.parametrize(
    "name", ["words:/etc/passwd", "words", "nothing", "", "strided:0", "strided:x", "random:3", "../x"]
)
def test_keys_that_are_none(name: str) -> None:
    status, answer = asked(LENGTH, ["fill", name, 3])
    assert (status, answer["where"]) == (400, "operations"), answer
    assert "root:" not in str(answer)


@pytest.mark.parametrize("text", ["strided:" + "9" * 400 + "/floats", "strided:" + "9" * 5000, "zipf:nan"])
def test_numbers_that_are_too_large_are_no_error_of_the_server(text: str) -> None:
    assert asked("hash_func = hash", ["fill", text, 3])[0] in (200, 400)


GOOD = body(LENGTH, ["set", "'a'", "1"], watch=None)
WRONG: list[Any] = [None, True, 0, -1, 1.5, 10**400, "", "x", [], {}, [[]], ["set"], [["set"]], [[1]], [None]]
ALLOWED = {
    "code": lambda value: isinstance(value, str),
    "size": lambda value: isinstance(value, int) and value is not True and 1 <= value <= limits.SIZE,
    "max_load": lambda value: value is None,
    "specimen": lambda value: value is None,
    "operations": lambda value: value == [],
    "watch": lambda value: value is None,
}


@pytest.mark.parametrize("field", sorted(ALLOWED))
def test_a_field_of_another_type_is_told(field: str) -> None:
    good: Callable[[Any], bool] = ALLOWED[field]
    for value in WRONG:
        text = json.dumps({**GOOD, field: value}).encode()
        if good(value):
            parse(text, SPECIMENS)
            continue
        with pytest.raises(BadError) as refused:
            parse(text, SPECIMENS)
        assert refused.value.where == field


def test_requests_put_together_by_chance_are_run_or_refused() -> None:
    rng = random.Random(5)
    pool = [*WRONG, "get", "set", "fill", "pop", "'a'", "1", 3, "random", 0.5, "segfault", LENGTH, "\ud800"]
    passed, places = 0, set()

    def anything(depth: int) -> Any:
        if depth and rng.random() < 0.5:
            return [anything(depth - 1) for _ in range(rng.randrange(4))]
        return rng.choice(pool)

    for _ in range(3000):
        request = dict(GOOD)
        for field in rng.sample(sorted(request), rng.choice([1, 1, 2])):
            request[field] = anything(3)
        try:
            program = parse(json.dumps(request).encode(), SPECIMENS)
        except BadError as error:
            places.add(error.where)
            continue
        passed += 1
        if passed % 20 == 0:
            assert work(program, Children())[0] in (200, 400)
    assert passed > 100
    assert places == set(GOOD)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"size": NaN}', b'{"a": 1}', b'{"size": 1e999}'],
)
def test_what_is_no_program(text: bytes) -> None:
    with pytest.raises(BadError):
        parse(text, SPECIMENS)


def test_too_many_operations_and_too_many_keys_are_refused() -> None:
    for operations in ([["get", "1"]] * 10_000, [["fill", "random", limits.KEYS], ["fill", "random", 1]]):
        with pytest.raises(BadError) as refused:
            parse(json.dumps({**GOOD, "operations": operations}).encode(), SPECIMENS)
        assert refused.value.where == "operations"


def test_pictures_that_are_too_many_are_cut() -> None:
    fills = [["fill", "urls", 19_000], *[["fill", "random", 1]] * 100]
    answer = told("hash_func = hash", *fills)
    assert answer["truncated"], answer["ended"]
    assert 1 < len(answer["steps"]) < 100
    assert answer["ended"]["how"] == "well"


# The server.


class Site:
    """`htlab explore`, running."""

    def __init__(self, *words: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(built.BUILT.parent)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hashtable_lab", "explore", "--no-browser", *words],
            # Elsewhere than in the source, which has no module to look at.
            cwd=built.BUILT.parent,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        url = httpx.URL(self.address)
        assert url.host == "127.0.0.1"
        assert url.port is not None
        self.port, self.token = url.port, url.params["token"]
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"X-Token": self.token}, timeout=60
        )

    def run(self, *arguments: Any, **more: Any) -> Any:
        return self.client.post("/api/run", json=body(*arguments, **more))

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.client.close()
        self.process.communicate(timeout=30)
        return self.process.returncode

    def raw(self, text: str) -> str:
        """What the server answers to bytes that no client would send."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(text.replace("\n", "\r\n").encode("latin-1"))
            answer = b""
            while part := connection.recv(65536):
                answer += part
        return answer.decode("latin-1")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site("--port", "0")
    yield site
    assert site.stop() == 0


def test_about(site: Site) -> None:
    about = site.client.get("/api/about").json()
    assert about["python"] == ".".join(map(str, sys.version_info[:3]))
    assert about["hashtable"] == hashtable.__version__
    assert about["limits"] == {
        "seconds": limits.SECONDS,
        "megabytes": limits.MEGABYTES,
        "operations": limits.OPERATIONS,
        "keys": limits.KEYS,
        "size": limits.SIZE,
    }
    assert {each["name"] for each in about["specimens"]} == SPECIMENS
    assert all(each["title"] for each in about["specimens"])
    for preset in about["presets"]:
        steps = well(preset["code"], ["set", "'spam'", "1"], ["set", "2", "1"])
        assert [step["error"] for step in steps] == [None] * 3


def test_a_program_is_run(site: Site) -> None:
    answer = site.run(LENGTH, ["set", "'spam'", "1"])
    assert answer.status_code == 200
    assert answer.json()["steps"][1]["changed"] == [[0, ["'spam'"]]]
    bad = site.run("x = (", ["get", "1"])
    assert bad.status_code == 400
    assert bad.json()["where"] == "code"
    assert bad.json()["line"] == 1


def test_every_answer_has_its_headers(site: Site) -> None:
    for answer in (
        site.client.get("/"),
        site.client.get("/app.js"),
        site.client.get("/api/about"),
        site.client.get("/nothing"),
        site.client.get("/api/about", headers={"X-Token": "x"}),
        site.client.post("/api/run", content=b"{"),
    ):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers


@pytest.mark.parametrize("token", [None, "", "x", "é", "\xff", "' or 1"])
@pytest.mark.parametrize("path", ["/api/about", "/api/run", "/nothing", "/app.js/..", "/static/app.js"])
def test_without_the_token_nothing_is_there(site: Site, token: str | None, path: str) -> None:
    headers = {} if token is None else {"X-Token": token.encode("latin-1")}
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
        answer = httpx.request(method, f"http://127.0.0.1:{site.port}{path}", headers=headers)  # type: ignore[arg-type]
        # The client takes /app.js/.. for what it is: the page itself, which has nothing to hide.
        assert answer.status_code == 403 or (path == "/app.js/.." and answer.url.path == "/")


def test_a_token_that_is_part_of_the_right_one_is_wrong(site: Site) -> None:
    for token in (site.token[:-1], site.token + "x", site.token.swapcase()):
        answer = site.client.get("/api/about", headers={"X-Token": token})
        assert answer.status_code == 403
        assert site.client.get("/", params={"token": token}).status_code == 403
    assert site.token not in site.client.get("/api/about").text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "localhost",
        "127.0.0.1:1",
        "0.0.0.0:{}",
        "evil.example:{}",
        "127.0.0.1.evil.example:{}",
    ],
)
def test_another_host_is_refused(site: Site, host: str) -> None:
    for path in ("/", "/app.js", "/api/about"):
        assert site.client.get(path, headers={"Host": host.format(site.port)}).status_code == 403


def test_two_hosts_are_one_too_many(site: Site) -> None:
    hosts = f"Host: 127.0.0.1:{site.port}\nHost: evil.example\n"
    answer = site.raw(f"GET /api/about HTTP/1.1\n{hosts}X-Token: {site.token}\nConnection: close\n\n")
    assert answer.split()[1] in ("400", "403")
    assert "specimens" not in answer
    answer = site.raw(f"GET /api/about HTTP/1.0\nX-Token: {site.token}\n\n")
    assert answer.split()[1] in ("400", "403")


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "https://127.0.0.1:{}",
        "http://127.0.0.1",
        "http://127.0.0.1:{}.evil.example",
        "",
    ],
)
def test_another_origin_is_refused(site: Site, origin: str) -> None:
    headers = {"Origin": origin.format(site.port)}
    assert site.client.get("/api/about", headers=headers).status_code == 403
    assert site.client.post("/api/run", json=GOOD, headers=headers).status_code == 403


def test_the_pages_own_origin_is_let_in(site: Site) -> None:
    for name in ("127.0.0.1", "localhost"):
        own = {"Host": f"{name}:{site.port}", "Origin": f"http://{name}:{site.port}"}
        assert site.client.get("/api/about", headers=own).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/../pyproject.toml",
            "/../../etc/passwd",
            "/app.js/../../server.py",
            "/%2e%2e/server.py",
            "//etc/passwd",
        ),
        *("/..%2fserver.py", "/app.js%00", "/./app.js", "/static/../server.py", "/server.py", "/index.html"),
        *("/api/run/", "/api/about/", "/API/about", "/api//about", "http://evil.example/", "*", "/app.js/"),
    ],
)
def test_a_path_is_one_of_few_or_nothing(site: Site, path: str) -> None:
    head = f"Host: 127.0.0.1:{site.port}\nX-Token: {site.token}\nConnection: close\n\n"
    status, answer = (lambda text: (text.split()[1], text))(site.raw(f"GET {path} HTTP/1.1\n{head}"))
    assert status in ("400", "403", "404", "405")
    assert "import" not in answer
    assert "root:" not in answer


def test_a_body_that_is_too_long_is_not_read(site: Site) -> None:
    assert site.client.post("/api/run", content=b" " * (limits.BODY + 1)).status_code == 413

    def parts() -> Iterator[bytes]:
        for _ in range(limits.BODY // 1000 + 2):
            yield b" " * 1000

    with contextlib.suppress(httpx.WriteError):
        assert site.client.post("/api/run", content=parts()).status_code == 413
    program = body(LENGTH, ["get", "'a'"])
    program["code"] += "#" * (limits.BODY - len(json.dumps(program)))
    assert site.client.post("/api/run", content=json.dumps(program).encode()).status_code == 200


def test_what_is_no_json_is_told(site: Site) -> None:
    for content in (b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'"x"', b"NaN"):
        answer = site.client.post("/api/run", content=content)
        assert answer.status_code == 400
        assert answer.json()["error"]
    assert site.client.get("/api/run").status_code == 405


def test_two_at_once_do_not_mix_and_a_third_waits(site: Site) -> None:
    def one(number: int) -> Any:
        answer = site.run(
            f"import time\ntime.sleep(1)\nhash_func = lambda key: {number}", ["set", "'a'", "1"]
        )
        return answer.json()["steps"][1]["changed"][0][0]

    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        assert list(pool.map(one, range(4))) == [0, 1, 2, 3]
    assert time.monotonic() - begun > 2


def test_whoever_waits_too_long_in_line_is_told(site: Site) -> None:
    def one(_: int) -> int:
        status: int = site.run("import time\ntime.sleep(0.3)\nhash_func = hash", ["get", "1"]).status_code
        return status

    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        statuses = set(pool.map(one, range(40)))
    assert statuses == {200, 503}
    assert site.run(LENGTH, ["get", "'a'"]).status_code == 200


def test_many_requests_in_a_row_are_answered(site: Site) -> None:
    for number in range(200):
        answer = site.client.post("/api/run", content=b"{") if number % 2 else site.client.get("/api/about")
        assert answer.status_code == (400 if number % 2 else 200)


def children_of(site: Site) -> list[str]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(site.process.pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.split()


def test_a_child_for_which_nobody_waits_any_more_is_ended(site: Site) -> None:
    with pytest.raises(httpx.ReadTimeout):
        site.client.post("/api/run", json=body("while True: pass", ["get", "1"]), timeout=0.5)
    deadline = time.monotonic() + 2.5
    while children_of(site) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not children_of(site)


def test_the_server_outlives_its_children(site: Site) -> None:
    for code in ("import os\nos._exit(1)", "import ctypes\nctypes.string_at(0)", "import os\nos.abort()"):
        assert site.run(code, ["get", "1"]).json()["ended"]["how"] == "died"
    # Neither its parent nor its group is within its reach by accident.
    code = "import os, signal\nos.killpg(0, signal.SIGKILL)"
    assert site.run(code, ["get", "1"]).json()["ended"]["how"] == "died"
    assert site.client.get("/api/about").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_is_a_clean_end_also_while_a_program_runs(number: int) -> None:
    site = Site("--port", "0")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        answer = pool.submit(site.run, "while True: pass", ["get", "1"])
        while not (children := children_of(site)):
            time.sleep(0.01)
        site.process.send_signal(number)
        _, errors = site.process.communicate(timeout=4)
        assert answer.exception() or answer.result().status_code == 503
    assert site.process.returncode in (0, -number if number == signal.SIGTERM else 0)
    assert "Traceback" not in errors
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(int(child), 0)


def test_a_port_in_use_is_told(site: Site) -> None:
    done = command("explore", "--no-browser", "--port", str(site.port))
    assert done.exit_code == 1
    assert "in use" in done.output
    assert "Traceback" not in done.output


def test_a_port_that_is_none_is_asked_wrongly() -> None:
    assert command("explore", "--port", "65536").exit_code == 2


def test_each_server_has_a_token_of_its_own(site: Site, tmp_path: Path) -> None:
    other = Site("--port", "0")
    assert other.token != site.token
    assert len(other.token) >= 32
    assert other.stop() == 0
