"""Pacing: never more calls than Slack allows, not even over a restart of the bot."""

from __future__ import annotations

import re
from collections import deque
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways.pacing import CALLS_PER_MINUTE, CHANNEL_SECONDS, MINUTE, POST, POSTS_PER_CHANNEL, Pacing
from programme.errors import Retryable
from programme.fakes import FakeClock

GATEWAYS = Path(__file__).parents[2] / "bot" / "gateways"
STEPS = st.lists(st.tuples(st.sampled_from(["post", "wait", "restart"]), st.floats(0.1, 3.0)), max_size=60)


@given(STEPS)
def test_a_channel_is_never_posted_to_faster_than_slack_allows(steps: list[tuple[str, float]]) -> None:
    clock = FakeClock()
    pacing, posted = Pacing(clock), deque[float]()
    for step, seconds in steps:
        if step == "restart":
            pacing = Pacing(clock)
        elif step == "wait":
            clock.move(seconds=seconds)
        else:
            with suppress(Retryable):
                pacing.take(POST, channel="C1")
                posted.append(clock.now().timestamp())
    for first, fifth in zip(posted, list(posted)[POSTS_PER_CHANNEL:], strict=False):
        assert fifth - first > CHANNEL_SECONDS


def test_after_a_quiet_minute_the_whole_window_is_free() -> None:
    clock = FakeClock()
    pacing = Pacing(clock)
    pacing.take("pins.add")
    clock.move(seconds=MINUTE + 1)
    for _ in range(20):
        pacing.take("pins.add")
    with pytest.raises(Retryable):
        pacing.take("pins.add")


def test_every_method_that_the_gateway_calls_is_paced() -> None:
    """A method without a pace would stop the delivery of everything the day it is first called."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in GATEWAYS.glob("slack*.py"))
    called = set(re.findall(r"[\"']([a-z]+\.[a-zA-Z]+)[\"']", sources))
    assert "files.delete" in called
    assert sorted(called - set(CALLS_PER_MINUTE)) == []
