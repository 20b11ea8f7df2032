"""No panic crosses the ABI: every export goes through the one door of src/capi/boundary.rs."""

from __future__ import annotations

import re
import shutil

import pytest

from .prototypes import Prototype, prototypes
from .workshop import ROOT, Workshop, link_soname, run_well

CAPI = ROOT / "src" / "capi"


def test_only_the_boundary_can_export() -> None:
    exporting = re.compile(r'no_mangle|export_name|extern "C" fn \w|linkage')
    found = {source.name for source in CAPI.glob("*.rs") if exporting.search(code_of(source.read_text()))}
    assert found == {"boundary.rs"}
    assert code_of((CAPI / "boundary.rs").read_text()).count("no_mangle") == 1


def code_of(text: str) -> str:
    """Rust without its comments."""
    return re.sub(r"//.*", "", text)


def call(each: Prototype) -> str:
    """A line that calls the function with zeroes, and prints what it returns."""
    arguments = ", ".join(f"({parameter}){{0}}" for parameter in each.parameters)
    if each.returns == "void":
        return f'{each.name}({arguments}); printf("{each.name} 0\\n");'
    return f'printf("{each.name} %ld\\n", (long){each.name}({arguments}));'


def test_a_panic_in_any_export_becomes_its_fallback(workshop: Workshop) -> None:
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed")
    target = ROOT / "target" / "panic-probe"
    build = ("cargo", "rustc", "--quiet", "--lib", "--crate-type", "cdylib")
    run_well(*build, "--target-dir", target, "--", "--cfg", "hashtable_panic_probe", cwd=ROOT)
    link_soname(target / "debug")
    probe = Workshop(target / "debug", workshop.out / "probe")
    probe.out.mkdir()
    calls = "\n    ".join(call(each) for each in prototypes())
    source = f'#include "hashtable.h"\n#include <stdio.h>\n\nint main(void)\n{{\n    {calls}\n}}\n'
    program = probe.compile(probe.write("probe.c", source), "shared")
    said = run_well("sh", "-c", 'exec "$0" 2>&1', program).decode()
    # Every one panicked, every one came back, with HT_EBUG for a status and with nothing for the rest.
    assert said.count("the panic probe") == len(prototypes())
    returned = dict(re.findall(r"^(ht_\w+) (-?\d+)$", said, re.MULTILINE))
    statuses = {"add", "put", "upsert", "set_value", "resize", "reserve", "shrink", "stats"}
    assert returned == {
        each.name: "3" if each.name.removeprefix("ht_") in statuses else "0" for each in prototypes()
    }
