"""The guide and the plan as members meet them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.ids import Action, Command
from handlers.views.messages import draw
from programme.content.guides import SESSIONS
from programme.messages.sessions import SessionGuide
from programme.usecases import delivery
from programme.usecases.guide_pages import guide_posts
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_enrolment import as_view
from tests.usecases.running import begin, running, session
from tests.usecases.waiting_room import messages


def said(bolt: Bolt) -> str:
    return bolt.api.called("response")[-1]["text"]


def test_the_latest_guide_comes_by_direct_message(bolt: Bolt) -> None:
    running(bolt.world.ports)
    begin(bolt.world)
    bolt.command(Command.GUIDE, user="UM1")
    delivery.deliver_all(bolt.world.ports)

    assert "séance 1" in said(bolt)
    assert [message.number for message in bolt.world.workspace.said(SessionGuide, "DM1")][:1] == [1]


@pytest.mark.parametrize(("text", "answer"), [("deux", "entre 1 et 16"), ("99", "entre 1 et 16"), ("9", "sera publié")])
def test_a_wrong_number_is_answered_with_an_example(bolt: Bolt, text: str, answer: str) -> None:
    running(bolt.world.ports)
    begin(bolt.world)
    bolt.command(Command.GUIDE, text, user="UM1")
    assert answer in said(bolt)


def test_the_sixteen_dates_under_the_command_and_in_a_modal(bolt: Bolt) -> None:
    running(bolt.world.ports)
    bolt.command(Command.PLAN, user="UM1")
    answer = bolt.api.called("response")[-1]
    assert "Il vous reste 4\u00a0semaines de marge" in answer["text"]
    assert check_message(answer) == []
    bolt.press(Action.SHOW_PLAN, user="UM1", view={"id": "V1", "type": "home"})
    view = as_view(bolt.api.called("views.open")[-1])
    assert check_view(view) == []
    assert "16." in json.dumps(view)


def text_of(payload: dict[str, Any]) -> str:
    return "\n".join(block["text"]["text"] for block in payload["blocks"] if block["type"] == "section")


@pytest.mark.parametrize("number", range(1, SESSIONS + 1))
@pytest.mark.parametrize(("minutes", "people"), [(90, 4), (120, 3), (150, 4)])
def test_every_guide_fits_slack_whole(bolt: Bolt, number: int, minutes: int, people: int) -> None:
    content = bolt.world.ports.content
    roles = dict(zip(("animateur", "gardien_du_temps", "scribe", "observateur")[:people], "ABCD", strict=False))
    start = bolt.world.clock.now()
    wall = start.astimezone(ZoneInfo("Indian/Reunion")).time()
    posts = guide_posts(content, number, minutes=minutes, people=people, start=wall)
    shown = ""
    for part in range(1, len(posts) + 1):
        message = SessionGuide(
            group_id="grp_1",
            number=number,
            starts_at=start,
            zone="Indian/Reunion",
            minutes=minutes,
            roles=roles,
            part=part,
            parts=len(posts),
        )
        drawn = draw(message, content)
        assert check_message(drawn.payload()) == []
        assert content.guides.number(number).title in drawn.text
        assert "La Réunion" in drawn.text
        shown += text_of(drawn.payload())
    pages = [page for post in posts for page in post]
    assert all(page.text in shown for page in pages)
    cut = [before.text[-20:] for before, after in pairwise(pages) if not after.title]
    assert [end for end in cut if end.rstrip("*_ ")[-1] not in ".!?…»;:"] == [], "a sentence is broken"


def test_a_guide_posted_is_the_groups_and_never_the_tutors_page(bolt: Bolt) -> None:
    running(bolt.world.ports)
    begin(bolt.world)
    content = bolt.world.ports.content
    posted = "".join(text_of(draw(m, content).payload()) for m in messages(bolt.world, "session_guide"))
    assert session(bolt.world.ports, 1).number == 1
    assert content.guides.number(1).tutor_page.text[:80] not in posted
