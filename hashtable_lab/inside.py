"""The child's side: runs a program whose `hashtable` is the instrumented module, and tells where it is.

Knows nothing but the standard library and that module: what the lab's commands need is not loaded into the process
that is looked at.
"""

from __future__ import annotations

import __future__ as future

import ast
import faulthandler
import gc
import io
import json
import linecache
import sys
import traceback
import types
from typing import Any

from hashtable_lab import _glass

note = _glass.note


class Told(io.RawIOBase):
    """Standard output, as notes in the stream: so what the program prints stands between the events, in its place."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        text = bytes(data).decode("utf-8", "backslashreplace")
        note("print:" + text)
        return len(data)


def run(name: str, source: str, arguments: list[str], echo: bool, directory: str) -> int:
    """Runs a program, statement by statement, and returns its exit status.

    `echo`: the values of expressions are shown, as at the interactive prompt.
    """
    sys.argv = [name, *arguments]
    sys.path[0] = directory
    sys.modules["hashtable"] = _glass
    sys.stdout = io.TextIOWrapper(Told(), encoding="utf-8", line_buffering=True)  # type: ignore[type-var]
    # For tracebacks, also of a program that is in no file.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    main = types.ModuleType("__main__")
    main.__dict__["__file__"] = name
    if echo:
        main.__dict__["hashtable"] = _glass
    keep, sys.modules["__main__"] = sys.modules["__main__"], main
    status = 0
    try:
        execute(source, name, main.__dict__, echo)
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        status = 1
        show_exception(name)
    sys.stdout.flush()
    note("line:0:the program has ended, and its names go")
    sys.modules["__main__"] = keep
    # The traceback has gone with its `except`; this is what still holds what the program has made.
    main.__dict__.clear()
    del main
    gc.collect()
    note("accounts:" + _glass.accounts())
    sys.stdout = sys.__stdout__
    return status


def execute(source: str, name: str, namespace: dict[str, Any], echo: bool) -> None:
    """Runs each statement of a program by itself, and notes it before."""
    flags = 0
    lines = source.splitlines()
    for node in ast.parse(source, name).body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(future, alias.name).compiler_flag
        note(f"line:{node.lineno}:{lines[node.lineno - 1].strip()}")
        tree: ast.Module | ast.Interactive = ast.Interactive([node]) if echo else ast.Module([node], [])
        mode = "single" if echo else "exec"
        exec(compile(tree, name, mode, flags, dont_inherit=True), namespace)  # type: ignore[call-overload]


def show_exception(name: str) -> None:
    """The traceback, from the program's own first frame on."""
    kind, value, frames = sys.exc_info()
    while frames is not None and frames.tb_frame.f_code.co_filename != name:
        frames = frames.tb_next
    traceback.print_exception(kind, value, frames)


def main() -> None:
    faulthandler.enable()
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 -- pathlib would load much
        program = json.load(file)
    sys.exit(run(**program))
