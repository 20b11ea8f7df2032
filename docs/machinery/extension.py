"""The part of the site's generator that is ours, a Sphinx extension: puts into each page what its blocks
print on this Python, and what is made from the sources."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from machinery.generated import GENERATED
from machinery.pages import DOCS, ROOT, for_this_python, page_files
from machinery.running import Outcome, as_recorded, run_all

DRAWN = ROOT / "target" / "docs-drawn"
LANGUAGES = {
    ".py": "python",
    ".c": "c",
    ".h": "c",
    ".rs": "rust",
    ".toml": "toml",
    ".sh": "sh",
    ".patch": "diff",
}
PLACE = re.compile(r"^```\{generated\} *(\S+)\n```$", re.MULTILINE)

log = logging.getLogger(__name__)
ran: dict[str, str] = {}


def run_pages(app: Sphinx) -> None:
    """Before anything is read: runs all pages, and keeps them as they are to be read."""
    texts = {str(path): path.read_text(encoding="utf-8") for path in page_files()}
    results_of = run_all if app.config.run_pages else as_recorded
    for name, results in results_of(texts, DRAWN).items():
        text, path = texts[name], Path(name)
        for found, outcome in reversed(results):
            where = f"{name}:{outcome.block.line}"
            if outcome.complaint:
                log.warning("%s", outcome.complaint, location=where)
            if outcome.skipped:
                log.info("%s: as it was recorded: %s", where, outcome.skipped)
            text = text[: found.start()] + rendered(outcome, path) + text[found.end() :]
        text = PLACE.sub(lambda found: GENERATED[found[1]](), for_this_python(text))
        ran[path.relative_to(DOCS).with_suffix("").as_posix()] = text


def rendered(outcome: Outcome, page: Path) -> str:
    """A block in the words of MyST."""
    block = outcome.block
    if not block.here:
        return ""
    if block.kind == "file":
        language = LANGUAGES.get(Path(block.argument).suffix, "text")
        return f"```{{code-block}} {language}\n:caption: {block.argument}\n\n{outcome.body}```"
    note = f"\n\n*As it was recorded: {outcome.skipped} here.*" if outcome.skipped else ""
    if block.kind == "draw":
        up = "../" * len(page.relative_to(ROOT).parent.parts)
        words = f":alt: {block.argument}\n\n{block.argument}\n```\n\n"
        files = [f"{up}{path.relative_to(ROOT).as_posix()}" for path in outcome.pictures]
        pictures = "".join(f"```{{figure}} {file}\n{words}" for file in files)
        return f"{pictures}```console\n{outcome.body}```{note}"
    language = "console" if block.kind == "console" else "pycon"
    return f"```{language}\n{outcome.body}```{note}"


def read(app: Sphinx, name: str, content: list[str]) -> None:
    content[0] = ran.get(name, content[0])


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("run_pages", True, "env", bool)
    app.connect("builder-inited", run_pages)
    app.connect("source-read", read)
    # A page changes when what it runs does: each is read anew.
    app.connect("env-get-outdated", lambda app, env, added, changed, removed: sorted(env.found_docs))
    return {"version": "1", "parallel_read_safe": True}
