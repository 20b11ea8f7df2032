"""Sets of keys to fill a table with: the same ones each time, for the same seed.

A set is written as NAME, NAME:ARGUMENT, and either with /KIND after it: `random`, `strided:4096/floats`,
`words:/usr/share/dict/words`.
"""

from __future__ import annotations

import random
import re
import sysconfig
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, count, islice
from pathlib import Path
from typing import Any, Callable

KINDS: dict[str, Callable[[int], Any]] = {
    "ints": int,
    # Whole numbers, as measurements often are; and each int stays a key of its own.
    "floats": float,
    "strings": "key-{}".format,
}
ZIPF, STRIDE = 1.0, 4096


@dataclass(frozen=True)
class Keys:
    """What is put in, in this order; what is looked for, as often as it is looked for; as many that are not
    there."""

    present: list[Any]
    sought: list[Any]
    absent: list[Any]


class BadKeysError(ValueError):
    """There is no such set of keys."""


def numbers(name: str, argument: str) -> Callable[[random.Random], Iterator[int]] | None:
    """What makes a set of different ints, as many as are taken; None if this set is none of ints."""
    if name in ("sequential", "zipf"):
        return lambda rng: count()
    if name == "random":
        return lambda rng: distinct(rng.getrandbits(63) for _ in count())
    if name == "strided":
        step = int(argument or STRIDE)
        return lambda rng: count(0, step)
    if name == "ipv4":
        # A few networks, each with a range of hosts, as a server sees them.
        return lambda rng: distinct(
            (network << 16) | host
            for network, host in zip(
                (
                    rng.choice(networks)
                    for networks in [[rng.getrandbits(16) for _ in range(40)]]
                    for _ in count()
                ),
                (rng.getrandbits(16) for _ in count()),
            )
        )
    return None


def distinct(values: Iterable[Any]) -> Iterator[Any]:
    """Each value once, where it first came."""
    seen = set()
    for value in values:
        if value not in seen:
            seen.add(value)
            yield value


def address(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def urls(rng: random.Random) -> Iterator[str]:
    """Paths of a few sites, most of them alike for most of their length."""
    words = ["news", "users", "items", "archive", "static", "images", "search", "api", "v2", "index"]
    return distinct(
        f"https://www.example.{rng.choice(['org', 'com', 'net'])}/"
        + "/".join(rng.choices(words, k=rng.randint(1, 4)))
        + f"/{rng.getrandbits(rng.choice([8, 16, 24]))}"
        for _ in count()
    )


def uuids(rng: random.Random) -> Iterator[str]:
    return (str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in count())


def words_of(text: str) -> Iterator[str]:
    return distinct(re.findall(r"\w+", text))


def identifiers() -> Iterator[str]:
    """The names in the standard library's source, in the order of its files."""
    files = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    return distinct(
        name
        for file in files
        for name in re.findall(r"[A-Za-z_]\w*", file.read_text(encoding="utf-8", errors="replace"))
    )


NAMES = ("sequential", "random", "strided", "zipf", "words", "urls", "uuids", "ipv4", "identifiers")


def parse(text: str) -> tuple[str, str, str]:
    """Name, argument and kind. Raises BadKeysError."""
    found = re.fullmatch(r"([a-z0-9]+)(?::(.*?))?(?:/(ints|floats|strings))?", text)
    if not found or found[1] not in NAMES:
        known = ", ".join(NAMES)
        raise BadKeysError(f"there are no keys {text!r}; there are: {known}, and /ints, /floats, /strings")
    name, argument, kind = found[1], found[2] or "", found[3] or ""
    of_ints = name in ("sequential", "random", "strided", "zipf", "ipv4")
    if kind and not of_ints and kind != "strings":
        raise BadKeysError(f"{name} are strings, and no {kind}")
    if (name == "words") != bool(argument) and name not in ("strided", "zipf"):
        raise BadKeysError("words:FILE wants a file" if name == "words" else f"{name} takes no argument")
    try:
        if name == "strided" and int(argument or STRIDE) < 1:
            raise ValueError
        if name == "zipf" and float(argument or ZIPF) < 0:
            raise ValueError
    except ValueError:
        raise BadKeysError(f"{text!r}: {argument!r} is no positive number") from None
    return name, argument, kind or ("ints" if of_ints else "strings")


def stream(text: str, rng: random.Random) -> Iterator[Any]:
    """Different keys, as many as there are."""
    name, argument, kind = parse(text)
    ints = numbers(name, argument)
    if ints:
        form = address if (name, kind) == ("ipv4", "strings") else KINDS[kind]
        return map(form, ints(rng))
    if name == "urls":
        return urls(rng)
    if name == "uuids":
        return uuids(rng)
    if name == "identifiers":
        return identifiers()
    return words_of(Path(argument).read_text(encoding="utf-8", errors="replace"))


def keys(text: str, n: int, seed: int) -> Keys:
    """A set of `n` keys. Raises BadKeysError if there are not as many, OSError if a file cannot be read."""
    rng = random.Random(f"{text} {seed}")
    source = stream(text, rng)
    present = list(islice(source, n))
    if len(present) < n:
        raise BadKeysError(f"{text}: there are only {len(present)} different keys, and {n} are asked for")
    absent = list(islice(source, n))
    # A file may have no more: then what is not there is what is, with something at its end.
    absent += [f"{key}~" for key in present[len(absent) :]]
    name, argument, _ = parse(text)
    if name == "zipf":
        weights = list(accumulate((rank + 1) ** -float(argument or ZIPF) for rank in range(n)))
        ranked = rng.sample(present, n)
        sought = rng.choices(ranked, cum_weights=weights, k=n)
    else:
        sought = rng.sample(present, n)
    return Keys(present, sought, rng.sample(absent, n))
