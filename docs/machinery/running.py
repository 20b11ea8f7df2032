"""Runs a page: its blocks in order, in a folder of their own."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from machinery import pages
from machinery.masks import shown
from machinery.pages import ROOT

SESSION = Path(__file__).with_name("session.py")
# A command that takes longer than this has gone wrong.
PATIENCE = 120


@dataclass
class Outcome:
    """What came of a block. `body`: as it stands on the site; `update`: as it would stand in the page if what
    happened is right; `complaint`: how it is not what the page says."""

    block: pages.Block
    body: str
    update: str
    complaint: str = ""
    pictures: list[Path] = field(default_factory=list)
    skipped: str = ""


class Place:
    """A folder, and around it what a reader of the README has: `htlab`, `python`, the library."""

    def __init__(self, folder: Path, commands: Path) -> None:
        self.folder = folder
        self.session: subprocess.Popen[str] | None = None
        library = ROOT / "target" / "release"
        path = [str(commands), os.environ.get("PATH", "")]
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith(("HTLAB_", "PYTEST"))
            },
            "PATH": os.pathsep.join(path),
            "PYTHONPATH": os.pathsep.join(map(str, built())),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "TERM": "dumb",
            "CPATH": str(ROOT / "include"),
            "LIBRARY_PATH": str(library),
            "LD_LIBRARY_PATH": str(library),
            "HASHTABLE_SOURCE": str(ROOT),
        }
        for name in ("PYTHONMALLOC", "PYTHONDEVMODE", "FORCE_COLOR", "HTLAB_SPECIMEN", "HTLAB_FORGET"):
            self.environment.pop(name, None)

    def command(self, source: str) -> tuple[int, str]:
        """The exit status of a command, and all that it prints."""
        done = subprocess.run(
            ["bash", "-c", source],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
        return done.returncode, done.stdout

    def statement(self, source: str) -> str:
        """What a statement prints; all of a page share their names."""
        if self.session is None:
            self.session = subprocess.Popen(
                [sys.executable, "-u", str(SESSION)],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        assert self.session.stdin is not None
        assert self.session.stdout is not None
        self.session.stdin.write(json.dumps(source) + "\n")
        self.session.stdin.flush()
        answer = self.session.stdout.readline()
        if not answer:
            status = self.session.wait()
            self.session = None
            return f"the interpreter has gone, with status {status}\n"
        return str(json.loads(answer))

    def close(self) -> None:
        if self.session is not None:
            self.session.communicate()


def built() -> list[Path]:
    """Where `python setup.py build` has put the module for this interpreter; nothing if it is installed."""
    said = os.environ.get("HASHTABLE_BUILT")
    return [Path(said)] if said else []


@contextmanager
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        commands = Path(folder, "bin")
        commands.mkdir()
        for name, words in {"python": "", "python3": "", "htlab": "-m hashtable_lab "}.items():
            script = commands / name
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n')
            script.chmod(0o755)
        work = Path(folder, "work")
        work.mkdir()
        here = Place(work, commands)
        try:
            yield here
        finally:
            here.close()


def run(text: str, pictures: Path) -> list[tuple[re.Match[str], Outcome]]:
    """Runs all blocks of a page. What they draw is put into the folder `pictures`."""
    results = []
    with place() as here:
        for found, block in pages.blocks(text):
            results.append((found, outcome(block, here, pictures)))
    return results


def outcome(block: pages.Block, here: Place, pictures: Path) -> Outcome:
    if not block.here:
        return Outcome(block, "", block.body)
    if block.kind == "file":
        target = here.folder / block.argument
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.body, encoding="utf-8")
        return Outcome(block, block.body, block.body)
    if block.missing:
        return Outcome(block, block.body, block.body, skipped=f"there is no {block.missing}")
    body, update, complaints, drawn = "", "", [], []
    for step in block.steps:
        status, printed = 0, ""
        if block.kind == "python":
            printed = here.statement(step.source)
        else:
            try:
                status, printed = here.command(step.source)
            except subprocess.TimeoutExpired:
                complaints.append(f"after {PATIENCE} s it was still running: {step.source}")
        lines = printed.splitlines()
        wanted = block.options.get("status", "0")
        if wanted not in ("any", str(status)):
            complaints.append(f"`{step.source}` ended with status {status} instead of {wanted}:\n{printed}")
        if block.kind == "draw":
            drawn += collect(step.source, here, pictures)
            body += pages.written(step, block.kind, [])
            update += pages.written(step, block.kind, [])
            continue
        # Empty lines between two commands are there for the eye.
        said = step.expected
        while said and not said[-1].strip():
            said = said[:-1]
        while lines and not lines[-1].strip():
            lines = lines[:-1]
        fit = shown(said, lines, block.masks)
        gap = [""] if len(step.expected) > len(said) and step is not block.steps[-1] else []
        if fit is None:
            complaints.append(difference(step.source, said, lines))
        body += pages.written(step, block.kind, (lines if fit is None else fit) + gap)
        kept = lines if fit is None else said
        if block.kind == "python":
            kept = [line or "<BLANKLINE>" for line in kept]
        update += pages.written(step, block.kind, kept + gap)
    return Outcome(block, body, update, "\n".join(complaints), drawn)


def difference(source: str, said: list[str], printed: list[str]) -> str:
    return "\n".join(
        [f"`{source.strip()}` does not print what the page says:"]
        + [f"  said:    {line}" for line in said]
        + [f"  printed: {line}" for line in printed]
    )


def collect(command: str, here: Place, pictures: Path) -> list[Path]:
    """The pictures that a command has drawn, under a name of their own."""
    kept = []
    for name in re.findall(r"--svg[ =](\S+)", command):
        drawn = here.folder / name
        if not drawn.is_file():
            raise pages.BadPageError(f"it has drawn nothing: {command}")
        text = drawn.read_bytes()
        pictures.mkdir(parents=True, exist_ok=True)
        target = pictures / f"{Path(name).stem}-{hashlib.sha256(text).hexdigest()[:12]}.svg"
        shutil.copyfile(drawn, target)
        kept.append(target)
    return kept


def run_all(texts: dict[str, str], pictures: Path) -> dict[str, list[tuple[re.Match[str], Outcome]]]:
    """Runs many pages, as many at once as there are processors."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        done = pool.map(lambda name: run(texts[name], pictures), texts)
        return dict(zip(texts, done))


def as_recorded(texts: dict[str, str], _: Path) -> dict[str, list[tuple[re.Match[str], Outcome]]]:
    """What `run_all` comes to if everything prints what is said, and nothing is run."""
    return {
        name: [(found, Outcome(block, block.body, block.body)) for found, block in pages.blocks(text)]
        for name, text in texts.items()
    }
