"""The reference is complete, and says so if it is not: a name without words, a call that nobody explained."""

from __future__ import annotations

import ast
import re
from types import ModuleType

import click
import pytest
from machinery import c_api, header, lab_help, markdown, ownership, python_api, stubs
from machinery.calls import BORROWED, GROUPS, NEW, NO_REFERENCE, Call, Group
from machinery.generated import GENERATED
from machinery.pages import DOCS
from machinery.rules import rules
from machinery.sources import imported

STUB = stubs.STUB.read_text(encoding="utf-8")
HEADER = header.HEADER.read_text(encoding="utf-8")
CALLS = {name: call for group in GROUPS for name, call in group.calls.items()}


def everything(prefix: str) -> str:
    return "\n\n".join(make() for name, make in GENERATED.items() if name.partition(".")[0] == prefix)


def test_each_part_that_can_be_made_stands_on_one_page() -> None:
    parts = [python_api.PARTS, c_api.PARTS, ownership.PARTS, lab_help.PARTS, {"rules": rules}]
    places = [
        name
        for page in (DOCS / "reference").glob("*.md")
        for name in re.findall(r"^```\{generated\} (\S+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted(places) == sorted(name for names in parts for name in names)


# ---- Python ----


def copy_of_the_module() -> ModuleType:
    module = imported("hashtable")
    copy = ModuleType("hashtable")
    copy.__dict__.update({name: value for name, value in vars(module).items() if not name.startswith("__")})
    copy.__doc__ = module.__doc__
    return copy


def test_each_public_name_of_the_module_has_an_anchor() -> None:
    module, page = imported("hashtable"), everything("python")
    entries = re.findall(r"^:::+\{py:\w+\} ([\w.]+)", page, re.MULTILINE)
    wanted = {name for name in dir(module) if not name.startswith("_")}
    for name in ("HashTable", "SipHash", "XXH3"):
        own = vars(getattr(module, name))
        wanted |= {f"{name}.{member}" for member in own if not member.startswith("_")}
    wanted |= (
        {f"Stats.{name}" for name in module.Stats.__match_args__}
        if hasattr(module.Stats, "__match_args__")
        else set()
    )
    assert wanted <= set(entries)


def test_a_name_without_a_docstring_or_a_stub_is_an_error() -> None:
    module = copy_of_the_module()
    module.__dict__["lonely"] = lambda: None
    with pytest.raises(python_api.UndocumentedError) as error:
        python_api.Api(module, stubs.Stubs(STUB))
    assert str(error.value).splitlines() == ["lonely has no stub", "lonely has no docstring"]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("    def bins(self) -> list[list[_K]]: ...\n", "", "HashTable.bins has no stub"),
        (
            "    def bins(self)",
            "    def walls(self) -> int: ...\n    def bins(self)",
            "the stubs have HashTable.walls, and the module has not",
        ),
        (
            "def talk_hash",
            "def walk_hash() -> int: ...\ndef talk_hash",
            "the stubs have walk_hash, and the module has not",
        ),
        ("    @property\n    def resizes(self) -> int: ...\n", "", "Stats.resizes has no stub"),
    ],
)
def test_stubs_that_do_not_fit_are_an_error(before: str, after: str, problem: str) -> None:
    assert before in STUB
    with pytest.raises(python_api.UndocumentedError, match=re.escape(problem)):
        python_api.Api(imported("hashtable"), stubs.Stubs(STUB.replace(before, after, 1)))


def test_a_method_that_no_part_of_the_page_shows_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_api, "INSIDE", ("bins",))
    with pytest.raises(python_api.UndocumentedError, match=r"HashTable\.bin_of is in no group"):
        python_api.api()


