"""Call a C library through ctypes, and own what is yours."""

from __future__ import annotations

from hashtable_lab.lessons.asking import Told, ask
from hashtable_lab.lessons.grading import Work

HINTS = (
    """Say of each function what it takes and returns: `ht.ht_new.restype = ctypes.c_void_p`, and `argtypes`.
    What is not said is an `int` of 32 bits, on the way in and on the way out. And look at `Item`.""",
    """`ht_put` without HT_COPY_KEY adopts the key: it will be freed with free(), and a bytes object of
    Python's is no memory of malloc's. A NULL pointer of ctypes is false: `if not item`.""",
    """With `c_char_p` as its restype, the address of a string is gone at once: take `c_void_p`, then
    `ctypes.string_at`, then `libc.free`, whose argument is a `c_void_p` too. In `close`, after `ht_free`:
    `self.table = None`.""",
)
BEGINNING = """
from table import Table
"""
WORDS = """
t = Table()
for number, word in enumerate(["spam", "eggs", "ham", "spam"]):
    t.put(word, number)
answer = [t.get(word) for word in ("spam", "eggs", "ham", "bacon")]
"""
WIDE = """
t = Table()
numbers = [2**40 + 7, -1, 2**63 - 1, -2**63, 2**31]
for number in numbers:
    t.put(str(number), number)
answer = [str(t.get(str(number))) for number in numbers]
"""
PICTURE = """
t = Table()
for word in ("spam", "eggs", "ham"):
    t.put(word, 1)
answer = [t.picture(), t.picture()]
"""
# Words that nobody else has, so that their memory is used again; and every key is freed, by whoever owns it.
OWNERS = """
t = Table(4, 0.5)
for number in range(1000):
    t.put("word " * 10 + str(number), number)
    t.put("word " * 10 + str(number), -number)
answer = [t.get("word " * 10 + str(number)) for number in range(1000)] == [-number for number in range(1000)]
t.close()
"""
# The library leaves the address of a freed table alone, until another table is given that address.
TWICE = """
t = Table()
t.put("spam", 1)
t.close()
t.close()
others = [Table() for _ in range(100)]
for other in others:
    other.put("spam", 2)
known = t.get("spam")
t.close()
answer = [known, sum(other.get("spam") == 2 for other in others)]
"""
# Kilobytes that the process has grown by. A picture takes 300, and so do the bins.
GROWTH = """
import os
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024
def use(times):
    for _ in range(times):
        t = Table(100_000, 0.5)
        t.put("spam", 1)
        assert len(t.picture()) == len(t.picture()) == 300_001
        t.close()
use(20)
before = resident()
use(200)
answer = resident() - before
"""


def grade(work: Work) -> None:
    library = {"LIBHASHTABLE": str(work.shared_library())}

    def told(code: str) -> Told:
        return ask(work, work.folder, BEGINNING + code, library)

    words = told(WORDS)
    work.demand(words.answer == [3, 1, 2, None], "what is put in comes out, and else None", words.why)
    wide = told(WIDE)
    right = [str(number) for number in (2**40 + 7, -1, 2**63 - 1, -(2**63), 2**31)]
    work.expect(wide.answer == right, "ints of 64 bits come out whole", wide.why)
    picture = told(PICTURE)
    text = "[]\n[]\n[]\n[]*\n[]**\n[]\n[]\n[]\n"
    work.expect(picture.answer == [text, text], "the picture is of the table", picture.why)
    owners = told(OWNERS)
    work.expect(owners.answer is True, "a thousand words have one owner each", owners.why)
    twice = told(TWICE)
    why = twice.why
    if twice.answer:
        why = f"get after close is {twice.answer[0]}; of 100 other tables {twice.answer[1]} are whole"
    work.expect(twice.answer == [None, 100], "closing twice is no harm", why)
    growth = told(GROWTH)
    if growth.answer is None and "/proc/self/statm" in growth.why:
        work.cannot("this Python can show it", growth.why)
    why = growth.why if growth.answer is None else f"200 tables later it has {growth.answer} KiB more"
    work.expect(growth.answer is not None and growth.answer < 20_000, "nothing is left behind", why)
