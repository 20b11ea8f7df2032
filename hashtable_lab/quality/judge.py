"""What the measurements mean, in words, and what to change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from hashtable_lab.quality.measure import SIZE, WINDOW

# What chance makes of as many keys as bins: this part of the bins is in use.
IDEAL_OCCUPIED = 1 - math.exp(-1)
IDEAL_PROBES = 1.5
# So many deviations are no chance any more.
CHANCE = 4.0
# A chain beyond this hurts: chance makes one of 7 or 8.
LONG = 16


@dataclass(frozen=True)
class Remark:
    """Something to know of the function. `bad`: to be mended."""

    bad: bool
    words: str


def verdict_of(each: dict[str, Any]) -> str:
    """One word for what becomes of a set of keys."""
    if "raises" in each:
        return "raises"
    if each["longest_chain"] == SIZE:
        return "one chain"
    if each["deviations"] > CHANCE:
        return "bad" if each["longest_chain"] > LONG or each["hit_probes"] > 2 * IDEAL_PROBES else "uneven"
    return "even" if each["deviations"] < -CHANCE else "good"


def remarks(told: dict[str, Any], other: dict[str, Any]) -> list[Remark]:
    """What is to be said of a function that was measured in two processes."""
    sets = [each for each in told["sets"] if "raises" not in each]
    refused = [each for each in told["sets"] if "raises" in each]
    if not sets:
        return [Remark(True, f"It takes no keys at all: {refused[0]['raises']}.")]
    return [
        *on_chains(sets),
        *on_results(sets),
        *on_processes(told, other),
        *on_exceptions(refused),
        *on_cost(told),
    ]


def on_chains(sets: list[dict[str, Any]]) -> list[Remark]:
    bad = [each for each in sets if verdict_of(each) in ("bad", "one chain")]
    found = []
    constant = [each for each in bad if each["distinct"] * SIZE <= 1]
    if len(constant) == len(sets):
        return [
            Remark(True, "All keys have one and the same hash: the table is a list. Use more of the key.")
        ]
    low = [each for each in bad if each["best_bits"] > each["low_bits"] + 2 and each not in constant]
    if low:
        shifts = sorted({each["best_shift"] for each in low})
        mend = (
            f"Shift: with h your result, return h ^ h >> {shifts[-1]}, which brings it down"
            if shifts[-1] - shifts[0] < WINDOW
            else "Where that is differs, so a shift alone will not do"
        )
        found.append(
            Remark(
                True,
                f"You keep the low bits, and with {listed(low)} they are nearly all the same; what tells the "
                f"keys apart is further up. {mend}. Or mix, as hashtable.fibonacci_hash does for numbers, "
                "which multiplies and takes the high bits.",
            )
        )
    few = [each for each in bad if each not in low]
    if few:
        hashes = round(min(each["distinct"] for each in few) * SIZE)
        number = "there is 1 hash" if hashes == 1 else f"there are {hashes} hashes"
        found.append(
            Remark(
                True,
                f"With {listed(few)} many keys have the same hash: at worst {number} for {SIZE} "
                "keys. No table can part what a hash does not: use more of the key.",
            )
        )
    uneven = [each for each in sets if verdict_of(each) == "uneven"]
    if uneven:
        found.append(
            Remark(
                False, f"With {listed(uneven)} it is less even than chance would be, and chains stay short."
            )
        )
    even = [each for each in sets if verdict_of(each) == "even"]
    if even:
        found.append(
            Remark(
                False,
                f"With {listed(even)} it is more even than chance: each key is in a bin nearly of its own.",
            )
        )
    weak = [
        each for each in sets if each["avalanche"] < 0.25 and verdict_of(each) not in ("bad", "one chain")
    ]
    if weak:
        found.append(
            Remark(
                False,
                f"With {listed(weak)} a bit of the key changes few bits of the hash. That is good for "
                "keys in a row, and bad for those that come in steps.",
            )
        )
    return found


def on_results(sets: list[dict[str, Any]]) -> list[Remark]:
    found = []
    wide = [each for each in sets if each["wide"]]
    if wide:
        found.append(
            Remark(
                False,
                f"With {listed(wide)} results are wider than 64 bits. Python reduces them as it reduces "
                "those of __hash__, by a modulus: mask them yourself, & 0xFFFFFFFFFFFFFFFF, to know what "
                "you get.",
            )
        )
    if any(each["again"] for each in sets):
        found.append(
            Remark(
                True,
                "The same key has another hash the next time it is asked for: what was put in is not found.",
            )
        )
    return found


def on_processes(told: dict[str, Any], other: dict[str, Any]) -> list[Remark]:
    if told["sample"] == other["sample"]:
        return []
    return [
        Remark(
            False,
            "Another process has other hashes, as with the builtin hash of strings, which has a seed: bins "
            "differ from run to run. It is no harm as long as nobody keeps a hash.",
        )
    ]


def on_exceptions(refused: list[dict[str, Any]]) -> list[Remark]:
    return [Remark(False, f"It does not take {listed(refused)}: {refused[0]['raises']}.")] if refused else []


def on_cost(told: dict[str, Any]) -> list[Remark]:
    return [
        Remark(
            False, f"A call takes {told['cost']:.0f} ns; of the builtin hash, {told['builtin_cost']:.0f} ns."
        )
    ]


def listed(sets: list[dict[str, Any]]) -> str:
    names = [str(each["keys"]) for each in sets]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def table(told: dict[str, Any]) -> list[tuple[str, ...]]:
    """What was measured, a row for each set of keys, under a row of headings."""
    rows: list[tuple[str, ...]] = [
        ("keys", "verdict", "bins in use", "longest", "a hit takes", f"low {WINDOW} bits", "avalanche")
    ]
    for each in told["sets"]:
        if "raises" in each:
            rows.append((each["keys"], "raises", "", "", "", "", ""))
            continue
        rows.append(
            (
                each["keys"],
                verdict_of(each),
                f"{each['occupied']:.0%}",
                str(each["longest_chain"]),
                f"{each['hit_probes']:.2f}",
                f"{each['low_bits']:.1f}",
                f"{each['avalanche']:.0%}",
            )
        )
    return rows
