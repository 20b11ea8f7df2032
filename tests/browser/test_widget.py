"""The explorer in a notebook: the page's own file, in a cell of a page that is none of ours, and the widget
itself. What lies between the two is not of this project: here the test carries their messages."""

from __future__ import annotations

import asyncio
import base64
import json
import time
import zlib
from typing import Any
from urllib.parse import urljoin

import hashtable
import pytest
from page import Page
from selenium.webdriver import Keys
from selenium.webdriver.remote.webelement import WebElement

from hashtable_lab.explore.widget import Explorer, source

# A notebook, as far as a widget knows: a page with a style and shortcuts of its own, and a model.
NOTEBOOK = """
const [state, theme, done] = arguments;
document.body.dataset.jpThemeLight = String(theme === "light");
document.head.append(Object.assign(document.createElement("style"), {
  textContent: "button { background: rgb(255, 0, 0) !important } section { display: none }" }));
window.pressed = [];
document.addEventListener("keydown", ({ key }) => window.pressed.push(key));
const heard = new Map();
window.model = {
  state, sent: [],
  get(name) { return this.state[name]; },
  set(name, value) { this.state[name] = value; },
  save_changes() { this.sent.push({ state: { program: this.state.program } }); },
  send(content) { this.sent.push(content); },
  on(name, call) { heard.set(name, [...(heard.get(name) ?? []), call]); },
  off(name, call) { heard.set(name, (heard.get(name) ?? []).filter((each) => each !== call)); },
  tell(name, ...told) { for (const call of heard.get(name) ?? []) call(...told); },
};
const cell = document.createElement("div");
document.body.append(cell);
import("/app.js").then(({ default: { render } }) => {
  window.gone = render({ model, el: cell });
  window.shadow = cell.firstChild.shadowRoot;
  done();
});
"""
ARRIVE = """
const [content, letters] = arguments;
const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
model.tell("msg:custom", content, [new DataView(bytes.buffer)]);
"""


def own(hash_me: object) -> int:
    return len(str(hash_me)) % 3


class Cell:
    """A cell that shows an explorer."""

    def __init__(self, page: Page, explorer: Explorer, theme: str = "light") -> None:
        self.page = page
        self.explorer = explorer
        self.arrived: list[tuple[dict[str, Any], list[bytes]]] = []
        explorer.send = lambda content, buffers=None: self.arrived.append((content, buffers or []))
        # Any address of the server's own that is not the page: app.js may be loaded from there.
        page.browser.get(urljoin(page.address, "/page.js"))
        state = {"_about": explorer._about, "program": explorer.program}
        page.browser.execute_async_script(NOTEBOOK, state, theme)

    def carry(self) -> None:
        """What the page has sent to the widget, and what that answers to the page."""
        for content in self.page.script("return model.sent.splice(0)"):
            if "state" in content:
                self.explorer.set_trait("program", content["state"]["program"])
            else:
                self.explorer._handle_custom_msg(content, [])
        for content, (reply,) in self.arrived:
            self.page.script(ARRIVE, content, base64.b64encode(reply).decode())
        self.arrived.clear()

    def settle(self) -> None:
        def settled() -> bool:
            self.carry()
            return self.one("#seen").get_attribute("aria-busy") == "false"

        self.page.until(settled)
        self.carry()

    def one(self, selector: str) -> WebElement:
        return self.page.script("return shadow.querySelector(arguments[0])", selector)

    def text(self, selector: str) -> str:
        return str(self.one(selector).get_property("textContent"))

    def bins(self) -> list[list[str]]:
        return list(
            self.page.script(
                "return [...shadow.querySelectorAll('.bins > li')].map("
                "(row) => [...row.querySelectorAll('.entry')].map((entry) => entry.textContent))"
            )
        )


@pytest.fixture
def cell(page: Page) -> Cell:
    cell = Cell(page, Explorer(own, size=4, max_load=None))
    cell.settle()
    return cell


def test_it_shows_what_the_notebooks_function_does(cell: Cell) -> None:
    table: hashtable.HashTable[str, int] = hashtable.HashTable(4, None, own)
    for key in ("spam", "eggs", "bacon"):
        table.set(key, 1)
    assert cell.bins() == [[repr(key) for key in chain] for chain in table.bins()]
    assert "3 entries" in cell.text(".summary")
    assert "calls function own" in cell.text("#lanes")


def test_a_function_is_typed_and_the_widget_knows_the_program(cell: Cell) -> None:
    cell.page.script("arguments[0].focus()", cell.one(".cm-content"))
    cell.page.chord(Keys.CONTROL, "a")
    cell.page.keys("def hash_func(key):\nreturn 3")
    cell.settle()
    assert cell.bins()[3] == ["'spam'", "'eggs'", "'bacon'"]
    assert cell.explorer.program["code"] == "def hash_func(key):\n    return 3"
    # None of these keys was a shortcut of the notebook's.
    assert cell.page.script("return pressed") == []
    assert cell.one("div.cm-editor").value_of_css_property("display") == "flex"


