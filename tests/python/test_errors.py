"""Errors that help, and documentation that can be read: help(), inspect.signature, docstrings."""

from __future__ import annotations

import inspect
import pydoc
import re
import sys
import types
from typing import Any, Callable

import hashtable
import pytest
from hashtable import HashTable, Stats
from side_by_side import in_dicts_words

# Keys


@pytest.mark.parametrize(
    "key", ["missing", 5, None, (), (1, 2), ((),), frozenset({1}), 2.5, b"bytes", "", KeyError]
)
@pytest.mark.parametrize(
    "operation",
    [
        lambda h, key: h[key],
        lambda h, key: h.__delitem__(key),
        lambda h, key: h.pop(key),
    ],
    ids=["h[k]", "del h[k]", "pop"],
)
def test_a_key_error_carries_the_key(operation: Callable[[Any, object], object], key: object) -> None:
    for h in (HashTable(), HashTable(hash_func=lambda key: 0, items={"other": 1})):
        with pytest.raises(KeyError) as caught:
            operation(h, key)
        assert len(caught.value.args) == 1
        assert caught.value.args[0] is key
        assert str(caught.value) == str(KeyError(key))
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


def test_a_key_error_of_an_empty_table_says_so() -> None:
    with pytest.raises(KeyError, match=re.escape("popitem(): HashTable is empty")):
        HashTable().popitem()


# Arguments

# Methods of dict too: what CPython says of a wrong call, in its own words, is what we say.
WRONG_CALLS: dict[str, Callable[[Any], object]] = {
    **{
        f"{name} of {len(arguments)}": lambda m, name=name, arguments=arguments: getattr(m, name)(*arguments)
        for name, wrong in {
            "get": [(), (1, 2, 3)],
            "pop": [(), (1, 2, 3)],
            "setdefault": [(), (1, 2, 3)],
            "popitem": [(1,)],
            "clear": [(1,)],
            "copy": [(1, 2)],
            "keys": [(1,)],
            "values": [(1,)],
            "items": [(1,)],
            "update": [(1, 2), (1, 2, 3)],
            "fromkeys": [(), (1, 2, 3)],
            "__reversed__": [(1,)],
            "__sizeof__": [(1,)],
            "__setitem__": [(), (1,), (1, 2, 3)],
            "__delitem__": [(), (1, 2)],
            "__len__": [(1,)],
            "__iter__": [(1,)],
            "__eq__": [(), (1, 2)],
            "__or__": [()],
            "__ior__": [()],
        }.items()
        for arguments in wrong
    },
    "get by name": lambda m: m.get(key=1),
    "get with a name too many": lambda m: m.get(1, default=2),
    "pop by name": lambda m: m.pop(1, default=2),
    "popitem by name": lambda m: m.popitem(last=True),
    "clear by name": lambda m: m.clear(all=True),
    "setdefault by name": lambda m: m.setdefault(key=1),
    "fromkeys by name": lambda m: m.fromkeys(iterable=[]),
    "unbound get": lambda m: type(m).get(5, 1),
    "unbound keys": lambda m: type(m).keys([]),
    "unbound items of the type": lambda m: type(m).items(type(m)),
    "unbound setitem": lambda m: type(m).__setitem__(5, 1, 2),
    "unbound len": lambda m: type(m).__len__(5),
    "fromkeys of a number": lambda m: m.fromkeys(5),
    "update of a number": lambda m: m.update(5),
    "an unhashable key": lambda m: m.get([]),
    "an unhashable new key": lambda m: m.__setitem__({}, 1),
    "hash": hash,
    "order": lambda m: m < m,
    "addition": lambda m: m + 1,
    "or": lambda m: m | 5,
    "a call": lambda m: m(),
    "an attribute": lambda m: m.colour,
    "a new attribute": lambda m: setattr(m, "colour", 1),
    "no attribute": lambda m: delattr(m, "get"),
}


