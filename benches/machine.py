"""What the figures were measured on."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from pathlib import Path

from hashtable_lab.machine import fact_of, processor

ROOT = Path(__file__).resolve().parents[1]


def first_line(*command: str) -> str:
    """What a command says first; empty if it is not there or fails."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    except OSError:
        return ""
    return said.stdout.partition("\n")[0].strip() if said.returncode == 0 else ""


def caches() -> str:
    """The sizes of the first processor's caches."""
    sizes = []
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        kind, level = ((index / name).read_text().strip() for name in ("type", "level"))
        sizes.append(
            f"L{level}{'' if kind == 'Unified' else kind[0].lower()} {(index / 'size').read_text().strip()}"
        )
    return ", ".join(sizes)


def huge_pages() -> str:
    try:
        return Path("/sys/kernel/mm/transparent_hugepage/enabled").read_text().strip()
    except OSError:
        return ""


def conditions(options: str, core: int | None) -> dict[str, str]:
    """The machine, the system, the compilers, the day; empty facts left out."""
    system = fact_of("/etc/os-release", "PRETTY_NAME") or platform.system()
    commit = first_line("git", "rev-parse", "--short", "HEAD")
    changed = " and changes" if first_line("git", "status", "--porcelain") else ""
    facts = {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "options": options,
        "commit": f"{commit}{changed}" if commit else "",
        "processor": processor(),
        "cores": f"{os.cpu_count()}, of which number {core} was used"
        if core is not None
        else str(os.cpu_count()),
        "caches": caches(),
        "memory": fact_of("/proc/meminfo", "MemTotal"),
        "huge pages": huge_pages(),
        "load before": ", ".join(f"{load:.2f}" for load in os.getloadavg()),
        "system": " ".join(filter(None, [system, platform.release(), platform.machine()])),
        "libc": " ".join(platform.libc_ver()),
        "C compiler": first_line("cc", "--version"),
        "C++ compiler": first_line("c++", "--version"),
        "Rust compiler": first_line("rustc", "--version"),
    }
    return {name: fact for name, fact in facts.items() if fact}
