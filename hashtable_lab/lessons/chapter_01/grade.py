"""Survive a forgotten Py_INCREF without mending it."""

from __future__ import annotations

from hashtable_lab.lessons.grading import Work

HINTS = (
    """The table dies when its count comes to 0. The broken `set` gives away a reference that it never
    took, so one is missing as soon as its result is thrown away. Who could hold one more?""",
    """A name is a reference, and so is a place in a list: `kept = [h]`. Before `set`: after it, it is too
    late.""",
    """Or do what the broken line does not: `ctypes.pythonapi.Py_IncRef(ctypes.py_object(h))` is Py_INCREF,
    called from Python.""",
)


def grade(work: Work) -> None:
    lines = work.read("program.py").splitlines()
    for needed in ('h.set("spam", 42)', 'print(h.get("spam"))'):
        work.demand(needed in lines, f"`{needed}` is still a line of it", "it has gone")
    healthy = work.under_glass("program.py")
    works = healthy.printed == "42\n" and not healthy.died
    work.expect(works, "it works on the healthy module", healthy.words())
    broken = work.under_glass("program.py", specimen="segfault")
    work.demand(not broken.died, "it survives the broken one", broken.words())
    work.expect(broken.printed == "42\n", "and prints 42", f"it printed {broken.printed!r}")
