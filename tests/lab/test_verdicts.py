"""Two streams that differ by one reference, and the line that is named for it."""

from __future__ import annotations

import pytest
from laboratory import Stream

from hashtable_lab.events import parse_all
from hashtable_lab.history import account
from hashtable_lab.timeline import timeline
from hashtable_lab.verdict import Verdict, judge


def set_and_get(*left_out: int, twice: int = 0, address: int = 1) -> Stream:
    """A table that takes a value (line 10), lends it (20), hands it out (21) and lets it go (30)."""
    stream = Stream().statement(1, "h.set('spam', 'spam')").call("set")
    for what, line, call in (
        ("incref", 10, "set"),
        ("incref", 20, "get"),
        ("returned", 21, "get"),
        ("decref", 30, "dealloc"),
    ):
        if call == "get" and line == 20:
            stream.returns("set").statement(2, "h.get('spam')").call("get")
        if call == "dealloc":
            stream.returns("get").statement(3, "del h").call("dealloc")
        for _ in range((line not in left_out) + (line == twice)):
            stream.reference(what, line, id=address)
    return stream.returns("dealloc")


def verdict(healthy: Stream, broken: Stream, finished: bool = True) -> Verdict:
    found = judge(healthy.steps, broken.steps, finished)
    assert found is not None
    return found


def test_two_runs_that_do_the_same_have_no_verdict() -> None:
    assert judge(set_and_get().steps, set_and_get(address=99).steps) is None


@pytest.mark.parametrize(
    ("line", "kind", "call", "statement"),
    [(10, "not taken", "set", 1), (20, "not taken", "get", 2), (30, "not given back", "dealloc", 3)],
)
def test_a_step_that_is_missing_is_named_with_its_call_and_the_programs_line(
    line: int, kind: str, call: str, statement: int
) -> None:
    found = verdict(set_and_get(), set_and_get(line, address=99))
    assert (found.kind, found.place, found.call) == (kind, f"src/python/a.rs:{line}", call)
    assert found.step.line == statement
    assert found.amiss == (1 if line == 30 else -1)
    assert found.place in found.sentence()


@pytest.mark.parametrize(
    ("line", "kind"), [(10, "taken for nothing"), (21, "given away"), (30, "given away")]
)
def test_a_step_that_is_too_many_is_named(line: int, kind: str) -> None:
    found = verdict(set_and_get(), set_and_get(twice=line))
    assert (found.kind, found.place) == (kind, f"src/python/a.rs:{line}")


def test_a_run_that_died_at_once_is_blamed_for_its_first_missing_step_only() -> None:
    broken = set_and_get(20)
    # It dies after the call that left a step out.
    del broken.events[-4:]
    assert verdict(set_and_get(), broken, finished=False).place == "src/python/a.rs:20"
    # And here before anything else was told.
    broken = Stream().statement(1, "h.set('spam', 'spam')").call("set")
    found = verdict(set_and_get(), broken, finished=False)
    assert (found.kind, found.place) == ("not taken", "src/python/a.rs:10")


def test_a_step_at_another_time_is_out_of_turn() -> None:
    def replace(early: bool) -> Stream:
        stream = Stream().statement(1, "h.set(1, 2)").call("set").reference("incref", 5, "'new'", id=2)
        if early:
            stream.reference("decref", 6)
        stream.add("module", "replace")
        if not early:
            stream.reference("decref", 9)
        return stream.returns("set")

    found = verdict(replace(early=False), replace(early=True))
    assert (found.kind, found.place, found.amiss) == ("out of turn", "src/python/a.rs:6", 0)


def test_what_another_call_does_is_not_taken_for_the_missing_step() -> None:
    def walk(well: bool) -> Stream:
        stream = Stream().statement(1, "list(h), list(h)").call("next")
        if well:
            stream.reference("incref", 5)
        stream.returns("next").call("next")
        if not well:
            stream.reference("incref", 8)
        return stream.returns("next")

    found = verdict(walk(well=True), walk(well=False))
    assert (found.kind, found.place) == ("not taken", "src/python/a.rs:5")


def test_a_call_that_is_missing_altogether_blames_no_line() -> None:
    def collected(really: bool) -> Stream:
        stream = Stream().statement(1, "gc.collect()").reference("incref", 4)
        return stream.call("clear").reference("decref", 5).returns("clear") if really else stream

    found = verdict(collected(True), collected(False))
    assert (found.kind, found.call, found.amiss) == ("never called", "clear", 0)


def test_an_account_is_what_was_taken_and_what_was_given_back_or_handed_on() -> None:
    stream = Stream()
    for what in ("incref", "received", "decref", "returned", "stolen"):
        stream.reference(what, 1)
        stream.reference(what, 1, thing="'another'", id=1)
    spam = stream.events[0].object
    assert account(stream.events, spam) == (2, 3)
    assert account(set_and_get().events, spam) == (2, 2)
    assert account(set_and_get(30).events, spam) == (2, 1)


def test_the_timeline_shows_both_counts_and_marks_where_they_part() -> None:
    healthy, broken = set_and_get(), set_and_get(20, address=99)
    life = timeline(healthy.steps, broken.steps, verdict(healthy, broken))
    assert [(row.step.event.facts["line"], row.differs) for row in life.rows] == [
        (10, False),
        (20, True),
        (21, False),
        (30, False),
    ]
    assert life.first_difference == 1
    assert (life.left_out_before, life.left_out_after) == (0, 0)


def test_a_timeline_is_of_one_object_though_another_looks_the_same() -> None:
    def twins(*addresses: int, well: bool) -> Stream:
        stream = Stream().statement(1, "h.update({'a': [], 'b': []})").call("update")
        for address in addresses:
            stream.reference("incref", 5, "[]", id=address)
        for address in addresses:
            if well or address == addresses[0]:
                stream.reference("decref", 6, "[]", id=address)
        return stream.returns("update")

    healthy, broken = twins(1, 2, well=True), twins(98, 99, well=False)
    life = timeline(healthy.steps, broken.steps, verdict(healthy, broken))
    assert [(row.step.event.facts["line"], row.differs) for row in life.rows] == [(5, False), (6, True)]


def test_a_long_life_is_shown_around_the_first_difference() -> None:
    def life(missing: int) -> Stream:
        stream = Stream().statement(1, "for _ in range(100): h.set(1, 1)")
        for number in range(100):
            stream.call("set")
            if number != missing:
                stream.reference("incref", 5)
            stream.reference("decref", 6).returns("set")
        return stream

    healthy, broken = life(-1), life(50)
    shown = timeline(healthy.steps, broken.steps, verdict(healthy, broken))
    assert shown.left_out_before > 80
    assert shown.left_out_after > 80
    assert shown.first_difference is not None
    assert shown.rows[shown.first_difference].step.event.facts["line"] == 5


def test_a_stream_that_was_cut_off_in_a_line_is_read_up_to_it() -> None:
    whole = '{"n":1,"layer":"python","what":"note","text":"a"}\n'
    assert [event.number for event in parse_all([whole, whole[:20]])] == [1]
