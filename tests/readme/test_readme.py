"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The code blocks in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def test_the_python_session_runs_as_printed() -> None:
    sessions = "".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(sessions, {}, "README.md", "README.md", 0)
    runner = doctest.DocTestRunner()
    runner.run(test)
    assert runner.tries > 5
    assert runner.failures == 0


def test_the_c_program_compiles_strictly_and_prints_what_is_printed(tmp_path: Path) -> None:
    (program,), (text,) = blocks("c"), blocks("text")
    source, binary = tmp_path / "app.c", tmp_path / "app"
    source.write_text(program)
    strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    library = ROOT / "target" / "release"
    where = [f"-I{ROOT / 'include'}", f"-L{library}", f"-Wl,-rpath,{library}"]
    subprocess.run(["cc", *strict, source, "-o", binary, *where, "-lhashtable"], check=True)
    printed = subprocess.run([binary], check=True, capture_output=True, text=True).stdout
    assert printed == text


def commands() -> list[str]:
    return [line.split("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]


@pytest.mark.parametrize("command", [command for command in commands() if command.startswith("make ")])
def test_each_make_target_in_a_command_exists(command: str) -> None:
    subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, check=True, capture_output=True)


def sessions() -> list[tuple[str, str]]:
    """The commands of the console blocks, each with what the README says that it prints."""
    (block,) = blocks("console")
    return re.findall(r"^\$ htlab (.*)\n((?:(?!\$ ).*\n)*)", block, flags=re.MULTILINE)


def masked(text: str) -> str:
    """Without the numbers of lines of source files, which change with each line that is added."""
    return re.sub(r"(\w:|line )\d+", r"\1N", text)


@pytest.mark.parametrize(("command", "printed"), sessions())
def test_each_command_of_the_lab_prints_what_is_printed(command: str, printed: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "hashtable_lab", *shlex.split(command)]
    done = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True)
    checker = doctest.OutputChecker()
    # What a session begins with or ends with may be left out; blank lines are not shown.
    assert checker.check_output(masked(printed), masked(done.stdout), doctest.ELLIPSIS), done.stdout


def test_each_link_to_a_file_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []
