"""`python setup.py build`, `pip install .` and `make`: what they make, and what they say when they cannot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from building import CARGO, NO_CARGO, ROOT, needed, needs_binutils, run, succeed

TOO_OLD = [f"python{version}" for version in ("2", "2.7", "3.5", "3.6", "3.7", "3.8")]


def version_of(python: Path) -> tuple[int, int] | None:
    """The version of an interpreter; `None` if it does not run."""
    code = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            [str(python), "-c", code], capture_output=True, text=True, timeout=30, check=False
        )
    except OSError:
        return None
    if done.returncode != 0:
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)


@pytest.fixture(scope="module")
def old_pythons() -> dict[tuple[int, int], Path]:
    """Interpreters of this machine that are too old: on the PATH, or of pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [Path(path) for path in map(shutil.which, TOO_OLD) if path]
    candidates += sorted(pyenv.glob("versions/*/bin/python"))
    found: dict[tuple[int, int], Path] = {}
    for python in candidates:
        version = version_of(python)
        if version is not None and version < (3, 9):
            found[version] = python
    if not found:
        pytest.skip("there is no Python older than 3.9 on this machine")
    return found


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is needed")


# What cannot be built


def test_setup_under_an_old_python_says_so_in_one_sentence(old_pythons: dict[tuple[int, int], Path]) -> None:
    for (major, minor), python in old_pythons.items():
        done = run(python, "setup.py", "build")
        assert done.returncode == 1
        assert done.stderr == f"hashtable needs Python 3.9 or newer; this is Python {major}.{minor}.\n"
        assert done.stdout == ""


def test_setup_without_cargo_says_so_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    inherited = {name: value for name, value in os.environ.items() if name != "CARGO"}
    without = {**inherited, "PATH": str(tmp_path / "empty")}
    for environment in (without, {**without, "CARGO": "no-such-cargo"}):
        done = subprocess.run(
            [sys.executable, "setup.py", "build", "--build-base", str(tmp_path / "build")],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr, done.stdout) == (1, NO_CARGO + "\n", "")
        assert not (tmp_path / "build").exists()


@needs_make
@pytest.mark.parametrize("goal", ["tools", "build", "demo", "test"])
def test_make_with_an_old_python_says_so_in_one_sentence(
    goal: str, old_pythons: dict[tuple[int, int], Path]
) -> None:
    for python in old_pythons.values():
        done = run("make", goal, f"PYTHON={python}")
        assert done.returncode == 2
        assert what_make_says(done) == [
            f"hashtable needs Python 3.9 or newer: make {goal} PYTHON=python3.12, say."
        ]


@needs_make
@pytest.mark.parametrize("goal", ["tools", "build", "lib", "demo", "test"])
def test_make_without_cargo_says_so_in_one_sentence(goal: str) -> None:
    done = run("make", goal, f"PYTHON={sys.executable}", "CARGO=no-such-cargo")
    assert done.returncode == 2
    assert what_make_says(done) == [NO_CARGO]


@needs_make
def test_make_without_a_c_compiler_says_so_in_one_sentence() -> None:
    done = run("make", "lib", f"PYTHON={sys.executable}", "CC=no-such-compiler")
    assert done.returncode == 2
    assert what_make_says(done) == [
        "hashtable needs a C compiler, and there is no no-such-compiler on the PATH."
    ]


def what_make_says(done: subprocess.CompletedProcess[str]) -> list[str]:
    """All lines but make's own about the goal that failed."""
    return [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]


# What can be built


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is in the repository, and of nothing that was made from it."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("git is needed, to tell what is in the repository")
    copy = tmp_path_factory.mktemp("tree") / "hashtable"
    files = succeed("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


def version_of_project() -> str:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    return version[1]


def make_venv(directory: Path) -> Path:
    """A fresh virtual environment. Returns its interpreter."""
    succeed(sys.executable, "-m", "venv", directory)
    return directory / "bin" / "python"


def installed_module(python: Path, elsewhere: Path) -> Path:
    """The file of the module in a virtual environment; the module works and has the right version."""
    code = (
        "import hashtable, importlib.metadata as metadata;"
        "h = hashtable.HashTable(hash_func=len); h.set('key', 'value'); assert h.get('key') == 'value';"
        "print(hashtable.__version__, metadata.version('hashtable'), hashtable.__file__)"
    )
    version, of_package, file = succeed(python, "-c", code, cwd=elsewhere).split()
    assert version == of_package == version_of_project()
    return Path(file)


def without_a_target_dir(pip: tuple[str | Path, ...], cwd: Path) -> None:
    """Runs pip as a user has it, who has set nothing for cargo."""
    environment = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "CARGO_TARGET_DIR": str(cwd / "cargo-target")}
    succeed(*pip, cwd=cwd, **environment)


@needs_binutils
def test_pip_install_makes_a_module_that_works(tree: Path, tmp_path: Path) -> None:
    python = make_venv(tmp_path / "venv")
    without_a_target_dir((python, "-m", "pip", "install", "--quiet", tree), tmp_path)
    module = installed_module(python, tmp_path)
    assert tmp_path in module.parents
    assert not any("python" in name for name in needed(module))


def test_the_source_distribution_holds_what_a_build_needs(tree: Path, tmp_path: Path) -> None:
    succeed(sys.executable, "setup.py", "--quiet", "sdist", "--dist-dir", tmp_path, cwd=tree)
    (archive,) = tmp_path.glob("hashtable-*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    rust = {path.relative_to(tree).as_posix() for path in tree.glob("src/**/*") if path.is_file()}
    assert rust
    needs = {"Cargo.toml", "Cargo.lock", "build.rs", "setup.py", "pyproject.toml", "README.md", "LICENSE"}
    assert (needs | rust | {"include/hashtable.h"}) - names == set()
    # Not only is it there: it builds. With the tools of this environment, to save the download.
    python = make_venv(tmp_path / "venv")
    wheel = (
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-build-isolation",
        "--no-deps",
        "-w",
        "wheels",
    )
    without_a_target_dir((*wheel, archive), tmp_path)
    (made,) = (tmp_path / "wheels").glob("hashtable-*.whl")
    succeed(python, "-m", "pip", "install", "--quiet", "--no-index", made, PIP_DISABLE_PIP_VERSION_CHECK="1")
    assert tmp_path in installed_module(python, tmp_path).parents


def test_a_build_leaves_the_source_tree_as_it_is(tree: Path, tmp_path: Path) -> None:
    before = sorted(tree.rglob("*"))
    succeed(CARGO, "metadata", "--locked", "--format-version=1", "--no-deps", cwd=tree)
    build = (sys.executable, "setup.py", "--quiet", "build", "--build-base", tmp_path / "build")
    succeed(*build, cwd=tree, CARGO_TARGET_DIR=str(tmp_path / "target"))
    assert sorted(tree.rglob("*")) == before
