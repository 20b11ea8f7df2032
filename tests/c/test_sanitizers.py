"""The C programs under gcc's address and undefined behaviour sanitizers, which are first seen to be on.

The library itself is not instrumented, but its allocations are the sanitizer's: what a program does with
memory of the library's, and what the library leaks or frees twice, is seen.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_programs import HERE, TALK, TALK_STYLE, UNIT_TESTS, WALKTHROUGH
from .workshop import Workshop, run, run_well

SANITIZE = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
# A size that no memory holds is to be NULL, as from any malloc.
OPTIONS = "ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1"

PLANTED = {
    "heap-use-after-free": """
        ht_item *item;
        key.i = 1;
        ht_add(table, LONG_MAX, key, HT_INTEGER, key, HT_INTEGER);
        item = ht_lookup(table, key, HT_INTEGER);
        ht_free(table);
        return (int)item->value.i;
    """,
    # Ten tables: what a register or a dead frame still holds hides one of them.
    "detected memory leaks": """
        for (key.i = 0; key.i < 10; key.i++) {
            ht_add(table, LONG_MAX, key, HT_INTEGER, key, HT_INTEGER);
            table = ht_new(4, 0.5);
        }
        ht_free(table);
        return 0;
    """,
    "attempting double-free": """
        key.str = (char *)malloc(4);
        strcpy(key.str, "abc");
        ht_add(table, LONG_MAX, key, HT_STRING, key, HT_STRING);
        free(key.str);
        ht_free(table);
        return 0;
    """,
    "signed integer overflow": """
        key.i = table->size + LONG_MAX;
        ht_free(table);
        return key.i == 0;
    """,
}


@pytest.fixture(scope="session")
def sanitized(workshop: Workshop) -> Workshop:
    """The workshop, once every planted bug has been caught."""
    empty = workshop.write("empty.c", "int main(void) { return 0; }\n")
    if run("cc", *SANITIZE, empty, "-o", workshop.out / "empty").returncode != 0:
        pytest.skip("this compiler has no runtime for the sanitizers")
    if run("env", OPTIONS, workshop.out / "empty").returncode != 0:
        pytest.skip("programs with the sanitizers do not run here")
    for number, (words, body) in enumerate(PLANTED.items()):
        text = f"""
            #include "hashtable.h"
            #include <stdlib.h>
            #include <string.h>
            static ht_table *table;
            int main(void) {{ ht_value key; table = ht_new(4, 0.5); {{ {body} }} }}
        """
        program = workshop.compile(workshop.write(f"planted{number}.c", text), flags=SANITIZE)
        result = run("env", OPTIONS, program)
        assert result.returncode != 0, f"nothing is said of: {words}"
        assert words.encode() in result.stderr
    return workshop


def check(shop: Workshop, source: Path, include: tuple[str, ...] = ("include",), *arguments: str) -> None:
    run_well("env", OPTIONS, shop.compile(source, include=include, flags=SANITIZE), *arguments)


@pytest.mark.parametrize("name", UNIT_TESTS)
def test_unit_tests_are_clean_under_the_sanitizers(sanitized: Workshop, name: str) -> None:
    check(sanitized, HERE / f"{name}.c", ("include",), *(["20000", "20000"] if name == "model" else []))


@pytest.mark.parametrize("source", [TALK_STYLE, WALKTHROUGH], ids=lambda source: source.stem)
def test_the_talks_programs_are_clean_under_the_sanitizers(sanitized: Workshop, source: Path) -> None:
    check(sanitized, source, TALK)
