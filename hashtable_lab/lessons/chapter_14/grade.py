"""Give a type in C its brackets."""

from __future__ import annotations

from hashtable_lab.lessons.grading import Work

HINTS = (
    """The slots are in structs of their own, PyMappingMethods and PySequenceMethods; the type has pointers
    to those: tp_as_mapping, tp_as_sequence. `h[key] = value` and `del h[key]` are one slot: for the latter
    its value is NULL.""",
    """mp_subscript returns a new reference, or NULL with an exception set. mp_ass_subscript returns 0 or -1,
    sq_contains 1, 0 or -1, mp_length a number. Each call on the dict inside has an answer of that kind.""",
    """The dict can do all of it: PyObject_GetItem returns a new reference or sets KeyError; PyObject_SetItem,
    PyObject_DelItem, PySequence_Contains, PyDict_Size. If you look by PyDict_GetItemWithError: Py_INCREF what
    it returns, and PyErr_SetObject takes a tuple for the exception's arguments, so give it PyTuple_Pack(1,
    key).""",
)

# Each in a process of its own. `check` raises what is wrong.
CHECKS = (
    (
        "`h[key]` is the value",
        """h.set("spam", 42)
assert h["spam"] == 42, f"h['spam'] is {h['spam']!r} after h.set('spam', 42)" """,
    ),
    (
        "for a key that is not there it is a KeyError of the key",
        """for key in ("eggs", (1, 2)):
    expect(KeyError, (key,), lambda: h[key])""",
    ),
    (
        "`h[key] = value` sets and replaces",
        """h["spam"] = 1
h["spam"] = 2
assert h.get("spam") == 2, f"h.get('spam') is {h.get('spam')!r} after h['spam'] = 2" """,
    ),
    (
        "`del h[key]` takes out, and is a KeyError if there is nothing",
        """h.set("spam", 42)
del h["spam"]
assert h.get("spam") is None, "the key is still there"
def delete():
    del h["spam"]
expect(KeyError, ("spam",), delete)""",
    ),
    (
        "`key in h` is right",
        """h.set("spam", None)
found = "spam" in h, "eggs" in h
assert found == (True, False), f"'spam' in h, 'eggs' in h: {found}" """,
    ),
    (
        "`len(h)` is right",
        """h.set("spam", 1)
h.set("eggs", 2)
assert len(h) == 2, f"it is {len(h)} with two keys" """,
    ),
    (
        "a key that cannot be hashed is a TypeError for each of them",
        """expect(TypeError, None, lambda: h[[]])
expect(TypeError, None, lambda: [] in h)
expect(TypeError, None, lambda: h.__setitem__([], 1))
expect(TypeError, None, lambda: h.__delitem__([]))""",
    ),
    (
        "no reference is lost, and none is given away twice",
        """class Thing:
    pass
thing = Thing()
# So many that the object outlives whoever gives away too much.
kept = [thing] * 1000
def use():
    h[thing] = thing
    h[thing]
    thing in h
    h[thing] = thing
    del h[thing]
    for miss in (lambda: h[thing], lambda: h.__delitem__(thing)):
        try:
            miss()
        except KeyError:
            pass
use()
before = sys.getrefcount(thing)
for _ in range(50):
    use()
change = sys.getrefcount(thing) - before
assert change == 0, f"after 50 rounds of all of them an object's count has changed by {change}" """,
    ),
)
PREPARE = """
import sys
sys.path.insert(0, {!r})
import brackets

h = brackets.Table()

def expect(error, arguments, function):
    try:
        result = function()
    except error as raised:
        said = f"it is {{type(raised).__name__}} with the arguments {{raised.args!r}}"
        assert arguments in (None, raised.args), said
    else:
        raise AssertionError(f"there is no {{error.__name__}}: the result is {{result!r}}")

answer = ""
try:
{}
except Exception as error:
    answer = str(error) if isinstance(error, AssertionError) else f"{{type(error).__name__}}: {{error}}"
"""


def grade(work: Work) -> None:
    work.read("brackets.c")
    folder = str(work.c_extension("brackets.c"))
    for promise, code in CHECKS:
        indented = "\n".join("    " + line for line in code.splitlines())
        complaint = work.evaluate(PREPARE.format(folder, indented), what=promise)
        work.expect(not complaint, promise, str(complaint))
