"""The stubs of the module, read as Python: the signature of each name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from machinery.pages import ROOT

STUB = ROOT / "hashtable-stubs" / "__init__.pyi"
Function = ast.FunctionDef
# The views' types, which have other names when the module runs.
VIEWS = {"_Keys": "hashtable_keys", "_Values": "hashtable_values", "_Items": "hashtable_items"}
# What a type variable of an overload may stand for, so that another overload is a case of it.
CASES: tuple[Mapping[str, str], ...] = ({}, {"_T": "_V"}, {"_T": "None"}, {"_K1": "_K", "_V1": "_V"})


class Stubs:
    """`functions`: of the module; `classes`: what each declares; all forms of both. `data`: with types."""

    def __init__(self, text: str) -> None:
        tree = ast.parse(text)
        self.functions: dict[str, list[Function]] = {}
        self.classes: dict[str, dict[str, list[Function]]] = {}
        self.bases: dict[str, list[str]] = {}
        self.data: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        for node in tree.body:
            if isinstance(node, Function):
                self.functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ClassDef):
                self.classes[node.name] = declared(node)
                self.bases[node.name] = [ast.unparse(base).partition("[")[0] for base in node.bases]
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                if node.value is None:
                    self.data[node.target.id] = ast.unparse(node.annotation)
                else:
                    self.aliases[node.target.id] = ast.unparse(node.value)

    def signatures(self, forms: list[Function], *, method: bool) -> list[str]:
        """What stands behind the name, once for each form that is no case of another."""
        kept = distinct([own_terms(form) if method else form for form in forms])
        return [self.readable(form, method) for form in kept]

    def readable(self, form: Function, method: bool) -> str:
        arguments = copied(form).args
        is_static = any(ast.unparse(it) == "staticmethod" for it in form.decorator_list)
        if method and not is_static:
            (arguments.posonlyargs or arguments.args).pop(0)
        result = ast.unparse(form.returns) if form.returns else "None"
        return self.plain(f"({ast.unparse(arguments)}) -> {result}")

    def plain(self, text: str) -> str:
        """Without what is the stub's own affair: names that nobody can import."""
        for name, meaning in self.aliases.items():
            text = re.sub(rf"\b{name}\b", meaning, text)
        for name, runtime in VIEWS.items():
            text = re.sub(rf"\b{name}\b", runtime, text)
        return re.sub(r"\b_([A-Z]\w*?)(?:_co)?\b", r"\1", text)


def declared(node: ast.ClassDef) -> dict[str, list[Function]]:
    found: dict[str, list[Function]] = {}
    for each in node.body:
        if isinstance(each, Function):
            found.setdefault(each.name, []).append(each)
    return found


def is_attribute(forms: list[Function]) -> bool:
    return any(ast.unparse(it) == "property" for it in forms[0].decorator_list)


def copied(form: Function) -> Function:
    (copy,) = ast.parse(ast.unparse(form)).body
    assert isinstance(copy, Function)
    return copy


def own_terms(form: Function) -> Function:
    """A method whose `self` is said to be of a certain kind, in the terms of any: where self is a
    `HashTable[_K, _T | None]`, `_V` is `_T | None`."""
    copy = copied(form)
    first = next(iter([*copy.args.posonlyargs, *copy.args.args]), None)
    said = first and first.annotation
    if not (isinstance(said, ast.Subscript) and isinstance(said.slice, ast.Tuple)):
        return copy
    assert first is not None
    first.annotation = None
    text = ast.unparse(copy)
    for name, kind in zip(("_K", "_V"), said.slice.elts):
        text = text.replace(ast.unparse(kind), name) if not isinstance(kind, ast.Name) else text
    (copy,) = ast.parse(text).body
    assert isinstance(copy, Function)
    return copy


Shape = list[tuple[str, str, str]]


def shape(form: Function, case: Mapping[str, str]) -> tuple[Shape, str]:
    """The parameters, each with its kind and its type, and what comes back, where variables are what `case`
    says."""

    def said(annotation: ast.expr | None) -> str:
        text = ast.unparse(annotation) if annotation else ""
        for name, meaning in case.items():
            text = re.sub(rf"\b{name}\b", meaning, text)
        # `V | V` is `V`.
        return re.sub(r"\b(\w+) \| \1\b", r"\1", text)

    arguments = form.args
    kinds = [("positional", arguments.posonlyargs), ("any", arguments.args), ("named", arguments.kwonlyargs)]
    parameters = [(it.arg, kind, said(it.annotation)) for kind, those in kinds for it in those]
    return parameters, said(form.returns)


def is_case(form: Function, other: Function) -> bool:
    """Whether `other` says all that `form` does: the same, or that with one parameter more."""
    ours, our_result = shape(form, {})
    for case in CASES:
        theirs, their_result = shape(other, case)
        if their_result == our_result and theirs[: len(ours)] == ours and len(theirs) - len(ours) in (0, 1):
            return True
    return False


def distinct(forms: list[Function]) -> list[Function]:
    kept = [copied(form) for form in forms]
    for form in list(kept):
        general = next((it for it in kept if it is not form and is_case(form, it)), None)
        if general is not None:
            kept.remove(form)
            inherit_default(form, general)
    return kept


def inherit_default(form: Function, general: Function) -> None:
    """What may be left out in the one form may be left out in the other."""
    ours, theirs = (list(parameters(it)) for it in (form, general))
    if len(ours) < len(theirs):
        default: ast.expr | None = ast.Constant(...)
    else:
        default = ours[-1][1] if ours else None
    name, already = theirs[-1] if theirs else ("", None)
    if default is None or already is not None:
        return
    if general.args.kwonlyargs and general.args.kwonlyargs[-1].arg == name:
        general.args.kw_defaults[-1] = default
    else:
        general.args.defaults.append(default)


def parameters(form: Function) -> Iterator[tuple[str, ast.expr | None]]:
    """Each parameter, and its default."""
    positional = [*form.args.posonlyargs, *form.args.args]
    without = len(positional) - len(form.args.defaults)
    for index, each in enumerate(positional):
        yield each.arg, form.args.defaults[index - without] if index >= without else None
    yield from ((each.arg, default) for each, default in zip(form.args.kwonlyargs, form.args.kw_defaults))


def read() -> Stubs:
    return Stubs(STUB.read_text(encoding="utf-8"))
