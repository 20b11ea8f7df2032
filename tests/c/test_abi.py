"""The ABI is the one that is kept, and a change of it does not go unseen."""

from __future__ import annotations

import pytest

from .abi import difference, why_not
from .prototypes import HEADER
from .workshop import Workshop

pytestmark = pytest.mark.skipif(why_not() != "", reason=why_not() or "it can be compared")


def test_the_abi_is_the_one_that_is_kept() -> None:
    assert difference(HEADER) == ""


@pytest.mark.parametrize(
    ("promise", "broken"),
    [
        ("long hash;\n    ht_value key;", "ht_value key;\n    long hash;"),
        ("int ht_resize(ht_table *table);", "int ht_resize(ht_table *table, long size);"),
        ("int ht_resize(ht_table *table);", ""),
        ("long ht_bin_index(", "int ht_bin_index("),
        ("HT_BYTES = 3,", "HT_BYTES = 6,"),
        ("uint64_t seed[2];", "uint64_t seed[4];"),
    ],
)
def test_a_broken_promise_is_seen(workshop: Workshop, promise: str, broken: str) -> None:
    text = HEADER.read_text()
    assert promise in text
    header = workshop.write("broken.h", text.replace(promise, broken))
    assert difference(header) != ""
