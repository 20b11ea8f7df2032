"""Two counts as a picture: the healthy one and the broken one, step by step, and where they part."""

from __future__ import annotations

import textwrap
from xml.etree.ElementTree import Element, SubElement, tostring

from hashtable_lab.timeline import SIGNS, Row, Timeline, count

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 880, 64, 28, 74, 320
# The height of a line of the list below, and how many letters of it there is room for.
LINE, LETTERS = 19, 96
# A count beyond this is of what the interpreter keeps for ever: of interest is only how it changes.
LARGE = 100_000

# Told apart by those who see no colours too: by a dashed line, and by the shape of the marks.
STYLE = """
    svg { background: #ffffff; font: 14px ui-sans-serif, system-ui, "DejaVu Sans", sans-serif; }
    .mono { font: 12.5px ui-monospace, "DejaVu Sans Mono", monospace; }
    .head { font-size: 18px; font-weight: 600; }
    .guilty { font-weight: 700; }
    text { fill: #1a1a1a; }
    .faint { fill: #595959; }
    .grid { stroke: #d9d9d9; }
    .healthy, .broken { fill: none; stroke-width: 3; }
    .healthy { stroke: #0072b2; }
    .broken { stroke: #c04a00; stroke-dasharray: 7 4; }
    .healthy-mark { fill: #0072b2; }
    .broken-mark { fill: #c04a00; }
    .band { fill: #c04a00; opacity: 0.12; }
    @media (prefers-color-scheme: dark) {
      svg { background: #16181d; }
      text { fill: #f0f0f0; }
      .faint { fill: #a8a8a8; }
      .grid { stroke: #3a3d45; }
      .healthy { stroke: #6cbcf0; }
      .broken { stroke: #f0a050; }
      .healthy-mark { fill: #6cbcf0; }
      .broken-mark { fill: #f0a050; }
      .band { fill: #f0a050; opacity: 0.18; }
    }
"""


class Picture:
    """The picture of a timeline, and where in it things are."""

    def __init__(self, life: Timeline) -> None:
        self.life = life
        counts = [count(step) for row in life.rows for step in (row.healthy, row.broken)]
        known = [number for number in counts if number is not None] or [0]
        self.low = min(known)
        # A count that hardly moves is still a line with room around it.
        self.high = max(*known, self.low + 2)
        self.column = (WIDTH - LEFT - RIGHT) / max(1, len(life.rows))
        self.root = Element("svg", xmlns="http://www.w3.org/2000/svg", width=str(WIDTH), role="img")
        SubElement(self.root, "style").text = STYLE

    def x(self, number: int) -> float:
        """The middle of the column of a step."""
        return round(LEFT + self.column * (number + 0.5), 1)

    def y(self, value: int) -> float:
        """The height of a count."""
        room = BOTTOM - TOP - 48
        return round(BOTTOM - 24 - (value - self.low) * room / (self.high - self.low), 1)

    def add(self, tag: str, kind: str, **attributes: float | str) -> Element:
        made = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
        return SubElement(self.root, tag, {"class": kind, **made})

    def text(self, kind: str, words: str, x: float, y: float, anchor: str = "start") -> None:
        self.add("text", kind, x=x, y=y, text_anchor=anchor).text = words

    def mark(self, name: str, x: float, y: float) -> None:
        if name == "healthy":
            self.add("circle", "healthy-mark", cx=x, cy=y, r=6)
        else:
            self.add("rect", "broken-mark", x=round(x - 4, 1), y=round(y - 4, 1), width=8, height=8)

    def heading(self, title: str) -> None:
        self.root.set("aria-label", title)
        self.text("head", title, LEFT - 30, 30)
        for name, x in (("healthy", WIDTH - 240), ("broken", WIDTH - 140)):
            self.mark(name, x, 25)
            self.text("", name, x + 12, 30)

    def grid(self) -> None:
        steps = min(6, self.high - self.low)
        for value in sorted({self.low + round(n * (self.high - self.low) / steps) for n in range(steps + 1)}):
            self.add("line", "grid", x1=LEFT, x2=WIDTH - RIGHT, y1=self.y(value), y2=self.y(value))
            label = f"{value - self.low:+}" if self.high > LARGE else str(value)
            self.text("faint", label, LEFT - 10, self.y(value) + 5, "end")
        first, last = self.life.first_difference, len(self.life.rows) - 1
        if first is not None:
            start = round(self.x(first) - self.column / 2, 1)
            self.add("rect", "band", x=start, y=TOP, width=round(self.column, 1), height=BOTTOM - TOP)
            anchor = "start" if first * 3 < last else "end" if first * 3 > last * 2 else "middle"
            self.text("", "the first difference", self.x(first), TOP - 6, anchor)

    def line(self, name: str) -> None:
        """The steps of one run: a count holds until the next one comes."""
        counts = [(number, count(getattr(row, name))) for number, row in enumerate(self.life.rows)]
        points = [(self.x(number), self.y(value)) for number, value in counts if value is not None]
        path = [f"H{x} V{y}" if turn else f"M{x} {y}" for turn, (x, y) in enumerate(points)]
        self.add("path", name, d=" ".join(path))
        for x, y in points:
            self.mark(name, x, y)

    def captions(self) -> None:
        """The numbers of the steps, and beneath them what each was; why, where the source says it first."""
        height, said = BOTTOM + 52, set()
        for number, row in enumerate(self.life.rows):
            guilty = number == self.life.first_difference
            label = self.life.left_out_before + number + 1
            self.text("guilty" if guilty else "faint", str(label), self.x(number), BOTTOM + 16, "middle")
            kind = "mono guilty" if guilty else "mono"
            self.text(kind, str(label), LEFT - 10, height, "end")
            self.text(kind, caption(row), LEFT + 6, height)
            height += LINE
            why = row.step.event.facts.get("why") or ""
            for line in [] if why in said else textwrap.wrap(why, LETTERS):
                self.text("mono faint", line, LEFT + 36, height)
                height += LINE
            said.add(why)
        self.root.set("height", str(height))
        self.root.set("viewBox", f"0 0 {WIDTH} {height}")


def caption(row: Row) -> str:
    """What a step was."""
    step = row.step
    call = f" in {step.calls[-1]}" if step.calls else ""
    only = "" if not row.differs else ": only the healthy run" if row.healthy else ": only the broken run"
    return f"{SIGNS[step.event.what]} {step.event.place}{call}{only}"


def draw(life: Timeline, title: str) -> str:
    """The picture, as the text of an SVG file."""
    picture = Picture(life)
    picture.heading(title)
    picture.grid()
    picture.line("healthy")
    picture.line("broken")
    picture.captions()
    return tostring(picture.root, encoding="unicode") + "\n"
