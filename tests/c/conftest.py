"""What the tests of the C library share: a workshop to compile in, and valgrind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from .workshop import ROOT, VALGRIND, Workshop, run


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The workshop, with the library of $HASHTABLE_LIB_DIR or of target/release."""
    library_dir = Path(os.environ.get("HASHTABLE_LIB_DIR", ROOT / "target" / "release")).resolve()
    shop = Workshop(library_dir, tmp_path_factory.mktemp("c"))
    for library in (shop.shared, shop.static):
        assert library.exists(), f"{library} is not there: run `cargo build --release` first"
    return shop


@pytest.fixture(scope="session")
def valgrind(workshop: Workshop) -> Sequence[str]:
    """The command that runs a program under valgrind: seen to find a leak before it is believed."""
    if shutil.which("valgrind") is None:
        pytest.skip("valgrind is not installed")
    planted = '#include "hashtable.h"\nint main(void) { return ht_new(4, 0.5) == (ht_table *)0; }\n'
    leaky = workshop.compile(workshop.write("leaky.c", planted))
    assert run(leaky).returncode == 0
    assert run(*VALGRIND, leaky).returncode == 9, "valgrind does not see a table that is never freed"
    return VALGRIND
