"""The module and the lab, as they were built for this interpreter."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from machinery.running import built


def imported(name: str) -> ModuleType:
    for place in map(str, built()):
        if place not in sys.path:
            sys.path.insert(0, place)
    return importlib.import_module(name)
