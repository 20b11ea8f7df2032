"""The trace: what each layer says, in one order with what the program prints."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from laboratory import Program, command, process

from hashtable_lab.child import run

# The talk's closing session: a collision, a resize, a replacement, get, pop, a miss, and the end.
SESSION = Path(__file__).with_name("session.txt")


def test_the_talks_session_is_told_event_by_event() -> None:
    done = command("trace")
    assert done.exit_code == 0, done.output
    assert done.output == SESSION.read_text(encoding="utf-8")


def test_what_the_program_prints_stands_in_its_place(tmp_path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "import hashtable, sys\n"
        "h = hashtable.HashTable()\n"
        "print('before')\n"
        "h.set(sys.argv[1], 1)\n"
        "print('after', __name__, flush=True)\n"
        "sys.exit(3)\n"
    )
    done = command("trace", str(script), "word")
    lines = done.output.splitlines()
    assert done.exit_code == 3
    before, call, after = (
        lines.index("before"),
        lines.index("Module:    ------> set of a HashTable"),
        lines.index("after __main__"),
    )
    assert before < call < after
    assert any("'word'" in line for line in lines[call:after])


def test_expressions_of_a_command_are_shown_as_at_the_prompt() -> None:
    done = command("trace", "-c", "h = hashtable.HashTable(items={'a': 1})\nh.get('a')")
    assert done.exit_code == 0, done.output
    assert "1" in done.output.splitlines()


def test_only_the_layers_that_are_asked_for_are_shown() -> None:
    code = "h = hashtable.HashTable(); h.set('a', 1)"
    assert {line.split(":")[0] for line in command("trace", "-c", code).output.splitlines()} == {
        "Python",
        "Module",
        "Table",
    }
    assert {
        line.split(":")[0] for line in command("trace", "-c", code, "--layer", "table").output.splitlines()
    } == {"Table"}
    assert "+1 'a'" in command("trace", "-c", code, "--refs").output


def test_for_programs_each_event_is_a_line_of_json() -> None:
    done = command("trace", "-c", "hashtable.HashTable().set('a', 1)", "--json", "--layer", "table")
    events = [json.loads(line) for line in done.output.splitlines()]
    assert [event["what"] for event in events] == ["bin", "append"]
    assert events[1] == {**events[1], "layer": "table", "slot": 0, "load": 1}


def test_an_exception_of_the_program_is_its_own_affair(tmp_path) -> None:
    script = tmp_path / "wrong.py"
    script.write_text("import hashtable\n\n1 / 0\n")
    done = process("trace", str(script), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert f'File "{script}", line 3' in done.stderr
    assert "inside.py" not in done.stderr


def test_a_program_that_is_none_says_where(tmp_path) -> None:
    script = tmp_path / "wrong.py"
    script.write_text("import hashtable\nh = (\n")
    done = process("trace", str(script), cwd=tmp_path)
    assert done.returncode == 1
    assert "SyntaxError" in done.stderr


def test_a_program_finds_the_modules_beside_it_and_not_where_the_command_was_given(tmp_path) -> None:
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "beside.py").write_text("word = 'found'\n")
    script = tmp_path / "program" / "script.py"
    script.write_text("import beside, sys\nprint(beside.word, sys.path.count(''), sys.argv[0] == __file__)\n")
    done = process("trace", str(script), cwd=tmp_path)
    assert "found 0 True" in done.stdout.splitlines(), done.stderr


def test_a_program_reads_what_is_typed(tmp_path) -> None:
    done = process("trace", "-c", "print('got', input())", cwd=tmp_path, input="spam\n")
    assert "got spam" in done.stdout.splitlines()


def test_the_program_can_be_many_things() -> None:
    source = (
        "from __future__ import annotations\n"
        "import os, sys, pathlib\n"
        "def f(x: NoSuchName) -> None: pass\n"
        "sys.stdout.buffer.write(b'bytes\\n'); sys.stdout.flush()\n"
        "os.write(2, b'to stderr')\n"
        "print('no newline', end='')\n"
    )
    ended = run(Program("<program>", source))
    assert (ended.status, ended.stderr, ended.printed) == (0, "to stderr", "bytes\nno newline")


def test_a_program_that_does_not_end_is_ended() -> None:
    ended = run(Program("<program>", "while True: pass"), limit=1)
    assert ended.timed_out
    assert "still running" in ended.words()


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals")
def test_the_status_of_a_program_that_dies_is_the_shells() -> None:
    done = command("trace", "-c", "import os; os.abort()")
    assert done.exit_code == 128 + 6
