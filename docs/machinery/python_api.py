"""The reference of the module: signatures from its stubs, and what they mean from its docstrings.

A public name without the one or the other is an error, and so is one that no part of the page would show.
"""

from __future__ import annotations

import collections.abc
import inspect
import re
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any, Callable

from machinery import markdown, stubs
from machinery.markdown import code, directive, escaped, flowing
from machinery.sources import imported
from machinery.stubs import VIEWS, Stubs

# The methods of a HashTable, as the page groups them.
TALK = ("set", "get", "pop")
MAPPING = (
    *("setdefault", "popitem", "update", "clear", "copy", "fromkeys", "keys", "values", "items"),
    *("__getitem__", "__setitem__", "__delitem__", "__contains__", "__len__", "__iter__", "__reversed__"),
    *("__or__", "__ror__", "__ior__", "__eq__", "__ne__"),
)
INSIDE = ("bins", "bin_of", "stats", "picture")
PROTOCOLS = ("__reduce__", "__sizeof__", "__class_getitem__")
# Of these the interpreter's docstring has nothing to tell but how they are called.
OPERATORS = {
    "__getitem__": (
        "h[key]",
        "The value for key. KeyError if there is none; but a subclass that has a method `__missing__` is"
        " asked first.",
    ),
    "__setitem__": ("h[key] = value", "The same as `set()`."),
    "__delitem__": ("del h[key]", "Remove key. KeyError if it is not in the table."),
    "__contains__": ("key in h", "Whether key is in the table. Calls the hash function once."),
    "__len__": ("len(h)", "The number of entries: `load`."),
    "__iter__": (
        "iter(h)",
        "An iterator over the keys, in the order of insertion. RuntimeError if a key comes or goes before its"
        " end.",
    ),
    "__or__": (
        "h | other",
        "A new HashTable: a `copy()` that is then updated with what other holds. Other is any mapping.",
    ),
    "__ror__": (
        "other | h",
        "The same, where the left one is no HashTable: with the parameters of the right one, and the left"
        " one's entries first.",
    ),
    "__ior__": ("h |= other", "The same as `update()`: other may be an iterable of pairs, too."),
    "__eq__": (
        "h == other",
        "Whether other is a mapping with equal keys and equal values, in any order. Keys are equal by the"
        " table's own rule: `1` and `1.0` are two. Parameters do not matter.",
    ),
    "__ne__": ("h != other", "The contrary."),
}
SEEDED = {
    "__eq__": "Two are equal if they are of the same type and have the same seed.",
    "__ne__": "The contrary.",
    "__hash__": "The same for those that are equal.",
}
# What `object` has and nobody has to explain, or what makes an instance and stands with its class.
PLUMBING = ("__new__", "__init__")


class UndocumentedError(Exception):
    """Names that a reader of the page would look for in vain."""


