"""Finds the extension module that `python setup.py build` has made, and says what is being tested."""

from __future__ import annotations

import gc
import importlib
import json
import os
import platform
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import built  # noqa: E402 -- it lies in the folder that is only now on the path

built.prepare(HERE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """See `make test-ledger`."""
    parser.addoption(
        "--under-glass",
        action="store_true",
        help="test the module under glass, whose ledger has to be balanced after each test; not in children",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Stops the run if there is nothing to test; and says which module is `hashtable`."""
    built.demand()
    if config.getoption("under_glass"):
        sys.modules["hashtable"] = importlib.import_module("hashtable_lab._glass")


@pytest.fixture(autouse=True)
def _balanced(request: pytest.FixtureRequest) -> Iterator[None]:
    """Under glass: each reference that the module has taken is held by what lives, and shown to the
    collector; and no other is."""
    yield
    if request.config.getoption("under_glass"):
        gc.collect()
        rows = json.loads(sys.modules["hashtable"].accounts())
        assert [row for row in rows if not row["account"] == row["held"] == row["shown"]] == []


def pytest_report_header() -> str:
    """One line: which interpreter, which module."""
    import hashtable

    build = "debug" if hasattr(sys, "gettotalrefcount") else "release"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        build += ", free-threaded, GIL " + ("on" if sys._is_gil_enabled() else "off")
    allocator = os.environ.get("PYTHONMALLOC", "default")
    module = Path(hashtable.__file__).relative_to(built.ROOT)
    stress = os.environ.get("STRESS", "1")
    version = platform.python_version()
    return f"hashtable: CPython {version} ({build}), allocator: {allocator}, STRESS={stress}, {module}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No test may hang: each has a little longer than its child, unless it says otherwise."""
    from forks import SECONDS

    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SECONDS + 20))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there before the first test need not be looked at by each collection of theirs; but the ledger
    looks at it."""
    gc.collect()
    if not session.config.getoption("under_glass"):
        gc.freeze()
