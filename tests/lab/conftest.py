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
    """A run for each line that can be forgotten, and for each answer to a lesson, takes its time."""
    parser.addoption("--every", type=int, default=1, help="do only every how-manieth of what is many")


def pytest_configure() -> None:
    """Stops the run if there is nothing to test."""
    built.demand()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """No test may hang. Of answers to lessons, each Python does others."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(120))
    every = config.getoption("every")
    answers = [
        item for item in items if item.path.name == "test_lessons.py" and "lesson" in item.fixturenames
    ]
    left_out = {id(item) for number, item in enumerate(answers) if (number - sys.version_info.minor) % every}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
    items[:] = [item for item in items if id(item) not in left_out]