class Api:
    """The module and its stubs, which have to agree on what there is."""

    def __init__(self, module: ModuleType, stub: Stubs) -> None:
        self.module = module
        self.stub = stub
        table = module.HashTable()
        self.types: dict[str, type] = {
            "HashTable": module.HashTable,
            "Stats": module.Stats,
            "SipHash": module.SipHash,
            "XXH3": module.XXH3,
            **{
                stubbed: type(view)
                for stubbed, view in zip(VIEWS, (table.keys(), table.values(), table.items()))
            },
        }
        problems = list(self.problems())
        if problems:
            raise UndocumentedError("\n".join(problems))

    def problems(self) -> Iterator[str]:
        """What is public and not explained."""
        for name in public(self.module):
            if name not in (*self.stub.functions, *self.stub.classes):
                yield f"{name} has no stub"
            if not doc_of(getattr(self.module, name)):
                yield f"{name} has no docstring"
        for name in (*self.stub.functions, *self.stub.classes):
            if not name.startswith("_") and not hasattr(self.module, name):
                yield f"the stubs have {name}, and the module has not"
        for name, runtime in self.types.items():
            yield from self.members(name, runtime)
        shown = {*TALK, *MAPPING, *INSIDE, *PROTOCOLS, *PLUMBING}
        for name in self.all_of("HashTable"):
            if name not in shown and not self.is_attribute("HashTable", name):
                yield f"HashTable.{name} is in no group of the page"

    def members(self, name: str, runtime: type) -> Iterator[str]:
        stubbed = self.stub.classes.get(name, {})
        for member in self.all_of(name):
            if member in PLUMBING:
                continue
            if not hasattr(runtime, member):
                yield f"the stubs have {name}.{member}, and the module has not"
            elif not self.words(name, member):
                yield f"{name}.{member} has no docstring"
            if member not in stubbed and not self.inherits(name, member):
                yield f"{name}.{member} has no stub"

    def all_of(self, name: str) -> list[str]:
        """Its names: the public ones, and what the stubs declare besides."""
        own = [member for member in vars(self.types[name]) if not member.startswith("_")]
        # Of a record, these are about every record.
        own = [member for member in own if not re.fullmatch(r"n_(?:\w+_)?fields", member)]
        return [*own, *(member for member in self.stub.classes.get(name, {}) if member not in own)]

    def inherits(self, name: str, member: str) -> bool:
        """Whether a class that the stub derives from declares it, in a stub that is not ours."""
        bases = [getattr(collections.abc, base, object) for base in self.stub.bases.get(name, [])]
        return any(hasattr(base, member) for base in bases)

    def is_attribute(self, name: str, member: str) -> bool:
        forms = self.stub.classes[name].get(member)
        return bool(forms and stubs.is_attribute(forms))

    def words(self, name: str, member: str) -> str:
        """What it means: in the words of its docstring, or in ours where that is the interpreter's."""
        found = getattr(self.types[name], member)
        if isinstance(found, type(object.__eq__)):
            return OPERATORS.get(member, ("", ""))[1] if name == "HashTable" else SEEDED.get(member, "")
        return doc_of(found)

    def signatures(self, name: str, member: str) -> list[str]:
        forms = self.stub.classes[name].get(member)
        if forms:
            return self.stub.signatures(forms, method=True)
        # In the stub it is the base's; but what it takes is said in its docstring.
        whole = inspect.signature(getattr(self.types[name], member))
        return [str(whole.replace(parameters=list(whole.parameters.values())[1:]))]

    # ---- What the page is made of ----

    def module_itself(self) -> str:
        data = [
            directive("py:data", name, type=re.sub(r"Final\[(.*)\]", r"\1", kind), value=f'"{value!r}"')
            for name, kind in self.stub.data.items()
            for value in (getattr(self.module, name),)
        ]
        head = directive("py:module", self.module.__name__)
        return "\n\n".join([head, self.prose(doc_of(self.module)), *data])

    def constructor(self, name: str, maker: str) -> str:
        forms = self.stub.classes[name][maker]
        heads = [head.rpartition(" -> ")[0] for head in self.stub.signatures(forms, method=True)]
        return self.entry("py:class", name, heads, self.prose(doc_of(self.types[name]), name))

    def table_attributes(self) -> str:
        return self.attributes("HashTable")

    def attributes(self, name: str) -> str:
        """The attributes of a class, each with its type."""
        return "\n\n".join(
            self.attribute(name, member)
            for member in self.stub.classes[name]
            if self.is_attribute(name, member)
        )

    def attribute(self, name: str, member: str, *, silent: bool = False) -> str:
        kind = self.signatures(name, member)[0].rpartition(" -> ")[2]
        words = self.words(name, member)
        body = self.prose(words[0].upper() + words[1:].rstrip(".") + ".")
        options = {"type": kind, **({"no-contents-entry": ""} if silent else {})}
        return directive(
            "py:attribute", f"{VIEWS.get(name, name)}.{member}", "" if silent else body, **options
        )

    def methods(self, name: str, members: Iterable[str]) -> str:
        return "\n\n".join(self.method(name, member) for member in members)

    def method(self, name: str, member: str, *, silent: bool = False) -> str:
        words = self.words(name, member)
        if name == "HashTable" and member in OPERATORS:
            words = f"`{OPERATORS[member][0]}`\n\n{words}"
        bound = isinstance(inspect.getattr_static(self.types[name], member), type(dict.__dict__["fromkeys"]))
        options = {"classmethod": ""} if bound else {}
        if silent:
            options["no-contents-entry"] = ""
        heads = self.signatures(name, member)
        body = "" if silent else self.prose(words, member)
        return self.entry("py:method", f"{VIEWS.get(name, name)}.{member}", heads, body, **options)

    def entry(self, kind: str, name: str, heads: list[str], body: str, **options: str) -> str:
        """A name with one head or more, and what it means below the last of them."""
        *others, last = heads
        # The name is indexed once.
        again = {**options, "no-index": "", "no-contents-entry": ""}
        above = [directive(kind, name + head, **again) for head in others]
        return "\n\n".join([*above, directive(kind, name + last, body, **options)])

    def views(self) -> str:
        """The three views. What is the same of all is said once, below the last."""
        parts = [directive("py:class", runtime) for runtime in VIEWS.values()]
        for member in dict.fromkeys(member for name in VIEWS for member in self.all_of(name)):
            having = [name for name in VIEWS if member in self.all_of(name)]
            for name in having:
                make = self.attribute if self.is_attribute(name, member) else self.method
                parts.append(make(name, member, silent=name != having[-1]))
        return "\n\n".join(parts)

    def stats(self) -> str:
        head = directive("py:class", "Stats", self.prose(doc_of(self.module.Stats)))
        return f"{head}\n\n{self.attributes('Stats')}"

    def functions(self) -> str:
        return "\n\n".join(
            self.entry(
                "py:function",
                name,
                self.stub.signatures(forms, method=False),
                self.prose(doc_of(getattr(self.module, name)), name),
            )
            for name, forms in self.stub.functions.items()
        )

    def seeded(self) -> str:
        parts = []
        for name in ("SipHash", "XXH3"):
            members = [it for it in self.stub.classes[name] if it not in PLUMBING and it != "seed"]
            parts += [self.constructor(name, "__new__"), self.attributes(name), self.methods(name, members)]
        return "\n\n".join(parts)

    # ---- Docstrings, which are plain text, as Markdown ----

    def prose(self, text: str, about: str = "") -> str:
        parts = []
        for block in markdown.blocks(text):
            listed = markdown.rows(block)
            if markdown.is_code(block):
                parts.append(markdown.fenced(markdown.dedented(block), "pycon"))
            elif listed:
                parts += [f"{code(term)}\n: {self.line(words, about)}" for term, words in listed]
            else:
                parts.append(self.line(flowing(block), about))
        return "\n\n".join(parts)

    def line(self, text: str, about: str) -> str:
        """A paragraph, in which what is code looks like it, and what is ours is a link."""
        done, at = [], 0
        for found in CODE.finditer(text):
            done += [escaped(text[at : found.start()]), self.piece(found[0], about)]
            at = found.end()
        return "".join([*done, escaped(text[at:])])

    def piece(self, text: str, about: str) -> str:
        """A piece of code; a link, if it is ours and not what is being explained."""
        text = text.strip("`")
        name, is_call = text.rstrip("()"), text.endswith("()")
        if name != about and is_call and name in self.stub.classes["HashTable"]:
            return f"{{py:meth}}`~hashtable.HashTable.{name}`"
        if name != about and name in public(self.module):
            return f"{{py:obj}}`~hashtable.{name}`"
        return code(text)


