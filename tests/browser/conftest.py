"""Starts `htlab explore` as a user does, and a browser of the machine's own, without a window."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import built  # noqa: E402 -- it lies in the folder that is only now on the path

built.prepare(HERE)

from page import Page  # noqa: E402

# What the browser writes down too: that the server refuses a program, with a sentence; that the tests look at
# pixels; that a file which is no page has no icon.
FINE = ("400 (Bad Request)", "favicon.ico", "willReadFrequently", "will-read-frequently")
CHROMIUM, DRIVER = (shutil.which(name) for name in ("chromium", "chromedriver"))


def pytest_configure() -> None:
    """Stops the run if there is nothing to test."""
    built.demand()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(180))


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What `htlab explore` prints."""
    words = [sys.executable, "-m", "hashtable_lab", "explore", "--no-browser", "--port", "0"]
    assert built.BUILT is not None
    environment = {**os.environ, "PYTHONPATH": str(built.BUILT.parent), "PYTHONUNBUFFERED": "1"}
    folder = tmp_path_factory.mktemp("server")
    with subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            printed = server.stdout.readline()
            assert "/?token=" in printed, printed
            yield printed.split()[0]
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[webdriver.Chrome]:
    if not CHROMIUM or not DRIVER:
        pytest.skip("there is no chromium here, or no chromedriver (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_script_timeout(60)
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def page(browser: webdriver.Chrome, address: str) -> Iterator[Page]:
    """The page, in a tab of its own. In the end nothing has complained, and nothing came from elsewhere."""
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    browser.get_log("browser")
    page = Page(browser, address)
    page.look(1280, 900)
    yield page
    for handle in browser.window_handles:
        if handle == first:
            continue
        browser.switch_to.window(handle)
        origins = browser.execute_script(
            "return performance.getEntriesByType('resource').map(({ name }) => new URL(name).host)"
        )
        assert set(origins) <= {urlsplit(address).netloc, ""}
        browser.close()
    browser.switch_to.window(first)
    complaints = [each["message"] for each in browser.get_log("browser")]
    assert [each for each in complaints if not any(part in each for part in FINE)] == []
