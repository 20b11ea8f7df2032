"""What gdb and valgrind print of a death, read."""

from __future__ import annotations

import pytest

from hashtable_lab import demo, native

GDB = """\
Program received signal SIGSEGV, Segmentation fault.
0x00005555 in _PyObject_GetMethod (obj=0x7f, name=0x7f) at Objects/object.c:1150
#0  0x00005555 in _PyObject_GetMethod (obj=0x7f, name=0x7f) at Objects/object.c:1150
#1  hashtable::python::methods::set::{closure#0} (py=0x7f) at src/python/methods.rs:243
#2  0x00007fff in insert<pyo3_ffi::object::PyObject, (i64)> (py=0x7f) at /x/out/src/python/operations.rs:36
#3  0x00007fff in ?? () from /lib/libc.so.6
"""
VALGRIND = """\
==7== Invalid read of size 8
==7==    at 0x1: earlier (object.c:1)
==7==  Address 0x2 is 16 bytes inside a block
==7== Process terminating with default action of signal 11 (SIGSEGV)
==7==    at 0x3C: PyObject_Repr (object.c:420)
==7==    by 0x4D: hashtable::python::operations::insert (operations.rs:36)
==7==    by 0x4E: UnknownInlinedFun (operations.rs:37)
==7==    by 0x5F: main (in /usr/bin/python3.11)
"""


def test_the_frames_of_gdb_are_functions_with_our_lines() -> None:
    functions = native.of_gdb(GDB)
    assert functions == ["_PyObject_GetMethod", "insert (src/python/operations.rs:36)", "??"]
    frames = native.Frames("gdb", functions)
    assert frames.ours == ["insert (src/python/operations.rs:36)"]
    assert not frames.in_the_ledger
    assert native.Frames("gdb", ["enter (src/python/glass/ledger.rs:73)"]).in_the_ledger


def test_the_frames_of_valgrind_are_those_of_its_last_stack() -> None:
    assert native.of_valgrind(VALGRIND) == ["PyObject_Repr", "insert (operations.rs:36)", "main"]
    assert native.of_valgrind("nothing of the kind") == []


@pytest.mark.skipif(not native.has("gdb"), reason="there is no gdb")
def test_gdb_sees_a_real_death_and_no_line_of_ours_in_it() -> None:
    seen = native.frames(demo.demo("segfault").program, "segfault", None)
    assert seen is not None
    assert seen.functions
    assert seen.ours == []