CODE = re.compile(
    r"`[^`]+`"
    r"|[\w.]+\(\w*\)"
    r"|\b\w+\[\w+, \w+\]"
    r"|\b(?:None|[A-Z]\w*Error|SipHash|XXH3|Stats)\b"
    r"|\w+ % \w+"
    r"|\b[a-z]\w*_\w+\b"
    r"|__\w+__"
    r"|\[\]"
    r"|(?<!\S)\*(?!\S)"
)


def public(module: ModuleType) -> list[str]:
    return [name for name in vars(module) if not name.startswith("_")]


def doc_of(thing: Any) -> str:
    return inspect.cleandoc(thing.__doc__ or "")


def api() -> Api:
    return Api(imported("hashtable"), stubs.read())


PARTS: dict[str, Callable[[], str]] = {
    "python.module": lambda: api().module_itself(),
    "python.table": lambda: api().constructor("HashTable", "__init__"),
    "python.attributes": lambda: api().table_attributes(),
    "python.talk": lambda: api().methods("HashTable", TALK),
    "python.mapping": lambda: api().methods("HashTable", MAPPING),
    "python.inside": lambda: api().methods("HashTable", INSIDE),
    "python.protocols": lambda: api().methods("HashTable", PROTOCOLS),
    "python.views": lambda: api().views(),
    "python.stats": lambda: api().stats(),
    "python.functions": lambda: api().functions(),
    "python.seeded": lambda: api().seeded(),
}
