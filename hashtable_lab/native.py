"""The native frames of a process that dies: what a debugger shows, and what it does not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

from hashtable_lab.child import Program, command, environment

# How many frames are shown, innermost first; more are asked for, since some are no more than the compiler's.
DEPTH = 9
GDB = ["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-ex", "run", "-ex", "bt 40", "--args"]
VALGRIND = ["valgrind", "--quiet", f"--num-callers={DEPTH}", "--error-limit=no"]


@dataclass(frozen=True)
class Frames:
    """The innermost functions when it died."""

    tool: str
    functions: list[str]

    @property
    def ours(self) -> list[str]:
        """Those of them that are of our module."""
        return [name for name in self.functions if ".rs" in name]

    @property
    def in_the_ledger(self) -> bool:
        """Whether it was the ledger that touched what was freed, when it was about to tell of it."""
        return any("ledger.rs" in name or "stream.rs" in name for name in self.functions)

    def as_json(self) -> dict[str, Any]:
        return {"tool": self.tool, "functions": self.functions, "ours": self.ours}


def has(name: str) -> bool:
    """Whether there is a tool of that name."""
    return shutil.which(name) is not None


def tool() -> str | None:
    """What there is to look with: gdb, else valgrind, else nothing."""
    return next((name for name in ("gdb", "valgrind") if has(name)), None)


def frames(program: Program, specimen: str | None, forget: str | None, limit: float = 120) -> Frames | None:
    """Runs a program once more, which dies, and looks at it. None if nothing was seen."""
    name = tool()
    if name is None:
        return None
    around = {**environment("debug", specimen, forget), "HTLAB_STREAM": os.devnull}
    with command(program) as words:
        try:
            done = subprocess.run(
                [*(GDB if name == "gdb" else VALGRIND), *words],
                env=around,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=limit,
                text=True,
                errors="replace",
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
    functions = of_gdb(done.stdout) if name == "gdb" else of_valgrind(done.stdout)
    return Frames(name, functions) if functions else None


def of_gdb(text: str) -> list[str]:
    """The functions of a backtrace, innermost first; of ours with the source line."""
    found = []
    for line in re.findall(r"^#\d+ .*", text, flags=re.MULTILINE):
        named = re.match(r"#\d+\s+(?:0x[0-9a-f]+ in )?(.+?) \(", line)
        source = re.search(r" at \S*?(src/python/\S+:\d+)$", line)
        if named:
            found.append((named[1], source[1] if source else ""))
    return plain(found)


def of_valgrind(text: str) -> list[str]:
    """The functions of its last stack, which is that of the signal; of ours with file and line."""
    stacks = re.findall(r"((?:==\d+==\s+(?:at|by) 0x.*\n)+)", text)
    last = stacks[-1] if stacks else ""
    named = re.findall(r"0x[0-9A-F]+: (.+?) \((?:in )?([^()]*)\)$", last, flags=re.MULTILINE)
    return plain([(name, place if ".rs:" in place else "") for name, place in named])


def plain(named: list[tuple[str, str]]) -> list[str]:
    """Names and places as they are shown: without the types that a function was made for, and without what is
    no more than the compiler's."""
    found = []
    for name, place in named:
        short = name.partition("<")[0].rpartition("::")[2] if not name.startswith("<") else name
        if short and "{" not in short and short != "UnknownInlinedFun":
            found.append(f"{short} ({place})" if place else short)
    return found[:DEPTH]
