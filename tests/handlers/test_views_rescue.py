"""What a group, its people and the admins read when a group needs help: drawn within Slack's limits, about no money."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import get_args

import pytest

from handlers.views.messages import draw
from programme.messages.groups import ChannelMoved, ChannelTrouble, GroupAlert
from programme.messages.rescue import (
    CatchUp,
    ChannelClosing,
    ConsentAnswer,
    ConsentEnd,
    ConsentKind,
    ConsentOutcome,
    ConsentRequest,
    GroupChanged,
    PlaceFree,
    RescueCard,
    RescueChoice,
    SeatGivenBack,
)
from sandbox.slack.block_kit import check_message

LABEL = "groupe 012 – Lyon"
LONG = "groupe 012 – " + "Saint-Remy-en-Bouzemont & <Isson> " * 4
WHEN = datetime(2026, 12, 8, 18, 0, tzinfo=UTC)
KINDS: tuple[ConsentKind, ...] = get_args(ConsentKind)
MONEY_OR_WITHDRAWAL = re.compile(r"€|euro|rembours|rétract|résili|paye|paiement", re.IGNORECASE)


def request(what: ConsentKind, **more: object) -> ConsentRequest:
    facts = {
        "rescue_id": "res_1",
        "what": what,
        "joining": False,
        "label": LABEL,
        "size": 4,
        "place": "Lyon",
        "worst_km": 7.4,
        "slot": "tue-evening",
        "held": 5,
        "next_number": 6,
        "weeks": 3,
        "until": date(2026, 12, 29),
        "expires_at": WHEN,
        "zone": "Europe/Paris",
    }
    return ConsentRequest(**(facts | more))


def card(**more: object) -> RescueCard:
    people = tuple(RescueChoice(value=f"mem_{n}", label="Camille " + "é" * 90) for n in range(3))
    facts = {"group_id": "grp_1", "label": LONG, "stage": "running", "held": 5, "members": people}
    return RescueCard(**(facts | more))


ALERTS = [
    GroupAlert(label=LONG, what=what, users={"U1": "user_is_restricted"}, group_id="grp_1", channel="C1", detail="x")
    for what in get_args(ChannelTrouble)
]
REQUESTS = [
    *(request(what, joining=joining) for what in KINDS for joining in (True, False)),
    *(request(what, answer=answer) for what in KINDS for answer in get_args(ConsentAnswer) if answer),
    request("replacement", held=0, slot="", reminder=True, label=LONG, place="L" * 100),
]
IN_THE_GROUP = [
    PlaceFree(size=3, running=True),
    PlaceFree(size=1, running=False),
    *(GroupChanged(what=what, users=("U1", "U2"), until=date(2026, 12, 8), weeks=1, next_start=WHEN) for what in KINDS),
    ChannelClosing(closes_on=date(2026, 12, 8), joined=LONG),
    ChannelClosing(closes_on=date(2026, 12, 8)),
    ChannelMoved(label=LONG, member_users=("U1", "U2", "U3"), tutor_user="U9"),
]
TO_PEOPLE = [
    SeatGivenBack(label=LONG),
    CatchUp(label=LONG, held=5, next_number=6, next_start=WHEN, zone="Europe/Paris", tutor_user="U9"),
    CatchUp(label=LABEL, held=1, next_number=17, next_start=None, zone="Europe/Paris", tutor_user="U9"),
]
CHOICES = tuple(RescueChoice(value=f"x_{n}", label="Très long nom de commune " * 5) for n in range(20))
CARDS = [
    card(),
    card(newcomers=CHOICES, mergers=CHOICES, pause_weeks=8, may_agree_to_three=True, place_freed=True),
    card(stage="paused", paused_until=date(2026, 12, 8), members=()),
    *(card(question=what, rescue_id="res_1", asked=4, agreed=2) for what in KINDS),
    *(
        ConsentOutcome(label=LONG, what=what, end=end)
        for what in KINDS
        for end in get_args(ConsentEnd)
        if end != "open"
    ),
]


@pytest.mark.parametrize("message", [*ALERTS, *REQUESTS, *IN_THE_GROUP, *TO_PEOPLE, *CARDS], ids=lambda m: m.kind)
def test_slack_takes_it(message, content) -> None:
    drawn = draw(message, content)

    assert check_message(drawn.payload()) == []
    assert drawn.text.strip()
    assert "{" not in drawn.text


@pytest.mark.parametrize("message", [*IN_THE_GROUP, *REQUESTS, *TO_PEOPLE], ids=lambda m: m.kind)
def test_nothing_tells_of_money_or_of_why_somebody_left(message, content) -> None:
    assert not MONEY_OR_WITHDRAWAL.search(str(draw(message, content).payload()))


@pytest.mark.parametrize("message", REQUESTS, ids=lambda m: m.what)
def test_an_answered_question_has_no_buttons(message, content) -> None:
    kinds = [block["type"] for block in draw(message, content).payload()["blocks"]]

    assert ("actions" in kinds) is (message.answer == "")
