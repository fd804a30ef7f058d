"""The waiting room on the Home, in ``/bilan`` and in the weekly word: drawn within Slack's limits, taken by a press."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.ids import Action
from handlers.views import home as home_views
from handlers.views.messages import draw
from programme.messages.waiting import Advice, WaitingWord
from programme.usecases import home
from sandbox.slack.block_kit import check_message, check_view
from tests.usecases.test_patience import FAR
from tests.usecases.waiting_room import Person, enrol

ADVICE = (
    Advice(slot="sat-afternoon", people=5),
    Advice(slot="thu-evening", people=4),
    Advice(radius_km=30, people=3),
)


def word(**more: object) -> WaitingWord:
    facts = {"since": date(2026, 11, 2), "weeks": 3, "near": 12, "sharing": 4, "advice": ADVICE}
    return WaitingWord(**(facts | {"by_slot": (("tue-evening", 4), ("thu-evening", 3))} | more))


@pytest.mark.parametrize("message", [word(), word(near=None, sharing=None, by_slot=(), advice=()), word(sharing=None)])
def test_slack_takes_the_word(message, content) -> None:
    drawn = draw(message, content)

    assert check_message(drawn.payload()) == []
    assert " 0 " not in str(drawn.payload())
    assert ("Moins de trois" in str(drawn.payload())) is (message.near is None)


def test_the_home_shows_the_room_and_takes_the_advice(bolt, world, ports) -> None:
    others = [Person(f"UF{n}", place=FAR, slots=("thu-evening",), profile={"radius_km": 40}) for n in range(3)]
    enrol(ports, Person("UME", slots=("thu-evening",)), *others)
    view = home_views.home(home.compose(ports, "UME"))
    assert check_view(view.to_dict()) == []
    assert "30" in str(view.to_dict())

    bolt.press(Action.WIDEN_RADIUS, "30", user="UME")
    bolt.press(f"{Action.ADD_SLOT}:0", "fri-evening", user="UME")
    with ports.reading() as uow:
        member = uow.members.by_slack("UME")
    assert (member.radius_km, member.availability) == (30, ("thu-evening", "fri-evening"))
    assert home.compose(ports, "UME").waiting.near == 3
    bolt.command("/bilan", user="UME")
    assert "Près de chez vous" in str(bolt.api.called("response")[-1])