@pytest.mark.parametrize("call", WRONG_CALLS)
def test_a_wrong_call_is_named_as_it_is_for_a_dict(call: str) -> None:
    said = []
    for mapping in (HashTable(), {}):
        with pytest.raises((TypeError, AttributeError)) as caught:
            WRONG_CALLS[call](mapping)
        said.append((type(caught.value), in_dicts_words(str(caught.value))))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda h: h.set(), "set expected 2 arguments, got 0"),
        (lambda h: h.set(1), "set expected 2 arguments, got 1"),
        (lambda h: h.set(1, 2, 3), "set expected 2 arguments, got 3"),
        (lambda h: h.set(key=1, value=2), "set() takes no keyword arguments"),
        (lambda h: h.bin_of(), "bin_of() takes exactly one argument (0 given)"),
        (lambda h: h.bin_of(1, 2), "bin_of() takes exactly one argument (2 given)"),
        (lambda h: h.bins(1), "bins() takes no arguments (1 given)"),
        (lambda h: h.stats(1), "stats() takes no arguments (1 given)"),
        (lambda h: h.picture(1, 2), "picture expected at most 1 argument, got 2"),
        (lambda h: HashTable(1, 2, 3, 4), "HashTable() takes at most 3 positional arguments (4 given)"),
        (lambda h: HashTable(colour="green"), "HashTable()"),
        (lambda h: HashTable(colour="green"), "colour"),
        (lambda h: HashTable(4, size=4), "HashTable()"),
        (lambda h: HashTable(4, size=4), "size"),
        (lambda h: HashTable(size=0), "size parameter must be a positive integer."),
        (lambda h: HashTable(max_load=2.0), "max_load parameter must be a float between 0.0 and 1.0."),
        (lambda h: HashTable(hash_func=5), "hash_func must be callable."),
        (lambda h: HashTable(items=5), "'int' object is not iterable"),
        (lambda h: HashTable(items=[5]), "cannot convert HashTable update sequence element #0 to a sequence"),
        (lambda h: h.keys().isdisjoint(), "isdisjoint() takes exactly one argument (0 given)"),
        (
            lambda h: setattr(h, "size", 5),
            "attribute 'size' of 'hashtable.HashTable' objects is not writable",
        ),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call: Callable[[HashTable], object], message: str) -> None:
    with pytest.raises((TypeError, AttributeError)) as caught:
        call(HashTable())
    assert message in str(caught.value)


@pytest.mark.parametrize("result", ["5", 5.0, None, [5]])
def test_a_hash_that_is_no_integer_is_refused_everywhere(result: object) -> None:
    h = HashTable(hash_func=lambda key: result)
    calls: list[Callable[[], object]] = [
        lambda: h[1],
        lambda: h.get(1),
        lambda: h.set(1, 1),
        lambda: h.__setitem__(1, 1),
        lambda: h.__delitem__(1),
        lambda: h.pop(1, None),
        lambda: h.setdefault(1),
        lambda: h.update({1: 1}),
        lambda: h.update([(1, 1)]),
        lambda: h | {1: 1},
        lambda: {1: 1} | h,
        lambda: 1 in h,
        lambda: 1 in h.keys(),  # noqa: SIM118
        lambda: (1, 1) in h.items(),
        lambda: h.keys().isdisjoint([1]),
        lambda: h.bin_of(1),
        lambda: HashTable(hash_func=h.hash_func, items={1: 1}),
    ]
    for call in calls:
        with pytest.raises(
            ValueError, match=re.escape("Invalid hash function -- all keys must hash to an integer.")
        ):
            call()
    assert len(h) == 0


# Documentation

CLASSES: dict[str, Any] = {
    "HashTable": HashTable,
    "Stats": Stats,
    "SipHash": hashtable.SipHash,
    "XXH3": hashtable.XXH3,
    "keys": type(HashTable().keys()),
    "values": type(HashTable().values()),
    "items": type(HashTable().items()),
    "iterator": type(iter(HashTable())),
}
METHODS = sorted(
    name for name in vars(HashTable) if not name.startswith("_") and callable(getattr(HashTable, name))
)
ATTRIBUTES = ["size", "load", "max_load", "hash_func"]


@pytest.mark.skipif(hashtable.__name__ != "hashtable", reason="under glass there are more of them")
def test_every_public_name_is_known_here() -> None:
    classes = ["HashTable", "SipHash", "Stats", "XXH3"]
    functions = ["fibonacci_hash", "fnv1a_hash", "identity_hash", "talk_hash", "xxh3_hash"]
    assert sorted(name for name in vars(hashtable) if not name.startswith("_")) == classes + functions
    assert sorted(name for name in vars(HashTable) if not name.startswith("_")) == sorted(
        METHODS + ATTRIBUTES
    )
    expected = (
        "bin_of bins clear copy fromkeys get items keys picture pop popitem set setdefault stats update"
    )
    assert [*expected.split(), "values"] == METHODS


def test_the_module_says_what_it_is_for() -> None:
    assert hashtable.__doc__
    assert hashtable.__doc__.startswith("A hash table")
    assert "HashTable" in hashtable.__doc__
    assert re.fullmatch(r"\d+\.\d+\.\d+", hashtable.__version__)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_is_documented_with_all_that_is_public_in_it(name: str) -> None:
    kind = CLASSES[name]
    # Those of views and iterators are none that anyone names; nor has a dict's a text.
    assert inspect.getdoc(kind) or kind not in (HashTable, Stats)
    for attribute in vars(kind):
        if not attribute.startswith("_"):
            assert inspect.getdoc(getattr(kind, attribute)), attribute


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_documented_as_a_sentence_of_its_own(name: str) -> None:
    documentation = inspect.getdoc(getattr(HashTable, name))
    assert documentation
    # The signature is cut off, and the first line is a whole sentence.
    assert not documentation.startswith(name)
    assert re.match(r"[A-Z].*[.:;]$", documentation.split("\n")[0])
    assert all(len(line) <= 90 for line in documentation.split("\n"))


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_an_attribute_is_documented(name: str) -> None:
    attribute = vars(HashTable)[name]
    assert isinstance(attribute, types.GetSetDescriptorType)
    assert re.match(r"[A-Z].*\.$", attribute.__doc__ or "")
    with pytest.raises(AttributeError, match="not writable"):
        setattr(HashTable(), name, 5)
    with pytest.raises((AttributeError, TypeError)):
        delattr(HashTable(), name)


