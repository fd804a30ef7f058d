"""What the demonstration says and opens at its end."""

from __future__ import annotations

import pytest

from bot.demo.show import has_desktop
from bot.demo.stories import read_stories


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_a_browser_opens_where_there_is_a_desktop(environment, platform, expected):
    assert has_desktop(environment, platform) is expected


def test_the_six_stories_have_steps_that_say_what_to_do():
    stories = read_stories()
    assert [story["id"] for story in stories] == ["enrol", "withdraw", "group", "week", "document", "end"]
    assert all(step["say"].endswith(".") and step["as"] for story in stories for step in story["steps"])
