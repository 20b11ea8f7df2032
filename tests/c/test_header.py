"""The headers: strict in every dialect, and true of the library that was built."""

from __future__ import annotations

import re
import shutil
import textwrap

import pytest

from .prototypes import HEADER, prototypes, without_comments
from .workshop import ROOT, STRICT, Workshop, run, run_well

TALK_HEADER = ROOT / "include" / "talk" / "hashtable.h"


def compiles(compiler: str, std: str, language: str, include: str) -> None:
    """Has the compiler read a file that has nothing but the header in it, twice."""
    source = "#include <hashtable.h>\n#include <hashtable.h>\nextern int nothing_else;\n"
    command = [compiler, f"-std={std}", *STRICT, "-x", language, "-fsyntax-only", f"-I{ROOT / include}", "-"]
    run_well(*command, stdin=source.encode())


@pytest.mark.parametrize("std", ["c99", "c11", "c17", "gnu89", "gnu17"])
@pytest.mark.parametrize("include", ["include", "include/talk"])
def test_a_header_alone_is_strict_c(include: str, std: str) -> None:
    compiles("cc", std, "c", include)


@pytest.mark.parametrize("std", ["c++11", "c++17", "c++20"])
@pytest.mark.parametrize("include", ["include", "include/talk"])
def test_a_header_alone_is_strict_cpp(include: str, std: str) -> None:
    if shutil.which("c++") is None:
        pytest.skip("no C++ compiler is installed")
    compiles("c++", std, "c++", include)


def test_the_usage_code_at_the_top_of_the_header_runs(workshop: Workshop) -> None:
    opening = HEADER.read_text().split("cc app.c")[0]
    code = "\n".join(re.findall(r"^ \*     (.*)$|^ \*$", opening, re.MULTILINE))
    code = re.sub(r" {3,}\([^()]*\)$", "", textwrap.dedent(code), flags=re.MULTILINE)
    source = workshop.write("usage.c", code)
    assert run_well(workshop.compile(source)) == b"Madrid\n"


def test_every_name_in_the_header_has_its_prefix() -> None:
    def macros(source: bytes) -> set[bytes]:
        defined = run_well("cc", "-std=c99", "-dM", "-E", f"-I{ROOT / 'include'}", "-", stdin=source)
        return set(re.findall(rb"^#define (\w+)", defined, re.MULTILINE))

    ours = macros(b"#include <hashtable.h>\n") - macros(
        b"#include <limits.h>\n#include <stddef.h>\n#include <stdint.h>\n"
    )
    assert b"HT_HASHTABLE_H" in ours
    assert [name for name in ours if not name.startswith(b"HT_")] == []
    text = without_comments(HEADER.read_text())
    names = re.findall(
        r"^typedef \w+ (\w+) \{|^\} (\w+);|^typedef .*\(\*(\w+)\)|^    (\w+) = \d", text, re.MULTILINE
    )
    declared = {name for names in names for name in names if name} | {each.name for each in prototypes()}
    assert len(declared) > 50
    assert [name for name in declared if not re.match(r"ht_|HT_", name)] == []


def test_the_version_is_that_of_the_package() -> None:
    package = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    header = re.search(r'^#define HT_VERSION "(.*)"$', HEADER.read_text(), re.MULTILINE)
    assert package
    assert header
    assert header[1] == package[1]


def test_the_library_exports_what_the_header_declares_and_nothing_else(workshop: Workshop) -> None:
    listing = run_well("nm", "-D", "--defined-only", workshop.shared).decode()
    exported = {line.split()[-1].split("@")[0] for line in listing.splitlines()}
    assert exported == {each.name for each in prototypes()}


def test_the_static_library_defines_what_the_header_declares(workshop: Workshop) -> None:
    # Not nm: it takes an object with LLVM's bitcode in it for one that has nothing else.
    listing = run_well("readelf", "-sW", workshop.static).decode(errors="replace")
    defined = re.findall(r" GLOBAL +DEFAULT +\d+ (ht_\w+)$", listing, re.MULTILINE)
    assert sorted(defined) == sorted(each.name for each in prototypes())


def test_the_layout_check_leaves_nothing_in_the_library(workshop: Workshop) -> None:
    assert b"layout" not in run_well("ar", "t", workshop.static)


def test_the_layout_check_bites() -> None:
    def check(layout: str) -> int:
        source = ROOT / "src" / "capi" / "layout.c"
        return run(
            "cc", "-std=c99", f"-DLAYOUT={layout}", f"-I{ROOT / 'include'}", "-fsyntax-only", source
        ).returncode

    assert check("SIZE(ht_item, 32) FIELD(ht_item, key, 8, 8) NUMBER(HT_EINVAL, 2)") == 0
    for wrong in (
        "SIZE(ht_item, 40)",
        "FIELD(ht_item, key, 16, 8)",
        "FIELD(ht_item, key, 8, 4)",
        "FIELD(ht_item, no_such_field, 0, 8)",
        "NUMBER(HT_EINVAL, 1)",
    ):
        assert check(wrong) != 0, wrong


def test_the_library_knows_nothing_of_python(workshop: Workshop) -> None:
    symbols = run_well("nm", "-D", workshop.shared).decode().split()
    assert [name for name in symbols if re.match(r"_?Py", name)] == []
    needed = run_well("readelf", "-d", workshop.shared).decode()
    assert "NEEDED" in needed
    assert "python" not in needed


def test_the_talk_header_has_every_name_of_the_2014_library() -> None:
    # Each under its signature of 2014, and nothing else.
    pointers = """
        HashTable *(*p1)(long int, double) = init;
        HashTable *(*p2)(long int, union Hashable, hash_type, union Hashable, hash_type, HashTable *) = add;
        Item *(*p3)(union Hashable, hash_type, HashTable *) = lookup;
        Item *(*p4)(long int, union Hashable, hash_type, HashTable *) = lookup_by_hash;
        Item *(*p5)(union Hashable, hash_type, HashTable *) = remove_item_from_table;
        Item *(*p6)(long int, union Hashable, hash_type, HashTable *) = remove_item_from_table_by_hash;
        HashTable *(*p7)(HashTable *) = resize;
        long int (*p8)(union Hashable, hash_type) = calculate_hash;
        long int (*p9)(long int, long int) = calculate_bin_index;
        int (*p10)(HashTable *) = max_load_reached;
        int (*p11)(union Hashable, hash_type, union Hashable, hash_type) = hashable_equal;
        void (*p12)(HashTable *) = print_table;
        void (*p13)(HashTable *) = print_table_simple;
        void (*p14)(Item *) = print_item;
        char *(*p15)(HashTable *) = stringify_table;
        char *(*p16)(HashTable *) = stringify_table_simple;
        char *(*p17)(Item *) = stringify_item;
        void (*p18)(HashTable *) = free_table;
        void (*p19)(Item *) = free_item;
    """
    text = without_comments(TALK_HEADER.read_text())
    ours = re.findall(r"^HT_TALK_INLINE [^(]*?(\w+)\(", text, re.MULTILINE)
    assert sorted(ours) == sorted(re.findall(r"= (\w+);", pointers))
    source = f'#include "hashtable.h"\n{pointers}'.encode()
    run_well(
        "cc", "-std=c99", *STRICT, f"-I{TALK_HEADER.parent}", "-fsyntax-only", "-x", "c", "-", stdin=source
    )
