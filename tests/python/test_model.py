"""Random operations on a table and on a plain model of it, compared after each one.

The model is the rules T1 to T6 of DESIGN in the simplest words. Compared is what a Python program can see:
results, size, load, the picture, each value, and the order of a chain: a search asks the last key first.
"""

from __future__ import annotations

import random
from typing import Any, Callable, NamedTuple

import pytest
from hashtable import HashTable
from support import of_this_python

HashFunction = Callable[[Any], int]


class ModelEntry:
    def __init__(self, hash_: int, key: Any, value: object) -> None:
        self.hash, self.key, self.value = hash_, key, value


class Model:
    """A table as a list of bins, each a list of entries."""

    def __init__(self, size: int, max_load: float | None, hash_func: HashFunction) -> None:
        self.bins: list[list[ModelEntry]] = [[] for _ in range(size)]
        self.max_load = max_load
        self.hash_func = hash_func

    @property
    def size(self) -> int:
        return len(self.bins)

    @property
    def load(self) -> int:
        return sum(map(len, self.bins))

    def hash_of(self, key: object) -> int:
        number = self.hash_func(key)
        return number if -(2**63) <= number < 2**63 else hash(number)

    def find(self, key: object) -> tuple[list[ModelEntry], ModelEntry | None]:
        """The bin of `key`, and its entry there."""
        number = self.hash_of(key)
        chain = self.bins[number % self.size]
        for entry in chain:
            if entry.hash == number and same_key(entry.key, key):
                return chain, entry
        return chain, None

    def set(self, key: object, value: object) -> None:
        _, entry = self.find(key)
        if entry is not None:
            entry.value = value
            return
        while self.max_load is not None and (self.load + 1) / self.size > self.max_load:
            self.double()
        chain, _ = self.find(key)
        chain.append(ModelEntry(self.hash_of(key), key, value))

    def double(self) -> None:
        old = self.bins
        self.bins = [[] for _ in range(2 * len(old))]
        for chain in old:
            for entry in chain:
                self.bins[entry.hash % self.size].append(entry)

    def get(self, key: object, default: object = None) -> object:
        _, entry = self.find(key)
        return default if entry is None else entry.value

    def pop(self, key: object, default: object) -> object:
        chain, entry = self.find(key)
        if entry is None:
            return default
        chain.remove(entry)
        return entry.value

    def picture(self) -> str:
        return "\n".join("[]" + "*" * len(chain) for chain in self.bins)

    def asked(self, number: int) -> list[object]:
        """The keys that a search asks which finds none equal."""
        return [entry.key for entry in reversed(self.bins[number % self.size]) if entry.hash == number]


def kind(key: object) -> type:
    for base in (int, float, str):
        if isinstance(key, base):
            return base
    return object


def same_key(one: Any, other: Any) -> bool:
    return one is other or (kind(one) is kind(other) and one == other)


NAN = float("nan")
KEYS: list[Any] = [
    *range(-6, 7),
    *(float(n) for n in range(-3, 4)),
    *(str(n) for n in range(-3, 4)),
    *((n,) for n in range(3)),
    *(2**64 * n for n in (-2, -1, 1, 2)),
    *(b"bytes", b"more bytes", None, True, False, 0.5, -0.0, NAN, float("inf"), 2**63, -(2**63), 2**63 - 1),
    *(frozenset(), frozenset({1}), "", "a longer string with a \0 in it", range(3), 1j, ..., int, hash),
]


def number_of(key: object) -> int:
    """A number for each key, the same for equal keys."""
    return next(number for number, other in enumerate(KEYS) if same_key(key, other))


class Parameters(NamedTuple):
    size: int
    max_load: float | None
    hash_func: HashFunction


HASH_FUNCTIONS: dict[str, HashFunction] = {
    "the builtin hash": hash,
    "one for each key": number_of,
    "negative": lambda key: -number_of(key),
    "multiples of 4": lambda key: 4 * (number_of(key) - 20),
    "three for all": lambda key: number_of(key) % 3 - 1,
    "one for all": lambda key: -1,
    "at the ends of 64 bits": lambda key: (2**63 - 1 - number_of(key)) * (-1) ** number_of(key),
    "wide": lambda key: (number_of(key) - 20) * 2**62,
    "very wide": lambda key: (number_of(key) - 20) * 3**60,
    "bools": lambda key: number_of(key) % 2 == 0,
}
SHAPES = [(4, 0.5), (1, 1.0), (3, 0.75), (7, 0.3), (5, None), (1, None), (16, 0.99), (10, 0.125)]


@pytest.mark.parametrize("hash_func", HASH_FUNCTIONS)
def test_a_table_does_what_its_model_does(hash_func: str) -> None:
    for seed, (size, max_load) in of_this_python(enumerate(SHAPES)):
        parameters = Parameters(size, max_load, HASH_FUNCTIONS[hash_func])
        try:
            compare(parameters, random.Random(seed), operations=250)
        except AssertionError as error:
            raise AssertionError(f"{hash_func}, {parameters}, seed {seed}") from error


def compare(parameters: Parameters, choice: random.Random, operations: int) -> None:
    table, model = HashTable(*parameters), Model(*parameters)
    keys = choice.sample(KEYS, choice.randint(5, 30))
    missing = object()
    for number in range(operations):
        key = choice.choice(keys)
        operation = choice.choice(["set", "set", "get", "pop"])
        # The load goes up and down, in waves.
        if number // 60 % 2 == 1 and operation == "set":
            operation = "pop"
        if operation == "set":
            value = [number]
            model.set(key, value)
            assert table.set(key, value) is None
        else:
            assert getattr(table, operation)(key, missing) is getattr(model, operation)(key, missing)
        assert table.size == model.size
        assert table.load == model.load
        assert repr(table) == model.picture()
        for other in keys:
            assert table.get(other, missing) is model.get(other, missing)


class Key:
    """A key of a given hash, which notes down when it is compared."""

    compared: list[Key]

    def __init__(self, name: int, hash_: int) -> None:
        self.name, self.hash = name, hash_

    def __repr__(self) -> str:
        return f"Key({self.name}, {self.hash})"

    def __eq__(self, other: object) -> bool:
        Key.compared.append(self)
        return isinstance(other, Key) and (self.name, self.hash) == (other.name, other.hash)

    __hash__ = None  # type: ignore[assignment]


def hash_of(key: Key) -> int:
    return key.hash


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_chains_are_in_the_order_of_the_model(shape: tuple[int, float | None]) -> None:
    for seed in range(4):
        choice = random.Random(seed)
        table, model = HashTable(*shape, hash_of), Model(*shape, hash_of)
        hashes = choice.sample([-(2**63), -8, -7, -4, -1, 0, 1, 4, 12, 2**63 - 1], 4)
        keys = [Key(name, hash_) for name in range(6) for hash_ in hashes]
        for _ in range(150):
            Key.compared = []
            key = choice.choice(keys)
            if choice.random() < 0.6:
                model.set(key, None)
                table.set(key, None)
            else:
                assert table.pop(key, "missing") is model.pop(key, "missing")
            for number in hashes:
                Key.compared = []
                assert table.get(Key(-1, number), "missing") == "missing"
                in_table, Key.compared = Key.compared, []
                in_model = model.asked(number)
                assert len(in_table) == len(in_model), f"seed {seed}"
                assert all(a is b for a, b in zip(in_table, in_model)), f"seed {seed}"
