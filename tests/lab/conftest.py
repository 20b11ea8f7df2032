"""Finds the lab that `python setup.py build` has made. Its programs run in child processes, which may die."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import built  # noqa: E402 -- it lies in the folder that is only now on the path

built.prepare(HERE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """A run for each line that can be forgotten takes its time."""
    parser.addoption("--every", type=int, default=1, help="forget only every how-manieth line")


def pytest_configure() -> None:
    """Stops the run if there is nothing to test."""
    built.demand()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No test may hang."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(120))
