"""What pages hold that is made from the sources: a name, and what makes its Markdown."""

from __future__ import annotations

from typing import Callable

from machinery.rules import rules

GENERATED: dict[str, Callable[[], str]] = {
    "rules": rules,
}
