"""What one does with the page: types, scrubs, resizes, crashes, goes on, shares, takes a tour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from page import Page, link, program
from selenium.webdriver import ActionChains, Keys

TOURS = {"collision": 6, "resize": 4, "crash": 3, "leak": 3}
SPAM, EGGS, BACON = ["set", "'spam'", "1"], ["set", "'eggs'", "2"], ["set", "'bacon'", "3"]


def test_a_function_is_typed_and_the_chain_grows(page: Page) -> None:
    page.open(program(SPAM, EGGS, BACON, max_load=None))
    assert [bin for bin in page.bins() if bin] == [["'spam'", "'eggs'"], ["'bacon'"]]
    page.code("def hash_func(key):\nreturn 3")
    page.settle()
    assert page.bins()[3] == ["'spam'", "'eggs'", "'bacon'"]
    assert "longest chain 3" in page.text(".summary")
    assert page.one("#preset").get_property("value") == "own"


def test_a_preset_is_chosen(page: Page) -> None:
    page.open(program(SPAM, EGGS))
    page.choose("#preset", "constant")
    page.settle()
    assert sorted(map(len, page.bins())) == [0] * 7 + [2]
    assert page.one("#preset").get_property("value") == "constant"


def test_a_bad_function_is_told_at_its_line_and_what_ran_last_stays(page: Page) -> None:
    page.open(program(SPAM))
    before = page.bins()
    page.code("def hash_func(key):\nreturn (")
    page.settle()
    assert page.one("#code-error").is_displayed()
    assert "Line" in page.text("#code-error")
    assert len(page.all(".cm-wrong")) == 1
    assert page.bins() == before
    page.code("hash_func = len")
    page.settle()
    assert not page.one("#code-error").is_displayed()
    assert page.all(".cm-wrong") == []


@pytest.mark.parametrize(("field", "text"), [("#size", "0"), ("#size", ""), ("#max-load", "7")])
def test_a_bad_number_is_told_beside_its_field(page: Page, field: str, text: str) -> None:
    page.open(program(SPAM))
    page.fill(field, text)
    page.settle()
    assert page.text("#table-error")
    assert page.one(field).get_attribute("aria-invalid") == "true"


def test_a_key_that_is_no_python_is_told(page: Page) -> None:
    page.open(program(["set", "spam and", "1"]))
    assert page.text("#operations-error")


def test_scrubbing_shows_the_table_as_it_was(page: Page) -> None:
    page.open(program(SPAM, EGGS, ["pop", "'spam'"]))
    _, end = page.moment()
    page.seek(end)
    assert [bin for bin in page.bins() if bin] == [["'eggs'"]]
    seen = []
    for number in range(end, -1, -1):
        page.seek(number)
        entries = sorted(key for bin in page.bins() for key in bin)
        if not seen or seen[-1] != entries:
            seen.append(entries)
        here = page.all(".events [aria-current]")
        assert len(here) <= 1
    assert seen == [["'eggs'"], ["'eggs'", "'spam'"], ["'spam'"], []]
    page.seek(end)
    assert [bin for bin in page.bins() if bin] == [["'eggs'"]]


def test_the_events_are_in_three_lanes_and_one_is_now(page: Page) -> None:
    page.open(program(SPAM, EGGS))
    page.click("#first")
    for _ in range(page.moment()[1]):
        page.click("#on")
    assert page.moment()[0] == page.moment()[1]
    for layer in ("python", "module", "table"):
        assert page.all(f".events .{layer}")
    row = next(row for row in page.all(".events .table") if "end of bin" in row.text)
    page.script("arguments[0].click()", row)
    assert row.get_attribute("aria-current") == "step"
    # The bin that the event is about is marked.
    assert page.one(".bins [data-now]").get_attribute("data-bin") == "4"


def test_playing_goes_to_the_end_and_stops(page: Page) -> None:
    page.open(program(SPAM, EGGS))
    page.choose("#speed", "400")
    page.click("#play")
    page.until(lambda: page.moment()[0] == page.moment()[1] and page.text("#play") == "Play")
    page.choose("#speed", "1")
    page.click("#play")
    assert page.text("#play") == "Pause"
    page.click("#play")
    assert page.text("#play") == "Play"
    assert page.moment()[0] < page.moment()[1]


def test_a_table_is_resized_by_its_load_and_by_hand(page: Page) -> None:
    page.open(program(SPAM, EGGS, BACON, size=4))
    page.fill("#key", "'rust'")
    page.click("#add")
    page.settle()
    assert page.operations()[-1] == "set('rust', 1)"
    assert page.text(".summary").startswith("8 bins, 4 entries")
    assert page.all(".mark.resized")
    page.click("#first")
    assert len(page.bins()) == 4
    page.fill("#size", "100")
    page.settle()
    page.seek(page.moment()[1])
    assert page.text(".summary").startswith("100 bins")
    assert len(page.shades()) == 100


def test_a_specimen_crashes_and_one_goes_on(page: Page) -> None:
    page.open(program(SPAM, ["get", "'spam'"]))
    page.choose("#specimen", "segfault")
    page.settle()
    assert page.one(".message").get_attribute("data-how") == "died"
    assert "src/python/methods.rs:" in page.text(".verdict")
    assert page.all(".diff .removed")
    assert page.all(".diff .added")
    without, mended = page.all(".go-on")
    assert without.text == "Go on without get('spam')"
    mended.click()
    page.settle()
    assert page.all(".message") == []
    assert page.one("#specimen").get_property("value") == ""
    assert page.text(".result") == "get('spam') returns 1"
    # The button is gone; what has the focus is told where one is.
    assert page.browser.switch_to.active_element.get_attribute("id") == "picture-heading"


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("def hash_func(key):\n    while True:\n        pass\n", "timeout"),
        ("import os\n\ndef hash_func(key):\n    os._exit(7)\n", "died"),
        ("import ctypes\n\ndef hash_func(key):\n    ctypes.string_at(0)\n", "died"),
        ("def hash_func(key):\n    return len([0] * 10 ** 12)\n", "memory"),
    ],
)
def test_whatever_ends_the_child_is_told_in_words_and_one_goes_on(page: Page, code: str, how: str) -> None:
    page.open(program(SPAM, EGGS, code=code))
    message = page.one(".message")
    assert message.get_attribute("data-how") == how
    assert len(message.find_elements("css selector", "p")[0].text) > 10
    assert page.all(".go-on")[0].text.startswith("Go on without set('")
    page.code("hash_func = len")
    page.settle()
    assert page.all(".message") == []
    assert len(page.bins()[4]) == 2


@pytest.mark.parametrize("code", ["import os\nos._exit(3)\n", "while True:\n    pass\n", "1 / 0\n"])
def test_code_that_ends_before_there_is_a_table_is_told(page: Page, code: str) -> None:
    page.open(program(SPAM, code=code))
    if page.all(".message"):
        assert not page.one("#picture").is_displayed()
        page.click(".go-on")
    else:
        assert "ZeroDivisionError" in page.text("#code-error")
        page.code("hash_func = hash")
    page.settle()
    assert page.one("#picture").is_displayed()
    assert sum(map(len, page.bins())) == 1
    assert page.all(".message") == []


def test_an_exception_is_the_result_of_its_operation(page: Page) -> None:
    page.open(program(SPAM, ["pop", "'nothing'"]))
    assert "raises KeyError" in page.text(".result")
    assert [row.get_attribute("data-raised") is not None for row in page.all(".operations li")] == [
        False,
        True,
    ]


def test_a_link_has_the_whole_program(page: Page) -> None:
    operations = [SPAM, ["fill", "random", 7], ["pop", "'spam'"], ["clear"], ["new"], ["list"]]
    sent = program(*operations, code="# é 🐍\nhash_func = hash\n", size=16, max_load=None)
    page.open(sent)
    written = page.operations()
    page.click("#share")
    page.until(lambda: "#p=" in page.one("#link").get_property("value"))
    shared = page.one("#link").get_property("value")
    assert "token" not in shared
    assert page.browser.current_url == shared
    page.open()
    assert page.operations() != written
    page.click("#share")
    page.fill("#theirs", shared)
    page.keys(Keys.ENTER)
    page.until(lambda: page.operations() == written)
    page.settle()
    assert page.one("#size").get_property("value") == "16"
    assert page.one("#max-load").get_property("value") == ""
    assert "🐍" in page.text(".cm-content")


def test_a_reloaded_page_is_the_same(page: Page) -> None:
    page.open(program(EGGS, BACON))
    page.until(lambda: "#p=" in page.browser.current_url)
    assert "token" not in page.browser.current_url
    page.browser.refresh()
    page.settle()
    assert page.operations() == ["set('eggs', 2)", "set('bacon', 3)"]


def test_a_file_has_the_whole_program(page: Page, tmp_path: Path) -> None:
    page.open(program(SPAM, size=32))
    where = {"behavior": "allow", "downloadPath": str(tmp_path)}
    page.browser.execute_cdp_cmd("Browser.setDownloadBehavior", where)
    page.click("#share")
    page.click("#download")
    file = tmp_path / "hashtable-program.json"
    page.until(file.exists)
    assert json.loads(file.read_text(encoding="utf-8")) == program(SPAM, size=32)
    page.open()
    page.click("#share")
    page.one("#file").send_keys(str(file))
    page.until(lambda: page.operations() == ["set('spam', 1)"])
    page.settle()
    assert len(page.bins()) == 32


@pytest.mark.parametrize(
    "bad",
    [
        "#p=AAAA",
        link({"code": 7}),
        link(program(["eval", "1"])),
        link(program(SPAM, code="x" * 5_000_000)),
        link(program(SPAM))[:-6],
    ],
)
def test_a_bad_link_is_told_and_the_page_works(page: Page, bad: str) -> None:
    page.browser.get("about:blank")
    page.browser.get(page.address + bad)
    page.settle()
    assert page.one("#shared").text
    assert page.bins()


def test_a_bad_file_is_told(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text("{", encoding="utf-8")
    page.open()
    before = page.operations()
    page.click("#share")
    page.one("#file").send_keys(str(file))
    page.until(lambda: page.text("#shared"))
    assert page.operations() == before


@pytest.mark.parametrize("name", list(TOURS))
def test_a_tour_loads_what_it_speaks_of(page: Page, name: str) -> None:
    page.open()
    page.click(f"#tour-{name}")
    for number in range(1, TOURS[name] + 1):
        page.settle()
        assert page.text("#tour-title").endswith(f"{number} of {TOURS[name]}")
        assert len(page.text("#tour p")) > 40
        looked = page.one("[data-look]")
        assert [each.text for each in page.all(".error") if each.is_displayed()] == []
        if looked.get_attribute("id") == "message":
            assert looked.text
        elif looked.get_attribute("id") == "chart":
            assert page.all(".chart .line.hash_func")
        page.click("#tour-where")
        assert looked.is_displayed()
        if number < TOURS[name]:
            page.click("#tour-next")
    assert page.one("#tour-next").get_attribute("disabled")
    page.click("#tour-leave")
    assert not page.one("#tour").is_displayed()
    assert page.browser.switch_to.active_element.get_attribute("id") == f"tour-{name}"


def test_the_leak_climbs_in_the_chart(page: Page) -> None:
    page.open()
    page.click("#tour-leak")
    page.settle()
    counts = []
    for specimen in ("", "leak"):
        page.choose("#specimen", specimen)
        page.settle()
        page.click("#first")
        first = int(page.text(".series .hash_func b"))
        page.click("#last")
        counts.append(int(page.text(".series .hash_func b")) - first)
    assert counts[0] == 0
    assert counts[1] == 3


def test_keyboard_alone_writes_moves_removes_and_plays(page: Page) -> None:
    page.open(program(SPAM, EGGS, BACON))
    page.script("document.querySelector('.operations').focus()")
    page.keys(Keys.HOME)
    assert page.one(".operations [aria-selected=true]").text.endswith("set('spam', 1)")
    page.chord(Keys.ALT, Keys.ARROW_DOWN)
    page.settle()
    assert page.operations() == ["set('eggs', 2)", "set('spam', 1)", "set('bacon', 3)"]
    page.keys(Keys.ARROW_DOWN, Keys.DELETE)
    page.settle()
    assert page.operations() == ["set('eggs', 2)", "set('spam', 1)"]
    page.keys(Keys.ENTER)
    assert page.browser.switch_to.active_element.get_attribute("id") == "key"
    page.chord(Keys.CONTROL, "a")
    page.keys("'ham'", Keys.ENTER)
    page.settle()
    assert page.operations()[-1] == "set('ham', 1)"
    page.script("document.querySelector('#scrub').focus()")
    page.keys(Keys.HOME)
    assert page.moment()[0] == 0
    page.keys(Keys.ARROW_RIGHT, Keys.PAGE_DOWN, Keys.PAGE_DOWN)
    assert "operation 1" in page.one("#scrub").get_attribute("aria-valuetext")
    page.keys(Keys.END)
    assert page.moment()[0] == page.moment()[1]
    page.script("document.querySelector('.events').focus()")
    page.keys(Keys.ARROW_UP)
    assert page.moment()[0] == page.moment()[1] - 1


@pytest.mark.parametrize("width", [390, 1280])
def test_tab_goes_through_all_of_the_page_and_one_sees_where(page: Page, width: int) -> None:
    page.look(width, 844)
    page.open(program(SPAM, size=100))
    seen = []
    for _ in range(80):
        page.keys(Keys.TAB)
        found = page.script(
            """const here = document.activeElement;
            if (here === document.body) return null;
            const box = here.closest('.cm-editor') ?? here;
            const style = getComputedStyle(box);
            const { bottom, top, left, width } = here.getBoundingClientRect();
            const middle = (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2;
            const inSight = box.contains(document.elementFromPoint(left + width / 2, middle));
            const name = here.id || here.className || here.tagName;
            return [name, parseFloat(style.outlineWidth), style.outlineStyle, inSight]"""
        )
        if found is None:
            break
        assert found[1] >= 2, found
        assert found[2] != "none", found
        assert found[3], found
        seen.append(found[0])
    else:
        raise AssertionError(f"no end: {seen}")
    assert len(seen) == len(set(seen))
    for name in ("share", "theme", "preset", "size", "add", "nearer", "play", "scrub", "events"):
        assert name in seen


def test_the_map_is_moved_by_keyboard(page: Page) -> None:
    page.open(program(["fill", "sequential", 300], size=512, max_load=None, code="hash_func = hash\n"))
    page.script("document.querySelector('canvas').focus()")
    page.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    canvas = page.one("canvas")
    assert canvas.get_attribute("aria-valuenow") == "2"
    assert canvas.get_attribute("aria-valuetext") == "bin 2: 1 entry: 2"
    assert page.text(".details") == "bin 2: 1 entry: 2"
    page.shades()
    before = float(canvas.get_attribute("data-cell"))
    page.keys("+", "+", Keys.END)
    page.shades()
    assert float(canvas.get_attribute("data-cell")) > before
    assert canvas.get_attribute("aria-valuetext") == "bin 511: empty"
    page.keys("0")
    page.shades()
    assert float(canvas.get_attribute("data-cell")) == before


def test_a_bin_of_the_map_is_told_where_one_points(page: Page) -> None:
    page.open(program(["fill", "sequential", 300], size=512, max_load=None, code="hash_func = hash\n"))
    page.shades()
    canvas = page.one("canvas")
    page.script("arguments[0].scrollIntoView({ block: 'center' })", canvas)
    columns, cell, x, y = (
        float(canvas.get_attribute(f"data-{name}")) for name in ("columns", "cell", "x", "y")
    )
    rect = canvas.rect
    row, column = divmod(77, int(columns))
    across, down = x + (column + 0.5) * cell, y + (row + 0.5) * cell
    ActionChains(page.browser).move_to_element_with_offset(
        canvas, int(across - rect["width"] / 2), int(down - rect["height"] / 2)
    ).perform()
    page.until(lambda: page.text(".details") == "bin 77: 1 entry: 77")


def test_it_is_the_default_program_without_a_link(page: Page) -> None:
    page.open()
    assert page.operations()
    assert page.all(".error:not([hidden])") == []
    assert page.one("#preset").get_property("value") == "length"


def test_a_chosen_key_is_followed_from_the_beginning_to_the_end(page: Page) -> None:
    page.open(program(["set", "'a key'", "'a value'"], ["set", "'other'", "'a value'"], ["pop", "'a key'"]))
    assert page.one("#watched").get_property("value") == "each operation's own"
    page.choose("#watched", "'a key'")
    page.settle()
    counts = []
    for _ in range(4):
        counts.append(page.text(".series .key b"))
        page.click("#step-back")
    own, with_other, alone, without = (int(count) if count.isdigit() else count for count in reversed(counts))
    assert (with_other, alone) == (own + 1, own + 1)
    assert without == own
    # Whoever opens the link follows the same key.
    page.browser.refresh()
    page.settle()
    assert page.one("#watched").get_property("value") == "'a key'"
    # And when no operation names it any more, each operation's own.
    page.click("#clear")
    page.settle()
    assert page.one("#watched").get_property("value") == "each operation's own"
    assert not page.one("#code-error").is_displayed()


def test_within_a_fill_keys_come_one_by_one_and_go_again(page: Page) -> None:
    page.open(program(["fill", "sequential", 5], code="hash_func = hash", size=4))
    seen = []
    _, last = page.moment()
    for number in [*range(last + 1), *range(last, -1, -1)]:
        page.seek(number)
        bins = page.bins()
        if not seen or seen[-1] != bins:
            seen.append(bins)
    small: Any = [[["0"] * (n > 0), ["1"] * (n > 1), ["2"] * (n > 2), []] for n in range(4)]
    large = [[["0"], ["1"], ["2"], ["3"], ["4"] * (n > 4), [], [], []] for n in (4, 5)]
    states = [*small, *large]
    assert seen == [*states, *states[-2::-1]]


@pytest.mark.parametrize("specimen", ["cycle", "error", "reentry"])
def test_a_specimen_that_is_not_reached_offers_a_program_that_reaches_it(page: Page, specimen: str) -> None:
    page.open(program(["get", "'spam'"]))
    page.choose("#specimen", specimen)
    page.settle()
    assert page.one(".message").get_attribute("data-how") == "not-reached"
    assert "does not come by the broken line" in page.text(".message")
    page.click(".go-on")
    page.settle()
    assert page.text(".verdict")
    assert page.one("#specimen").get_property("value") == specimen
