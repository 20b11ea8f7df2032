"""The extension module for Python 2 that a chapter shows is one: a Python 2.7 loads it, and it does what the
chapter says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from machinery.pages import DOCS

SHOWN = DOCS / "python2"
# It was the custom to cast a method's pointer to another kind of function's, and to leave out a type's last
# fields.
CUSTOMS = ("unused-parameter", "cast-function-type", "missing-field-initializers")
WARNINGS = ["-Wall", "-Wextra", "-Werror", *(f"-Wno-{custom}" for custom in CUSTOMS)]
INCLUDE = """
import os, sysconfig
include = sysconfig.get_path("include")
assert os.path.isfile(include + "/Python.h")
print(include)
"""

# What the chapter does not show: what such a module is bound to get wrong.
HOSTILE = """
import chooser, sys

function = lambda key: 1
before = sys.getrefcount(function)
for _ in range(100):
    c = chooser.Chooser(function)
    c.__init__(function)
    assert c.bin_of("key", 3) == 1
    repr(c), c.hash_func
assert sys.getrefcount(function) == before + 1
del c
assert sys.getrefcount(function) == before

number = 10 ** 15
before = sys.getrefcount(number)
for _ in range(100):
    chooser.Chooser(lambda key: number).bin_of("key", 3)
assert sys.getrefcount(number) == before

bare = chooser.Chooser.__new__(chooser.Chooser)
assert (bare.hash_func, "nothing" in repr(bare)) == (None, True)


def forgets_itself(key):
    forgetful.__init__(len)
    return 5

forgetful = chooser.Chooser(forgets_itself)
del forgets_itself
assert forgetful.bin_of("key", 4) == 1


def raises(call, error):
    try:
        call()
    except error:
        return
    raise AssertionError(error)

raises(lambda: bare.bin_of("key", 3), ValueError)
raises(lambda: chooser.Chooser(len).bin_of("key", 0), ValueError)
raises(lambda: chooser.Chooser(len).bin_of(3, 3), TypeError)
raises(lambda: chooser.Chooser(lambda key: key).bin_of("key", 3), TypeError)
raises(lambda: chooser.Chooser(lambda key: 2 ** 100).bin_of("key", 3), OverflowError)
raises(lambda: c.bin_of("key", 3), NameError)
for number in (-1, -sys.maxint - 1, sys.maxint):
    assert chooser.Chooser(lambda key: key).bin_of(number, sys.maxint) == number % sys.maxint

class Sub(chooser.Chooser):
    pass

assert Sub(len).bin_of("spam", 3) == 1
"""


def pythons() -> Iterator[str]:
    """Every Python 2.7 that may be there."""
    on_path = shutil.which("python2.7")
    if on_path:
        yield on_path
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    yield from map(str, sorted(versions.glob("2.7*/bin/python2.7")))


# Where the slots of the chapter's figure are.
PLACES = """
#include <Python.h>
#include <stddef.h>
#include <stdio.h>

int main(void)
{
#define SAY(field) printf(#field " %d\\n", (int)offsetof(PyTypeObject, field))
    SAY(tp_name), SAY(tp_basicsize), SAY(tp_dealloc), SAY(tp_repr), SAY(tp_as_mapping), SAY(tp_flags);
    SAY(tp_methods), SAY(tp_getset), SAY(tp_init), SAY(tp_new);
    return 0;
}
"""


@pytest.fixture(scope="module")
def python2(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A Python 2.7 with headers, and the folder with the module made for it."""
    for python in pythons():
        # One may be there in name only, as a shim of pyenv.
        asked = subprocess.run([python, "-c", INCLUDE], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            break
    else:
        pytest.skip("there is no Python 2.7 with headers, neither on PATH nor among pyenv's versions")
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    folder = tmp_path_factory.mktemp("python2")
    words = [compiler, "-std=c99", *WARNINGS, "-shared", "-fPIC", f"-I{asked.stdout.strip()}"]
    made = [str(SHOWN / "chooser.c"), "-o", str(folder / "chooser.so")]
    done = subprocess.run([*words, *made], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return python, folder


def run(python2: tuple[str, Path], *words: str) -> None:
    python, folder = python2
    environment = {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}
    done = subprocess.run([python, *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_session_that_the_chapter_shows_is_what_python_2_says(python2: tuple[str, Path]) -> None:
    run(python2, "-m", "doctest", str(SHOWN / "chooser.txt"))


def test_it_counts_its_references_and_bears_what_users_do(python2: tuple[str, Path]) -> None:
    run(python2, "-c", HOSTILE)


def test_the_slots_are_where_the_figure_has_them(python2: tuple[str, Path], tmp_path: Path) -> None:
    figure = (DOCS / "figures" / "struct-and-type.svg").read_text(encoding="utf-8")
    drawn = {name: place for place, name in re.findall(r">(\d+)</text>\n.*>(tp_\w+)</text>", figure)}
    source = tmp_path / "places.c"
    source.write_text(PLACES)
    asked = subprocess.run([python2[0], "-c", INCLUDE], capture_output=True, text=True, check=True)
    for include in (asked.stdout.strip(), sysconfig.get_path("include")):
        if Path(include, "Python.h").is_file():
            subprocess.run(["cc", f"-I{include}", source, "-o", tmp_path / "places"], check=True)
            said = subprocess.run([tmp_path / "places"], capture_output=True, text=True, check=True).stdout
            assert dict(line.split() for line in said.splitlines()) == drawn, include
