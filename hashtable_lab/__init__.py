"""The table under glass: see its layers talk, see every reference, crash it and leak it in safety.

`python -m hashtable_lab`, or `htlab`, is the way in. `hashtable_lab.refs.show_ref_counts` is for your own
programs; `%load_ext hashtable_lab` is for a notebook.
"""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext hashtable_lab`: tables are shown as pictures of their bins."""
    from hashtable_lab import notebook

    notebook.load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext hashtable_lab`."""
    from hashtable_lab import notebook

    notebook.unload(shell)
