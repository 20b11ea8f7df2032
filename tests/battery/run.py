"""Runs the battery: each hostile case in a process of its own, and a table of what came of it.

    python tests/battery/run.py [-k WORD] [--report FILE]

First come planted cases that crash, hang, leak and answer wrongly, which have to be noticed. With STRESS=0.25
it runs every fourth case, and in it a fourth of what is a product; on another Python another fourth. Ends
with 1 if any case does not pass.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "python"), str(HERE)]

import conftest  # noqa: E402

conftest.built.demand()

import hostile  # noqa: E402
import refleaks  # noqa: E402
from judge import PASS, VERDICTS, Case, Verdict, judge  # noqa: E402
from planted import PLANTED  # noqa: E402

# What is run, for the processes that are forked when it is known.
CASES: list[tuple[Case, int]] = []


def judge_number(number: int) -> Verdict:
    return judge(*CASES[number])


def judge_all(cases: list[Case], seconds: int) -> list[Verdict]:
    """Judges cases, as many at a time as there are processors."""
    refleaks.forget_what_is_there()
    CASES[:] = [(case, seconds) for case in cases]
    context = multiprocessing.get_context("fork")
    with context.Pool(os.cpu_count()) as pool:
        return list(pool.imap(judge_number, range(len(cases))))


def sees_what_is_planted(planted: list[tuple[Case, str]], seconds: int) -> bool:
    """Whether each planted case gets the verdict that it deserves. Says so."""
    verdicts = judge_all([case for case, _ in planted], seconds)
    unseen = [
        f"{verdict.case[1]}: {verdict.verdict}, and not {expected}: {verdict.told}"
        for verdict, (_, expected) in zip(verdicts, planted)
        if verdict.verdict != expected
    ]
    print(
        f"Of {len(planted)} planted cases {len(unseen)} are taken for what they are not.", *unseen, sep="\n"
    )
    return not unseen


def table(verdicts: list[Verdict]) -> str:
    """One line for each group."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.case[0], []).append(verdict)
    rows = [["", "cases", *VERDICTS, "slowest", "together"]]
    for group, members in [*groups.items(), ("all", verdicts)]:
        counts = collections.Counter(verdict.verdict for verdict in members)
        seconds = [verdict.seconds for verdict in members]
        times = [f"{max(seconds):.1f} s", f"{sum(seconds):.1f} s"]
        rows.append([group, str(len(members)), *(str(counts[v]) for v in VERDICTS), *times])
    return markdown(rows)


def markdown(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows)]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows
    )


def report(title: str, verdicts: list[Verdict], seconds: float, file: Path) -> int:
    """Prints what came of it, and writes it down with each case by name. Says what the program ends with."""
    header = f"{title}, {conftest.pytest_report_header()}, {seconds:.0f} s"
    bad = [verdict for verdict in verdicts if verdict.verdict != PASS]
    print(f"\n{header}\n\n{table(verdicts)}")
    for verdict in bad:
        print(f"\n{verdict.verdict}: {': '.join(verdict.case)}\n{verdict.told[-3000:]}")
    rows = [["case", "", "verdict"], *([*verdict.case, verdict.verdict] for verdict in verdicts)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"# {header}\n\n{table(verdicts)}\n\n{markdown(rows)}\n")
    return 1 if bad else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-k", metavar="WORD", default="", help="only cases with this in their names")
    parser.add_argument("--report", metavar="FILE", type=Path, default=Path("target/battery/report.md"))
    arguments = parser.parse_args()
    begin = time.monotonic()
    hostile.quiet()
    if not sees_what_is_planted(PLANTED, seconds=1):
        return 1

    from cases import all_cases

    cases = [case for case in all_cases() if arguments.k in f"{case.group}: {case.name}"]
    verdicts = judge_all(cases, seconds=20)
    return report("The battery", verdicts, time.monotonic() - begin, arguments.report)


if __name__ == "__main__":
    sys.exit(main())
