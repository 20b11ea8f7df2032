"""What is committed is what the sources build; and the sources' own tests."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES, STATIC = ROOT / "explorer", ROOT / "hashtable_lab" / "explore" / "static"


@pytest.fixture(scope="module")
def tools() -> None:
    """npm, and what it has installed from the lock file."""
    if not shutil.which("npm"):
        pytest.skip("there is no npm here, which builds the page (Debian: npm, or nodejs.org)")
    if not (SOURCES / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=SOURCES, check=True)


@pytest.mark.usefixtures("tools")
def test_what_is_committed_is_what_the_sources_build(tmp_path: Path) -> None:
    subprocess.run(["npm", "run", "--silent", "build", "--", str(tmp_path)], cwd=SOURCES, check=True)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in STATIC.iterdir()}
    assert sorted(built) == sorted(kept) == ["app.js", "index.html", "page.js"]
    assert [name for name in built if built[name] != kept[name]] == [], "make explorer"


@pytest.mark.usefixtures("tools")
def test_the_page_without_a_browser() -> None:
    done = subprocess.run(
        ["npm", "test", "--silent"], cwd=SOURCES, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_brings_all_that_it_needs() -> None:
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8")
        for elsewhere in ('src="http', 'href="http', "url(http", "@import", "sourceMappingURL", "innerHTML="):
            assert elsewhere not in text, path.name


def test_the_lock_file_names_no_host() -> None:
    assert '"resolved"' not in (SOURCES / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in (SOURCES / "package-lock.json").read_text(encoding="utf-8")
