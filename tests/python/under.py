"""Runs the tests on a build for a memory checker, once the checker has seen what it is there for.

    HASHTABLE_BUILD=build/asan python tests/python/under.py address [pytest's arguments]
    HASHTABLE_BUILD=build/probe python3-dbg tests/python/under.py valgrind --replay

With --replay it is not the tests that run, but the programs that the fuzzer keeps: valgrind takes minutes for
what the tests need before the first of them begins.

The build has `--cfg hashtable_memory_probe`: bugs on purpose, in src/python/probe.rs. Every object is a block
of malloc's of its own, so that a checker sees where it ends and when it goes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# CPython's own, where Debian puts them, and a few more: what is odd about the interpreter.
SUPPRESSIONS = [Path("/usr/lib/valgrind/python3.supp"), HERE / "valgrind.supp"]


class Checker(NamedTuple):
    """How to start an interpreter under it, and what it says of the bugs, in the order of the probe."""

    command: Sequence[str]
    environment: dict[str, str]
    sees: tuple[str, str, str]


def address_sanitizer() -> Checker:
    """The runtime of the C compiler, which is put before everything: the interpreter has none of its own."""
    runtime = subprocess.run(
        [os.environ.get("CC", "cc"), "-print-file-name=libasan.so"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    if not Path(runtime).is_absolute():
        sys.exit("this compiler has no runtime for AddressSanitizer")
    # What an interpreter leaves behind at its end is its own affair. A size that no memory holds is an error.
    options = "detect_leaks=0:allocator_may_return_null=1:abort_on_error=0:exitcode=99"
    return Checker(
        (),
        {"LD_PRELOAD": runtime, "ASAN_OPTIONS": options},
        ("heap-buffer-overflow", "heap-use-after-free", "heap-buffer-overflow"),
    )


def valgrind() -> Checker:
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not installed")
    suppressions = [f"--suppressions={file}" for file in SUPPRESSIONS if file.exists()]
    quiet = ["valgrind", "-q", "--error-exitcode=99", "--num-callers=30", *suppressions]
    return Checker(quiet, {}, ("Invalid read of size 8", "Invalid read of size 8", "Invalid write of size 8"))


CHECKERS = {"address": address_sanitizer, "valgrind": valgrind}


def command(checker: Checker, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """This interpreter under the checker, with the build that is to be checked; and its environment."""
    module = "hashtable" + sysconfig.get_config_var("EXT_SUFFIX")
    built = max((ROOT / os.environ["HASHTABLE_BUILD"]).glob(f"lib*/{module}")).parent
    paths = os.pathsep.join([str(built), str(HERE)])
    environment = {**os.environ, **checker.environment, "PYTHONMALLOC": "malloc", "PYTHONPATH": paths}
    return [*checker.command, sys.executable, *arguments], environment


def prove(checker: Checker) -> None:
    """Ends this program unless the checker tells each bug, and nothing of what is right."""
    for which, word in enumerate(("", *checker.sees)):
        probe, environment = command(checker, "-c", f"import hashtable; hashtable._memory_probe({which})")
        done = subprocess.run(probe, env=environment, capture_output=True, text=True, check=False)
        if which == 0 and (done.returncode != 0 or done.stderr):
            sys.exit(f"{done.stderr}\nthe checker does not bear the interpreter: status {done.returncode}")
        if which > 0 and (done.returncode == 0 or word not in done.stderr):
            sys.exit(f"{done.stderr}\nbug {which} of the probe is not seen: {word}")
    print(f"planted bugs seen: {', '.join(checker.sees)}", flush=True)


def main() -> None:
    name, *arguments = sys.argv[1:]
    checker = CHECKERS[name]()
    prove(checker)
    if arguments == ["--replay"]:
        kept = sorted(map(str, (ROOT / "fuzz" / "corpus" / "python").iterdir()))
        arguments = [str(ROOT / "fuzz" / "fuzz_targets" / "program.py"), *kept]
    else:
        arguments = ["-m", "pytest", *arguments]
    words, environment = command(checker, *arguments)
    sys.exit(subprocess.run(words, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
