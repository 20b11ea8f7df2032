"""How a child marks what it tells the server, among all else that is in its stream."""

from __future__ import annotations

MARK = "explore:"