@pytest.mark.parametrize(
    ("name", "signature"),
    [
        ("set", "(self, key, value, /)"),
        ("get", "(self, key, default=None, /)"),
        ("setdefault", "(self, key, default=None, /)"),
        ("pop", "(self, key, default=Ellipsis, /)"),
        ("popitem", "(self, /)"),
        ("update", "(self, other=(), /, **kwargs)"),
        ("clear", "(self, /)"),
        ("copy", "(self, /)"),
        ("fromkeys", "(iterable, value=None, /)"),
        ("keys", "(self, /)"),
        ("values", "(self, /)"),
        ("items", "(self, /)"),
        ("bins", "(self, /)"),
        ("bin_of", "(self, key, /)"),
        ("stats", "(self, /)"),
        ("picture", "(self, max_bins=None, /)"),
        ("__reversed__", "(self, /)"),
        ("__sizeof__", "(self, /)"),
        ("__getitem__", "(self, key, /)"),
        ("__setitem__", "(self, key, value, /)"),
        ("__delitem__", "(self, key, /)"),
        ("__contains__", "(self, key, /)"),
        ("__len__", "(self, /)"),
        ("__iter__", "(self, /)"),
        ("__eq__", "(self, value, /)"),
        ("__or__", "(self, value, /)"),
        ("__ior__", "(self, value, /)"),
    ],
)
def test_a_signature_can_be_read(name: str, signature: str) -> None:
    assert str(inspect.signature(getattr(HashTable, name))) == signature


def test_the_signature_of_the_constructor_can_be_read() -> None:
    signature = inspect.signature(HashTable)
    assert list(signature.parameters) == ["size", "max_load", "hash_func", "items"]
    parameters = signature.parameters.values()
    assert [parameter.kind.name for parameter in parameters] == [
        "POSITIONAL_OR_KEYWORD",
        "POSITIONAL_OR_KEYWORD",
        "POSITIONAL_OR_KEYWORD",
        "KEYWORD_ONLY",
    ]
    assert (signature.parameters["size"].default, signature.parameters["max_load"].default) == (4, 0.5)
    assert all(parameter.default is not parameter.empty for parameter in parameters)
    # What it says can be called so.
    signature.bind(4, 0.5, hash, items={})
    signature.bind()
    with pytest.raises(TypeError):
        signature.bind(4, 0.5, hash, {})


def test_views_and_iterators_have_signatures_too() -> None:
    for name in ("keys", "items"):
        assert str(inspect.signature(CLASSES[name].isdisjoint)) == "(self, other, /)"
        assert str(inspect.signature(CLASSES[name].__reversed__)) == "(self, /)"
    assert str(inspect.signature(CLASSES["iterator"].__length_hint__)) == "(self, /)"


@pytest.mark.parametrize("name", ["hashtable", *CLASSES])
def test_help_can_be_read(name: str) -> None:
    thing = hashtable if name == "hashtable" else CLASSES[name]
    text = pydoc.plain(pydoc.render_doc(thing))
    assert "hashtable" in text
    if name in ("hashtable", "HashTable"):
        for method in METHODS:
            assert f"{method}(" in text
        for attribute in ATTRIBUTES:
            assert attribute in text
        assert "items" in text


@pytest.mark.parametrize("name", METHODS)
def test_help_of_a_method_can_be_read(name: str) -> None:
    text = pydoc.plain(pydoc.render_doc(getattr(HashTable, name)))
    assert f"{name}(" in text
    assert f"{name}(" in pydoc.plain(pydoc.render_doc(getattr(HashTable(), name)))


def test_what_is_documented_of_the_constructor_is_true() -> None:
    documentation = inspect.getdoc(HashTable) or ""
    for parameter in inspect.signature(HashTable).parameters:
        assert re.search(rf"\b{parameter}\b", documentation), parameter


def test_a_name_in_an_error_is_the_full_one() -> None:
    for thing in (HashTable(), HashTable().keys(), iter(HashTable())):
        with pytest.raises(AttributeError, match=re.escape(f"'hashtable.{type(thing).__name__}' object")):
            _ = thing.colour
    if sys.version_info >= (3, 10):
        with pytest.raises(TypeError, match=re.escape("immutable type 'hashtable.HashTable'")):
            HashTable.colour = 1
