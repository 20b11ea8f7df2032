"""What the header promises of threads; and that under ThreadSanitizer, on a library that is built for it.

`make tsan` makes one and names it in HASHTABLE_LIB_DIR: into another the sanitizer does not see.
"""

from __future__ import annotations

import pytest

from .test_programs import HERE, LINKINGS
from .workshop import Workshop, run, run_well

THREADS = HERE / "threads.c"
SANITIZE = ("-pthread", "-fsanitize=thread")


@pytest.mark.parametrize("linking", LINKINGS)
def test_threads_may_do_what_the_header_says(workshop: Workshop, linking: str) -> None:
    run_well(workshop.compile(THREADS, linking, flags=sanitized(workshop) or ["-pthread"]))


def test_a_planted_race_is_seen(workshop: Workshop) -> None:
    if not sanitized(workshop):
        pytest.skip("not a library for ThreadSanitizer: see `make tsan`")
    result = run(workshop.compile(THREADS, flags=SANITIZE), "break the rule")
    assert result.returncode != 0
    assert b"data race" in result.stderr
    assert b"ht_add" in result.stderr


def sanitized(workshop: Workshop) -> tuple[str, ...]:
    """What programs for a library with ThreadSanitizer are compiled with; nothing for any other."""
    return SANITIZE if b"__tsan_write8" in workshop.shared.read_bytes() else ()