@pytest.mark.parametrize(
    ("said", "heads"),
    [
        (["self, key: _K) -> _V"], ["(key: K) -> V"]),
        # Some are others with the default left out, or cases of them.
        (
            [
                "self, key: _K, /) -> _V",
                "self, key: _K, d: _V, /) -> _V",
                "self, key: _K, d: _T, /) -> _V | _T",
            ],
            ["(key: K, d: T=..., /) -> V | T"],
        ),
        (
            ["self, other: int = 1, /) -> _V", "self, other: str, /) -> _V"],
            ["(other: int=1, /) -> V", "(other: str, /) -> V"],
        ),
        (["self: HashTable[_K, _T | None], d: None = None, /) -> _T | None"], ["(d: None=None, /) -> V"]),
        (["self, a: int) -> None", "self, a: int, *, b: str) -> None"], ["(a: int, *, b: str=...) -> None"]),
    ],
)
def test_overloads_come_to_as_few_signatures_as_say_the_same(said: list[str], heads: list[str]) -> None:
    forms = ast.parse("".join(f"def f({form}: ...\n" for form in said)).body
    functions = [form for form in forms if isinstance(form, ast.FunctionDef)]
    assert stubs.read().signatures(functions, method=True) == heads


# ---- C ----


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def test_all_that_the_header_declares_has_an_anchor_and_words() -> None:
    page = everything("c")
    bare = without_comments(HEADER)
    functions = set(re.findall(r"\b(ht_\w+)\((?!\*)", bare))
    types = set(re.findall(r"typedef (?:enum|struct|union) (\w+)", bare)) | set(
        re.findall(r"\(\*(ht_\w+)\)", bare)
    )
    macros = set(re.findall(r"^#define (HT_\w+) ", bare, re.MULTILINE))
    enumerators = set(re.findall(r"^    (HT_\w+) = \d+", bare, re.MULTILINE))
    assert min(map(len, (functions, types, macros, enumerators))) > 5
    entries = re.findall(r"^:::+\{c:(\w+)\} (.*)$", page, re.MULTILINE)
    shown: dict[str, set[str]] = {}
    for kind, text in entries:
        pattern = {"function": r"(ht_\w+)\(", "type": r"\(\*(\w+)\)"}.get(kind, r"(\w+)")
        shown.setdefault(kind, set()).update(re.findall(pattern, text)[:1])
    assert shown["function"] == functions
    assert shown["enum"] | shown["struct"] | shown["union"] | shown["type"] == types
    assert shown["macro"] == macros
    assert shown["enumerator"] == enumerators
    for section in header.read().sections:
        assert all(entry.comment for entry in section.entries)


def test_no_word_of_the_header_is_lost() -> None:
    page = everything("c")
    for comment in re.findall(r"/\*(.*?)\*/", HEADER, re.DOTALL):
        words = re.findall(r"[A-Za-z]{4,}", comment.replace("hashtable.h -", ""))
        lost = [word for word in words if word.lower() not in page.lower()]
        assert not lost, comment


@pytest.mark.parametrize(
    ("added", "problem"),
    [
        ("/*\n * Nobody.\n */\n\n/*\n * Nothing.\n */\nint ht_nothing(void);\n", "explains nothing: Nobody"),
        ("/*\n * What?\n */\nextern int ht_counter;\n", "what is this"),
    ],
)
def test_a_header_that_is_not_understood_is_an_error(added: str, problem: str) -> None:
    with pytest.raises(header.UnreadableHeaderError, match=problem):
        header.parse(HEADER.replace("/* ---- Types", added + "\n/* ---- Types", 1))


def test_each_name_of_the_talk_is_explained() -> None:
    text = header.TALK_HEADER.read_text(encoding="utf-8")
    names = set(re.findall(r"^HT_TALK_INLINE .*?(\w+)\(", text, re.MULTILINE))
    names |= set(re.findall(r"^#define (?!HT_)(\w+) ", text, re.MULTILINE))
    assert len(names) > 20
    rows = re.findall(r"^\| `(.*?)` \| \{c:\w+\}`(\w+)` \|$", c_api.talk(), re.MULTILINE)
    shown = {re.search(r"(\w+)(?:\(|$)", there)[1] for there, _ in rows}  # type: ignore[index]
    assert shown == names


# ---- Who owns what ----


