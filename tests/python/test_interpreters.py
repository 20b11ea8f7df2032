"""More than one interpreter: sub-interpreters, and one after the other in a program that embeds Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import hashtable
import pytest
from support import run_child

MODULE_DIRECTORY = str(Path(hashtable.__file__).parent)

# Uses the module in sub-interpreters, some with a GIL of their own and some with the main one's, and says how
# each went; then uses it in the main interpreter.
SUB_INTERPRETERS = """
import sys, hashtable
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

USE = '''
import gc, hashtable
h = hashtable.HashTable(hash_func=lambda key: 5, items={"a": 1})
h["self"] = h
assert h["a"] == 1 and h.stats().load == 2 and isinstance(h.stats(), hashtable.Stats)
assert hashtable.HashTable().hash_func is hash
for own in hashtable.fnv1a_hash, hashtable.SipHash(5):
    assert hashtable.HashTable(64, hash_func=own).bin_of("key") == own("key") % 64
del h
gc.collect()
'''

def attempt(interpreter):
    run = getattr(interpreters, "exec", None) or interpreters.run_string
    try:
        failure = run(interpreter, USE)
    except Exception as error:
        failure = error
    interpreters.destroy(interpreter)
    return str(getattr(failure, "formatted", failure))

shared = (lambda: interpreters.create("legacy")) if sys.version_info >= (3, 13) else (
    lambda: interpreters.create(isolated=False))
for _ in range(3):
    print("own:", attempt(interpreters.create()))
    print("shared:", attempt(shared()))
h = hashtable.HashTable(items={1: 2})
assert h.stats().load == 1 and list(h.items()) == [(1, 2)] and h.hash_func is hash
print("main: None")
"""


def test_interpreters_that_share_the_gil_work_and_others_are_refused() -> None:
    child = run_child(SUB_INTERPRETERS)
    assert child.returncode == 0, child.stderr
    told = child.stdout.splitlines()
    assert told.count("shared: None") == 3
    assert told[-1] == "main: None"
    refused = [line for line in told if line.startswith("own:")]
    if sys.version_info >= (3, 12):
        assert all("ImportError" in line and "hashtable" in line for line in refused), refused
    else:
        # Up to 3.11 there is only one GIL.
        assert refused == ["own: None"] * 3


def embedding_flags() -> list[str]:
    """What it takes to compile and link a program with this Python in it."""
    variable = sysconfig.get_config_var
    directories = [directory for directory in (variable("LIBDIR"), variable("LIBPL")) if directory]
    return [
        f"-I{variable('INCLUDEPY')}",
        f"-I{sysconfig.get_path('platinclude')}",
        *(f"-L{directory}" for directory in directories),
        *(f"-Wl,-rpath,{directory}" for directory in directories),
        f"-lpython{variable('LDVERSION')}",
        *(variable("LIBS") or "").split(),
        *(variable("SYSLIBS") or "").split(),
    ]


def test_three_rounds_of_initialising_and_finalising_are_clean(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    program = tmp_path / "embed"
    source = Path(__file__).with_name("embed.c")
    compiled = subprocess.run(
        [compiler, str(source), "-o", str(program), *embedding_flags()], capture_output=True, text=True
    )
    if compiled.returncode != 0:
        pytest.skip("this Python cannot be embedded: " + compiled.stderr.strip().splitlines()[-1])
    environment = {**os.environ, "PYTHONHOME": sys.base_prefix, "PYTHONMALLOC": "debug"}
    environment.pop("PYTHONPATH", None)
    child = subprocess.run(
        [program, MODULE_DIRECTORY], env=environment, capture_output=True, text=True, timeout=100
    )
    assert (child.returncode, child.stdout) == (0, "round 1\nround 2\nround 3\n"), child.stderr
