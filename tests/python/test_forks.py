"""A test that runs in a child can fail there, in each way, and the next one knows nothing of it."""

from __future__ import annotations

import os
import signal
import time

import forks
import pytest
from support import in_child

LEFT: list[int] = []


@in_child
def dies_of_a_signal() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


@in_child
def raises() -> None:
    raise AssertionError("the reason")


@in_child
def leaves_early() -> None:
    os._exit(3)


@pytest.mark.parametrize(
    ("failing", "told"),
    [
        (dies_of_a_signal, "status -11\nFatal Python error"),
        (raises, "the reason"),
        (leaves_early, "status 3"),
    ],
)
def test_a_child_that_fails_fails_its_test(failing: object, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        failing()  # type: ignore[operator]


@in_child
@pytest.mark.parametrize("number", range(3))
def test_a_child_finds_nothing_that_another_has_left(number: int) -> None:
    LEFT.append(number)
    assert len(LEFT) == 1


def test_a_child_whose_time_is_over_is_ended() -> None:
    begin = time.monotonic()
    ended = forks.forked(0.2)
    if ended is None:
        time.sleep(60)
        os._exit(0)
    assert ended == (None, "")
    assert time.monotonic() - begin < 50
