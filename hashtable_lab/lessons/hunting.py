"""What the graders of the bug hunt share.

A defect is a small C file and a test that fails because of it. The learner mends the file. A grader compiles
that, runs the test as it was handed out, and then tries what the test did not ask: that what was right before
still is.
"""

from __future__ import annotations

import random
import re
import tempfile
from pathlib import Path

from hashtable_lab.child import SIGNALS, signal_name
from hashtable_lab.lessons.grading import Done, Work

THE_TEST = "the test that came with it passes"
# Leaks are counted, where it matters; not every machine lets the sanitizer look for them.
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1"}
# What the sanitizers, an exception and the interpreter say last, each in its own words.
COMPLAINTS = (
    r"SUMMARY: (\w+Sanitizer: .*)",
    r"(.*runtime error: .*)",
    r"^(?:AssertionError: )?((?<=: ).*|\w*(?:Error|Exception|Interrupt|Exit)(?:: .*)?)$",
    r"^Fatal Python error: (.*)",
)
# The test's own main gets another name, so that ours can ask it and say that it came to its end.
AROUND_MAIN = """
#undef main
#include <stdlib.h>
int main(int count, char **words) { (void)count; return judge() ? 1 : atoi(words[1]); }
"""


class Extension:
    """A learner's extension module, compiled. `start`: the folder of what the learner began with."""

    def __init__(self, work: Work, source: str, start: Path) -> None:
        self.work = work
        self.start = start
        self.folder = work.c_extension(source)

    def test(self) -> None:
        """Ends the grading unless the test passes."""
        code = (self.start / "test.py").read_text(encoding="utf-8")
        self.work.demand(*self.outcome(THE_TEST, code))

    def trial(self, promise: str, code: str) -> None:
        """Expects that code to come to its end."""
        self.work.expect(*self.outcome(promise, code))

    def outcome(self, promise: str, code: str) -> tuple[bool, str, str]:
        end = random.randrange(64, 120)
        # Beside the module, and not in the learner's folder, where another build of it may be.
        script = self.folder / "trial.py"
        script.write_text(f"{code}\nraise SystemExit({end})\n", encoding="utf-8")
        done = self.work.python(str(script), environment={"PYTHONMALLOC": "debug"}, what="your code")
        return done.status == end, promise, in_words(done)


class Library:
    """A learner's file of plain C, which is compiled together with each program that tries it."""

    def __init__(self, work: Work, source: str, start: Path) -> None:
        self.work = work
        self.source = source
        self.start = start

    def test(self) -> None:
        """Ends the grading unless the test passes."""
        code = (self.start / "test.c").read_text(encoding="utf-8")
        self.work.demand(*self.outcome(THE_TEST, code))

    def trial(self, promise: str, code: str) -> None:
        """Expects the `main` of that code to return 0."""
        self.work.expect(*self.outcome(promise, code))

    def outcome(self, promise: str, code: str) -> tuple[bool, str, str]:
        end = random.randrange(64, 120)
        with tempfile.TemporaryDirectory(prefix="trial-") as folder:
            trial = Path(folder, "trial.c")
            trial.write_text(f"#define main judge\n{code}{AROUND_MAIN}", encoding="utf-8")
            program = self.work.c_program(self.source, str(trial), checked=True)
        done = self.work.command(str(program), str(end), environment=SANITIZERS, what="your code")
        return done.status == end, promise, in_words(done)


def in_words(done: Done) -> str:
    """How a program ended that ought to have ended otherwise: what was wrong, and what it died of."""
    found = [re.findall(pattern, done.stderr, re.MULTILINE) for pattern in COMPLAINTS]
    said = [re.sub(r"/\S*/", "", every[-1].strip()) for every in found if every]
    if done.status < 0:
        name = signal_name(-done.status)
        said.append(f"it died of {name}, {SIGNALS.get(name, 'a signal').partition(':')[0]}")
    return "; ".join(said) or done.last_words
