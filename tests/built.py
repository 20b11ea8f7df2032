"""Finds what `python setup.py build` has made for this interpreter, and puts it on the path."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAME = "hashtable" + sysconfig.get_config_var("EXT_SUFFIX")
# Under the root; another than the ordinary one has a folder of its own.
BUILD = os.environ.get("HASHTABLE_BUILD", "build")
# The newest, if the tree has been built under more than one name for this interpreter.
BUILT = max(ROOT.glob(f"{BUILD}/lib*/{NAME}"), key=lambda path: path.stat().st_mtime, default=None)


def prepare(tests: Path) -> None:
    """The built modules come first on the path, then the folder of the tests, for what they share."""
    if BUILT is not None:
        sys.path[:0] = [str(BUILT.parent), str(tests)]


def demand() -> None:
    """Stops the run if there is nothing to test."""
    if BUILT is None:
        raise pytest.UsageError(f"There is no {BUILD}/lib*/{NAME}: run `python setup.py build` first.")
