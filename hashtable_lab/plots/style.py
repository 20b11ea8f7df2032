"""What all pictures have in common.

The colours are Okabe and Ito's, which people who see colours differently can tell apart; lines and marks
differ too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

PALETTE = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F")
STYLES = ("-", "--", ":", "-.")
MARKS = ("o", "s", "^", "D", "v", "P", "X")
STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E5E5E5",
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.handlelength": 3.4,
    "svg.hashsalt": "hashtable",
    "savefig.dpi": 160,
}


def save(figure: Any, folder: Path, name: str) -> None:
    """As PNG and as SVG, for slides and for pages."""
    for kind in ("png", "svg"):
        # Without the day on which it was made: the same figures are the same file.
        kept = {"metadata": {"Date": None}} if kind == "svg" else {}
        figure.savefig(folder / f"{name}.{kind}", bbox_inches="tight", facecolor="white", **kept)
    plt.close(figure)


def short_size(n: float, _: object = None) -> str:
    """1000 as 1k."""
    for unit, letter in ((1e6, "M"), (1e3, "k")):
        if n >= unit:
            return f"{n / unit:g}{letter}"
    return f"{n:g}"
