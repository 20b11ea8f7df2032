"""`htlab` as a command among others: its help, its exit status, in a pipe, without its libraries, without
colours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import built
import click
import pytest
from laboratory import command, process, told

from hashtable_lab.cli import htlab


def commands(group: click.Group, *before: str) -> list[tuple[str, ...]]:
    """The words of each command, those of groups of commands too."""
    found = []
    for name in group.list_commands(click.Context(group)):
        each = group.get_command(click.Context(group), name)
        words = (*before, name)
        found += commands(each, *words) if isinstance(each, click.Group) else [words]
    return found


COMMANDS = commands(htlab)


def test_there_are_the_commands_that_are_promised() -> None:
    lessons = {("lesson", name) for name in ("list", "start", "hint", "check")}
    assert {("demo",), ("diff",), ("trace",), ("refs",), ("doctor",), *lessons} <= set(COMMANDS)


# Those that only say a sentence.
SHORT = {("explore",), ("lesson", "start"), ("lesson", "hint")}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_has_help_and_can_write_json(words: tuple[str, ...]) -> None:
    for flag in ("--help", "-h"):
        done = command(*words, flag)
        assert done.exit_code == 0
        assert done.output.startswith(f"Usage: htlab {' '.join(words)}")
    assert ("--json" in done.output) == (words not in SHORT)
    assert max(map(len, done.output.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "No such command"),
        (["demo"], "htlab demo list"),
        (["demo", "nothing"], "segfault"),
        (["demo", "leak", "--no-such-option"], "No such option"),
        (["demo", "--forget", "nonsense", "x.py"], "src/python/operations.rs:53"),
        (["demo", "--forget", "src/python/operations.rs:100000", "x.py"], "has no line"),
        (["demo", "--forget", "src/python/no_such.rs:1", "x.py"], "has no line"),
        (["demo", "--forget", "src/python/operations.rs:53", "no_such_file.py"], "no_such_file.py"),
        (["trace", "no_such_file.py"], "no_such_file.py"),
        (["trace", "--layer", "nothing"], "nothing"),
        (["refs"], "EXPR"),
        (["demo", "segfault", "no_such_file.py"], "no_such_file.py"),
        (["bins"], "EXPR"),
    ],
)
def test_a_wrong_question_is_status_2_and_a_sentence(words: list[str], said: str) -> None:
    done = command(*words)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_the_doctor_measures_this_interpreter() -> None:
    facts = told("doctor")
    assert facts["python"] == ".".join(map(str, sys.version_info[:3]))
    assert facts["immortal"]["None"] == (sys.version_info >= (3, 12))
    assert facts["immortal"]["a class"] == (sys.version_info >= (3, 12))
    assert facts["debug_build"] == hasattr(sys, "gettotalrefcount")
    assert facts["getrefcount_adds"] >= 0
    assert facts["frames_are_referrers"] in (True, False)
    assert set(facts["tools"]) == {"gdb", "valgrind"}
    assert {demo["outcome"] for demo in facts["demos"].values()} >= {"dies", "leaks", "uncollected"}
    printed = " ".join(command("doctor").output.split())
    assert "CPython" in printed
    assert "segfault" in printed


def test_in_a_pipe_there_is_no_colour_and_no_line_is_broken(tmp_path: Path) -> None:
    key = "k" * 30
    done = process("trace", "-c", f"hashtable.HashTable().set({key!r}, " + "1 + " * 60 + "1)", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert any(len(line) > 200 for line in done.stdout.splitlines())


def terminal(*words: str, cwd: Path, **environment: str) -> str:
    """What a command writes to a terminal of 80 columns."""
    script = (
        "import os, pty, sys\n"
        "os.environ.update(TERM='xterm-256color', COLUMNS='80', LINES='24')\n"
        f"pty.spawn([sys.executable, '-m', 'hashtable_lab', *{list(words)!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(built.BUILT.parent), **environment},
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout


def test_a_terminal_gets_colours_unless_no_color_is_set(tmp_path: Path) -> None:
    assert re.search(r"\x1b\[\d+m", terminal("demo", "list", cwd=tmp_path))
    without = terminal("demo", "list", cwd=tmp_path, NO_COLOR="1")
    # Bold is no colour; a number from 30 on is.
    assert not re.search(r"\x1b\[[\d;]*3\dm", without)
    assert max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in without.splitlines()) <= 80


def test_a_reader_who_goes_away_is_no_error(tmp_path: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "hashtable_lab",
        "trace",
        "-c",
        "for n in range(30000): hashtable.HashTable()",
    ]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(built.BUILT.parent)}
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().startswith("Python:")
        child.stdout.close()
        assert child.stderr is not None
        assert child.stderr.read() == ""


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_its_libraries_it_says_how_to_get_them(missing: str, tmp_path: Path) -> None:
    # What comes first on the path hides what is installed: a finder that finds nothing.
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        f"util.find_spec = lambda name, *rest: None if name == {missing!r} else find(name, *rest)\n"
    )
    path = {"PYTHONPATH": f"{tmp_path}:{built.BUILT.parent}"}
    done = process("doctor", cwd=tmp_path, environment=path)
    assert done.returncode == 1
    assert done.stderr == f"htlab needs {missing}, not installed here: pip install 'hashtable[lab]'\n"


def test_the_module_itself_needs_nothing_of_the_lab(tmp_path: Path) -> None:
    labs = "{'click', 'rich', 'hashtable_lab'}"
    code = f"import hashtable, sys; print([name for name in sys.modules if name.split('.')[0] in {labs}])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(built.BUILT.parent)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_without_the_instrumented_module_it_says_where_it_comes_from(tmp_path: Path) -> None:
    # The source's own folder has no built module.
    (tmp_path / "hashtable_lab").symlink_to(built.ROOT / "hashtable_lab")
    done = process("demo", "list", cwd=tmp_path, environment={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert "python setup.py build" in done.stderr
    assert "Traceback" not in done.stderr
