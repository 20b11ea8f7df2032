"""What the machine is that something is measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def fact_of(path: str, name: str) -> str:
    """The first value of that name in a file of "name: value" lines; empty if there is none."""
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def processor() -> str:
    """Its name, as it calls itself."""
    return fact_of("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def words() -> str:
    """In one line: the processor, how many of them, the system."""
    return f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"
