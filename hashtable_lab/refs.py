"""Who holds an object: what Python says of its count, and by whom it is held, in words.

For your own programs:

    from hashtable_lab.refs import show_ref_counts
    show_ref_counts(my_object)
"""

from __future__ import annotations

import gc
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# What is shown of an object's repr, and how many of its holders.
LONGEST = 40
MOST = 20
UNEXPLAINED = "variables of running functions, C code, or what the collector does not track"


@dataclass
class Holder:
    """Somebody who has references to the object: in words, and how many. `box` has the holder in it."""

    words: str
    references: int
    box: list[Any] = field(repr=False)


@dataclass
class Counts:
    """What is known of the references to an object.

    `reported` is what `sys.getrefcount` says, `true` that without the references of the asking.
    `unexplained` are those of which the collector shows no holder: local variables of running functions, C
    code, objects that the collector does not track. `immortal`: the count stands still, and says nothing.
    """

    reported: int
    true: int
    holders: list[Holder]
    immortal: bool

    @property
    def unexplained(self) -> int:
        return 0 if self.immortal else self.true - sum(holder.references for holder in self.holders)


def call_cost() -> int:
    """How many references `sys.getrefcount` adds by being asked. Measured: versions differ."""
    fresh = [object()]
    # The list's is one; whatever is beyond that is the call's.
    return sys.getrefcount(fresh[0]) - 1


def is_immortal(thing: object) -> bool:
    """Whether taking references leaves the count as it is."""
    before = sys.getrefcount(thing)
    taken = [thing] * 100
    return sys.getrefcount(thing) - before < len(taken)


def counts(box: list[Any]) -> Counts:
    """The counts of the only object in a list: so no parameter of ours holds it too."""
    reported = sys.getrefcount(box[0])
    # The list's own reference is of the asking, and so is the call's.
    true = reported - call_cost() - 1
    immortal = is_immortal(box[0])
    holders = []
    # Half of the interpreter holds an immortal object, and that says nothing.
    found = [] if immortal else gc.get_referrers(box[0])
    search = len(found) <= MOST
    for holder in found:
        if holder is not box and holder is not sys._getframe():
            kept = [holder]
            ways = naming(holder, box, search)
            holders += [Holder(words, references, kept) for words, references in ways]
    return Counts(reported, true, holders, immortal)


def naming(holder: Any, box: list[Any], search: bool) -> Iterator[tuple[str, int]]:
    """What a holder is, in words, and how many references it has to the object in the box; once for each way
    in which it holds it. `search`: for the owner of a dict too, which costs a look at all objects."""
    if isinstance(holder, dict):
        where = dict_name(holder, search)
        if any(key is box[0] for key in holder):
            yield f"{where}, as a key", 1
        for key, value in list(holder.items()):
            if value is box[0]:
                yield f"{where}, as {short(key)}", 1
    elif is_table(holder):
        yield from table_names(holder, box)
    elif isinstance(holder, (list, tuple)):
        places = [str(number) for number, value in enumerate(holder) if value is box[0]]
        yield f"a {type(holder).__name__} of {len(holder)}, at {', '.join(places[:5])}", len(places)
    elif isinstance(holder, types.FrameType):
        yield f"the frame of {holder.f_code.co_name}()", 1
    elif isinstance(holder, types.CellType):
        yield "a closure's cell: a variable that an inner function uses", 1
    elif isinstance(holder, (types.FunctionType, types.MethodType, type)):
        yield f"the {type(holder).__name__} {holder.__qualname__}", 1
    else:
        attributes = [name for name, value in attributes_of(holder) if value is box[0]]
        who = article(type(holder).__name__)
        yield (
            f"{who}, as its attribute {', '.join(attributes)}" if attributes else who,
            max(1, len(attributes)),
        )


def attributes_of(holder: Any) -> list[tuple[str, Any]]:
    """The attributes that lie in an object itself, as they do since 3.11 until somebody asks for its dict."""
    try:
        return list(vars(holder).items())
    except TypeError:
        return []


def is_table(holder: object) -> bool:
    """Whether it is a table, of the module or of the instrumented one: whichever is loaded."""
    modules = [sys.modules.get(name) for name in ("hashtable", "hashtable_lab._glass")]
    return isinstance(holder, tuple(module.HashTable for module in modules if module))


def table_names(table: Any, box: list[Any]) -> Iterator[tuple[str, int]]:
    """In which ways a table holds the object."""
    if any(key is box[0] for key in table):
        yield "a table's key", 1
    for key, value in table.items():
        if value is box[0]:
            yield f"a table's value for key {short(key)}", 1
    if table.hash_func is box[0]:
        yield "a table's hash function", 1


def dict_name(holder: dict[Any, Any], search: bool) -> str:
    """Whose dict it is, if it is a module's, or if the owner is to be searched for."""
    module = sys.modules.get(str(holder.get("__name__")))
    if getattr(module, "__dict__", None) is holder:
        return f"the dict of module {holder['__name__']}"
    for owner in gc.get_referrers(holder) if search else ():
        if getattr(owner, "__dict__", None) is holder:
            return f"the attributes of {article(type(owner).__name__)}"
    return f"a dict of {len(holder)}"


def article(word: str) -> str:
    return f"an {word}" if word[:1].lower() in "aeiou" else f"a {word}"


def short(thing: object) -> str:
    """An object's repr, cut to what fits in a line."""
    text = " ".join(repr(thing).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def show_ref_counts(thing: Any, depth: int = 0) -> None:
    """Prints how many references an object has, who holds them, and how many of them nobody explains.

    The variable that you call it with is one of those, if it is of a running function: the collector does not
    name frames. `depth`: so many levels of the holders' own holders are shown beneath them. Costs a look at
    all that the collector tracks, for each holder that is shown.
    """
    # This parameter is a reference of the asking; from here on only the list has one. A caller that passes
    # what it has in a variable may have another on its stack: that is of the asking, and cannot be told
    # apart.
    box = [thing]
    del thing
    for line in report(box, depth):
        print(line)


def report(box: list[Any], depth: int = 0) -> Iterator[str]:
    """The lines of `show_ref_counts`."""
    told = counts(box)
    yield f"{short(box[0])}: {summary(told)}"
    yield from beneath(told, depth, "  ", {id(box[0])})


def beneath(told: Counts, depth: int, indent: str, seen: set[int]) -> Iterator[str]:
    """The lines for the holders of an object, each with its own holders, unless they have been shown."""
    for holder in told.holders[:MOST]:
        yield f"{indent}{holder.references}  {holder.words}"
        if depth > 0 and id(holder.box[0]) not in seen:
            seen.add(id(holder.box[0]))
            yield from beneath(counts(holder.box), depth - 1, indent + "   ", seen)
    if len(told.holders) > MOST:
        yield f"{indent}and {len(told.holders) - MOST} more holders"
    if told.unexplained:
        yield f"{indent}{told.unexplained}  unexplained: {UNEXPLAINED}"


def summary(told: Counts) -> str:
    """The count in words."""
    if told.immortal:
        return "immortal: its count stands still, and says nothing"
    return f"{told.true} reference{'s' if told.true != 1 else ''} (getrefcount says {told.reported})"
