"""The child that runs the interactive sessions of a page: statements come in, line by line of JSON, and what
each prints goes out."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import traceback
from typing import Any


def execute(source: str, names: dict[str, Any], number: int) -> str:
    """What a statement prints, as at the prompt."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            exec(compile(source, f"<statement {number}>", "single"), names)
        except BaseException as error:  # the page shows it, whatever it is
            last = traceback.format_exception_only(type(error), error)
            printed.write("Traceback (most recent call last):\n    ...\n" + "".join(last))
    return printed.getvalue()


def main() -> None:
    # What the statements print must not get in between.
    answers = sys.stdout
    sys.stdout = sys.stderr
    sys.path.insert(0, "")
    names: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    for number, line in enumerate(sys.stdin, 1):
        answers.write(json.dumps(execute(json.loads(line), names, number)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
