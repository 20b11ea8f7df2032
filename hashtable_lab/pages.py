"""What each command shows to people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hashtable_lab import demo as demos
from hashtable_lab import timeline as timelines
from hashtable_lab import trace as traces
from hashtable_lab.child import Run
from hashtable_lab.events import Event
from hashtable_lab.lesson import Lesson
from hashtable_lab.lessons.grading import Finding
from hashtable_lab.native import Frames
from hashtable_lab.page import Page
from hashtable_lab.refs import Counts


def demo_list(page: Page, listed: list[demos.Demo]) -> None:
    for each in listed:
        page.definition(each.name, each.words[0], 12)
        page.definition("", f"Here {demos.OUTCOMES[each.stated]}.", 12, "faint")
    page.line()
    page.prose("Each runs in a process of its own: htlab demo NAME. Nothing happens to yours.")


def demo_as_json(each: demos.Demo) -> dict[str, Any]:
    words = each.words
    return {
        "name": each.name,
        "title": words[0],
        "words": words[1:],
        "stated": each.stated,
        "reason": each.reason,
    }


def demo(
    page: Page, examination: demos.Examination, each: demos.Demo | None, fixed: bool, native: bool
) -> None:
    """The whole story of a broken line."""
    if each:
        page.line()
        page.prose(f"{each.name}: {each.words[0]}", "title")
        for paragraph in each.words[1:]:
            page.line()
            page.prose(paragraph)
        if each.reason:
            page.line()
            page.prose(each.reason)
        page.line()
        page.code(each.code, each.first_line, examination.broken.line)
    else:
        page.title(f"{examination.program.name}, {examination.fault}")
    ended(page, "With the debug allocator, which overwrites what is freed", examination.broken)
    if native and examination.frames:
        frames(page, examination.frames)
    ended(page, "As users run it", examination.plain)
    if examination.broken.died:
        page.line()
        page.prose(
            "What freed memory still looks like is chance: the plain run may crash elsewhere, go on with "
            "another object in the old one's place, or seem well.",
            "faint",
        )
    verdict(page, examination)
    if examination.diff and examination.verdict:
        page.title("What mends it")
        page.diff(examination.diff)
    if fixed:
        ended(page, "The healthy run, with that line", examination.healthy)
    conclusion(page, examination, each)


def ended(page: Page, title: str, run: Run) -> None:
    """How a run ended, and what it had printed."""
    page.title(title)
    for line in run.printed.splitlines()[-12:]:
        page.line("  ", line)
    page.prose(run.words(), "bad" if run.died or run.status else "plain")


def frames(page: Page, seen: Frames) -> None:
    page.line()
    page.prose(f"The native frames, by {seen.tool}, innermost first:")
    for name in seen.functions:
        page.line("  ", (name, "faint"))
    if seen.in_the_ledger:
        page.prose(
            "Here it was the ledger that touched the freed memory first, when it was about to tell of it. "
            "Without a ledger it is whoever uses the object next."
        )
    elif seen.ours:
        page.prose("Our own functions are among them; whether they are to blame, no backtrace can say.")
    else:
        page.prose(
            "That is where it died. The line that is to blame had long returned by then, and is in no "
            "backtrace; only a ledger of every reference can name it."
        )


def verdict(page: Page, examination: demos.Examination) -> None:
    page.title("What the ledger says")
    found = examination.verdict
    if found is None:
        page.prose(
            "Both runs did the same, step by step: the program does not come by the broken line.", "bad"
        )
        return
    page.prose(found.sentence(), "bad")
    for account in demos.unshown(examination.broken):
        page.prose(account)
    if found.step.line:
        page.line("It happened in line ", str(found.step.line), ": ", (found.step.statement, "title"))
    if examination.timeline:
        page.line()
        timeline(page, examination.timeline)
    if examination.account:
        taken, given = examination.account
        page.prose(f"In all it was given or took {taken}, and gave back or handed on {given}.")


def timeline(page: Page, life: timelines.Timeline) -> None:
    """Two counts, step by step."""
    page.line(("References to ", "title"), (str(life.thing), "title"))
    page.line((f"{'':10}{'healthy':>10}{'broken':>10}   ", "faint"), ("where", "faint"))
    if life.left_out_before:
        page.line((f"  ... {life.left_out_before} more before", "faint"))
    first = life.first_difference
    for number, row in enumerate(life.rows):
        step = row.step
        sign = timelines.SIGNS[step.event.what]
        cells = [f"{sign} {timelines.count(each):>5}" if each else "." for each in (row.healthy, row.broken)]
        call = f" in {step.calls[-1]}" if step.calls else ""
        where = step.event.place.removeprefix("src/python/") + call
        style = "bad" if row.differs else "plain"
        mark = "==>" if number == first else ""
        label = f"{mark:4}{life.left_out_before + number + 1:>4}  "
        page.line(
            (label, style), (f"{cells[0]:>10}", style), (f"{cells[1]:>10}", style), "   ", (where, style)
        )
    if life.left_out_after:
        page.line((f"  ... {life.left_out_after} more after", "faint"))
    if first is not None:
        why = life.rows[first].step.event.facts.get("why")
        if why:
            page.line()
            page.prose("The source says of the marked line:")
            page.prose(why, indent="  ")


def conclusion(page: Page, examination: demos.Examination, each: demos.Demo | None) -> None:
    page.line()
    outcome = demos.OUTCOMES[examination.outcome]
    if demos.as_stated(examination, each):
        page.prose(f"As it should be: {outcome}." if each else f"What came of it: {outcome}.", "good")
    elif each and examination.outcome != each.stated:
        page.prose(
            f"That is not as it should be: {demos.OUTCOMES[each.stated]}, it was said; but {outcome}.", "bad"
        )
    else:
        page.prose("There is no verdict.", "bad")


def trace(page: Page, event: Event, shown: set[str]) -> None:
    """What one event has to say, of the layers that are shown. What the program prints is shown in any
    case."""
    for line in traces.lines(event):
        if line.layer == "print":
            page.line(line.text)
        elif line.layer in shown:
            prefix = traces.PREFIXES[line.layer]
            page.line(
                (prefix + " ", line.layer), (line.text, line.layer if line.layer == "python" else "plain")
            )


def refs_as_json(told: Counts) -> dict[str, Any]:
    return {
        "reported": told.reported,
        "true": told.true,
        "immortal": told.immortal,
        "holders": [{"words": holder.words, "references": holder.references} for holder in told.holders],
        "unexplained": told.unexplained,
    }


def doctor(page: Page, facts: dict[str, Any]) -> None:
    """The interpreter's facts, and the demos on it."""
    column = 26
    immortal = [name for name, yes in facts["immortal"].items() if yes]
    tools = [name for name, yes in facts["tools"].items() if yes]
    build = "debug" if facts["debug_build"] else "release"
    page.title(f"{facts['implementation']} {facts['python']}, a {build} build")
    page.definition(
        "one thread at a time", "yes: there is a GIL" if facts["gil"] else "no: there is no GIL", column
    )
    page.definition("immortal", ", ".join(immortal) or "nothing: every count moves", column)
    page.definition("asking for a count adds", f"{facts['getrefcount_adds']} to it", column)
    page.definition("being an argument adds", f"{facts['call_adds']} to it", column)
    named = "yes" if facts["frames_are_referrers"] else "no: what local variables hold has no name"
    page.definition("frames are referrers", named, column)
    page.definition(
        "native frames", f"by {tools[0]}" if tools else "not to be seen: no gdb, no valgrind", column
    )
    page.title("The demos, here")
    for name, each in facts["demos"].items():
        page.definition(name, f"{each['words']}. {each['reason']}", 12)


def lesson_list(page: Page, lessons: list[dict[str, str]]) -> None:
    for each in lessons:
        state = f"  ({each['state']})" if each["state"] else ""
        page.definition(each["number"], each["title"] + state, 10)


def lesson_start(page: Page, lesson: Lesson, folder: Path) -> None:
    page.line((lesson.title, "title"))
    page.line()
    page.line((folder / "README.md").read_text(encoding="utf-8").partition("\n")[2].strip())
    page.line()
    page.line("It is yours: ", (str(folder), "title"))


def lesson_check(page: Page, lesson: Lesson, findings: list[Finding]) -> None:
    for finding in findings:
        mark, style = ("yes", "good") if finding.good else ("NO", "bad")
        page.definition(mark, finding.promise, 5, style)
        for line in finding.why.splitlines():
            page.line("     ", (line, "faint"))
    page.line()
    if all(finding.good for finding in findings):
        page.prose(f"Lesson {lesson.number} is passed: {lesson.title}.", "good")
    else:
        page.prose(f"Not yet. A hint: htlab lesson hint {lesson.number}")
