"""The rate limits, counted on the sandbox clock."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from sandbox.slack.rates import CHANNEL_WINDOW, POSTS_PER_CHANNEL, RateLimits

ADMIN, TUTORS = "CADMIN0001", "CTUTORS01"


def _post_until_refused(world, channel):
    for number in range(1000):
        try:
            world.client.chat_postMessage(channel=channel, text="a")
        except SlackApiError as refusal:
            return number, refusal.response
    raise AssertionError("never refused")


def test_a_channel_takes_four_messages_at_once_then_one_a_second(world):
    posted, refusal = _post_until_refused(world, ADMIN)
    assert posted == 4
    assert (refusal.status_code, refusal.data) == (429, {"ok": False, "error": "ratelimited"})
    assert refusal.headers["Retry-After"] == "4"
    assert world.client.chat_postMessage(channel=TUTORS, text="another channel")["ok"]
    world.move(int(refusal.headers["Retry-After"]))
    assert world.client.chat_postMessage(channel=ADMIN, text="b")["ok"]


def test_a_person_and_the_im_with_that_person_count_as_one(world):
    claire = world.user_id("claire.martin")
    im = world.client.conversations_open(users=claire)["channel"]["id"]
    for reference in (claire, im, claire, im):
        world.client.chat_postMessage(channel=reference, text="a")
    assert world.error("chat.postMessage", channel=claire, text="a") == "ratelimited"


def test_a_tier_two_method_takes_twenty_calls_a_minute(world):
    for _ in range(20):
        world.client.users_list()
    assert world.form_error("users.list") == "ratelimited"
    assert world.client.team_info()["ok"], "another method is not concerned"
    world.move(60)
    assert world.client.users_list()["ok"]


def test_a_refused_call_costs_nothing():
    rates = RateLimits()
    assert [rates.retry_after("users.list", 1, 0.0), rates.retry_after("users.list", 1, 59.5)] == [None, 1]
    assert rates.retry_after("users.list", 1, 60.0) is None


def test_the_workspace_takes_three_hundred_posts_a_minute():
    rates = RateLimits()
    waits = [rates.retry_after("chat.postMessage", 5, 0.0, f"C{n}") for n in range(301)]
    assert waits == [None] * 300 + [60]


def test_a_clock_set_back_does_not_block():
    rates = RateLimits()
    rates.retry_after("users.list", 1, 1000.0)
    assert rates.retry_after("users.list", 1, 10.0) is None


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_no_window_of_four_seconds_ever_holds_more_than_four_posts(gaps):
    rates, now, passed = RateLimits(), 1000.0, []
    for gap in gaps:
        now += gap
        if rates.retry_after("chat.postMessage", 5, now, "C1") is None:
            passed.append(now)
    crowded = [
        (first, last)
        for first, last in zip(passed, passed[POSTS_PER_CHANNEL:], strict=False)
        if last - first < CHANNEL_WINDOW
    ]
    assert crowded == []
