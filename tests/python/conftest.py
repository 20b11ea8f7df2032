"""Finds the extension module that `python setup.py build` has made, and says what is being tested."""

from __future__ import annotations

import gc
import os
import platform
import sys
import sysconfig
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAME = "hashtable" + sysconfig.get_config_var("EXT_SUFFIX")
# Under the root; another than the ordinary one has a folder of its own.
BUILD = os.environ.get("HASHTABLE_BUILD", "build")
# The newest, if the tree has been built under more than one name for this interpreter.
BUILT = max(ROOT.glob(f"{BUILD}/lib*/{NAME}"), key=lambda path: path.stat().st_mtime, default=None)

if BUILT is not None:
    # The module first; after it this directory, for `support`.
    sys.path[:0] = [str(BUILT.parent), str(HERE)]


def pytest_configure() -> None:
    """Stops the run if there is nothing to test."""
    if BUILT is None:
        raise pytest.UsageError(f"There is no {BUILD}/lib*/{NAME}: run `python setup.py build` first.")


def pytest_report_header() -> str:
    """One line: which interpreter, which module."""
    import hashtable

    build = "debug" if hasattr(sys, "gettotalrefcount") else "release"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        build += ", free-threaded, GIL " + ("on" if sys._is_gil_enabled() else "off")
    allocator = os.environ.get("PYTHONMALLOC", "default")
    module = Path(hashtable.__file__).relative_to(ROOT)
    stress = os.environ.get("STRESS", "1")
    version = platform.python_version()
    return f"hashtable: CPython {version} ({build}), allocator: {allocator}, STRESS={stress}, {module}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No test may hang: each has a little longer than its child, unless it says otherwise."""
    from forks import SECONDS

    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SECONDS + 20))


def pytest_collection_finish() -> None:
    """What is there before the first test need not be looked at by each collection of theirs."""
    gc.collect()
    gc.freeze()
