"""Who holds an object: what Python says of its count, what is left of that without our asking, and by whom it
is held.

For your own programs:

    from hashtable_lab.refs import show_ref_counts
    show_ref_counts(my_object)
"""

from __future__ import annotations

import gc
import inspect
import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# What is shown of an object's repr.
LONGEST = 40
# CPython has said no frames to the collector's question since 3.7; a count at least as high is no count (3.12
# on).
IMMORTAL = 1 << 29


@dataclass
class Holder:
    """Somebody who has references to the object: in words, and how many."""

    words: str
    references: int
    object: Any = field(repr=False, default=None)


@dataclass
class Counts:
    """What is known of the references to an object.

    `reported` is what `sys.getrefcount` says, `true` that without the references of the asking. `unexplained`
    are those of which the collector shows no holder: local variables of running functions, C code, objects
    that the collector does not track. `immortal`: the count stands still, and says nothing.
    """

    object: Any = field(repr=False)
    reported: int
    true: int
    holders: list[Holder]
    immortal: bool

    @property
    def unexplained(self) -> int:
        return 0 if self.immortal else self.true - sum(holder.references for holder in self.holders)


def call_cost() -> int:
    """How many references `sys.getrefcount` adds by being asked. Measured: it has not always been the
    same."""
    fresh = [object()]
    # The list's is one; whatever is beyond that is the call's.
    return sys.getrefcount(fresh[0]) - 1


def is_immortal(thing: object) -> bool:
    """Whether taking references leaves the count as it is."""
    before = sys.getrefcount(thing)
    taken = [thing] * 100
    return sys.getrefcount(thing) - before < len(taken)


def counts(box: list[Any], *, named: Mapping[str, Any] | None = None, hidden: tuple[int, ...] = ()) -> Counts:
    """The counts of the only object in a list.

    In a list, so that no parameter of ours holds it too. `named`: more names for dicts and the like, by what
    they are; `hidden`: the ids of what is not to be named as a holder, which is then part of the unexplained.
    """
    # Frames that lie in between hold the list, and not the object.
    reported = sys.getrefcount(box[0])
    # The list's own reference is of the asking, and so is the call's.
    true = reported - call_cost() - 1
    immortal = is_immortal(box[0])
    ours = {id(box), id(sys._getframe()), *hidden}
    holders = []
    for holder in gc.get_referrers(box[0]):
        if id(holder) in ours:
            continue
        for words, references in naming(holder, box, named or {}):
            holders.append(Holder(words, references, holder))
    return Counts(box[0], reported, true, holders, immortal)


def naming(holder: Any, box: list[Any], named: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """What a holder is, in words, and how many references it has to the object in the box: one word for each
    way in which it holds it."""
    if isinstance(holder, dict):
        keys = [key for key in holder if key is box[0]]
        under = [key for key, value in holder.items() if value is box[0]]
        where = named.get(str(id(holder))) or dict_name(holder)
        if keys:
            yield f"{where}, as a key", len(keys)
        for key in under:
            yield f"{where}, as {short(key)}", 1
    elif type(holder).__name__ == "HashTable" or hasattr(holder, "bin_of"):
        yield from table_names(holder, box)
    elif isinstance(holder, (list, tuple)):
        places = [number for number, value in enumerate(holder) if value is box[0]]
        kind = type(holder).__name__
        yield f"a {kind} of {len(holder)}, at {', '.join(map(str, places[:5]))}", len(places)
    elif isinstance(holder, (set, frozenset)):
        yield f"a {type(holder).__name__} of {len(holder)}", 1
    elif isinstance(holder, types.FrameType):
        yield f"the frame of {holder.f_code.co_name}()", 1
    elif isinstance(holder, types.FunctionType):
        yield f"the function {holder.__qualname__}", 1
    elif isinstance(holder, types.CellType):
        yield "a closure's cell: a variable that an inner function uses", 1
    elif isinstance(holder, types.MethodType):
        yield f"the bound method {holder.__qualname__}", 1
    elif isinstance(holder, types.ModuleType):
        yield f"the module {holder.__name__}", 1
    elif isinstance(holder, type):
        yield f"the class {holder.__qualname__}", 1
    else:
        attributes = [name for name, value in attributes_of(holder) if value is box[0]]
        who = article(type(holder).__name__)
        yield (
            (f"{who}, as its attribute {', '.join(attributes)}" if attributes else who),
            max(1, len(attributes)),
        )


def attributes_of(holder: Any) -> list[tuple[str, Any]]:
    """The attributes that lie in an object itself: since 3.11 without a dict, if nobody has asked for one."""
    try:
        return list(vars(holder).items())
    except TypeError:
        return []


def table_names(table: Any, box: list[Any]) -> Iterator[tuple[str, int]]:
    """In which ways a table holds the object."""
    keys = sum(key is box[0] for key in table)
    if keys:
        yield "a table's key", keys
    for key, value in table.items():
        if value is box[0]:
            yield f"a table's value for key {short(key)}", 1
    if table.hash_func is box[0]:
        yield "a table's hash function", 1


def dict_name(holder: dict[Any, Any]) -> str:
    """Whose dict it is."""
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", None) is holder:
            return f"the dict of module {module.__name__}"
    for owner in gc.get_referrers(holder):
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
    """Prints the count of an object, who holds it, and how much of the count nobody explains.

    `depth`: how many levels of the holders' own holders are shown beneath them. The variables of running
    functions hold the object too, and raise the count; they are told as far as they can be found.
    """
    caller = inspect.currentframe()
    assert caller is not None
    box = [thing]
    # This parameter would be one more.
    del thing
    for line in report(box, depth, hidden=(id(caller),)):
        print(line)


def report(
    box: list[Any],
    depth: int = 0,
    hidden: tuple[int, ...] = (),
    indent: str = "",
    seen: frozenset[int] = frozenset(),
) -> Iterator[str]:
    """The lines of `show_ref_counts`."""
    told = counts(box, hidden=hidden)
    yield indent + f"{short(box[0])}: {summary(told)}"
    for holder in told.holders:
        yield indent + f"  {holder.references}  {holder.words}"
        if depth > 0 and id(holder.object) not in seen | {id(box[0])}:
            inner = [holder.object]
            lines = report(
                inner,
                depth - 1,
                (*hidden, id(told.holders), id(holder), id(holder.__dict__)),
                indent + "     ",
                seen | {id(box[0])},
            )
            # Its first line would say again who it is.
            next(lines)
            yield from lines
    if told.unexplained:
        yield indent + f"  {told.unexplained}  unexplained: {UNEXPLAINED}"


UNEXPLAINED = "variables of running functions, C code, or what the collector does not track"


def summary(told: Counts) -> str:
    """The count in words."""
    if told.immortal:
        return "immortal: its count stands still, and says nothing"
    return f"{told.true} reference{'s' if told.true != 1 else ''} (getrefcount says {told.reported})"
