"""Any line that counts a reference can be forgotten, and the ledger names it."""

from __future__ import annotations

import sys

import pytest
from laboratory import TOUR, command, toured, toured_steps

from hashtable_lab.child import Program, run
from hashtable_lab.history import steps
from hashtable_lab.verdict import judge


def places() -> list[str]:
    """The lines that the tour comes by, once each; `:end` is the end of what was taken in a line."""
    counted = [step.event for step in toured_steps() if step.event.what in ("incref", "decref") and step.line]
    return sorted({event.place + (":end" if event.facts.get("end") else "") for event in counted})


def test_the_tour_comes_by_many_lines_and_leaves_nothing() -> None:
    assert (toured().status, toured().stderr, toured().accounts) == (0, "", [])
    assert len(places()) > 70


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """All places, or a sample of them that is another on each version: see the option."""
    if "place" in metafunc.fixturenames:
        every = metafunc.config.getoption("every")
        metafunc.parametrize("place", places()[sys.version_info.minor % every :: every])


def test_the_line_that_was_forgotten_is_the_one_that_is_named(place: str) -> None:
    broken = run(TOUR, forget=place)
    verdict = judge(toured_steps(), steps(broken.events), finished=broken.accounts is not None)
    assert verdict is not None, broken.words()
    assert verdict.place == place.removesuffix(":end"), verdict.sentence()
    assert verdict.kind == ("not taken" if verdict.step.event.what == "incref" else "not given back")
    assert bool(verdict.step.event.facts.get("end")) == place.endswith(":end")


def test_the_command_names_it_in_a_script_of_ones_own(tmp_path) -> None:
    script = tmp_path / "mine.py"
    script.write_text("import hashtable\nh = hashtable.HashTable()\nh.set('a', 'b')\n")
    healthy = steps(run(Program.read(script)).events)
    place = next(
        step.event.place for step in healthy if step.calls == ("set",) and step.event.what == "incref"
    )
    done = command("demo", "--forget", place, str(script), "--no-native")
    assert done.exit_code == 0, done.output
    assert place in " ".join(done.output.split())
    assert "+" in done.output


def test_a_line_that_the_script_does_not_come_by_is_status_1(tmp_path) -> None:
    script = tmp_path / "mine.py"
    script.write_text("import hashtable\n")
    place = next(place for place in places() if "views.rs" in place)
    done = command("demo", "--forget", place, str(script), "--no-native")
    assert done.exit_code == 1
    assert "does not come by the broken line" in " ".join(done.output.split())


def test_the_end_of_what_goes_out_of_scope_has_no_line_that_mends_it(tmp_path) -> None:
    script = tmp_path / "mine.py"
    script.write_text("import hashtable\nh = hashtable.HashTable(hash_func=lambda key: 7)\nh.set('a', 'b')\n")
    healthy = steps(run(Program.read(script)).events)
    place = next(
        step.event.place for step in healthy if step.event.facts.get("end") and step.calls == ("set",)
    )
    done = command("demo", "--forget", f"{place}:end", str(script), "--no-native")
    assert done.exit_code == 0, done.output
    assert f"the -1 of {place} is missing" in " ".join(done.output.split())
    assert "What mends it" not in done.output
