"""Writes answer.txt: a line number would not stay right for long."""

from pathlib import Path

from hashtable_lab.glass import sources

FILE, FUNCTION, LINE = "src/python/lifecycle.rs", "fn adopt(", "Py_INCREF(hash_func)"
text = sources()[FILE]
number = text.count("\n", 0, text.index(LINE, text.index(FUNCTION))) + 1
Path("answer.txt").write_text(f"{FILE}:{number}\n", encoding="utf-8")
