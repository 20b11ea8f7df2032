"""Finds the extension module that `python setup.py build` has made, and says what is being tested."""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import built  # noqa: E402 -- it lies in the folder that is only now on the path

built.prepare(HERE)


def pytest_configure() -> None:
    """Stops the run if there is nothing to test."""
    built.demand()


def pytest_report_header() -> str:
    """One line: which interpreter, which module."""
    import hashtable

    build = "debug" if hasattr(sys, "gettotalrefcount") else "release"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        build += ", free-threaded, GIL " + ("on" if sys._is_gil_enabled() else "off")
    allocator = os.environ.get("PYTHONMALLOC", "default")
    module = Path(hashtable.__file__).relative_to(built.ROOT)
    return f"hashtable: CPython {platform.python_version()} ({build}), allocator: {allocator}, {module}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No test may hang: each has two minutes, unless it says otherwise."""
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(120))
