"""Runs the tests on a build for a memory checker, once the checker has seen what it is there for.

    HASHTABLE_BUILD=build/asan python tests/python/under.py address [pytest's arguments]
    HASHTABLE_BUILD=build/probe python3-dbg tests/python/under.py valgrind --replay
    HASHTABLE_BUILD=build/tsan python tests/python/under.py thread tests/python/test_threads.py

With --replay it is not the tests that run, but the programs that the fuzzer keeps: valgrind takes minutes for
what the tests need before the first of them begins.

The build has `--cfg hashtable_memory_probe`: bugs on purpose, in src/python/probe.rs. Every object is a block
of malloc's of its own, so that a checker sees where it ends and when it goes.

ThreadSanitizer sees what the module does, and by which locks of the system threads wait for one another: a
GIL is one of them. What the interpreter does it sees only if that was built with it too. So on an ordinary
Python it tells whether the module touches anything without the GIL. A Python without one it does not bear,
unless that was built with it: the first proof fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# CPython's own, where Debian puts them, and a few more: what is odd about the interpreter.
SUPPRESSIONS = [Path("/usr/lib/valgrind/python3.supp"), HERE / "valgrind.supp"]

# Tests that cannot hold here, by a part of their names, each with its reason.
LEFT_OUT = {
    "used_up_its_memory": "it needs a limit of the process's memory, and a checker wants more than any",
    "no_memory_for_the_utf8": "the same",
    "such_a_loop_would_see_a_leak": "it counts blocks of the interpreter's own allocator: not in use here",
    "the_methods_are_no_functions": "it knows of all functions of the module, and the probe is one more",
    "dies_of_a_signal": "the checker notices, and ends the process in its own way",
}
# For the sanitizers: no block may be larger, in MiB, and to ask for one is an error like any other. That is
# instead of a limit of the process's memory, which is not set here (`limit_memory`).
LARGEST_BLOCK = "allocator_may_return_null=1:max_allocation_size_mb=2048"


class Checker(NamedTuple):
    """How to start an interpreter under it, and what it says of the probe's bugs that it sees, by number."""

    command: Sequence[str]
    environment: dict[str, str]
    sees: dict[int, str]
    # Like LEFT_OUT, for this one.
    left_out: Mapping[str, str] = MappingProxyType({})


# What is done for each bug, and for 0, which is none: in threads, since some need them.
PROBE = """
import threading, hashtable
threads = [threading.Thread(target=hashtable._memory_probe, args=({which},)) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def runtime(library: str) -> str:
    """That of the C compiler, which is put before everything: the interpreter has none of its own."""
    compiler = [os.environ.get("CC", "cc"), f"-print-file-name={library}"]
    found = subprocess.run(compiler, capture_output=True, text=True, check=True).stdout.strip()
    if not Path(found).is_absolute():
        sys.exit(f"this compiler has no {library}")
    return found


def address_sanitizer() -> Checker:
    # What an interpreter leaves behind at its end is its own affair.
    options = f"detect_leaks=0:{LARGEST_BLOCK}:abort_on_error=0:exitcode=99"
    return Checker(
        (),
        {"LD_PRELOAD": runtime("libasan.so"), "ASAN_OPTIONS": options},
        {1: "heap-buffer-overflow", 2: "heap-use-after-free", 3: "heap-buffer-overflow"},
    )


def thread_sanitizer() -> Checker:
    options = f"exitcode=99:{LARGEST_BLOCK}:suppressions={HERE / 'tsan.supp'}"
    environment = {"LD_PRELOAD": runtime("libtsan.so"), "TSAN_OPTIONS": options}
    left_out = {
        "ctrl_c_ends": "a signal is held back until the program waits for something",
        "an_interrupt_in_a_hash_function": "the same",
        "costs_what_is_put_into_it": "it measures resident memory, in which the checker's own is",
    }
    return Checker((), environment, {4: "data race"}, left_out)


def valgrind() -> Checker:
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not installed")
    suppressions = [f"--suppressions={file}" for file in SUPPRESSIONS if file.exists()]
    quiet = ["valgrind", "-q", "--error-exitcode=99", "--num-callers=30", *suppressions]
    read, write = "Invalid read of size 8", "Invalid write of size 8"
    return Checker(quiet, {}, {1: read, 2: read, 3: write})


CHECKERS = {"address": address_sanitizer, "thread": thread_sanitizer, "valgrind": valgrind}


def command(checker: Checker, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """This interpreter under the checker, with the build that is to be checked; and its environment."""
    module = "hashtable" + sysconfig.get_config_var("EXT_SUFFIX")
    built = max((ROOT / os.environ["HASHTABLE_BUILD"]).glob(f"lib*/{module}")).parent
    paths = os.pathsep.join([str(built), str(HERE)])
    ours = {"PYTHONMALLOC": "malloc", "PYTHONPATH": paths, "UNDER_A_CHECKER": "yes"}
    environment = {**os.environ, **checker.environment, **ours}
    return [*checker.command, sys.executable, *arguments], environment


def prove(checker: Checker) -> None:
    """Ends this program unless the checker tells each bug, and nothing of what is right."""
    for which, word in {0: "", **checker.sees}.items():
        probe, environment = command(checker, "-c", PROBE.format(which=which))
        done = subprocess.run(probe, env=environment, capture_output=True, text=True, check=False)
        if which == 0 and (done.returncode != 0 or done.stderr):
            sys.exit(f"{done.stderr}\nthe checker does not bear the interpreter: status {done.returncode}")
        if which > 0 and (done.returncode == 0 or word not in done.stderr):
            sys.exit(f"{done.stderr}\nbug {which} of the probe is not seen: {word}")
    print(f"planted bugs seen: {', '.join(checker.sees.values())}", flush=True)


def main() -> None:
    name, *arguments = sys.argv[1:]
    checker = CHECKERS[name]()
    prove(checker)
    if arguments == ["--replay"]:
        kept = sorted(map(str, (ROOT / "fuzz" / "corpus" / "python").iterdir()))
        arguments = [str(ROOT / "fuzz" / "fuzz_targets" / "program.py"), *kept]
    else:
        left_out = " or ".join([*LEFT_OUT, *checker.left_out])
        arguments = ["-m", "pytest", "-k", f"not ({left_out})", *arguments]
    words, environment = command(checker, *arguments)
    sys.exit(subprocess.run(words, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
