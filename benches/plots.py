"""Pictures that answer a question each, as PNG and SVG.

What is ours has the same colour in all of them, a heavier line, and is on top.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from benches import report
from benches.samples import YARDSTICKS, Place, Samples, Spread
from hashtable_lab.plots.style import MARKS, PALETTE, STYLE, STYLES, save, short_size

# What is ours has the same colour in all of them.
OURS, *OTHERS = PALETTE
NAMES = ("HashTable", "libhashtable", "hashtable::table")

KEYS = {"ints": "random ints", "short": "short strings"}
OPERATIONS = {
    "hit-get": "get, hit",
    "miss-get": "get, miss",
    "hit-item": "t[k]",
    "hit-in": "k in t, hit",
    "miss-in": "k in t, miss",
    "insert": "t[k] = v, new",
    "replace": "t[k] = v, replaced",
    "pop": "pop",
    "delete": "del t[k]",
    "iterate-keys": "for k in t",
    "iterate-items": "for item in t.items()",
    "mixed": "mixed",
}


def sizes_axis(axis: Any, sizes: Iterable[int]) -> None:
    axis.set_xscale("log")
    decades = sorted({10 ** round(math.log10(n)) for n in sizes})
    axis.xaxis.set_major_locator(FixedLocator(decades))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter(FuncFormatter(short_size))


def plain_numbers(axis: Any, low: float, high: float) -> None:
    """A logarithmic axis whose numbers are written out: 1, 2, 5, 10, ..."""
    axis.set_yscale("log")
    exponents = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if high / low < 300 else (1,)
    axis.yaxis.set_major_locator(
        FixedLocator([step * 10.0**exponent for exponent in exponents for step in steps])
    )
    axis.yaxis.set_minor_locator(NullLocator())
    axis.yaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,g}"))


def places(samples: Samples, side: str, interpreter: str, workload: str, keys: str) -> list[Place]:
    """Those of a workload, by size."""
    wanted = (side, interpreter, workload, keys)
    found = (
        place
        for place in samples.by_place
        if (place.side, place.interpreter, place.workload, place.keys) == wanted
    )
    return sorted(found)


def curve(
    axis: Any, points: list[tuple[int, Spread]], label: str, colour: str, style: str, mark: str
) -> None:
    """Medians as a line; of what is ours, quartiles as a band."""
    sizes = [n for n, _ in points]
    ours = label.startswith(NAMES)
    if ours or label in KEYS.values():
        low, high = [spread.low for _, spread in points], [spread.high for _, spread in points]
        axis.fill_between(sizes, low, high, color=colour, alpha=0.18, lw=0)
    axis.plot(
        sizes,
        [spread.median for _, spread in points],
        style,
        color=colour,
        marker=mark,
        markersize=4.5 if ours else 3.5,
        lw=2.2 if ours else 1.2,
        zorder=3 if ours else 2,
        label=label,
    )


def ratio_to_dict(samples: Samples, interpreter: str, folder: Path, name: str) -> None:
    """How does HashTable compare with dict, operation by operation, as tables grow?"""
    chosen = {
        (workload, keys): [
            (place.n, ratio)
            for place in places(samples, "python", interpreter, workload, keys)
            if (ratio := samples.ratio(place, "HashTable", "dict"))
        ]
        for workload in OPERATIONS
        for keys in ("ints", "short")
    }
    shown = [workload for workload in OPERATIONS if chosen[workload, "ints"] or chosen[workload, "short"]]
    sizes = {n for points in chosen.values() for n, _ in points}
    if not shown or len(sizes) < 2:
        return
    columns = min(4, len(shown))
    rows = -(-len(shown) // columns)
    figure, grid = plt.subplots(
        rows,
        columns,
        figsize=(2.7 * columns, 2.1 * rows + 0.7),
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    every = [spread for points in chosen.values() for _, spread in points]
    low, high = min(spread.low for spread in every), max(spread.high for spread in every)
    for position, axis in enumerate(grid.flat):
        if position >= len(shown):
            axis.set_visible(False)
            continue
        workload = shown[position]
        axis.axhline(1, color="black", lw=0.9)
        for keys, colour, style, mark in (("ints", OURS, "-", "o"), ("short", OTHERS[0], "--", "s")):
            if chosen[workload, keys]:
                curve(axis, chosen[workload, keys], KEYS[keys], colour, style, mark)
        axis.set_title(OPERATIONS[workload])
        sizes_axis(axis, sizes)
        plain_numbers(axis, low, high)
        # Under the lowest in its column.
        axis.tick_params(labelbottom=position + columns >= len(shown))
    figure.suptitle(
        f"HashTable's time by dict's: below the line, HashTable is faster. Python {interpreter}", fontsize=11
    )
    figure.supxlabel("entries in the table", fontsize=9)
    figure.supylabel("ratio to dict", fontsize=9)
    handles, labels = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=2)
    save(figure, folder, name)


def cost_by_size(
    samples: Samples,
    side: str,
    interpreter: str,
    keys: str,
    workloads: dict[str, str],
    title: str,
    folder: Path,
    name: str,
) -> None:
    """What does an operation cost with each contender, as tables grow?"""
    contenders: dict[str, None] = {}
    for workload in workloads:
        for place in places(samples, side, interpreter, workload, keys):
            contenders.update(dict.fromkeys(samples.by_place[place]))
    names = sorted(contenders, key=lambda each: (each not in NAMES, each != YARDSTICKS[side], each))
    shown = {workload: places(samples, side, interpreter, workload, keys) for workload in workloads}
    shown = {workload: found for workload, found in shown.items() if found}
    sizes = {place.n for found in shown.values() for place in found}
    if len(sizes) < 2:
        return
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    figure, grid = plt.subplots(
        rows,
        columns,
        figsize=(4.0 * columns + 1.8, 2.9 * rows + 0.6),
        sharex=True,
        squeeze=False,
        layout="constrained",
    )
    others = [each for each in names if not each.startswith(NAMES)]
    ours = [each for each in names if each.startswith(NAMES)]
    for axis, (workload, found) in zip(grid.flat, shown.items()):
        figures = []
        for contender in names:
            points = [(place.n, value) for place in found if (value := samples.value(place, contender))]
            if not points:
                continue
            figures += [value.median for _, value in points]
            if contender in ours:
                # Ourselves, and ourselves with another hash.
                curve(axis, points, contender, OURS, STYLES[ours.index(contender) % len(STYLES)], "o")
                continue
            number = others.index(contender)
            colour, style = OTHERS[number % len(OTHERS)], STYLES[number // len(OTHERS) % len(STYLES)]
            curve(axis, points, contender, colour, style, MARKS[number % len(MARKS)])
        axis.set_title(workloads[workload])
        sizes_axis(axis, sizes)
        plain_numbers(axis, min(figures), max(figures))
    for axis in grid.flat[len(shown) :]:
        axis.set_visible(False)
    figure.suptitle(title, fontsize=11)
    figure.supxlabel("entries in the table", fontsize=9)
    figure.supylabel("nanoseconds an operation", fontsize=9)
    by_label = {}
    for axis in grid.flat:
        by_label.update(dict(zip(*reversed(axis.get_legend_handles_labels()))))
    figure.legend(
        [by_label[label] for label in names if label in by_label],
        [label for label in names if label in by_label],
        loc="outside right center",
    )
    save(figure, folder, name)


def dots(axis: Any, rows: list[tuple[str, Spread]], title: str, yardstick: str) -> None:
    """Ratios, one under the other; the yardstick is a line."""
    for position, (_, spread) in enumerate(reversed(rows)):
        better = spread.median <= 1
        axis.plot(
            [1, spread.median],
            [position, position],
            color=OURS if better else OTHERS[-1],
            lw=5,
            alpha=0.35,
            solid_capstyle="butt",
        )
        axis.plot(
            [spread.low, spread.high], [position, position], color=OURS if better else OTHERS[-1], lw=1.4
        )
        axis.plot(spread.median, position, "o", color=OURS if better else OTHERS[-1], markersize=5.5)
        side = -1 if better else 1
        axis.annotate(
            f"{spread.median:.2f}",
            (spread.low if better else spread.high, position),
            xytext=(5 * side, 0),
            textcoords="offset points",
            ha="right" if better else "left",
            va="center",
            fontsize=8,
        )
    axis.axvline(1, color="black", lw=1)
    axis.set_yticks(range(len(rows)), [label for label, _ in reversed(rows)])
    axis.set_ylim(-0.6, len(rows) - 0.4)
    axis.set_xlim(
        min(0, *(spread.low for _, spread in rows)), max(1.25, *(spread.high * 1.12 for _, spread in rows))
    )
    axis.grid(axis="y", visible=False)
    axis.set_title(title, loc="left", fontsize=9.5)
    axis.set_xlabel(f"time, where {yardstick} takes 1", fontsize=8)


def at_a_glance(samples: Samples, folder: Path) -> None:
    """The one that says it, for the README: us by dict, and by C++'s own table, at a million entries."""
    n = 1_000_000
    interpreter = next((name for side, name in samples.interpreters() if side == "python"), None)
    python = {
        "hit-get": "get, found",
        "miss-get": "get, not found",
        "insert": "t[k] = v, new",
        "replace": "t[k] = v, replaced",
        "pop": "pop",
        "iterate-keys": "for k in t",
    }
    native = {"hit": "look up, found", "miss": "look up, not found", "insert": "add", "delete": "remove"}
    panels = []
    if interpreter is not None:
        for keys, what in KEYS.items():
            rows = [
                (label, ratio)
                for workload, label in python.items()
                if (
                    ratio := samples.ratio(
                        Place("python", interpreter, workload, keys, n), "HashTable", "dict"
                    )
                )
            ]
            if rows:
                panels.append((rows, f"Python {interpreter}: a million {what}", "dict"))
    rows = [
        (label, ratio)
        for workload, label in native.items()
        if (ratio := samples.ratio(Place("c", "", workload, "ints", n), "libhashtable", YARDSTICKS["c"]))
    ]
    if rows:
        panels.append((rows, "C: a million random ints", YARDSTICKS["c"]))
    if not panels:
        return
    figure, grid = plt.subplots(
        1, len(panels), figsize=(4.1 * len(panels), 2.6), squeeze=False, layout="constrained"
    )
    for axis, (rows, title, yardstick) in zip(grid.flat, panels):
        dots(axis, rows, title, yardstick)
    figure.suptitle("Left of the line, hashtable is faster", fontsize=11)
    save(figure, folder, "at-a-glance")


