"""The page, as those who use it know it."""

from __future__ import annotations

import base64
import json
import time
import zlib
from typing import Any, Callable

from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

LENGTH = "def hash_func(key):\n    return len(key)\n"
# What a table is drawn of: a list of keys for each bin.
Bins = list[list[str]]

READ_ROWS = """
return [...document.querySelectorAll('.bins > li')].map(
  (row) => [...row.querySelectorAll('.entry')].map((entry) => entry.textContent))
"""
# The middle of each cell of the map, as the shade that it has: 0 to 4; -1 is none of them.
READ_MAP = """
const canvas = document.querySelector('canvas');
const { bins, columns, cell, x, y } = Object.fromEntries(
  Object.entries(canvas.dataset).map(([name, value]) => [name, Number(value)]));
const style = getComputedStyle(document.documentElement);
const shades = [0, 1, 2, 3, 4].map((shade) => style.getPropertyValue(`--shade-${shade}`).trim());
const dense = canvas.width / canvas.clientWidth;
const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
return Array.from({ length: bins }, (_, bin) => {
  // A corner, since there is a number in the middle.
  const across = Math.floor((x + (bin % columns + 0.2) * cell) * dense);
  const down = Math.floor((y + (Math.floor(bin / columns) + 0.2) * cell) * dense);
  const at = (down * width + across) * 4;
  const hex = [0, 1, 2].map((part) => (data[at + part] ?? 0).toString(16).padStart(2, '0')).join('');
  return shades.indexOf('#' + hex);
});
"""


def program(*operations: list[Any], **more: Any) -> dict[str, Any]:
    """A program, as it is in links and files."""
    given = {"code": LENGTH, "size": 8, "max_load": 0.75, "specimen": None, "operations": list(operations)}
    return {**given, "watch": None, **more}


def link(what: object) -> str:
    """What is behind the # of a link."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeezed.compress(json.dumps(what).encode()) + squeezed.flush()
    return "#p=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


class Page:
    def __init__(self, browser: WebDriver, address: str) -> None:
        self.browser = browser
        self.address = address

    def open(self, what: object | None = None) -> None:
        """Opens the page; with a program, as somebody who was given a link to it."""
        # An address that differs behind its # only would be the same page.
        self.browser.get("about:blank")
        self.browser.get(self.address + ("" if what is None else link(what)))
        self.settle()

    def settle(self) -> None:
        """Waits until what is shown is of the program that is there."""
        self.until(lambda: self.one("#seen").get_attribute("aria-busy") == "false")

    def until(self, holds: Callable[[], object], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, self.one("body").text
            time.sleep(0.02)

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return str(self.one(selector).get_property("textContent"))

    def click(self, selector: str) -> None:
        # What is behind the timeline, which stays in sight, cannot be clicked at.
        self.script("arguments[0].scrollIntoView({ block: 'center' })", self.one(selector))
        self.one(selector).click()

    def script(self, text: str, *arguments: object) -> Any:
        return self.browser.execute_script(text, *arguments)

    def keys(self, *keys: str) -> None:
        """To whatever has the focus."""
        ActionChains(self.browser).send_keys(*keys).perform()

    def chord(self, held: str, key: str) -> None:
        ActionChains(self.browser).key_down(held).send_keys(key).key_up(held).perform()

    def code(self, text: str) -> None:
        """Types a hash function. The editor indents by itself."""
        self.script("document.querySelector('.cm-content').focus()")
        self.chord(Keys.CONTROL, "a")
        self.keys(text)

    def fill(self, selector: str, text: str) -> None:
        field = self.one(selector)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text or Keys.DELETE)

    def choose(self, selector: str, value: str) -> None:
        """Of a list."""
        self.script(
            "arguments[0].value = arguments[1]; for (const what of ['input', 'change'])"
            " arguments[0].dispatchEvent(new Event(what, { bubbles: true }))",
            self.one(selector),
            value,
        )

    def operations(self) -> list[str]:
        return [str(row.get_property("textContent")) for row in self.all(".operations li")]

    def bins(self) -> Bins:
        """What is drawn, row by row."""
        return list(self.script(READ_ROWS))

    def shades(self) -> list[int]:
        """What is drawn, cell by cell."""
        # A frame later it is drawn.
        self.browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        return list(self.script(READ_MAP))

    def seek(self, number: int) -> None:
        """As if the slider had been drawn there."""
        self.script(
            "arguments[0].value = arguments[1];"
            "arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
            self.one("#scrub"),
            number,
        )

    def moment(self) -> tuple[int, int]:
        """Where the timeline is, and its end."""
        slider = self.one("#scrub")
        return int(slider.get_property("value")), int(slider.get_property("max"))

    def look(self, width: int, height: int, dark: bool = False, still: bool = False) -> None:
        """At another size, in other colours."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
