"""`htlab plot`: draws a sweep, and puts everything into one page."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path

import click

from hashtable_lab import bins
from hashtable_lab.plots.rows import NoSweepError, Rows, names
from hashtable_lab.sweep.counting import filled
from hashtable_lab.sweep.grid import Point

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #ffffff; }}
  body {{ font: 16px/1.5 system-ui, sans-serif; }}
  img, figure {{ max-width: 100%; height: auto; margin: 0 0 2.5rem; }}
  table {{ border-collapse: collapse; font-size: 0.85rem; display: block; overflow-x: auto; }}
  th, td {{ padding: 0.2rem 0.7rem; text-align: right; border-bottom: 1px solid #ddd; }}
  th:first-child, td:first-child {{ text-align: left; }}
  .facts {{ color: #595959; }}
</style>
<h1>{title}</h1>
<p class="facts">{facts}</p>
{figures}
<h2>The largest tables</h2>
{table}
</html>
"""
COLUMNS = {
    "entries a hit looks at": ("hit", "probes"),
    "longest chain": ("", "longest_chain"),
    "resizes": ("insert", "resizes"),
    "hit, ns": ("hit", "ns"),
    "miss, ns": ("miss", "ns"),
    "insert, ns": ("insert", "ns"),
}
# A map of bins is drawn of so many tables, and of keys that are not more than these.
MOST_MAPS, MOST_KEYS = 6, 200_000


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "wants_json", is_flag=True, help="Write JSON, for programs.")
def plot(folder: Path, wants_json: bool) -> None:
    """Pictures that answer questions, of what `htlab sweep` has found.

    Writes into DIR a PNG and an SVG of each, and index.html, which has all of them in it and needs nothing
    else.
    """
    try:
        from hashtable_lab.plots.figures import draw
    except ImportError as error:
        raise click.ClickException(f"{error}: pip install 'hashtable[plot]'") from error
    try:
        rows = Rows.read(folder)
    except NoSweepError as error:
        raise click.ClickException(str(error)) from error
    drawn = list(draw(rows, folder))
    maps = list(draw_maps(rows, folder))
    page = folder / "index.html"
    page.write_text(page_of(rows, folder, [*drawn, *maps]), encoding="utf-8")
    if wants_json:
        click.echo(json.dumps({"figures": drawn, "maps": maps, "page": str(page)}))
    else:
        click.echo(f"{page}: {', '.join([*drawn, *maps]) or 'nothing to draw'}")


def draw_maps(rows: Rows, folder: Path) -> list[str]:
    """A map of the bins of the largest tables, one for each hash function and set of keys: they are made
    again, since a sweep keeps no table. Not of functions of the user's, which would run in this process."""
    points = [point for point in rows.typical() if point.n <= MOST_KEYS and ":" not in point.hash_func]
    label = names(points)
    made = []
    for number, point in enumerate(points[:MOST_MAPS], 1):
        name = f"bins-{number}"
        title = f"{label[point]}: its bins"
        (folder / f"{name}.svg").write_text(bins.draw(filled(point, rows.seed), title), encoding="utf-8")
        made.append(name)
    return made


def page_of(rows: Rows, folder: Path, figures: list[str]) -> str:
    texts = []
    for name in figures:
        # Each in itself, so that the style of one does not reach another.
        svg = base64.b64encode((folder / f"{name}.svg").read_bytes()).decode()
        texts.append(
            f'<figure><img alt="{html.escape(name)}" src="data:image/svg+xml;base64,{svg}"></figure>'
        )
    return PAGE.format(
        title=html.escape(f"Sweep: {folder.resolve().name}"),
        facts=html.escape(rows.facts),
        figures="\n".join(texts),
        table=table(rows),
    )


def table(rows: Rows) -> str:
    points = rows.largest()
    label = names(points)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in ["", "keys", *COLUMNS])
    lines = [row(rows, point, label[point]) for point in points]
    return f"<table><tr>{head}</tr>\n" + "\n".join(lines) + "</table>"


def row(rows: Rows, point: Point, label: str) -> str:
    values = [rows.value(point, *what) for what in COLUMNS.values()]
    cells = [label, f"{point.n:,}", *("" if value is None else f"{value:,.4g}" for value in values)]
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