def write(folder: Path) -> None:
    """All that there is something to show for."""
    samples, _ = report.read(folder)
    native = {"insert": "insert", "hit": "look up, hit", "miss": "look up, miss", "delete": "delete"}
    with plt.rc_context(STYLE):
        at_a_glance(samples, folder)
        for side, interpreter in samples.interpreters():
            if side == "python":
                name = interpreter.replace(" ", "-").replace("/", "-")
                ratio_to_dict(samples, interpreter, folder, f"python-{name}")
                chosen = {
                    each: OPERATIONS[each] for each in ("insert", "hit-get", "miss-get", "iterate-keys")
                }
                for keys, what in KEYS.items():
                    title = f"Python {interpreter}: mappings of {what}"
                    cost_by_size(
                        samples, side, interpreter, keys, chosen, title, folder, f"python-{name}-{keys}"
                    )
                continue
            language = {"c": "C and C++", "rust": "Rust"}[side]
            for keys, what in KEYS.items():
                title = f"{language}: tables of {what}, the same hash for all"
                cost_by_size(samples, side, interpreter, keys, native, title, folder, f"{side}-{keys}")
                in_one_bin = {"hit": "look up, hit", "miss": "look up, miss"}
                what = "ints" if keys == "ints" else what
                title = f"All keys have one hash: what it costs to go through {what}, one by one"
                cost_by_size(
                    samples,
                    side,
                    interpreter,
                    f"one-bin-{keys}",
                    in_one_bin,
                    title,
                    folder,
                    f"{side}-one-bin-{keys}",
                )
