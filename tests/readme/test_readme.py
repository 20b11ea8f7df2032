"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import re
import subprocess
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


def test_each_link_to_a_file_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []
