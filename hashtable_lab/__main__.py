"""`htlab`, and `python -m hashtable_lab`: the commands, if what they need is installed."""

from __future__ import annotations

import importlib.util
import sys

NEEDED = ("click", "rich")


def main() -> None:
    """Runs the command that the command line names, and does not return."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"htlab needs {' and '.join(missing)}, not installed here: pip install 'hashtable[lab]'")
    from hashtable_lab.cli import htlab

    htlab(prog_name="htlab")


if __name__ == "__main__":
    main()
