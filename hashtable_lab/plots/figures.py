"""The pictures. Each has its question as its title, and is drawn only if the sweep can answer it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

from matplotlib import pyplot as plt
from matplotlib.ticker import LogLocator, NullLocator

from hashtable_lab.plots.rows import Row, Rows, names, short
from hashtable_lab.plots.style import MARKS, PALETTE, STYLE, STYLES, save, short_size
from hashtable_lab.sweep.grid import OPERATIONS, Point

# A picture with more lines than these answers nothing.
MOST_LINES = 12
WIDE, HIGH = 7.2, 4.2

Draw = Callable[[Rows], "Any | None"]


def line(axis: Any, number: int, label: str, rows: list[tuple[float, Row]]) -> None:
    """Medians, and the quartiles as a band."""
    colour = PALETTE[number % len(PALETTE)]
    xs = [x for x, _ in rows]
    low, high = [row.low for _, row in rows], [row.high for _, row in rows]
    axis.fill_between(xs, low, high, color=colour, alpha=0.15, lw=0)
    axis.plot(
        xs,
        [row.value for _, row in rows],
        STYLES[number // len(PALETTE) % len(STYLES)],
        color=colour,
        marker=MARKS[number % len(MARKS)] if len(xs) < 40 else None,
        markersize=4,
        label=label,
    )


def finished(figure: Any, axis: Any, title: str, x: str, y: str) -> Any:
    axis.set_title(title, loc="left")
    axis.set_xlabel(x)
    axis.set_ylabel(y)
    labels = axis.get_legend_handles_labels()[1]
    if len(labels) > 4:
        axis.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1))
    elif labels:
        axis.legend(fontsize=8)
    return figure


def readable(axis: Any, low: float, high: float) -> None:
    """From nought, or logarithmic where that would hide the small ones; with numbers written out."""
    if high > 8 * low:
        logarithmic(axis.yaxis)
    else:
        axis.set_ylim(bottom=0)
        axis.yaxis.set_major_formatter(short_size)


def grouped(rows: Rows, without: str) -> dict[Point, list[Point]]:
    """Points that differ in one knob only, in its order."""
    neutral: dict[str, Any] = {"n": 0, "max_load": None, "size": 0}
    groups: dict[Point, list[Point]] = defaultdict(list)
    for point in rows.points:
        groups[replace(point, **{without: neutral[without]})].append(point)
    return dict(groups)


def by_load(rows: Rows) -> Any | None:
    """Cost against load, of tables with as many keys: the most that the sweep has."""
    found: dict[tuple[str, str], list[tuple[float, Row]]] = defaultdict(list)
    most = max(point.n for point in rows.points)
    for point in rows.points:
        load, hit = rows.value(point, "", "load_proportion"), rows.get(point, "hit", "ns")
        if load is not None and hit is not None and point.n == most:
            found[point.hash_func, point.keys].append((load, hit))
    lines = {key: sorted(each, key=lambda it: it[0]) for key, each in found.items()}
    lines = {key: each for key, each in lines.items() if len({x for x, _ in each}) > 2}
    if not lines or len(lines) > MOST_LINES:
        return None
    figure, axis = plt.subplots(figsize=(WIDE, HIGH))
    curves(axis, lines)
    if max(x for each in lines.values() for x, _ in each) > 4:
        logarithmic(axis.xaxis)
    title = f"What does a full table cost? A hit among {most:,} keys, by load"
    return finished(figure, axis, title, "entries per bin", "ns")


def by_keys(rows: Rows) -> Any | None:
    """Cost against the number of keys, from a few to many."""
    found: dict[tuple[str, str], list[tuple[float, Row]]] = defaultdict(list)
    typical = {(point.hash_func, point.keys): point for point in rows.typical()}
    for point in rows.points:
        hit = rows.get(point, "hit", "ns")
        usual = typical.get((point.hash_func, point.keys), point)
        if hit is not None and (
            point.is_dict or (point.size, point.max_load) == (usual.size, usual.max_load)
        ):
            found[point.hash_func, point.keys].append((point.n, hit))
    lines = {key: sorted(each, key=lambda it: it[0]) for key, each in found.items() if len(each) > 3}
    if (
        not lines
        or len(lines) > MOST_LINES
        or not any(each[-1][0] >= 20 * each[0][0] for each in lines.values())
    ):
        return None
    figure, axis = plt.subplots(figsize=(WIDE, HIGH))
    curves(axis, lines)
    logarithmic(axis.xaxis)
    return finished(figure, axis, "Does it stay as fast? A hit, by the number of keys", "keys", "ns")


def curves(axis: Any, lines: dict[tuple[str, str], list[tuple[float, Row]]]) -> None:
    """A line for each hash function and set of keys."""
    several = len({keys for _, keys in lines}) > 1
    for number, ((function, keys), each) in enumerate(lines.items()):
        line(axis, number, f"{short(function)}, {keys}" if several else short(function), each)
    heights = [row.value for each in lines.values() for _, row in each]
    readable(axis, min(heights), max(heights))


def logarithmic(axis: Any) -> None:
    """An axis of powers, with numbers written out."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(short_size)