def test_each_call_is_explained_and_each_explanation_is_of_a_call() -> None:
    assert set(ownership.places(ownership.sources())) == set(CALLS)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("unsafe { PyList_Append(a, b) };", "PyList_Append is called, and calls.py does not know it"),
        ("let f = Some(PyList_Append);", "PyList_Append is called, and calls.py does not know it"),
        ("let f = PyList_Append;", "PyList_Append is neither called nor a type nor a constant"),
        ("// PyList_Append(a, b)", "PyList_Append is neither called nor a type nor a constant"),
    ],
)
def test_a_call_that_nobody_explained_is_an_error(line: str, problem: str) -> None:
    texts = {**ownership.sources(), "new.rs": f"use pyo3_ffi::{{PyList_Append, PyObject}};\n{line}\n"}
    with pytest.raises(ownership.UnknownCallError, match=problem):
        ownership.ownership(texts)


def test_an_explanation_that_nobody_needs_is_an_error() -> None:
    group = Group("More", "", {"PyList_Append": Call(NO_REFERENCE, "nothing")})
    with pytest.raises(
        ownership.UnknownCallError, match=r"calls\.py knows PyList_Append, and nobody calls it"
    ):
        ownership.ownership(groups=[*GROUPS, group])


def test_it_says_what_the_source_says() -> None:
    rust = "\n".join(re.sub(r"//[^\n]*", "", text) for text in ownership.sources().values())
    new = set(re.findall(r"Owned::assume_new\(\s*(Py\w+)\(", rust))
    borrowed = set(re.findall(r"Borrowed::assume_borrowed\(\s*(Py\w+)\(", rust))
    steals = set(re.findall(r"\b(Py\w+)\([^;{}]*into_stolen\(\)", rust))
    assert len(new) > 15
    assert {name for name in new if CALLS[name].returns != NEW} == set()
    assert len(borrowed) > 5
    assert {name for name in borrowed if CALLS[name].returns != BORROWED} == set()
    assert steals == {name for name, call in CALLS.items() if call.steals}


def test_what_can_run_python_code_stands_behind_the_token() -> None:
    """api.rs says so of itself."""
    functions = re.split(
        r"^pub\(super\) (?=unsafe fn|fn)", ownership.sources()["api.rs"], flags=re.MULTILINE
    )[1:]
    assert len(functions) > 25
    free = set()
    for text in functions:
        head = text.partition("{")[0]
        if "&mut Python" not in head:
            free |= {
                name for name in re.findall(r"\b(Py\w+)\(", text.partition("\n}\n")[0]) if CALLS.get(name)
            }
    assert "PyLong_FromSize_t" in free
    # On an int it is what it says, and so it is called there.
    assert {name for name in free if CALLS[name].runs} == {"PyLong_AsLongLongAndOverflow"}


# ---- The lab, the rules, the words ----


def test_each_command_has_a_heading_and_each_option_words() -> None:
    root = imported("hashtable_lab.cli").htlab
    page = lab_help.lab()
    for path, command, _ in lab_help.commands(root, "htlab"):
        assert command is root or re.search(rf"^##+ {path}$", page, re.MULTILINE)
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert f"`{parameter.opts[0]}" in page


def test_a_command_or_an_option_without_help_is_told() -> None:
    @click.command()
    @click.option("--loud")
    def silent(loud: str) -> None:
        pass

    assert lab_help.undocumented(silent) == ["htlab", "htlab `--loud TEXT`"]


def test_the_rules_are_whole_and_have_no_links_of_rust() -> None:
    text = rules()
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "## Layout",
        "## Rules, and what they cost",
        "## Subtleties",
    ]
    assert not re.search(r"\]\(|\[`", text)


def test_rows_and_code_are_told_from_prose() -> None:
    assert markdown.rows(["size  the bins", "load  the entries,", "      which are less"]) == [
        ("size", "the bins"),
        ("load", "the entries, which are less"),
    ]
    assert markdown.rows(["A sentence.", "size  the bins"]) is None
    assert markdown.is_code(["    x = 1", "", "    y"])
    assert not markdown.is_code(["    x = 1", "y"])
    assert markdown.directive("a", "b", markdown.directive("c", "d")).startswith("::::{a} b\n")
