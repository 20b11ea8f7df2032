"""The site as a whole: it is made without a warning, and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

from machinery.pages import DOCS


def test_it_is_made_without_a_warning_and_links_lead_somewhere(tmp_path: Path) -> None:
    # The pages' own tests have run what they run; here they are as they were recorded.
    words = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet"]
    recorded = ["-D", "run_pages=0"]
    site = tmp_path / "site"
    done = subprocess.run([*words, *recorded, DOCS, site], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    texts = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert len(texts) > 20
    broken = []
    for path, text in texts.items():
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            place, _, anchor = unquote(link).partition("#")
            if re.match(r"[a-z]+:|//", place):
                continue
            target = (path.parent / place.partition("?")[0]).resolve() if place else path
            found = target.is_file() and (
                not anchor or f'id="{anchor}"' in texts.get(target, f'id="{anchor}"')
            )
            if not found:
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []
