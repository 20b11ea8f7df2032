"""The rules of the table, as the first page of its source has them."""

from __future__ import annotations

import re

from machinery.pages import ROOT


def rules() -> str:
    """The essay at the head of src/table/mod.rs, which is Markdown."""
    text = (ROOT / "src" / "table" / "mod.rs").read_text(encoding="utf-8")
    lines = [line[3:].removeprefix(" ") for line in text.splitlines() if line.startswith("//!")]
    # Links to Rust items lead nowhere outside of rustdoc.
    unlinked = re.sub(r"\[([^\]]+)\]\((?:\w+::)*\w+\)|\[(`[^`]+`)\]", r"\1\2", "\n".join(lines))
    return re.sub(r"^(#+ )", r"#\1", unlinked, flags=re.MULTILINE)
