"""``/bilan-admin membre`` and ``/bilan-admin groupe``, and the buttons that stand for a command."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from handlers.ids import Action, Command
from handlers.views import group_page as group_views
from handlers.views import home as home_views
from handlers.views import member_page as views
from programme.journal import TEAM_ACTS
from programme.model.document import DocumentState
from programme.model.ending import EndState
from programme.model.enrolment import EnrolmentStatus, Step
from programme.model.group import GroupState, SeatState
from programme.model.nudge import Topic
from programme.model.order import OrderStatus, Payment, PaymentPlan, PaymentStatus
from programme.usecases import home
from programme.usecases.group_page import GroupPage, Sitting
from programme.usecases.member_page import Found, MemberPage, OrderFacts, SeatFacts
from sandbox.slack.block_kit import check_view
from tests.builders import ordered, paid
from tests.handlers.conftest import USER, Bolt
from tests.handlers.test_dashboard import modal, said
from tests.handlers.test_enrolment import as_view
from tests.handlers.test_reports import week_of
from tests.usecases.running import running
from tests.usecases.waiting_room import Person, enrol, group

AT = datetime(2026, 11, 25, 11, tzinfo=UTC)
DAY = date(2026, 12, 1)
LONG = "<&>" * 60


def opened(bolt: Bolt) -> dict[str, Any]:
    return as_view(bolt.api.called("views.open")[-1])


def buttons(view: dict[str, Any]) -> dict[str, tuple[str, str]]:
    inside = [one for block in view["blocks"] for one in [*block.get("elements", []), block.get("accessory")] if one]
    return {one["text"]["text"]: (one["action_id"], one["value"]) for one in inside if one["type"] == "button"}


@pytest.mark.parametrize("words", ["<@ULEA|lea>", "léa MARCHAND"])
def test_a_member_is_opened_by_mention_or_name(bolt: Bolt, words: str) -> None:
    paid(bolt.world, USER)
    bolt.command(Command.ADMIN, f"membre {words}", user="UADMIN1")
    view = opened(bolt)
    shown = said(view)
    assert "attend un groupe depuis le" in shown
    assert "450,00 € payé le" in shown
    act, value = buttons(view)["Renvoyer le contrat"]
    bolt.press(act, value, user="UADMIN1", view=modal("member_page"))
    assert "Le contrat repart" in said(as_view(bolt.api.called("views.update")[-1]))
    [trace] = [
        one for one in home_views.home(home.compose(bolt.world.ports, USER)).blocks if "l’équipe" in str(one.to_dict())
    ]
    told = said(trace.to_dict())
    assert "<@UADMIN1>, de l’équipe, vous a renvoyé votre contrat le " in told
    assert "<@UADMIN1>, de l’équipe, a consulté votre dossier le " in told


def test_people_of_one_name_are_told_apart(bolt: Bolt) -> None:
    enrol(bolt.world.ports, Person("UM1"), Person("UM2"))
    bolt.command(Command.ADMIN, "membre Camille", user="UADMIN1")
    choice = opened(bolt)
    assert "Plusieurs personnes" in said(choice)
    assert home.compose(bolt.world.ports, "UM1").traces == ()
    act, value = [*buttons(choice).values()][-1]
    bolt.press(act, value, user="UADMIN1", view=modal("member_choice"))
    assert "Page de membre" in said(as_view(bolt.api.called("views.push")[-1]))


def test_a_stuck_payment_gets_a_new_link(bolt: Bolt) -> None:
    order = ordered(bolt.world, USER)
    bolt.press(Action.SEND_LINK_FOR, USER, user="UADMIN1", view=modal("member_page"))
    assert "s’ouvre encore" in said(as_view(bolt.api.called("views.update")[-1]))
    bolt.world.clock.instant = order.checkout_expires_at
    bolt.press(Action.SEND_LINK_FOR, USER, user="UADMIN1", view=modal("member_page"))
    assert "Un nouveau lien" in said(as_view(bolt.api.called("views.update")[-1]))


def test_the_buttons_of_a_group_stand_for_the_commands(bolt: Bolt) -> None:
    running(bolt.world.ports)
    bolt.command(Command.ADMIN, f"groupe {group(bolt.world.ports).number}", user="UADMIN1")
    acts = buttons(opened(bolt))
    bolt.press(*acts["Kit papier"], user="UADMIN1", view=modal("group_page"))
    assert "kit" in said(as_view(bolt.api.called("views.push")[-1])).lower()
    bolt.press(*acts["Secours"], user="UADMIN1", view=modal("group_page"))
    assert "carte" in said(as_view(bolt.api.called("views.update")[-1]))
    third = modal("group_page") | {"previous_view_id": "V2", "root_view_id": "V3"}
    bolt.press(*acts["Documents"], user="UADMIN1", view=third)
    assert as_view(bolt.api.called("views.update")[-1])["title"]["text"].startswith("Suivi")
    bolt.press(*acts["Kit papier"], user="UTUTOR1", view=modal("group_page"))
    assert "pas ouverte à votre rôle" in said(as_view(bolt.api.called("views.update")[-1]))


@pytest.mark.parametrize("words", ["groupe", "groupe douze", "groupe 99", "membre", "membre Personne"])
def test_what_cannot_be_found_is_told(bolt: Bolt, words: str) -> None:
    bolt.command(Command.ADMIN, words, user="UADMIN1")
    assert bolt.api.called("views.open") == []
    assert any(word in said(bolt.api.called("response")[-1]) for word in ("numéro", "Aucun membre"))


def full(status: EnrolmentStatus, payment: PaymentStatus, order: OrderStatus) -> MemberPage:
    payments = tuple(
        Payment("pay_1", "ord_1", number, 15_000, DAY, payment, paid_at=AT, refunded=1) for number in (1, 2, 3)
    )
    facts = OrderFacts(
        "ord_1", 45_000, PaymentPlan.THREE, order, payments, DAY, True, True, False, AT, True, EndState.SENT
    )
    seat = SeatFacts(12, LONG, GroupState.RUNNING, SeatState.ACCEPTED, 3, 2, 16, 4, AT, "Indian/Reunion", 3, 2)
    documents = dict.fromkeys(DocumentState, 2)
    topics = tuple(topic.value for topic in Topic)
    return MemberPage(
        "UMAX", LONG, LONG, "Europe/Paris", False, AT, Step.DONE, status, None, facts, seat, documents, AT, 2, topics
    )


@pytest.mark.parametrize("status", EnrolmentStatus)
@pytest.mark.parametrize("payment", PaymentStatus)
@pytest.mark.parametrize("order", OrderStatus)
def test_every_page_passes_the_judge(status: EnrolmentStatus, payment: PaymentStatus, order: OrderStatus) -> None:
    assert check_view(views.page(full(status, payment, order)).to_dict()) == []


@pytest.mark.parametrize("step", [None, *Step])
def test_every_step_has_its_words(step: Step | None) -> None:
    status = EnrolmentStatus.ACTIVE if step else None
    bare = MemberPage("U1", "", "", "Europe/Paris", True, AT, step, status, None, None, None, {}, None, 0, ())
    assert check_view(views.page(bare).to_dict()) == []


@pytest.mark.parametrize("state", GroupState)
@pytest.mark.parametrize("seat", [SeatState.PROPOSED, SeatState.OFFERED, SeatState.ACCEPTED])
def test_every_group_passes_the_judge(state: GroupState, seat: SeatState) -> None:
    people = tuple(Sitting(f"U{number}", LONG, seat, 3, 4, 2) for number in range(4))
    facts = GroupPage(12, LONG, state, "UTUTOR1", "C1", "archived", "Europe/Paris", 4, AT, week_of(), people, 1)
    assert check_view(group_views.page(facts).to_dict()) == []


def test_every_act_of_the_team_has_its_words() -> None:
    assert set(home_views.TRACES) == TEAM_ACTS
    assert check_view(views.choice([Found("U1", LONG, LONG)] * 15).to_dict()) == []
