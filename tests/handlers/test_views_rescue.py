"""What a group, its people and the admins read when a group needs help: drawn within Slack's limits, about no money."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import get_args

import pytest

from handlers.views.groups import composition
from handlers.views.messages import draw
from programme.messages.groups import (
    ChannelMoved,
    ChannelTrouble,
    Decision,
    GroupAlert,
    GroupProposalCard,
    ProposalScore,
    TutorChoice,
)
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
from programme.model.slots import ALL_SLOTS
from programme.usecases.composition import Composition, Person
from sandbox.slack.block_kit import check_message, check_view

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


def proposal(**more: object) -> GroupProposalCard:
    facts = {
        "group_id": "grp_1",
        "label": LONG,
        "members": tuple("Camille " + "é" * 250 for _ in range(4)),
        "worst_km": 11.2,
        "total_km": 40.0,
        "common_slots": ALL_SLOTS,
        "tutors": (TutorChoice(user="U9", name="Dominique", groups=3),),
        "score": ProposalScore(total=88, closeness=70, slots=18, heads_of_queue=2, longest_wait_days=23),
        "expires_at": WHEN,
        "changed_by": "UADMIN1",
    }
    return GroupProposalCard(**(facts | more))


@pytest.mark.parametrize("decision", get_args(Decision))
def test_the_proposal_card_at_each_stage(decision, content) -> None:
    drawn = draw(proposal(decision=decision, decided_by="UADMIN1", tutor_user="U9", reason="x" * 500), content)

    assert check_message(drawn.payload()) == []
    assert ("actions" in [block["type"] for block in drawn.payload()["blocks"]]) is (decision == "")


def test_the_form_that_changes_a_proposal() -> None:
    people = tuple(Person(f"mem_{n}", "Très long nom de commune " * 5) for n in range(100))
    view = composition(Composition("grp_1", LABEL, people[:4], people[4:], "f" * 16))

    assert check_view(view.to_dict()) == []
