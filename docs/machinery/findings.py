"""The sweeps that docs/findings.md rests on, and the tables and pictures that it shows.

`make findings` does the sweeps anew, into target/findings, and puts their rows and pictures beside the page.
What the page shows is taken from those rows: no number in its tables was typed.

    python -m machinery.findings [NAME ...]
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from machinery.pages import DOCS, ROOT

PAGE = DOCS / "findings.md"
ROWS = DOCS / "findings"
PICTURES = DOCS / "plots" / "findings"
FUNCTIONS = ROWS / "functions.py"


def mine(*names: str) -> str:
    return ",".join(f"{FUNCTIONS.relative_to(ROOT)}:{name}" for name in names)


# Each by the words that `htlab sweep` is given.
SWEEPS: dict[str, dict[str, str]] = {
    "size": {
        "sizes": "1,4,64,1024,16384,262144",
        "n": "100,10000,100000",
        "hashes": "hash,dict",
        "operations": "insert,hit,iterate",
    },
    "load": {"max-loads": "0.1,0.25,0.5,0.75,1", "n": "1000,100000", "operations": "insert,hit,miss"},
    "beyond-one": {
        "max-loads": "none",
        "sizes": "125,250,500,1000,2000,4000,8000,16000",
        "n": "2000",
        "hashes": "hash,siphash",
        "operations": "insert,hit,miss",
    },
    "saw-tooth": {"n": "100:9000:75", "hashes": "hash", "operations": "insert,hit"},
    "calls": {
        "hashes": f"hash,fnv1a,siphash,{mine('builtin', 'fnv1a', 'ends', 'length')},dict",
        "keys": "identifiers",
        "n": "10,100,1000,10000",
        "operations": "insert,hit,miss",
    },
    "apart": {
        "hashes": f"hash,fibonacci,xxh3,siphash,{mine('multiplied', 'high_bits', 'folded')},dict",
        "keys": "strided:4096,random",
        "n": "1000,5000",
        "operations": "insert,hit,miss",
    },
    "length": {
        "hashes": f"hash,talk,{mine('length')},dict",
        "keys": "identifiers",
        "n": "10:5000:x2.4",
        "operations": "hit",
    },
    "digits": {
        "hashes": f"hash,{mine('digits', 'builtin')}",
        "keys": "identifiers,uuids",
        "n": "1000",
        "operations": "insert,hit,miss",
    },
}


@dataclass(frozen=True)
class Table:
    """A table of a page: which rows of which sweep, by which knobs, with which operations and metrics."""

    sweep: str
    knobs: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    where: dict[str, list[str]] = field(default_factory=dict)


HIT, MISS, INSERT = ("hit", "ns"), ("miss", "ns"), ("insert", "ns")
PROBES, LONGEST = ("hit", "probes"), ("", "longest_chain")
TABLES = {
    "size": Table(
        "size",
        ("hash_func", "size", "n"),
        (INSERT, ("insert", "resizes"), HIT, ("iterate", "ns"), ("", "bytes")),
        where={"n": ["100", "100000"], "size": ["1", "1024", "262144"]},
    ),
    "load": Table(
        "load", ("n", "max_load"), (("", "load_proportion"), PROBES, HIT, MISS, INSERT, ("", "bytes"))
    ),
    "beyond-one": Table("beyond-one", ("hash_func", "size"), (("", "load_proportion"), PROBES, HIT, MISS)),
    "calls": Table("calls", ("hash_func", "n"), (PROBES, LONGEST, HIT, MISS)),
    "apart": Table(
        "apart", ("keys", "hash_func"), (PROBES, LONGEST, HIT, MISS, INSERT), where={"n": ["5000"]}
    ),
    "length": Table("length", ("hash_func", "n"), (PROBES, LONGEST, HIT)),
    "digits": Table("digits", ("keys", "hash_func"), (PROBES, LONGEST, HIT)),
}
HEADINGS = {
    "hash_func": "hash function",
    "max_load": "maximum load",
    "size": "first size",
    "n": "keys",
    "load_proportion": "entries a bin",
    "longest_chain": "longest chain",
    "probes": "looked at",
    "ns": "ns",
}


def read(sweep: str) -> Iterator[dict[str, str]]:
    with (ROWS / f"{sweep}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def table(name: str) -> str:
    """A table in Markdown, and beneath it which rows it is made of."""
    spec = TABLES[name]
    cells: dict[tuple[str, ...], dict[tuple[str, str], str]] = {}
    for row in read(spec.sweep):
        if any(row[knob] not in values for knob, values in spec.where.items()):
            continue
        knobs = tuple(shown(knob, row) for knob in spec.knobs)
        cells.setdefault(knobs, {})[row["operation"], row["metric"]] = number(row)
    # By the first knob, then by the second, each in the order of the sweep.
    order = [list(dict.fromkeys(values)) for values in zip(*cells)]
    ranked = sorted(cells, key=lambda knobs: [each.index(value) for each, value in zip(order, knobs)])
    head = [HEADINGS.get(knob, knob) for knob in spec.knobs]
    head += [" ".join([it[0], HEADINGS.get(it[1], it[1])]).strip() for it in spec.columns]
    lines = [head, *([*knobs, *(cells[knobs].get(it, "") for it in spec.columns)] for knobs in ranked)]
    aligned = ["---"] + ["---:"] * (len(head) - 1)
    rows = "\n".join("| " + " | ".join(line) + " |" for line in [lines[0], aligned, *lines[1:]])
    where = "".join(f", {knob} {' or '.join(values)}" for knob, values in spec.where.items())
    return f"{rows}\n\n*Rows: [{spec.sweep}.csv](findings/{spec.sweep}.csv){where}.*"


def shown(knob: str, row: dict[str, str]) -> str:
    """A knob as it stands in a table; a dict has none."""
    if row["hash_func"] == "dict" and knob in ("size", "max_load"):
        return ""
    value = row[knob]
    if knob == "hash_func":
        _, colon, name = value.rpartition(":")
        return f"`{name}` in Python" if colon else f"`{name}`"
    return f"{int(value):,}" if knob in ("size", "n") else value


def number(row: dict[str, str]) -> str:
    """A value; its quartiles are in the rows."""
    value = float(row["value"])
    return f"{value:,.0f}" if value >= 1000 or value.is_integer() else f"{value:.3g}"


def conditions() -> str:
    """What the sweeps were made with."""
    said = sorted({f"Python {row['python']}; {row['machine']}" for name in SWEEPS for row in read(name)})
    return "; ".join(said)


def sweep(name: str) -> None:
    """Does a sweep, and keeps its rows and pictures."""
    folder = ROOT / "target" / "findings" / name
    shutil.rmtree(folder, ignore_errors=True)
    words = [word for option, value in SWEEPS[name].items() for word in (f"--{option}", value)]
    lab = [sys.executable, "-m", "hashtable_lab"]
    around = {**os.environ, "PYTHONPATH": os.environ["HASHTABLE_BUILT"]}
    subprocess.run([*lab, "sweep", *words, "--output", folder], cwd=ROOT, env=around, check=True)
    subprocess.run([*lab, "plot", folder], cwd=ROOT, env=around, check=True)
    ROWS.mkdir(exist_ok=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        # How the chains are distributed is in the pictures, and would be most of the rows.
        rows = [row for row in reader if not row["metric"].startswith("bins_of_length_")]
    with (ROWS / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    # Those that the page shows; all of them are left in the folder of the sweep.
    for picture in folder.glob("*.svg"):
        if f"findings/{name}-{picture.name}" in PAGE.read_text(encoding="utf-8"):
            shutil.copyfile(picture, PICTURES / f"{name}-{picture.name}")


def main() -> None:
    for name in sys.argv[1:] or SWEEPS:
        sweep(name)


if __name__ == "__main__":
    main()
