"""The module that users import carries nothing of the lab."""

from __future__ import annotations

from pathlib import Path

import built
import pytest

WORDS = [
    b"HTLAB",
    b"hashtable_lab",
    b"glass",
    b"specimen",
    b"ledger",
    b"given_back",
    b"Py_XDECREF(hash_func)",
]


def module() -> bytes:
    assert built.BUILT is not None
    return built.BUILT.read_bytes()


def instrumented() -> bytes:
    (path,) = Path(built.BUILT.parent, "hashtable_lab").glob("_glass*" + built.NAME.removeprefix("hashtable"))
    return path.read_bytes()


@pytest.mark.parametrize("word", WORDS)
def test_the_production_module_has_no_word_of_the_lab(word: bytes) -> None:
    assert word in instrumented(), "a word that the lab does not have either proves nothing"
    assert word not in module()


def test_the_production_module_has_none_of_the_labs_functions() -> None:
    import hashtable

    from hashtable_lab import _glass

    theirs = {name for name in dir(_glass) if not name.startswith("__")}
    ours = {name for name in dir(hashtable) if not name.startswith("__")}
    assert theirs - ours == {"watch", "layers", "note", "accounts", "specimens", "sources"}
