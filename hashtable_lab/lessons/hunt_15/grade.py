"""An object whose own memory is never freed."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Extension

HINTS = (
    """Two blocks of memory are asked for in `new`. `dealloc` is the only one who could free them.""",
    """What `tp_alloc` has handed out is freed by `tp_free`, and by nobody else: not by `free`, which does not
    know it. And whose `tp_free`?""",
    """The last line of a `tp_dealloc` is `Py_TYPE(self)->tp_free(self)`: that of the object's own type, since
    a subclass may have asked for memory in another way.""",
)
START = Path(__file__).with_name("start")
LEAVES_NOTHING = """
import gc
import tracemalloc
from crumb import Crumb

class Plain(Crumb):
    pass

class Slotted(Crumb):
    __slots__ = ("more",)

class Bare(Crumb):
    __slots__ = ()

def make(kind, length):
    crumb = kind("x" * length)
    assert crumb.label() == "x" * length, "the label is not what it was"
    if hasattr(crumb, "__dict__"):
        crumb.me = crumb
    return crumb

tracemalloc.start()
for kind in (Crumb, Plain, Slotted, Bare):
    for length in (0, 10, 2000):
        make(kind, length)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(1000):
            make(kind, length)
        gc.collect()
        each = (tracemalloc.get_traced_memory()[0] - before) / 1000
        assert each < 8, f"each {kind.__name__} that is gone has left {each:.0f} bytes behind"
"""
STILL_A_CRUMB = """
from crumb import Crumb

crumbs = [Crumb(label=str(number)) for number in range(1000)]
del crumbs[::2]
crumbs += [Crumb("new") for _ in range(500)]
assert [crumb.label() for crumb in crumbs] == [str(number) for number in range(1, 1000, 2)] + ["new"] * 500
for label in (7, None, "a\\0b"):
    try:
        Crumb(label)
    except (TypeError, ValueError):
        pass
    else:
        raise AssertionError(f"Crumb({label!r}) complains of nothing")
"""


def grade(work: Work) -> None:
    module = Extension(work, "crumb.c", START)
    module.test()
    module.trial("a crumb of any class leaves nothing behind", LEAVES_NOTHING)
    module.trial("and is what it was, as long as it is there", STILL_A_CRUMB)
