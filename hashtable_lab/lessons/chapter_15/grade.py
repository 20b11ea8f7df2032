"""Put a setup.py right."""

from __future__ import annotations

import importlib.util
import shutil
import sysconfig
import tempfile
from pathlib import Path

from hashtable_lab.lessons.grading import Done, Work

HINTS = (
    """The first argument of Extension is the name that is imported. The file is called after it, and the
    function that is looked up in the file too: PyInit_, and that name. Compare it with greet.c.""",
    """An extension finds Python's functions in the interpreter that loads it: no library is to be named. And
    py_limited_api only changes the file's name: it promises what a static type cannot keep.""",
    """Make a folder greet-stubs, and in it __init__.pyi. Then in setup(): packages=["greet-stubs"], and
    package_data={"greet-stubs": ["*.pyi"]}: only newer versions of setuptools take it along unasked.""",
)

SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))
USE = (
    "import sys; sys.path.insert(0, {!r}); import greet; answer = [greet.__file__, greet.Greeter()('Bilbao')]"
)


def grade(work: Work) -> None:
    work.read("setup.py")
    need(work)
    with tempfile.TemporaryDirectory(prefix="lesson-") as folder:
        # A copy, for what is made beside setup.py.
        source = Path(folder, "source")
        shutil.copytree(work.folder, source)
        made = Work(source, work.findings).python(
            "setup.py", "build", "--build-base", f"{folder}/build", limit=90
        )
        work.demand(made.status == 0, "`python setup.py build` succeeds", complaint(made))
        built = sorted(Path(folder, "build").glob("lib*"))
        files = [path for lib in built for path in sorted(lib.rglob("*")) if path.is_file()]
        look(work, built[0] if built else Path(folder), files)


def need(work: Work) -> None:
    """Ends grading if something is not here that is nobody's mistake."""
    if importlib.util.find_spec("setuptools") is None:
        work.cannot("this Python can show it", "it has no setuptools: `pip install setuptools`")
    work.c_extension("greet.c")


def complaint(made: Done) -> str:
    """The last lines of what a build has said."""
    return "\n".join((made.stderr.strip() or made.stdout.strip()).splitlines()[-3:])


def look(work: Work, lib: Path, files: list[Path]) -> None:
    """Looks at what was built."""
    names = [str(path.relative_to(lib)) for path in files]
    there = "under build/lib* there is: " + (", ".join(names) or "nothing")
    modules = [path for path in files if path.suffix == ".so"]
    work.demand(len(modules) == 1, "one module is built", there)
    used = work.python("-c", USE.format(str(lib)))
    work.expect(used.status == 0, "it is imported as `greet`, and greets", used.last_words)
    work.expect(
        modules[0].name.endswith(SUFFIX) and not modules[0].name.endswith(".abi3.so"),
        f"its file's name ends in {SUFFIX}: it is for this version and no other",
        f"it is {modules[0].name}",
    )
    linked = any(word in modules[0].read_bytes() for word in (b"libpython", b"Python.framework"))
    work.expect(not linked, "it is not linked to libpython", "libpython is among the libraries that it needs")
    stub = lib / "greet-stubs" / "__init__.pyi"
    work.expect(
        stub.is_file() and "class Greeter" in stub.read_text(encoding="utf-8"),
        "the types are in greet-stubs/__init__.pyi",
        there,
    )
