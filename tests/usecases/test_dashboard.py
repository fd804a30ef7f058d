"""The dashboard: what waits burns until somebody has settled it, and the acts beside it settle it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programme.errors import NotAllowed, NotFound, Permanent, Retryable
from programme.journal import Action
from programme.messages.common import Notice
from programme.model.charge import ChargeStatus
from programme.model.dispute import DisputeState
from programme.model.heartbeat import Beat
from programme.model.people import Caller, Role
from programme.payment_provider import DisputeSeen
from programme.rules.eligibility import Level
from programme.rules.lights import Colour, Light, LightKind
from programme.usecases import (
    dashboard,
    delivery,
    disputes,
    enrolment,
    exemptions,
    instalment_help,
    pings,
    reconciliation,
    refunds,
    reviews,
    termination,
    withdrawal,
)
from tests.builders import ADMIN, a_profile, known_to_slack, paid
from tests.conftest import World
from tests.usecases.in_three import at_ten, begun, due_day, live_until
from tests.usecases.running import LEA, MAX, NOE, ZOE, hold, running
from tests.usecases.tutoring import TUTOR, submitted
from tests.usecases.tutoring import running as tutored
from tests.usecases.waiting_room import Person, enrol, proposed

RED, ORANGE, GREEN = Colour


def lights(world: World) -> dict[LightKind, Light]:
    return {light.kind: light for light in dashboard.lights(world.ports, caller=ADMIN)}


def look(world: World, kind: LightKind) -> tuple[Colour, int]:
    light = lights(world)[kind]
    return light.colour, light.count


def test_a_quiet_installation_is_green(world: World) -> None:
    assert look(world, LightKind.RECONCILIATION) == (RED, 1)
    reconciliation.reconcile(world.ports)
    assert {light.colour for light in lights(world).values()} == {GREEN}


@pytest.mark.parametrize("caller", [LEA, Caller("UTUTOR1", frozenset({Role.TUTOR}))])
def test_the_dashboard_is_for_admins(world: World, caller: Caller) -> None:
    for refused in (
        lambda: dashboard.lights(world.ports, caller=caller),
        lambda: dashboard.detail(world.ports, caller=caller, kind=LightKind.REFUNDS),
        lambda: dashboard.try_again(world.ports, caller=caller, key="x"),
        lambda: dashboard.set_aside(world.ports, caller=caller, key="x"),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_refund_burns_until_it_has_left_and_red_near_its_last_day(world: World) -> None:
    order = paid(world, "ULEA")
    withdrawal.declare(world.ports, caller=Caller("ULEA"), order_id=order.id, email="lea@exemple.fr")
    assert look(world, LightKind.REFUNDS) == (ORANGE, 1)
    world.clock.move(days=11)
    [item] = lights(world)[LightKind.REFUNDS].items
    assert (item.colour, item.user, item.amount) == (RED, "ULEA", 45_000)
    refunds.approve(world.ports, caller=ADMIN, end_id=item.subject)
    assert lights(world)[LightKind.REFUNDS].items[0].label == "seconded"
    refunds.approve(world.ports, caller=Caller("UADMIN2", frozenset({Role.ADMIN})), end_id=item.subject)
    assert look(world, LightKind.REFUNDS) == (GREEN, 0)


def test_a_termination_burns_until_it_is_decided(world: World) -> None:
    paid(world, "ULEA")
    termination.ask_to_end(world.ports, caller=Caller("ULEA"), force_majeure=False, reason="Je pars.")
    delivery.deliver_all(world.ports)
    assert look(world, LightKind.TERMINATIONS) == (ORANGE, 1)
    shown = dashboard.detail(world.ports, caller=ADMIN, kind=LightKind.TERMINATIONS)
    [item] = shown.shown
    assert item.user == "ULEA"
    assert shown.links[item.card].startswith("https://slack.example/archives/CADMIN/")
    world.clock.move(days=3)
    assert look(world, LightKind.TERMINATIONS) == (RED, 1)
    order_id, cases = termination.cases_of(world.ports, caller=ADMIN, member_user="ULEA")
    termination.end_as(world.ports, caller=ADMIN, order_id=order_id, kind=cases[-1].kind, reason="Départ.")
    assert look(world, LightKind.TERMINATIONS) == (GREEN, 0)


def test_a_dispute_burns_until_the_bank_has_decided(world: World) -> None:
    order = paid(world, "ULEA")
    with world.store.reading() as uow:
        [payment] = uow.orders.payments(order.id)
    due = world.clock.now() + timedelta(days=7)
    seen = DisputeSeen("dp_1", payment.intent_id, 45_000, "fraudulent", DisputeState.OPEN, due)
    world.payments.contested["dp_1"] = seen
    disputes.follow(world.ports)
    assert look(world, LightKind.DISPUTES) == (ORANGE, 1)
    world.clock.move(days=5)
    assert look(world, LightKind.DISPUTES) == (RED, 1)
    world.payments.contested["dp_1"] = DisputeSeen("dp_1", payment.intent_id, 45_000, "fraudulent", DisputeState.WON)
    disputes.follow(world.ports)
    assert look(world, LightKind.DISPUTES) == (GREEN, 0)


def test_a_refused_instalment_burns_once_the_calendar_has_given_up(world: World) -> None:
    order = begun(world)
    world.payments.bank = ChargeStatus.DECLINED
    live_until(world, at_ten(due_day(world, order), 4))
    assert look(world, LightKind.INSTALMENTS) == (GREEN, 0)
    live_until(world, at_ten(due_day(world, order), 12))
    [item] = lights(world)[LightKind.INSTALMENTS].items
    assert (item.colour, item.user, item.count) == (ORANGE, "ULEA", 2)
    world.payments.bank = ChargeStatus.SUCCEEDED
    instalment_help.try_again(world.ports, caller=ADMIN, payment_id=item.subject)
    live_until(world, world.clock.now() + timedelta(hours=1))
    assert look(world, LightKind.INSTALMENTS) == (GREEN, 0)


def test_an_exemption_burns_until_it_is_answered(world: World) -> None:
    caller = Caller("ULEA")
    enrolment.resume(world.ports, caller=caller)
    enrolment.see_tutorial(world.ports, caller=caller)
    known_to_slack(world.ports, "ULEA")
    enrolment.save_profile(world.ports, caller=caller, profile=a_profile())
    enrolment.declare_level(world.ports, caller=caller, level=Level.LEVEL_4)
    text = "Dix ans de métier dans la librairie."
    exemptions.ask(world.ports, caller=caller, request=text, experience=text)
    assert look(world, LightKind.EXEMPTIONS) == (ORANGE, 1)
    [item] = lights(world)[LightKind.EXEMPTIONS].items
    enrolment_id, _, turn = item.subject.partition(":")
    exemptions.decide(
        world.ports, caller=ADMIN, enrolment_id=enrolment_id, turn=int(turn), granted=True, reason="Parcours solide."
    )
    assert look(world, LightKind.EXEMPTIONS) == (GREEN, 0)


def test_a_proposal_burns_until_it_is_confirmed(world: World) -> None:
    proposed(world.ports)
    assert look(world, LightKind.PROPOSALS) == (ORANGE, 1)
    world.clock.move(days=5)
    assert look(world, LightKind.PROPOSALS) == (RED, 1)


def test_a_long_wait_burns_before_the_promised_start(world: World) -> None:
    enrol(world.ports, Person("UM1", paid_days_ago=27))
    assert look(world, LightKind.WAITING) == (GREEN, 0)
    world.clock.move(days=1)
    assert look(world, LightKind.WAITING) == (ORANGE, 1)
    world.clock.move(days=35)
    assert look(world, LightKind.WAITING) == (RED, 1)


def test_a_group_at_risk_burns_with_who_and_why(world: World) -> None:
    running(world.ports)
    hold(world, 1, MAX, NOE, ZOE)
    hold(world, 2, MAX, NOE, ZOE)
    absent = [item.user for item in lights(world)[LightKind.RISKS].items if item.subject.endswith(":absences")]
    assert absent == ["UM1"]


def test_a_promise_burns_on_its_last_day_and_once_it_is_broken(world: World) -> None:
    tutored(world)
    found = submitted(world)
    assert look(world, LightKind.REVIEWS) == (GREEN, 0)
    assert found.due_at is not None
    world.clock.instant = found.due_at - timedelta(hours=5)
    assert look(world, LightKind.REVIEWS) == (ORANGE, 1)
    world.clock.instant = found.due_at
    assert look(world, LightKind.REVIEWS) == (RED, 1)
    reviews.take(world.ports, caller=TUTOR, document_id=found.id)
    assert look(world, LightKind.REVIEWS)[0] is RED
    reviews.validate(world.ports, caller=TUTOR, document_id=found.id)
    assert look(world, LightKind.REVIEWS) == (GREEN, 0)


def test_what_was_given_up_is_tried_again_or_set_aside(world: World) -> None:
    world.workspace.fail_next.append(Permanent("channel_not_found"))
    _say(world, "one")
    delivery.deliver_all(world.ports)
    assert look(world, LightKind.DELIVERIES)[0] is RED
    dashboard.try_again(world.ports, caller=ADMIN, key="one")
    dashboard.try_again(world.ports, caller=ADMIN, key="one")
    delivery.deliver_all(world.ports)
    assert look(world, LightKind.DELIVERIES) == (GREEN, 0)
    said = [post.key for post in world.workspace.posts]
    assert said.count("one") == 1
    dashboard.try_again(world.ports, caller=ADMIN, key="one")
    delivery.deliver_all(world.ports)
    assert [post.key for post in world.workspace.posts] == said

    world.workspace.fail_next.append(Permanent("user_not_found"))
    _say(world, "two")
    delivery.deliver_all(world.ports)
    dashboard.set_aside(world.ports, caller=ADMIN, key="two")
    dashboard.try_again(world.ports, caller=ADMIN, key="two")
    delivery.deliver_all(world.ports)
    assert "two" not in [post.key for post in world.workspace.posts]
    assert look(world, LightKind.DELIVERIES) == (GREEN, 0)
    with world.store.reading() as uow:
        assert Action.DELIVERY_SET_ASIDE in [entry.action for entry in uow.journal.of("two")]
    with pytest.raises(NotFound):
        dashboard.try_again(world.ports, caller=ADMIN, key="three")


def test_what_is_tried_in_vain_is_told_before_it_is_given_up(world: World) -> None:
    world.workspace.fail_next += [Retryable("timeout")] * 3
    _say(world, "one")
    for _ in range(3):
        assert delivery.deliver_next(world.ports)
        world.clock.move(minutes=1)
    colour, count = look(world, LightKind.DELIVERIES)
    assert (colour, count) == (ORANGE, 1)


def _say(world: World, key: str) -> None:
    with world.store.uow() as uow:
        pings.answer(uow, "ULEA", key, Notice(text_key="not_found"))


def test_a_lost_mail_has_a_light_of_its_own(world: World) -> None:
    world.mailer.fail_next.append(Permanent("no such address"))
    paid(world, "ULEA")
    assert look(world, LightKind.MAILS) == (RED, 1)
    [item] = lights(world)[LightKind.MAILS].items
    dashboard.try_again(world.ports, caller=ADMIN, key=item.subject)
    delivery.deliver_all(world.ports)
    assert look(world, LightKind.MAILS) == (GREEN, 0)


def test_missing_roles_are_told(world: World) -> None:
    with world.store.uow() as uow:
        uow.people.revoke(Role.ADMIN, "UADMIN2")
    assert look(world, LightKind.ROLES) == (ORANGE, 1)
    with world.store.uow() as uow:
        for tutor in ("UTUTOR1", "UTUTOR2"):
            uow.people.revoke(Role.TUTOR, tutor)
    assert look(world, LightKind.ROLES) == (RED, 2)


def test_the_beats_tell_a_stopped_clock_from_a_silent_stripe(world: World) -> None:
    reconciliation.reconcile(world.ports)
    world.clock.move(hours=5)
    assert look(world, LightKind.TICKS)[0] is RED
    world.payments.fail_next.append(Retryable("away"))
    reconciliation.reconcile(world.ports)
    assert look(world, LightKind.TICKS)[0] is GREEN
    assert look(world, LightKind.RECONCILIATION)[0] is RED


def test_a_backup_is_told_only_once_the_bot_has_written_one(world: World) -> None:
    assert LightKind.BACKUP not in lights(world)
    with world.store.uow() as uow:
        uow.overview.beat(Beat.BACKUP, world.clock.now())
    world.clock.move(days=2)
    assert look(world, LightKind.BACKUP) == (ORANGE, 1)
