"""Random programs on a table and its model, with keys and hash functions that do their worst: see both.py."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.configuration
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
from forks import STRESS
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from support import in_child

# It keeps a file or two: not beside the tests.
hypothesis.configuration.set_hypothesis_home_dir(Path(__file__).parents[2] / "target" / "hypothesis")

# A debug Python takes thrice as long.
EXAMPLES = int((200 if hasattr(sys, "gettotalrefcount") else 500) * STRESS)

names, hashes, moods = st.sampled_from(NAMES), st.sampled_from(HASHES), st.sampled_from(MOODS)
plain_keys = st.sampled_from(PLAIN_KEYS)
max_loads = st.sampled_from(MAX_LOADS)
hash_functions = st.sampled_from([hash, *HASH_FUNCTIONS])
values = st.integers(0, 10**6).map(lambda number: [number])


class TableAgainstModel(RuleBasedStateMachine):
    """Everything that can be done to both, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.both = Both()

    def key(self, data: Any) -> Any:
        """A new key, one that was used before, or a plain one."""
        choice = data.draw(st.integers(0, 3), label="which key")
        keys = self.both.keys
        if choice == 0 and keys:
            # By number, so that it is not kept by anyone else.
            return keys[data.draw(st.integers(0, len(keys) - 1), label="the same key")]
        if choice == 1:
            return data.draw(plain_keys, label="plain key")
        return self.both.new_key(data.draw(names), data.draw(hashes), data.draw(moods))

    def pairs(self, data: Any) -> Pairs:
        return [
            (self.key(data), data.draw(values)) for _ in range(data.draw(st.integers(0, 5), label="pairs"))
        ]

    @rule(calls=st.integers(1, 4))
    def something_will_raise(self, calls: int) -> None:
        self.both.something_will_raise(calls)

    @rule(calls=st.integers(1, 4), which=st.sampled_from(list(LOOKS)))
    def something_will_look(self, calls: int, which: str) -> None:
        self.both.something_will_look(calls, which)

    @rule(data=st.data(), calls=st.integers(1, 4), which=st.sampled_from(list(CHANGES)))
    def something_will_change_the_table(self, data: Any, calls: int, which: str) -> None:
        self.both.something_will_change_the_table(calls, which, self.key(data), self.pairs(data))

    @rule(data=st.data(), value=values, how=st.sampled_from(["set", "setitem", "setdefault"]))
    def add(self, data: Any, value: Any, how: str) -> None:
        getattr(self.both, how)(self.key(data), value)

    @rule(data=st.data(), how=st.sampled_from(["get", "getitem", "contains", "bin_of"]))
    def look(self, data: Any, how: str) -> None:
        getattr(self.both, how)(self.key(data))

    @rule(data=st.data(), how=st.sampled_from(["pop", "pop_with_default", "delitem"]))
    def remove(self, data: Any, how: str) -> None:
        getattr(self.both, how)(self.key(data))

    @rule()
    def popitem(self) -> None:
        self.both.popitem()

    @rule(often=st.integers(0, 3))
    def clear(self, often: int) -> None:
        # Now and then is enough.
        if often == 0:
            self.both.clear()

    @rule()
    def go_on_with_a_copy(self) -> None:
        self.both.go_on_with_a_copy()

    @rule(data=st.data())
    def update_from_pairs(self, data: Any) -> None:
        self.both.update_from_pairs(self.pairs(data))

    @rule(data=st.data(), hash_func=hash_functions | st.none(), how=st.sampled_from(["update", "|=", "|"]))
    def update_from_a_table(self, data: Any, hash_func: Any, how: str) -> None:
        self.both.update_from_a_table(hash_func, self.pairs(data), how)

    @rule(data=st.data(), hash_func=hash_functions | st.none(), how=st.sampled_from(list(READS)))
    def read(self, data: Any, hash_func: Any, how: str) -> None:
        self.both.read(how, hash_func, self.pairs(data))

    @rule(
        size=st.integers(1, 9),
        max_load=max_loads,
        hash_func=hash_functions,
        lie=st.integers(0, 4),
        data=st.data(),
    )
    def init_again(self, size: int, max_load: float | None, hash_func: Any, lie: int, data: Any) -> None:
        self.both.init_again(size, max_load, LIAR if lie == 0 else hash_func, self.pairs(data))

    def teardown(self) -> None:
        self.both.end()
        # Nor is what hypothesis keeps looked at again.
        gc.freeze()


@in_child
def test_a_table_does_what_its_model_does_whatever_its_keys_do() -> None:
    gc.collect()
    # What is there already is not looked at again by each collection.
    gc.freeze()
    run_state_machine_as_test(
        TableAgainstModel,
        settings=hypothesis.settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            # The same programs each time.
            derandomize=True,
            # To see a short program that fails, add Phase.shrink: it may take minutes.
            phases=[hypothesis.Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )
