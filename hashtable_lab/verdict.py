"""Two runs of one program, and the first thing that one of them did otherwise: the line that is to blame.

Nothing here knows what was broken. The runs are the same up to the fault, step for step; the first step that
only one of them has is the fault, and what it does to the account of its object says of what kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Optional

from hashtable_lab.events import Thing
from hashtable_lab.history import Step

# How far beyond the first difference the two runs are laid side by side.
WINDOW = 60

Pair = tuple[Optional[Step], Optional[Step]]


@dataclass(frozen=True)
class Verdict:
    """Who did it.

    `kind`: "not taken" and "not given back", a step that is missing; "taken for nothing" and "given away",
    one that is too many; "out of turn", one at another time; "never called", one whose whole call is missing.
    `step` is of the run that has it: the healthy one for what is missing. `amiss` is by how much the account
    of the object differs from the healthy one's.
    """

    kind: str
    step: Step
    thing: Thing | None
    amiss: int
    in_healthy: bool

    @property
    def place(self) -> str:
        """The line of our source."""
        return self.step.event.place if self.step.event.layer == "reference" else ""

    @property
    def call(self) -> str:
        """The function of the module that was at work."""
        return self.step.calls[-1] if self.step.calls else "the module"

    def sentence(self) -> str:
        """The verdict in words."""
        call, thing, place = self.call, self.thing, self.place
        if self.kind == "not taken":
            return (
                f"`{call}` did not take the reference to {thing} that it needs: the +1 of {place} is "
                "missing. So its owner has one reference fewer than it thinks, and somebody gives back what "
                "was not theirs."
            )
        if self.kind == "not given back":
            return (
                f"`{call}` did not give its reference to {thing} back: the -1 of {place} is missing. "
                "Nobody knows of that reference any more, so the object can never go."
            )
        if self.kind == "given away":
            how = "handed its caller" if self.step.event.what == "returned" else "gave back"
            return (
                f"`{call}` {how} a reference to {thing} at {place}, and it was not its own: it had only "
                "borrowed it. Somebody else's reference is gone."
            )
        if self.kind == "taken for nothing":
            return (
                f"`{call}` took a reference to {thing} at {place} that nobody gives back. "
                "The object can never go."
            )
        if self.kind == "out of turn":
            what = f"the reference to {thing} at {place}" if thing else "this"
            return (
                f"Every reference is taken and given back, but `{call}` does it out of turn: {what} goes "
                "before the table is whole again. What runs when an object goes finds a table in pieces."
            )
        whose = f" So the reference to {thing} is never given back." if thing else ""
        return f"No line took or gave a reference wrongly, but `{call}` was never called.{whose}"


def align(healthy: Sequence[Step], broken: Sequence[Step], window: int | None = None) -> list[Pair]:
    """Two runs side by side: what is in both as a pair, what is in one with None in place of the other. Up to
    `window` steps after the first difference, which is all of them if it is None."""
    same = common(healthy, broken)
    pairs: list[Pair] = list(zip(healthy[:same], broken[:same]))
    end = None if window is None else same + window
    left, right = healthy[same:end], broken[same:end]
    matcher = SequenceMatcher(None, [s.key for s in left], [s.key for s in right], autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            pairs += zip(left[i1:i2], right[j1:j2])
        else:
            pairs += [(step, None) for step in left[i1:i2]]
            pairs += [(None, step) for step in right[j1:j2]]
    return pairs


def common(healthy: Sequence[Step], broken: Sequence[Step]) -> int:
    """How many steps two runs have in common before they differ."""
    for number, (left, right) in enumerate(zip(healthy, broken)):
        if left.key != right.key:
            return number
    return min(len(healthy), len(broken))


def judge(healthy: Sequence[Step], broken: Sequence[Step], finished: bool = True) -> Verdict | None:
    """Compares a healthy run with a broken one; None if they did the same.

    `finished`: the broken one came to its end. If it did not, what is missing at its end proves nothing but
    for the first step, which it was about to do or left out.
    """
    same = common(healthy, broken)
    if same == len(broken) == len(healthy):
        return None
    ahead = align(healthy, broken, WINDOW)[same:]
    pairs = ahead if finished else cut(ahead)
    block = first_block(pairs)
    twins = Twins(healthy[:same], broken[:same])
    for amiss, key in effects(block, twins):
        verdict = blame(block, key, amiss, twins)
        return never_called(verdict, block) or out_of_turn(verdict, key, ahead, twins) or verdict
    return moved(block, twins) or absent(block)


def cut(pairs: list[Pair]) -> list[Pair]:
    """Without what the healthy run did after the broken one had died; but for the first of it, if that is
    all."""
    last = max((number for number, (_, right) in enumerate(pairs) if right), default=0)
    return pairs[: last + 1]


def first_block(pairs: Iterable[Pair]) -> list[Pair]:
    """The first steps in a row that only one run has."""
    block: list[Pair] = []
    for pair in pairs:
        if pair[0] and pair[1]:
            break
        block.append(pair)
    return block


class Twins:
    """Which object of the healthy run is which of the broken one: addresses differ, and so do the two
    runs."""

    def __init__(self, healthy: Iterable[Step], broken: Iterable[Step]) -> None:
        both = [(left.thing, right.thing) for left, right in zip(healthy, broken)]
        self._twin = {left.id: right.id for left, right in both if left and right}
        self._known = set(self._twin.values())

    def key(self, thing: Thing, in_healthy: bool) -> object:
        """The same for an object in both runs: by what they did with it before they differed, else by its
        looks."""
        own = self._twin.get(thing.id) if in_healthy else thing.id
        return own if own in self._known else thing.looks


def changes(block: Iterable[Pair], twins: Twins) -> Iterator[tuple[object, int, Step, bool]]:
    """What each step of a block that only one run has does to an account: the object's key, the broken run's
    account less the healthy one's, the step, and whether it is of the healthy run."""
    for left, right in block:
        if left and right:
            continue
        if left and left.thing:
            yield twins.key(left.thing, True), -left.event.effect, left, True
        if right and right.thing:
            yield twins.key(right.thing, False), right.event.effect, right, False


def effects(block: Iterable[Pair], twins: Twins) -> list[tuple[int, object]]:
    """By how much the account of each object differs after a block, in order of appearance; without what is
    even."""
    sums: dict[object, int] = {}
    for key, change, _, _ in changes(block, twins):
        sums[key] = sums.get(key, 0) + change
    return [(total, key) for key, total in sums.items() if total]


def blame(block: Iterable[Pair], guilty: object, amiss: int, twins: Twins) -> Verdict:
    """The step of a block that puts the account of an object out by `amiss`."""
    for key, change, step, in_healthy in changes(block, twins):
        if key == guilty and change * amiss > 0:
            kinds = ("not given back", "not taken") if in_healthy else ("taken for nothing", "given away")
            return Verdict(kinds[amiss < 0], step, step.thing, amiss, in_healthy)
    raise AssertionError("the account does not come from the steps that it was added up from")


def out_of_turn(verdict: Verdict, guilty: object, ahead: Iterable[Pair], twins: Twins) -> Verdict | None:
    """The same verdict, if the other run does in the same call what only one run was seen to do: at another
    time."""
    for key, change, step, in_healthy in changes(ahead, twins):
        if (
            key == guilty
            and change == -verdict.amiss
            and in_healthy != verdict.in_healthy
            and step.event.what == verdict.step.event.what
            and (step.turn, step.calls) == (verdict.step.turn, verdict.step.calls)
        ):
            return replace(verdict, kind="out of turn", amiss=0)
    return None


def never_called(verdict: Verdict, block: Iterable[Pair]) -> Verdict | None:
    """The same verdict, if the whole call that its step was in is missing: no line of that call was left
    out."""
    if not verdict.in_healthy:
        return None
    for left, _ in block:
        if left is verdict.step:
            return None
        if left and left.event.what == "call" and left.calls == verdict.step.calls:
            return replace(verdict, kind="never called", amiss=0)
    return None


def moved(block: Sequence[Pair], twins: Twins) -> Verdict | None:
    """A step that both runs have in the block, each at its own time."""
    done = list(changes(block, twins))
    for key, change, step, in_healthy in done:
        if not in_healthy and any(other[:2] == (key, -change) and other[3] for other in done):
            return Verdict("out of turn", step, step.thing, 0, False)
    return None


def absent(block: Sequence[Pair]) -> Verdict:
    """What is left: the first step of the block, which is about no reference, or comes to nothing."""
    left, right = block[0]
    step = left or right
    assert step is not None
    return Verdict("never called" if left else "out of turn", step, step.thing, 0, bool(left))
