"""What pages hold that is made from the sources: a name, and what makes its Markdown."""

from __future__ import annotations

from functools import partial
from typing import Callable

from machinery import c_api, findings, lab_help, ownership, python_api
from machinery.hints import hints, hunts
from machinery.rules import rules

GENERATED: dict[str, Callable[[], str]] = {
    "rules": rules,
    "findings-conditions": findings.conditions,
    **{f"finding-{name}": partial(findings.table, name) for name in findings.TABLES},
    **python_api.PARTS,
    **c_api.PARTS,
    **ownership.PARTS,
    **lab_help.PARTS,
    **{f"hints-{defect}": partial(hints, defect) for defect in hunts()},
}
