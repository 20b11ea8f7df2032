"""The wheel, as a user gets it: built in isolation, looked at, installed, and its types checked."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
USER_CODE = Path(__file__).with_name("user_code.py")
# Beside the interpreter that runs this: see requirements/package.txt.
TOOLS = Path(sys.executable).parent


def run(*command: object, cwd: Path) -> str:
    """What a command printed; fails with it if the command fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with an sdist, and the wheel that was built from it."""
    directory = tmp_path_factory.mktemp("packages")
    run(sys.executable, "-m", "build", "--outdir", directory, ROOT, cwd=directory)
    return directory


@pytest.fixture(scope="module")
def wheel(packages: Path) -> Path:
    (wheel,) = packages.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def user(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a virtual environment in which the wheel is installed, and nothing else."""
    directory = tmp_path_factory.mktemp("user")
    venv.create(directory, with_pip=True)
    python = directory / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-index", "--no-deps", wheel, cwd=directory)
    return python


def test_the_wheel_holds_the_module_its_types_and_the_lab_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    files = {name for name in names if ".dist-info/" not in name}
    compiled = sorted(name for name in files if name.endswith(".so"))
    assert len(compiled) == 2
    assert re.fullmatch(r"hashtable\.cpython-\d+[a-z]*-.*\.so", compiled[0])
    assert re.fullmatch(r"hashtable_lab/_glass\.cpython-\d+[a-z]*-.*\.so", compiled[1])
    lessons = ROOT / "hashtable_lab" / "lessons"
    sources = [
        path
        for path in (ROOT / "hashtable_lab").rglob("*")
        if path.suffix in (".py", ".pyi", ".typed")
        # Of lessons the learner gets everything.
        or (lessons in path.parents and path.is_file() and "__pycache__" not in path.parts)
    ]
    lab = {path.relative_to(ROOT).as_posix() for path in sources}
    assert len(lab) > 10
    page = {f"hashtable_lab/explore/static/{name}" for name in ("app.js", "index.html", "page.js")}
    assert files - set(compiled) == lab | page | {"hashtable-stubs/__init__.pyi"}
    assert any(name.endswith("LICENSE") for name in names)


def test_the_installed_command_says_what_it_needs(user: Path, tmp_path: Path) -> None:
    done = subprocess.run([user.with_name("htlab")], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "htlab needs click and rich, not installed here: pip install 'hashtable[lab]'\n"


def test_the_wheel_runs_on_any_linux_of_its_time(wheel: Path, tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("auditwheel is for Linux")
    shown = run(TOOLS / "auditwheel", "show", wheel, cwd=tmp_path)
    assert re.search(r"manylinux_2_\d+_", shown), shown


def test_the_metadata_are_fit_for_an_index(packages: Path) -> None:
    checked = run(TOOLS / "twine", "check", "--strict", *packages.iterdir(), cwd=packages)
    assert checked.count("PASSED") == 2, checked


def test_the_installed_module_works(user: Path, tmp_path: Path) -> None:
    code = (
        "import hashtable as m; h = m.HashTable(items={1: 2}); print(h[1], h.pop(1), len(h), m.__version__)"
    )
    assert run(user, "-c", code, cwd=tmp_path).split()[:3] == ["2", "2", "0"]


def test_mypy_accepts_what_is_right_and_nothing_that_is_wrong(user: Path, tmp_path: Path) -> None:
    run(TOOLS / "mypy", "--strict", f"--python-executable={user}", USER_CODE, cwd=tmp_path)


def test_pyright_accepts_what_is_right(user: Path, tmp_path: Path) -> None:
    run(TOOLS / "pyright", "--pythonpath", user, USER_CODE, cwd=tmp_path)


@pytest.fixture(scope="module")
def beside_the_tools(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The wheel is installed where the tools are, and what the lab needs."""
    install = ("-m", "pip", "install", "--no-index", "--no-deps", "--force-reinstall")
    run(sys.executable, *install, wheel, cwd=tmp_path_factory.mktemp("beside"))


@pytest.mark.usefixtures("beside_the_tools")
def test_the_stubs_say_what_the_module_is(tmp_path: Path) -> None:
    # stubtest imports the module, so it runs where both are installed; with no allow-list.
    told = run(TOOLS / "stubtest", "hashtable", cwd=tmp_path)
    assert "no issues found" in told


@pytest.mark.usefixtures("beside_the_tools")
def test_the_lab_is_typed_and_so_is_the_module_under_glass(tmp_path: Path) -> None:
    # The demos, and what learners begin with, are programs as people write them, without types.
    run(TOOLS / "mypy", "--strict", "--exclude", "/(demos|start)/", "-p", "hashtable_lab", cwd=tmp_path)
    told = run(TOOLS / "stubtest", "hashtable_lab._glass", cwd=tmp_path)
    assert "no issues found" in told
