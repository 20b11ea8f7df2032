"""A program of operations on a table and its model, read from the fuzzer's bytes: `python.rs` calls `run`.

python program.py FILE...        runs the programs in these files, without a fuzzer
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any, Callable

from both import (
    CHANGES,
    HASH_FUNCTIONS,
    HASHES,
    LIAR,
    LOOKS,
    MAX_LOADS,
    MOODS,
    NAMES,
    PLAIN_KEYS,
    READS,
    Both,
    Pairs,
)

MOST_STEPS = 100


class Program:
    """Bytes, as choices. At their end each choice is the first."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.both = Both()

    def below(self, limit: int) -> int:
        if self.at >= len(self.data):
            return 0
        self.at += 1
        return self.data[self.at - 1] % limit

    def one_of(self, choices: Any) -> Any:
        return choices[self.below(len(choices))]

    def key(self) -> Any:
        choice, keys = self.below(256), self.both.keys
        if choice < 100 and keys:
            return keys[choice % len(keys)]
        if choice < 150:
            return PLAIN_KEYS[choice % len(PLAIN_KEYS)]
        return self.both.new_key(self.one_of(NAMES), self.one_of(HASHES), self.one_of(MOODS))

    def value(self) -> list[int]:
        return [self.at]

    def pairs(self) -> Pairs:
        return [(self.key(), self.value()) for _ in range(self.below(6))]

    def hash_function(self) -> Any:
        return self.one_of([hash, *HASH_FUNCTIONS])

    def hash_function_or_none(self) -> Any:
        return self.one_of([None, hash, *HASH_FUNCTIONS])

    def calls(self) -> int:
        return 1 + self.below(4)

    def run(self) -> None:
        for _ in range(MOST_STEPS):
            if self.at >= len(self.data):
                break
            self.one_of(STEPS)(self)
        self.both.end()


STEPS: list[Callable[[Program], None]] = [
    lambda p: p.both.something_will_raise(p.calls()),
    lambda p: p.both.something_will_look(p.calls(), p.one_of(list(LOOKS))),
    lambda p: p.both.something_will_change_the_table(p.calls(), p.one_of(list(CHANGES)), p.key(), p.pairs()),
    lambda p: p.both.something_will_change_the_table(p.calls(), p.one_of(list(CHANGES)), p.key(), p.pairs()),
    lambda p: p.both.set(p.key(), p.value()),
    lambda p: p.both.setitem(p.key(), p.value()),
    lambda p: p.both.setdefault(p.key(), p.value()),
    lambda p: p.both.get(p.key()),
    lambda p: p.both.getitem(p.key()),
    lambda p: p.both.contains(p.key()),
    lambda p: p.both.bin_of(p.key()),
    lambda p: p.both.pop(p.key()),
    lambda p: p.both.pop_with_default(p.key()),
    lambda p: p.both.delitem(p.key()),
    lambda p: p.both.popitem(),
    lambda p: p.both.clear(),
    lambda p: p.both.go_on_with_a_copy(),
    lambda p: p.both.update_from_pairs(p.pairs()),
    lambda p: p.both.update_from_pairs(p.pairs()),
    lambda p: p.both.update_from_a_table(p.hash_function_or_none(), p.pairs(), "update"),
    lambda p: p.both.update_from_a_table(p.hash_function_or_none(), p.pairs(), "|="),
    lambda p: p.both.update_from_a_table(p.hash_function_or_none(), p.pairs(), "|"),
    lambda p: p.both.read(p.one_of(list(READS)), p.hash_function_or_none(), p.pairs()),
    lambda p: p.both.read(p.one_of(list(READS)), p.hash_function_or_none(), p.pairs()),
    lambda p: p.both.init_again(1 + p.below(9), p.one_of(MAX_LOADS), p.hash_function(), p.pairs()),
    lambda p: p.both.init_again(1 + p.below(9), p.one_of(MAX_LOADS), LIAR, p.pairs()),
]


def run(data: bytes) -> None:
    """What is there already is not looked at again by each collection."""
    if gc.get_freeze_count() == 0:
        gc.collect()
        gc.freeze()
    Program(data).run()


def main() -> None:
    for name in sys.argv[1:]:
        run(Path(name).read_bytes())
    print(f"{len(sys.argv) - 1} programs")


if __name__ == "__main__":
    main()
