"""What `%load_ext hashtable_lab` does in a notebook: a table is shown as a picture of its bins, and its
statistics as a table."""

from __future__ import annotations

import html
import inspect
from typing import Any

import hashtable

from hashtable_lab import bins


def load(shell: Any) -> None:
    """Teaches a shell of IPython's how tables look."""
    formatters = shell.display_formatter.formatters
    formatters["image/svg+xml"].for_type(hashtable.HashTable, bins.draw)
    formatters["text/html"].for_type(hashtable.Stats, stats_as_html)


def unload(shell: Any) -> None:
    """Makes it forget."""
    formatters = shell.display_formatter.formatters
    formatters["image/svg+xml"].pop(hashtable.HashTable, None)
    formatters["text/html"].pop(hashtable.Stats, None)


def stats_as_html(stats: hashtable.Stats) -> str:
    """A row for each field, with what it means."""
    fields = [name for name, each in vars(type(stats)).items() if inspect.ismemberdescriptor(each)]
    rows = []
    for name in fields:
        value = getattr(stats, name)
        said = f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
        meaning = html.escape(getattr(type(stats), name).__doc__ or "")
        rows.append(f"<tr><th>{name}</th><td>{said}</td><td style='text-align: left'>{meaning}</td></tr>")
    return f"<table>{''.join(rows)}</table>"
