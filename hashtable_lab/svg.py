"""Two counts as a picture: the healthy one and the broken one, step by step, and where they part."""

from __future__ import annotations

import textwrap
from html import escape

from hashtable_lab.timeline import SIGNS, Timeline, count

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 880, 64, 28, 74, 320
# Told apart by those who see no colours too: by a dashed line, and by the shape of the marks.
STYLE = """
    svg { background: #ffffff; font-family: ui-sans-serif, system-ui, "DejaVu Sans", sans-serif; font-size: 14px; }
    text { fill: #1a1a1a; } .faint { fill: #595959; } .grid { stroke: #d9d9d9; }
    .head { font-size: 18px; font-weight: 600; } .mono { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 12.5px; }
    .healthy { stroke: #0072b2; fill: none; stroke-width: 3; } .broken { stroke: #c04a00; fill: none; stroke-width: 3; stroke-dasharray: 7 4; }
    .healthy-mark { fill: #0072b2; } .broken-mark { fill: #c04a00; } .band { fill: #c04a00; opacity: 0.12; } .guilty { font-weight: 700; }
    @media (prefers-color-scheme: dark) {
      svg { background: #16181d; } text { fill: #f0f0f0; } .faint { fill: #a8a8a8; } .grid { stroke: #3a3d45; }
      .healthy { stroke: #6cbcf0; } .broken { stroke: #f0a050; } .healthy-mark { fill: #6cbcf0; } .broken-mark { fill: #f0a050; }
      .band { fill: #f0a050; opacity: 0.18; }
    }
"""


def draw(life: Timeline, title: str) -> str:
    """The picture, as the text of an SVG file."""
    rows = life.rows
    counts = [
        number for row in rows for number in (count(row.healthy), count(row.broken)) if number is not None
    ]
    low, high = (min(counts), max(counts)) if counts else (0, 1)
    # A count that hardly moves is still a line with room around it.
    high = max(high, low + 2)
    column = (WIDTH - LEFT - RIGHT) / max(1, len(rows))

    def x(number: int) -> float:
        return LEFT + column * (number + 0.5)

    def y(value: int) -> float:
        return BOTTOM - 24 - (value - low) * (BOTTOM - TOP - 48) / (high - low)

    parts = []
    ticks = sorted(
        {low + round(step * (high - low) / min(6, high - low)) for step in range(min(6, high - low) + 1)}
    )
    for value in ticks:
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        )
        parts.append(
            f'<text class="faint" x="{LEFT - 10}" y="{y(value) + 5:.1f}" text-anchor="end">{value}</text>'
        )
    first = life.first_difference
    if first is not None:
        parts.append(
            f'<rect class="band" x="{x(first) - column / 2:.1f}" y="{TOP}" width="{column:.1f}" height="{BOTTOM - TOP}"/>'
        )
        anchor = "end" if first > len(rows) * 0.7 else "start" if first < len(rows) * 0.3 else "middle"
        parts.append(
            f'<text x="{x(first):.1f}" y="{TOP - 6}" text-anchor="{anchor}">the first difference</text>'
        )
    for name in ("healthy", "broken"):
        points = [(number, count(getattr(row, name))) for number, row in enumerate(rows)]
        there = [(x(number), y(value)) for number, value in points if value is not None]
        path = "".join(
            f"{'H' if turn else 'M'}{a:.1f}{'V' if turn else ' '}{b:.1f}" for turn, (a, b) in enumerate(there)
        )
        parts.append(f'<path class="{name}" d="{path}"/>')
        for a, b in there:
            parts.append(
                f'<circle class="healthy-mark" cx="{a:.1f}" cy="{b:.1f}" r="6"/>'
                if name == "healthy"
                else f'<rect class="broken-mark" x="{a - 4:.1f}" y="{b - 4:.1f}" width="8" height="8"/>'
            )
    for number in range(len(rows)):
        shade = "guilty" if number == first else "faint"
        label = life.left_out_before + number + 1
        parts.append(
            f'<text class="{shade}" x="{x(number):.1f}" y="{BOTTOM + 16}" text-anchor="middle">{label}</text>'
        )
    height = BOTTOM + 52
    for number, row in enumerate(rows):
        facts = row.step.event.facts
        who = "" if not row.differs else "  only healthy" if row.healthy else "  only broken"
        call = f" in {row.step.calls[-1]}" if row.step.calls else ""
        text = f"{life.left_out_before + number + 1:3}  {SIGNS[row.step.event.what]}  {row.step.event.place}{call}{who}"
        shade = "mono guilty" if number == first else "mono"
        parts.append(
            f'<text class="{shade}" xml:space="preserve" x="{LEFT - 30}" y="{height}">{escape(text)}</text>'
        )
        height += 19
        for line in textwrap.wrap(facts.get("why") or "", 108)[:1]:
            parts.append(f'<text class="mono faint" x="{LEFT + 40}" y="{height}">{escape(line)}</text>')
            height += 19
    head = [
        f'<text class="head" x="{LEFT - 30}" y="30">{escape(title)}</text>',
        f'<circle class="healthy-mark" cx="{WIDTH - 240}" cy="25" r="6"/><text x="{WIDTH - 228}" y="30">healthy</text>',
        f'<rect class="broken-mark" x="{WIDTH - 144}" y="21" width="8" height="8"/><text x="{WIDTH - 128}" y="30">broken</text>',
    ]
    body = "\n  ".join([*head, *parts])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height + 6}" width="{WIDTH}" height="{height + 6}" '
        f'role="img" aria-label="{escape(title)}">\n  <style>{STYLE}  </style>\n  {body}\n</svg>\n'
    )
