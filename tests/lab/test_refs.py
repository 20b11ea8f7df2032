"""Who holds an object: names for what the collector knows, and a number for what it does not."""

from __future__ import annotations

import sys

import pytest
from hashtable import HashTable
from laboratory import command, told

from hashtable_lab import refs


class Thing:
    """An object that nobody else has."""


def counted(box: list[object]) -> refs.Counts:
    return refs.counts(box)


def words(told: refs.Counts) -> dict[str, int]:
    return {holder.words: holder.references for holder in told.holders}


def test_an_object_that_nobody_holds_has_no_reference() -> None:
    told = counted([Thing()])
    assert (told.true, told.unexplained, told.holders) == (0, 0, [])
    assert told.reported > 0


def test_a_local_variable_is_a_reference_that_nobody_explains() -> None:
    thing = Thing()
    told = counted([thing])
    assert (told.true, told.unexplained) == (1, 1)


def test_each_holder_has_words() -> None:
    box = [Thing()]
    h, twice, under = HashTable(), [box[0], 1, box[0]], {"x": box[0], "y": 2}
    h.set("key", box[0])
    h.set(box[0], "value")
    owner = Thing()
    owner.attribute = box[0]
    told = counted(box)
    found = words(told)
    assert found["a table's value for key 'key'"] == 1
    assert found["a table's key"] == 1
    assert found["a list of 3, at 0, 2"] == 2
    assert found["a dict of 2, as 'x'"] == 1
    assert any("Thing" in word for word in found)
    assert (told.true, told.unexplained) == (6, 0)
    del twice, under


def test_a_hash_function_is_held_by_its_table_and_a_closure_by_its_cell() -> None:
    box = [(lambda key: 0)]
    h = HashTable(hash_func=box[0])

    def inner(thing: object = None) -> object:
        return h

    assert words(counted(box)) == {"a table's hash function": 1}
    assert "a closure's cell: a variable that an inner function uses" in words(counted([h]))
    del inner


def test_an_immortal_object_is_said_to_be_one() -> None:
    assert refs.is_immortal(None) == (sys.version_info >= (3, 12))
    assert not refs.is_immortal(Thing())
    if refs.is_immortal(None):
        told = counted([None])
        assert told.unexplained == 0
        assert "immortal" in refs.summary(told)


def test_show_ref_counts_goes_as_deep_as_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    inner = [Thing()]
    outer = {"inner": inner}
    refs.show_ref_counts(inner[0])
    flat = capsys.readouterr().out.splitlines()
    refs.show_ref_counts(inner[0], depth=1)
    deep = capsys.readouterr().out.splitlines()
    assert "reference" in flat[0]
    assert any("a list of 1, at 0" in line for line in flat)
    assert not any("as 'inner'" in line for line in flat)
    assert any("as 'inner'" in line for line in deep)
    del outer


def test_a_cycle_of_holders_comes_to_an_end(capsys: pytest.CaptureFixture[str]) -> None:
    thing = Thing()
    knot: list[object] = [thing]
    knot.append([knot])
    refs.show_ref_counts(thing, depth=20)
    assert len(capsys.readouterr().out.splitlines()) < 10
    knot.clear()


def test_the_command_names_the_module_and_the_variable() -> None:
    setup = "h = hashtable.HashTable(); h.set('me', h); k = [h]"
    story = told("refs", "h", "-c", setup)
    assert {holder["words"]: holder["references"] for holder in story["holders"]} == {
        "the dict of module __main__, as 'h'": 1,
        "a table's value for key 'me'": 1,
        "a list of 1, at 0": 1,
    }
    assert (story["true"], story["unexplained"], story["immortal"]) == (3, 0, False)
    assert "3 references" in command("refs", "h", "-c", setup).output


def test_an_expression_that_fails_is_said_in_a_sentence() -> None:
    done = command("refs", "no_such_name")
    assert done.exit_code == 1
    assert "NameError" in done.output
