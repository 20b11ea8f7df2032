"""What the graders share: the learner's folder, and ways to run what is in it, in child processes, which may
do what they like.

A grader says what it expects, one thing after the other:

    def grade(work: Work) -> None:
        answers = work.answers()
        work.expect(answers.get("BIN") == 3, "-5 is in bin 3 of 8", "Python's % is never negative here")
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from hashtable_lab.child import PACKAGE, Program, Run, run, signal_name

# Seconds until a learner's program is taken for one that does not end.
PATIENCE = 20
NO_LIBRARY = (
    "it is not here: run `make lib` in the source tree and set HASHTABLE_SOURCE to it, or `make install`"
)
# Reads a file's answers, which are its names in capitals.
READ_ANSWERS = """
import sys
names = {}
exec(compile(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1], "exec"), names)
answer = {name: value for name, value in names.items() if name.isupper()}
"""
# Hands it on in a file: what the learner's code prints, and when, does not matter.
HAND_ON = """
import json
with open({!r}, "w", encoding="utf-8") as file:
    json.dump(answer, file)
"""


@dataclass(frozen=True)
class Finding:
    """Something that was expected, and whether it is so; if not, `why` says what was seen."""

    good: bool
    promise: str
    why: str = ""


@dataclass(frozen=True)
class Done:
    """What came of a program. A negative status is the number of the signal that ended it."""

    status: int
    stdout: str
    stderr: str

    @property
    def last_words(self) -> str:
        """The last thing that it complained of, or the signal that it died of."""
        if self.status < 0:
            return f"it died of {signal_name(-self.status)}"
        lines = (self.stderr.strip() or self.stdout.strip()).splitlines()
        return lines[-1] if lines else f"it ended with status {self.status}, without a word"


class GradingEnded(Exception):  # noqa: N818 -- no error: there is nothing more to look at
    """There is nothing more to look at."""


@dataclass
class Work:
    """The learner's folder, and what was found in it."""

    folder: Path
    findings: list[Finding] = field(default_factory=list)
    # What was compiled; each goes with this object.
    rooms: list[tempfile.TemporaryDirectory[str]] = field(default_factory=list, repr=False)

    def expect(self, good: bool, promise: str, why: str = "") -> bool:
        """Notes whether something is as it has to be. `promise`: what; `why`: said if it is not."""
        self.findings.append(Finding(good, promise, "" if good else why))
        return good

    def demand(self, good: bool, promise: str, why: str = "") -> None:
        """The same for what all the rest rests on: if it is not so, grading ends."""
        if not self.expect(good, promise, why):
            raise GradingEnded

    def cannot(self, promise: str, why: str) -> NoReturn:
        """Ends grading, since something is missing on this machine or in the folder."""
        self.demand(False, promise, why)
        raise GradingEnded

    def read(self, name: str) -> str:
        """The text of a file of the learner's."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.cannot(f"there is a file {name}", str(error))

    def command(
        self,
        *words: str,
        environment: Mapping[str, str] | None = None,
        limit: float = PATIENCE,
        what: str | None = None,
    ) -> Done:
        """Runs a command in the learner's folder. One that does not end in time ends the grading; `what` is
        what it is then called."""
        around = {name: value for name, value in os.environ.items() if not name.startswith("HTLAB_")}
        around["PYTHONPATH"] = os.pathsep.join([str(PACKAGE.parent), around.get("PYTHONPATH", "")]).strip(
            os.pathsep
        )
        around["PYTHONDONTWRITEBYTECODE"] = "1"
        around.update(environment or {})
        try:
            done = subprocess.run(
                words,
                cwd=self.folder,
                env=around,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            what = what or ("your code" if "-c" in words else f"`{' '.join(words[-2:])}`")
            self.cannot(f"{what} comes to its end", f"it was still running after {limit:g} s")
        return Done(done.returncode, done.stdout, done.stderr)

    def python(
        self,
        *words: str,
        environment: Mapping[str, str] | None = None,
        limit: float = PATIENCE,
        what: str | None = None,
    ) -> Done:
        """The same with this Python: `work.python("program.py")`, `work.python("-c", code)`. `hashtable` and
        the learner's own modules can be imported."""
        return self.command(sys.executable, *words, environment=environment, limit=limit, what=what)

    def evaluate(self, code: str, *words: str, limit: float = PATIENCE, what: str = "your code runs") -> Any:
        """Runs code in the learner's folder, and returns what it puts into `answer`, by way of JSON. Code
        that fails, or ends the process before, ends the grading."""
        with tempfile.TemporaryDirectory(prefix="lesson-") as folder:
            told = Path(folder, "answer.json")
            self.runs(self.python("-c", code + HAND_ON.format(str(told)), *words, limit=limit), what)
            if not told.is_file():
                self.cannot(what, "it ended the process before its end")
            return json.loads(told.read_text(encoding="utf-8"))

    def runs(self, done: Done, what: str = "your code runs") -> None:
        """Ends the grading if a program failed."""
        if done.status:
            self.cannot(what, done.last_words)

    def answers(self, name: str = "answers.py") -> dict[str, Any]:
        """What a file of answers says: its names in capitals."""
        self.read(name)
        return dict(self.evaluate(READ_ANSWERS, name, what=f"{name} can be read"))

    def under_glass(
        self, name: str, specimen: str | None = None, forget: str | None = None, source: str | None = None
    ) -> Run:
        """Runs a program of the learner's under glass, healthy or broken, with the debug allocator. `source`:
        a program of the grader's in its place, which can import what is in the folder."""
        own = self.read(name)
        return run(
            Program(str(self.folder / name), own if source is None else source),
            specimen=specimen,
            forget=forget,
            limit=PATIENCE,
        )

    def evaluate_under_glass(self, name: str, code: str, specimen: str | None, what: str) -> Any:
        """Runs code that imports the learner's file under glass, and returns what it puts into `answer`, by
        way of JSON. How the process ends after that is another matter: a specimen may kill it there."""
        with tempfile.TemporaryDirectory(prefix="lesson-") as folder:
            told = Path(folder, "answer.json")
            ended = self.under_glass(name, specimen=specimen, source=code + HAND_ON.format(str(told)))
            if not told.is_file():
                self.cannot(what, ended.words())
            return json.loads(told.read_text(encoding="utf-8"))

    def c_program(self, *sources: str, library: bool = False, checked: bool = False) -> Path:
        """Compiles C. `library`: against libhashtable; `checked`: with the address and undefined-behaviour
        sanitizers where the compiler has them. What does not compile ends the grading."""
        flags = ["-std=c99", "-g", "-Wall"]
        if checked and self.has_sanitizers():
            flags += ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
        return self.compile([*flags, *sources], "program", self.libhashtable() if library else [])

    def c_extension(self, source: str) -> Path:
        """Compiles an extension module of Python, into a folder that is then to be on the path."""
        include = sysconfig.get_path("include")
        if not Path(include, "Python.h").is_file():
            self.cannot(
                "an extension module can be compiled",
                f"there is no Python.h in {include}: it comes with a package such as python3-dev",
            )
        suffix = sysconfig.get_config_var("EXT_SUFFIX")
        flags = ["-shared", "-fPIC", "-O1", "-g", "-Wall", f"-I{include}"]
        return self.compile([*flags, source], Path(source).stem + suffix, []).parent

    def compile(self, flags: list[str], name: str, libraries: list[str]) -> Path:
        compiler = shutil.which(os.environ.get("CC", "cc"))
        if compiler is None:
            self.cannot("there is a C compiler", "there is no cc on the PATH")
        self.rooms.append(tempfile.TemporaryDirectory(prefix="lesson-"))
        made = Path(self.rooms[-1].name, name)
        done = self.command(compiler, *flags, "-o", str(made), *libraries, limit=60)
        if done.status:
            self.cannot("it compiles", done.stderr.strip())
        return made

    def has_sanitizers(self) -> bool:
        """Whether the C compiler has the sanitizers."""
        named = self.command(os.environ.get("CC", "cc"), "-print-file-name=libasan.so")
        return Path(named.stdout.strip()).is_absolute()

    def libhashtable(self) -> list[str]:
        """What tells a C compiler where libhashtable is: in the source tree that HASHTABLE_SOURCE names or
        that we are in, or wherever it was installed. If it is nowhere, grading ends."""
        for tree in self.source_trees():
            archive = tree / "target" / "release" / "libhashtable.a"
            if (tree / "include" / "hashtable.h").is_file() and archive.is_file():
                return [f"-I{tree / 'include'}", str(archive), "-lpthread", "-ldl", "-lm"]
        if shutil.which("pkg-config"):
            told = self.command("pkg-config", "--cflags", "--libs", "hashtable")
            if told.status == 0:
                return told.stdout.split()
        for prefix in ("/usr/local", "/usr"):
            if Path(prefix, "include", "hashtable.h").is_file():
                return [f"-I{prefix}/include", f"-L{prefix}/lib", f"-Wl,-rpath,{prefix}/lib", "-lhashtable"]
        return self.cannot("there is libhashtable", NO_LIBRARY)

    def shared_library(self) -> Path:
        """The shared libhashtable, for a program that loads it by itself; the same search, the same end."""
        places = [tree / "target" / "release" for tree in self.source_trees()]
        if shutil.which("pkg-config"):
            told = self.command("pkg-config", "--variable=libdir", "hashtable")
            places += [Path(told.stdout.strip())] if told.stdout.strip() else []
        for place in [*places, Path("/usr/local/lib"), Path("/usr/lib")]:
            if (place / "libhashtable.so").is_file():
                return place / "libhashtable.so"
        return self.cannot("there is libhashtable", NO_LIBRARY)

    def source_trees(self) -> list[Path]:
        """Where a source tree may be: the one that is named, or else the folders that we are in."""
        named = os.environ.get("HASHTABLE_SOURCE")
        return [Path(named)] if named else [Path.cwd(), *Path.cwd().parents, *self.folder.resolve().parents]