def saw_tooth(rows: Rows) -> Any | None:
    """Insertion against the number of keys, where it was sampled closely."""
    groups = {key: each for key, each in grouped(rows, "n").items() if len(each) >= 8}
    timed = {}
    for key, points in groups.items():
        points.sort(key=lambda point: point.n)
        found = [(float(point.n), row) for point in points if (row := rows.get(point, "insert", "ns"))]
        if found:
            timed[key] = found
    if not timed or len(timed) > MOST_LINES:
        return None
    label = names(timed)
    figure, axes = plt.subplots(2, 1, figsize=(WIDE, HIGH * 1.5), sharex=True, height_ratios=[3, 2])
    for number, (key, each) in enumerate(timed.items()):
        line(axes[0], number, label[key], each)
        moved = [
            (point.n, value / point.n)
            for point in groups[key]
            if (value := rows.value(point, "insert", "moved_entries")) is not None
        ]
        colour = PALETTE[number % len(PALETTE)]
        axes[1].plot(
            *zip(*moved), STYLES[number // len(PALETTE) % len(STYLES)], color=colour
        ) if moved else None
    axes[0].set_ylim(bottom=0)
    axes[1].set_ylabel("moved entries a key")
    axes[1].set_xlabel("keys")
    axes[1].xaxis.set_major_formatter(short_size)
    finished(
        figure, axes[0], "Does a table that grows cost more? Insertion, by the number of keys", "", "ns a key"
    )
    return figure


def chains(rows: Rows) -> Any | None:
    """How long the chains are, beside what chance makes of as many keys in as many bins."""
    points = [point for point in rows.largest() if rows.lengths(point)][:MOST_LINES]
    if not points:
        return None
    label = names(points)
    columns = min(3, len(points))
    lines = math.ceil(len(points) / columns)
    size = (2.6 * columns + 0.6, 2.3 * lines + 0.6)
    figure, grid = plt.subplots(lines, columns, figsize=size, squeeze=False, sharey=True)
    for axis in grid.flat[len(points) :]:
        axis.set_visible(False)
    for axis, point in zip(grid.flat, points):
        one_chain(axis, rows, point, label[point])
    for axis in grid[:, 0]:
        axis.set_ylabel("part of the bins")
    figure.suptitle("Are the keys spread as chance would? Entries in a bin", x=0.01, ha="left", fontsize=10)
    figure.tight_layout()
    return figure


def one_chain(axis: Any, rows: Rows, point: Point, title: str) -> None:
    lengths = rows.lengths(point)
    bins = sum(lengths.values())
    load = point.n / bins
    last = min(max(max(lengths), math.ceil(load + 3 * load**0.5)), 12)
    shares = [lengths.get(length, 0) / bins for length in range(last)]
    shares.append(sum(count for length, count in lengths.items() if length >= last) / bins)
    chance = [math.exp(-load) * load**length / math.factorial(length) for length in range(last)]
    chance.append(max(0.0, 1 - sum(chance)))
    axis.bar(range(last + 1), shares, color=PALETTE[1], width=0.7, label="this hash function")
    axis.plot(range(last + 1), chance, "D", color=PALETTE[0], markersize=4, label="chance (Poisson)")
    axis.set_title(title, fontsize=8)
    marks = list(range(0, last + 1, 2 if last > 6 else 1))
    axis.set_xticks(
        marks, [f"{mark}+" if mark == last and max(lengths) > last else str(mark) for mark in marks]
    )
    worst = max(lengths)
    if worst > last:
        axis.text(0.97, 0.75, f"longest: {worst:,}", transform=axis.transAxes, ha="right", fontsize=7)
    axis.legend(fontsize=6, loc="upper right")


def matrix(rows: Rows) -> Any | None:
    """Hash functions by sets of keys: how many entries a hit looks at."""
    found: dict[tuple[str, str], float] = {}
    for point in rows.largest():
        probes = rows.value(point, "hit", "probes")
        if probes is not None:
            key = (point.hash_func, point.keys)
            found[key] = max(found.get(key, 0.0), probes)
    functions, sets = (list(dict.fromkeys(key[at] for key in found)) for at in (0, 1))
    if len(functions) < 2 or len(sets) < 2:
        return None
    figure, axis = plt.subplots(figsize=(1.6 + 1.1 * len(sets), 1.4 + 0.42 * len(functions)))
    values = [[math.log10(found.get((it, each), math.nan)) for each in sets] for it in functions]
    axis.imshow(values, cmap="cividis_r", aspect="auto", vmin=0, vmax=3)
    for row, function in enumerate(functions):
        for column, each in enumerate(sets):
            probes = found.get((function, each))
            if probes is not None:
                ink = "w" if math.log10(probes) > 1.5 else "k"
                axis.text(column, row, f"{probes:,.3g}", ha="center", va="center", fontsize=8, color=ink)
    axis.set_xticks(range(len(sets)), sets, rotation=25, ha="right")
    axis.set_yticks(range(len(functions)), [short(function) for function in functions])
    axis.grid(False)
    axis.set_title("Which function for which keys? Entries that a hit looks at", loc="left")
    return figure


def costs(rows: Rows) -> Any | None:
    """What a hit takes against what it looks at: the hash function's own cost is where a line would begin."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for point in rows.points:
        probes, hit = rows.value(point, "hit", "probes"), rows.value(point, "hit", "ns")
        loop = rows.value(point, "loop", "ns")
        if probes is not None and hit is not None and loop is not None:
            found[point.hash_func].append((probes, hit - loop))
    if len(found) < 2 or sum(map(len, found.values())) < 4:
        return None
    figure, axis = plt.subplots(figsize=(WIDE, HIGH))
    for number, (function, each) in enumerate(found.items()):
        colour, mark = PALETTE[number % len(PALETTE)], MARKS[number % len(MARKS)]
        axis.plot(*zip(*sorted(each)), mark, color=colour, markersize=5, alpha=0.8, label=short(function))
    logarithmic(axis.xaxis)
    heights = [y for each in found.values() for _, y in each]
    readable(axis, min(heights), max(heights))
    title = "The hash function or the chain: what does a hit pay for?"
    return finished(figure, axis, title, "entries that a hit looks at", "ns, without the loop")


def beside_dict(rows: Rows) -> Any | None:
    """Each operation, by dict on the same keys."""
    dicts = {(point.keys, point.n): point for point in rows.points if point.is_dict}
    bars: dict[str, dict[str, float]] = defaultdict(dict)
    tables = [point for point in rows.typical() if (point.keys, point.n) in dicts]
    label = names(tables)
    for point in tables[:MOST_LINES]:
        for operation in OPERATIONS:
            ours = rows.value(point, operation, "ns")
            theirs = rows.value(dicts[point.keys, point.n], operation, "ns")
            if ours and theirs:
                bars[operation][label[point]] = ours / theirs
    if not bars:
        return None
    series = list(dict.fromkeys(name for each in bars.values() for name in each))
    figure, axis = plt.subplots(figsize=(WIDE, HIGH))
    width = 0.8 / len(series)
    for number, name in enumerate(series):
        xs = [place - 0.4 + width * (number + 0.5) for place in range(len(bars))]
        heights = [each.get(name, math.nan) - 1 for each in bars.values()]
        hatch = ("", "//", "..")[number // len(PALETTE) % 3]
        colour = PALETTE[number % len(PALETTE)]
        axis.bar(xs, heights, width * 0.92, bottom=1, color=colour, hatch=hatch, label=name)
    axis.axhline(1, color="black", lw=1)
    heights = [value for each in bars.values() for value in each.values()]
    readable(axis, min(heights), max(heights))
    axis.set_xticks(range(len(bars)), list(bars))
    return finished(
        figure, axis, "And a dict? Time by dict's, on the same keys", "", "below 1: faster than dict"
    )


FIGURES: dict[str, Draw] = {
    "load": by_load,
    "keys": by_keys,
    "saw-tooth": saw_tooth,
    "chains": chains,
    "matrix": matrix,
    "costs": costs,
    "dict": beside_dict,
}


def draw(rows: Rows, folder: Path) -> Iterator[str]:
    """Draws what there is to be drawn, and says the name of each."""
    with plt.rc_context(STYLE):
        for name, picture in FIGURES.items():
            figure = picture(rows)
            if figure is not None:
                save(figure, folder, name)
                yield name
