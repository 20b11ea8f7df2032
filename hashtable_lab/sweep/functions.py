"""Hash functions by name: the builtin one, the module's own, one of the user's."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any, Callable

import hashtable

# A seed that is always the same, since what is counted has to be.
NATIVE: dict[str, Callable[[Any], int]] = {
    "hash": hash,
    "talk": hashtable.talk_hash,
    "identity": hashtable.identity_hash,
    "fibonacci": hashtable.fibonacci_hash,
    "fnv1a": hashtable.fnv1a_hash,
    "xxh3": hashtable.xxh3_hash,
    "siphash": hashtable.SipHash(0),
}


class BadFunctionError(ValueError):
    """There is no such hash function."""


def hash_function(text: str) -> Callable[[Any], Any]:
    """The function of that name; `FILE:FUNC` is one of the user's. Raises BadFunctionError."""
    if text in NATIVE:
        return NATIVE[text]
    path, colon, name = text.rpartition(":")
    if not colon:
        known = ", ".join(NATIVE)
        raise BadFunctionError(f"there is no hash function {text!r}; there are: {known}, and FILE:FUNC")
    file = Path(path)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if not file.is_file() or spec is None or spec.loader is None:
        raise BadFunctionError(f"there is no Python file {path}")
    module = importlib.util.module_from_spec(spec)
    # What it imports may lie beside it.
    sys.path.insert(0, str(file.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise BadFunctionError(f"{path} cannot be read: {type(error).__name__}: {error}") from error
    finally:
        sys.path.pop(0)
    function = getattr(module, name, None)
    if not callable(function):
        raise BadFunctionError(f"there is no function {name!r} in {path}")
    found: Callable[[Any], Any] = function
    return found