def test_a_view_that_is_closed_stops_what_it_has_begun(cell: Cell) -> None:
    cell.page.script("arguments[0].focus()", cell.one(".cm-content"))
    cell.page.keys("#")
    cell.page.until(lambda: cell.page.script("return model.sent.length"))
    (asked,) = cell.page.script("gone(); return model.sent.splice(0, 1)")
    assert cell.page.script("return model.sent") == [{"id": asked["id"], "stop": True}]
    # Nor does it hear of another program.
    cell.page.script("model.state.program = {...model.state.program, size: 3}; model.tell('change:program')")
    assert len(cell.bins()) == 4


def test_what_is_refused_is_told_and_is_not_the_widgets_program(cell: Cell) -> None:
    before = cell.explorer.program
    size = cell.one("#size")
    size.send_keys(Keys.CONTROL, "a")
    size.send_keys("0")
    cell.settle()
    assert cell.text("#table-error")
    assert cell.explorer.program == before


def test_a_program_that_is_set_in_python_is_shown(cell: Cell) -> None:
    program = {**cell.explorer.program, "operations": [["set", "'ham'", "1"]], "watch": "'ham'"}
    cell.explorer.program = program
    cell.page.script("model.state.program = arguments[0]; model.tell('change:program')", program)
    cell.settle()
    assert [chain for chain in cell.bins() if chain] == [["'ham'"]]
    assert cell.one("#watched").get_property("value") == "'ham'"
    # The echo of what was set is no other program: nothing runs again.
    cell.page.script("model.tell('change:program')")
    assert cell.page.script("return model.sent") == []


def test_its_style_stays_inside_and_the_notebooks_outside(cell: Cell) -> None:
    assert cell.one("#share").value_of_css_property("background-color") != "rgba(255, 0, 0, 1)"
    assert cell.one("#seen").is_displayed()
    assert cell.page.script("return getComputedStyle(document.body).maxWidth") == "none"
    # A notebook's address is not ours to change, nor to be shared.
    assert cell.page.script("return location.hash") == ""
    assert cell.page.script("return shadow.querySelector('#link')") is None


def test_it_follows_the_notebooks_theme(page: Page) -> None:
    cell = Cell(page, Explorer(hash), "dark")
    cell.settle()
    host = "return shadow.host.dataset.theme"
    assert page.script(host) == "dark"
    page.script("document.body.dataset.jpThemeLight = 'true'")
    page.until(lambda: page.script(host) == "light")


def test_an_endless_function_is_stopped_when_nobody_waits_any_more(cell: Cell) -> None:
    """With a loop that runs, as in a kernel."""

    async def scene() -> float:
        cell.explorer._handle_custom_msg({"id": "71", "program": endless}, [])
        await asyncio.sleep(0.5)
        began = time.monotonic()
        cell.explorer._handle_custom_msg({"id": "71", "stop": True}, [])
        while not cell.arrived:
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    endless = {**cell.explorer.program, "code": "def hash_func(key):\n    while True: pass\n"}
    # Far less than it may take by itself.
    assert asyncio.run(scene()) < 3
    ((content, (reply,)),) = cell.arrived
    assert (content["id"], content["status"]) == ("71", 503)
    assert json.loads(zlib.decompress(reply))["error"] == "It was stopped."
    # A stop of what has ended, or never was, is nothing.
    cell.explorer._handle_custom_msg({"id": "71", "stop": True}, [])


def test_a_large_table_is_a_small_message(cell: Cell) -> None:
    program = {**cell.explorer.program, "code": "hash_func = hash", "size": 4, "max_load": 0.75}
    cell.explorer._handle_custom_msg(
        {"id": "1", "program": {**program, "operations": [["fill", "random", 50_000]]}}, []
    )
    ((content, (reply,)),) = cell.arrived
    cell.arrived.clear()
    assert content == {"id": "1", "status": 200}
    assert len(reply) < 200_000


@pytest.mark.parametrize(
    ("hash_func", "code"),
    [
        (hash, "hash_func = hash\n"),
        (hashtable.fnv1a_hash, "from hashtable import fnv1a_hash as hash_func\n"),
        ("hash_func = len", "hash_func = len"),
        (own, "def own(hash_me: object) -> int:\n    return len(str(hash_me)) % 3\n\n\nhash_func = own\n"),
    ],
)
def test_the_source_of_a_function(hash_func: Any, code: str) -> None:
    assert source(hash_func) == code
    assert Explorer(hash_func).program["code"] == code


@pytest.mark.parametrize("hash_func", [lambda key: 1, len, hashtable.SipHash(), 7])
def test_a_function_without_a_source_is_told(hash_func: Any) -> None:
    with pytest.raises(ValueError, match="no source to be had"):
        Explorer(hash_func)


@pytest.mark.parametrize(
    "wrong",
    [{"size": 0}, {"max_load": 7}, {"specimen": "none such"}, {"watch": "'ham'"}, {"operations": [["fly"]]}],
)
def test_what_is_no_program_is_a_value_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Explorer(hash, **wrong)
