"""What is typed never gets into the page as HTML; and no haste and no second tab harms it."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from page import Page, link, program
from selenium.webdriver import Keys

EVIL = [
    "<img src=x onerror=document.title='evil'>",
    "<script>document.title='evil'</script>",
    "</li></ol><svg onload=document.title='evil'>",
    "\u202e{{7*7}}${7*7}&lt;b&gt;\u0000",
    "x" * 300,
]


@pytest.mark.parametrize("text", EVIL)
@pytest.mark.parametrize("size", [8, 100])
def test_hostile_text_stays_text(page: Page, text: str, size: int) -> None:
    key = repr(text)
    code = f"# {text[:200]}\ndef hash_func(key):\n    print(key)\n    return 3\n".replace("\0", "")
    page.open(program(["set", key, key], ["get", key], ["pop", json.dumps(text + "!")], code=code, size=size))
    _, end = page.moment()
    for number in range(end + 1):
        page.seek(number)
    if size == 100:
        page.script("document.querySelector('canvas').focus()")
        page.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    page.choose("#specimen", "segfault")
    page.settle()
    assert page.browser.title == "hashtable: explore"
    assert page.all(".explorer img, .explorer script, .explorer svg:not(.chart)") == []
    assert text[:5] in page.operations()[0] or "\\u202e" in page.operations()[0]


def test_what_a_hash_function_raises_stays_text(page: Page) -> None:
    code = "def hash_func(key):\n    raise ValueError(\"<img src=x onerror=document.title='evil'>\")\n"
    page.open(program(["set", "1", "1"], code=code))
    assert "<img src=x" in page.text("body")
    assert page.all(".explorer img") == []
    assert page.browser.title == "hashtable: explore"


def test_of_quick_edits_the_last_one_counts(page: Page) -> None:
    page.open(program(["set", "'spam'", "1"]))
    for size in range(2, 60):
        page.script(
            "const size = document.querySelector('#size'); size.value = arguments[0];"
            "size.dispatchEvent(new Event('input', { bubbles: true }))",
            size,
        )
    page.settle()
    assert len(page.bins()) == 59
    asked = page.script(
        "return performance.getEntriesByType('resource').filter(({name}) => name.endsWith('run')).length"
    )
    assert asked < 12


def test_a_slow_program_does_not_hold_up_the_next(page: Page) -> None:
    page.open(program(["set", "'spam'", "1"]))
    page.code("import time\ndef hash_func(key):\ntime.sleep(4)\nreturn 1")
    page.until(lambda: page.text("#running") == "running…")
    page.code("hash_func = len")
    page.until(lambda: page.one("#seen").get_attribute("aria-busy") == "false", seconds=3.5)
    assert page.bins()[4] == ["'spam'"]
    assert page.all(".message") == []


def test_ten_thousand_quick_events_are_survived(page: Page) -> None:
    page.open(program(["set", "'spam'", "1"], ["set", "'eggs'", "1"]))
    _, end = page.moment()
    page.script(
        """const slider = document.querySelector('#scrub');
        for (let time = 0; time < 10000; time++) {
          slider.value = time % (arguments[0] + 1);
          slider.dispatchEvent(new Event('input', { bubbles: true }));
        }""",
        end,
    )
    page.seek(end)
    assert page.bins()[4] == ["'spam'", "'eggs'"]


def test_two_tabs_have_a_program_each(page: Page) -> None:
    page.open(program(["set", "'one'", "1"]))
    one = page.browser.current_window_handle
    page.browser.switch_to.new_window("tab")
    two = page.browser.current_window_handle
    page.open(program(["set", "'two'", "2"], size=4))
    page.code("import time\ndef hash_func(key):\ntime.sleep(1)\nreturn 2")
    page.browser.switch_to.window(one)
    page.code("hash_func = len")
    page.settle()
    assert page.bins()[3] == ["'one'"]
    assert len(page.bins()) == 8
    page.browser.switch_to.window(two)
    page.settle()
    assert page.bins() == [[], [], ["'two'"], []]


def test_without_its_token_the_page_says_so(page: Page) -> None:
    where = urlsplit(page.address)
    page.browser.get(f"{where.scheme}://{where.netloc}/{link(program())}")
    page.until(lambda: page.all(".message"))
    assert "token" in page.text(".message")
    assert page.all(".bins li") == []
    complaints = page.browser.get_log("browser")
    assert all("403" in each["message"] for each in complaints)
