"""`make docs-update`: runs pages, and writes into them what their blocks have printed.

    python -m machinery.update [PAGE ...]

Look at what has changed: it is what the reader will believe.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from machinery.pages import page_files
from machinery.running import run_all


def main() -> None:
    paths = [Path(word) for word in sys.argv[1:]] or page_files()
    texts = {str(path): path.read_text(encoding="utf-8") for path in paths}
    with tempfile.TemporaryDirectory() as pictures:
        for name, results in run_all(texts, Path(pictures)).items():
            text = texts[name]
            for found, outcome in reversed(results):
                if outcome.complaint:
                    print(f"{name}:{outcome.block.line}: {outcome.complaint}\n")
                    start, end = found.span("body")
                    head = text[start : end - len(outcome.block.body)]
                    text = text[:start] + head + outcome.update + text[end:]
            if text != texts[name]:
                Path(name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
