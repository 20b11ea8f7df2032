"""The child's side: runs a program whose `hashtable` is the instrumented module, and tells where it is.

Knows nothing but the standard library and that module: what the lab's commands need is not loaded into the
process that is looked at.
"""

from __future__ import annotations

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
    """Standard output, as notes in the stream: so what the program prints stands between the events, in its
    place."""

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
    # The lab's own folder and the command's, which come first, make room for the program's.
    sys.path[:2] = [directory]
    sys.modules["hashtable"] = _glass
    sys.stdout = io.TextIOWrapper(Told(), encoding="utf-8", line_buffering=True)
    # For tracebacks, also of a program that is in no file.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    main = types.ModuleType("__main__")
    main.__dict__.update({"__file__": name, NOTE: note, ECHO: echoed})
    if echo:
        main.__dict__["hashtable"] = _glass
    keep, sys.modules["__main__"] = sys.modules["__main__"], main
    status = 0
    try:
        exec(prepare(source, name, echo), main.__dict__)
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


# The names under which a program's statements find what is put between them.
NOTE, ECHO = "__htlab_note__", "__htlab_echo__"


def prepare(source: str, name: str, echo: bool) -> types.CodeType:
    """A program with a note before each of its statements; in one piece, so that nothing is allocated between
    two statements that they do not allocate themselves: a reference to freed memory is to find it as it was
    left."""
    tree = ast.parse(source, name)
    body: list[ast.stmt] = []
    for number, node in enumerate(tree.body):
        docstring = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if docstring or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            # These have to come first.
            body.append(node)
            continue
        text = (ast.get_source_segment(source, node) or "").partition("\n")[0]
        body.append(_call(NOTE, ast.Constant(f"line:{node.lineno}:{text}"), node))
        shown = echo and isinstance(node, ast.Expr)
        body.append(_call(ECHO, node.value, node) if shown else node)  # type: ignore[attr-defined]
    tree.body = body
    return compile(ast.fix_missing_locations(tree), name, "exec", dont_inherit=True)


def _call(function: str, argument: ast.expr, where: ast.stmt) -> ast.stmt:
    call = ast.Call(ast.Name(function, ast.Load()), [argument], [])
    return ast.copy_location(ast.Expr(ast.copy_location(call, where)), where)


def echoed(value: object) -> None:
    """Shows the value of an expression; unlike the prompt's own function it keeps no reference to it."""
    if value is not None:
        print(repr(value))


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
