"""From samples to tables: Markdown to read, CSV to work with."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benches import demands
from benches.samples import YARDSTICKS, Place, Samples, figure

# What a run leaves in its folder: a line of JSON a sample, and the conditions.
SAMPLES, ABOUT = "samples.jsonl", "about.json"


def read(folder: Path) -> tuple[Samples, dict[str, Any]]:
    """What a run left in its folder."""
    with (folder / SAMPLES).open(encoding="utf-8") as file:
        samples = Samples(json.loads(line) for line in file if line.endswith("\n"))
    return samples, json.loads((folder / ABOUT).read_text(encoding="utf-8"))


# ---- CSV ---------------------------------------------------------------------------------------------------


def described(about: dict[str, Any]) -> list[tuple[str, str]]:
    """The conditions of the run, one fact a pair."""
    facts = [(name, str(fact)) for name, fact in about["conditions"].items()]
    for name, side in about["sides"].items():
        facts.append((name, ", ".join(f"{key} {value}" for key, value in side["about"].items())))
        facts.extend((f"{name}, left out", reason) for reason in side["skipped"])
    return facts


def write_csv(folder: Path, samples: Samples, about: dict[str, Any]) -> None:
    """results.csv: the conditions in lines that begin with #, and then the figures. demands.csv: likewise."""
    conditions = "".join(f"# {name}: {fact}\n" for name, fact in described(about))
    with (folder / "results.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(conditions)
        writer = csv.writer(file, lineterminator="\n")
        head = "side interpreter workload keys n contender unit median low_quartile high_quartile rounds"
        writer.writerow([*head.split(), "yardstick", "ratio", "ratio_low_quartile", "ratio_high_quartile"])
        for place, contender, value, ratio in samples.rows():
            where = [place.side, place.interpreter, place.workload, place.keys, place.n]
            figures = [value.median, value.low, value.high]
            compared = [ratio.median, ratio.low, ratio.high] if ratio else []
            writer.writerow(
                [
                    *where,
                    contender,
                    samples.units[place],
                    *(f"{each:.6g}" for each in figures),
                    value.rounds,
                    YARDSTICKS[place.side] if ratio else "",
                    *(f"{each:.4f}" for each in compared),
                ]
            )
    with (folder / "demands.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(conditions)
        writer = csv.writer(file, lineterminator="\n")
        head = "side interpreter demand keys n limit measured low_quartile high_quartile met"
        writer.writerow(head.split())
        for side, interpreter in samples.interpreters():
            for demand, cells in demands.judge(samples, side, interpreter):
                for n, cell in cells.items():
                    spread = cell.measured
                    writer.writerow(
                        [
                            *(side, interpreter, demand.text, demand.keys, n, cell.limit),
                            *(f"{each:.4f}" for each in (spread.median, spread.low, spread.high)),
                            "yes" if cell.met else "no",
                        ]
                    )


# ---- Markdown ----------------------------------------------------------------------------------------------


def table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return ["| " + " | ".join(line) + " |" for line in lines] + [""]


def power(n: int) -> str:
    """A size as people say it."""
    for unit, name in ((1_000_000, "million"), (1_000, "thousand")):
        if n >= unit and n % unit == 0:
            return f"{n // unit} {name}"
    return f"{n:,}"


def demand_tables(samples: Samples) -> list[str]:
    lines = ["## The demands", ""]
    lines += [
        "Each figure is a ratio to the yardstick that is named, unless it is bytes: the median over the",
        "rounds, its quartiles, what was demanded, and whether it is met.",
        "",
    ]
    met = total = 0
    for side, interpreter in samples.interpreters():
        judged = demands.judge(samples, side, interpreter)
        sizes = sorted({n for _, cells in judged for n in cells})
        rows = []
        for demand, cells in judged:
            row = [f"{demand.text}, {demand.keys}"]
            for n in sizes:
                cell = cells.get(n)
                row.append(
                    f"{cell.measured} of {cell.limit:g}: {'met' if cell.met else '**no**'}" if cell else ""
                )
            rows.append(row)
            met += sum(cell.met for cell in cells.values())
            total += len(cells)
        if rows:
            lines += [f"### {title(side, interpreter)}", ""]
            lines += table(["", *(power(n) for n in sizes)], rows)
    lines += [f"Met: {met} of {total} that were measured.", ""]
    return lines


def title(side: str, interpreter: str) -> str:
    return {"python": f"Python {interpreter}", "c": "C, through the ABI", "rust": "Rust, inlined"}[side]


def result_tables(samples: Samples) -> list[str]:
    lines = []
    for side, interpreter in samples.interpreters():
        yardstick = YARDSTICKS[side]
        lines += [f"## {title(side, interpreter)}", ""]
        groups: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
        for place in samples.by_place:
            if (place.side, place.interpreter) == (side, interpreter):
                groups[place.workload, place.keys, samples.units[place]].append(place)
        for (workload, keys, unit), places in groups.items():
            places.sort()
            each = "bytes an entry" if unit == "bytes" else "ns an operation"
            lines += [f"### {workload}, {keys} ({each}; ratio to {yardstick})", ""]
            contenders = dict.fromkeys(name for place in places for name in samples.by_place[place])
            rows = []
            for contender in sorted(contenders, key=lambda name: (name != yardstick, name)):
                row = [contender]
                for place in places:
                    value = samples.value(place, contender)
                    ratio = samples.ratio(place, contender, yardstick) if contender != yardstick else None
                    compared = f"; {figure(ratio.median)} x" if ratio else ""
                    row.append(f"{value}{compared}" if value else "")
                rows.append(row)
            lines += table(["", *(power(place.n) for place in places)], rows)
    return lines


NOTES = """\
## How to read this

* A figure is the median over the rounds, with its quartiles in brackets. In each round every contender, in
  an order that rotates, lives one life of a table; a ratio is taken within a round, and then the median of
  the ratios.
* Time is the thread's own processor time, so that other processes are not in it; the kernel's work for us
  is. Of every figure the loop is a part: "empty loop" says how much.
* Keys: `ints` random, of 64 bits; `dense` 0, 1, 2, ...; `apart` 0, 4096, 8192, ...; `short` strings of 7 to
  14 letters, `long` of 100 to 140; `-copies`: looked up by equal keys that are other objects; `same-hash`:
  ints with one and the same hash. Added in the order in which they were made, looked up and removed in a
  shuffled one. From 200 thousand entries on (a million in C and Rust), a sample of lookups is a slice of
  the keys, in each round another.
* Python: `insert` is `d[k] = v` into a new table that grows; `insert-set` and `replace-set` are `h.set(k,
  v)` against `d[k] = v`; `hit-item` is `d[k]`, `hit-in` is `k in d`; `mixed` is an insertion, two hits and
  a removal by turns. What cannot be changed in place is rebound: `m = m.set(k, v)`. The collector of cycles
  is off.
* C and Rust: all contenders have the same hash function: of random ints the key itself, of other ints a
  product with its high half folded in, of strings eight bytes at a time. Where it says so, it is another:
  "SipHash" is the default of libhashtable, Judy has none. GLib's and khash's hashes have 32 bits. Every
  table owns a copy of its string keys. `memory-malloc` is what malloc says is in use.
* The 2014 model is a table of the 2014 program's make: an array of bins of linked nodes, a malloc for each
  node and for each item, keys compared one by one through a tagged union, doubled at half load.
"""


def write_markdown(folder: Path, samples: Samples, about: dict[str, Any]) -> None:
    lines = ["# What the table costs", ""]
    if about.get("interrupted"):
        lines += ["**The run was interrupted: what is here is what was measured until then.**", ""]
    lines += table(["", "conditions"], ([name, fact] for name, fact in described(about)))
    lines += demand_tables(samples)
    lines += NOTES.splitlines()
    lines += ["", *result_tables(samples)]
    (folder / "results.md").write_text("\n".join(lines), encoding="utf-8")


def write(folder: Path) -> None:
    """The tables of a run, into its folder."""
    samples, about = read(folder)
    write_csv(folder, samples, about)
    write_markdown(folder, samples, about)
