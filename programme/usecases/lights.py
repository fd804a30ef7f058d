"""What waits for the team, light by light: each item with its colour, and with what leads to the act that settles it.

A light shows what is; nothing here decides anything. ``rules/lights.py`` says when a colour changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from programme.model.agenda import DeadlineKind
from programme.model.document import DocumentState
from programme.model.ending import EndState
from programme.model.group import GroupState
from programme.model.heartbeat import Beat
from programme.model.order import Payment
from programme.model.outbox import OutboxRow
from programme.model.people import Role
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.lights import (
    Colour,
    Item,
    Light,
    LightKind,
    by_age,
    by_last_day,
    of_beat,
    of_promise,
    of_wait,
)
from programme.usecases import (
    complaints,
    conversations,
    declarations,
    disputes,
    end_requests,
    endings,
    exemptions,
    instalments,
)
from programme.usecases.conversations import Conversation
from programme.usecases.reports import group_week
from programme.usecases.tutoring import expected_tutor
from programme.usecases.waiting import waiting_room

HELD_ATTEMPTS = 3
ANSWER_WITHIN = timedelta(days=3)
PROPOSAL_WITHIN = timedelta(days=5)
"""A proposal without a decision ends after seven days."""


Finder = Callable[[Ports, UnitOfWork, datetime], Iterator[Item]]


def light_up(ports: Ports, uow: UnitOfWork, kind: LightKind, now: datetime) -> Light:
    """Return one light as it is now."""
    order = list(Colour)
    return Light(kind, tuple(sorted(_FINDERS[kind](ports, uow, now), key=lambda item: order.index(item.colour))))


def all_lights(ports: Ports, uow: UnitOfWork, now: datetime) -> tuple[Light, ...]:
    """Return every light, the most pressing colour first; none for backups of which the bot knows nothing."""
    order = list(Colour)
    found = [light_up(ports, uow, kind, now) for kind in LightKind]
    lights = [light for light in found if light.items or light.kind is not LightKind.BACKUP]
    return tuple(sorted(lights, key=lambda light: order.index(light.colour)))


def _user_of_order(uow: UnitOfWork, order_id: str) -> str:
    return instalments.user_of(uow, uow.orders.get(order_id))


def _refunds(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    for end in uow.overview.open_ends():
        failed = end.state is EndState.FAILED
        yield Item(
            colour=Colour.RED if failed else by_last_day(end.refund_due_on, day_in(now)),
            subject="" if failed else end.id,
            user=_user_of_order(uow, end.order_id),
            label=end.state.value,
            amount=end.refund,
            day=end.refund_due_on,
            card=endings.card_key(end.id),
        )


def _declarations(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    for declaration in uow.overview.declarations_to_examine():
        colour = by_age(declaration.recorded_at, now, red_after=ANSWER_WITHIN)
        key = declarations.card_key(declaration)
        card = key if uow.outbox.get(key) is not None else ""
        yield Item(colour, label=declaration.name, at=declaration.recorded_at, card=card)


def _terminations(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    for notified in uow.overview.termination_requests():
        order = uow.orders.get(notified.subject)
        user = instalments.user_of(uow, order)
        colour = by_age(notified.at, now, red_after=ANSWER_WITHIN)
        yield Item(colour, subject=user, user=user, at=notified.at, card=end_requests.card_key(uow, order))


def _disputes(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    for dispute in uow.overview.open_disputes():
        day = day_in(dispute.evidence_due_at) if dispute.evidence_due_at else None
        yield Item(
            colour=by_last_day(day, day_in(now)),
            user=_user_of_order(uow, dispute.order_id),
            label=dispute.reason,
            amount=dispute.amount,
            day=day,
            card=disputes.card_key(dispute),
        )


def _complaints(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    for complaint in uow.complaints.open():
        yield Item(
            colour=by_last_day(complaint.answer_by, day_in(now)),
            subject=complaint.id,
            user=uow.members.get(complaint.member_id).slack_user_id,
            label=complaint.number,
            day=complaint.answer_by,
            card=complaints.card_key(complaint.id),
        )


def _instalments(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    for payment in uow.overview.refused_payments():
        if _waits_for_a_person(uow, payment):
            yield Item(
                colour=Colour.ORANGE,
                subject=payment.id,
                user=_user_of_order(uow, payment.order_id),
                amount=payment.amount,
                day=payment.due_on,
                count=payment.number,
                card=instalments.help_key(payment),
            )


def _waits_for_a_person(uow: UnitOfWork, payment: Payment) -> bool:
    """Whether the calendar tries no more by itself."""
    return uow.agenda.open_at(DeadlineKind.INSTALMENT_DUE, payment.id) is None


def _exemptions(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    for enrolment in uow.overview.exemptions_asked():
        asked_at = enrolment.exemption_asked_at or enrolment.opened_at
        yield Item(
            colour=by_age(asked_at, now, red_after=ANSWER_WITHIN),
            subject=f"{enrolment.id}:{enrolment.exemption_round}",
            user=uow.members.get(enrolment.member_id).slack_user_id,
            at=asked_at,
            card=exemptions.card_key(enrolment.id, enrolment.exemption_round),
        )


def _proposals(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    for group in uow.groups.in_states(GroupState.PROPOSED):
        colour = by_age(group.proposed_at, now, red_after=PROPOSAL_WITHIN)
        yield Item(colour, label=group.label, at=group.proposed_at, card=f"proposal:{group.id}")


def _waiting(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    weeks = ports.content.trader.start_within_weeks
    for enrolment, member in waiting_room(uow):
        ordered_at = enrolment.ordered_at or enrolment.opened_at
        colour = of_wait(ordered_at, now, start_within_weeks=weeks)
        if colour is not Colour.GREEN:
            last_day = day_in(ordered_at + timedelta(weeks=weeks))
            yield Item(colour, user=member.slack_user_id, label=member.commune, at=enrolment.paid_at, day=last_day)


def _risks(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    for group in uow.groups.in_states(GroupState.RUNNING):
        for risk in group_week(ports, uow, group, now).risks:
            late = risk.kind == "low_slack" and risk.count < 0
            yield Item(
                colour=Colour.RED if late else Colour.ORANGE,
                subject=f"{group.id}:{risk.kind}",
                user=risk.member_user,
                label=group.label,
                count=risk.count,
            )


def _reviews(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    waiting: list[Conversation] = [*uow.documents.open_for_review(), *uow.questions.unanswered()]
    for about in waiting:
        if about.due_at is None:
            continue
        taken = bool(about.tutor_id) and about.state is not DocumentState.RECEIVED
        colour = of_promise(about.due_at, now, taken=taken)
        if colour is not Colour.GREEN:
            tutor, card = expected_tutor(uow, about), conversations.card_key(about.id)
            yield Item(colour, subject=about.id, user=tutor, label=about.title, at=about.due_at, card=card)


def _lost(rows: list[OutboxRow], colour: Colour, *, mails: bool) -> Iterator[Item]:
    for row in rows:
        if (row.effect["kind"] == "send_mail") is mails:
            subject = row.key if colour is Colour.RED else ""
            yield Item(colour, subject=subject, label=row.effect["kind"], at=row.created_at, note=row.last_error)


def _deliveries(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    yield from _lost(uow.overview.failed_rows(), Colour.RED, mails=False)
    yield from _lost(uow.overview.held_rows(HELD_ATTEMPTS), Colour.ORANGE, mails=False)


def _mails(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    yield from _lost(uow.overview.failed_rows(), Colour.RED, mails=True)
    yield from _lost(uow.overview.held_rows(HELD_ATTEMPTS), Colour.ORANGE, mails=True)


def _roles(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    """Nobody can read documents without a tutor; a large refund needs a second admin."""
    if not uow.people.holders(Role.TUTOR):
        yield Item(Colour.RED, label=Role.TUTOR.value)
    admins = len(uow.people.holders(Role.ADMIN))
    if admins < 2:
        yield Item(Colour.ORANGE if admins else Colour.RED, label=Role.ADMIN.value, count=admins)


def _ticks(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    """The ticks turn every two minutes at least; a deadline that is still open so late was not handled."""
    last = uow.overview.last_beat(Beat.TICKS)
    margins = {"orange_after": timedelta(minutes=10), "red_after": timedelta(minutes=30)}
    yield Item(of_beat(last, now, **margins), at=last)
    overdue = uow.agenda.due(now - margins["orange_after"])
    if overdue:
        yield Item(
            of_beat(overdue[0].due_at, now, **margins), label="overdue", at=overdue[0].due_at, count=len(overdue)
        )


def _reconciliation(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    last = uow.overview.last_beat(Beat.RECONCILIATION)
    yield Item(of_beat(last, now, orange_after=timedelta(minutes=30), red_after=timedelta(hours=4)), at=last)


def _backup(ports: Ports, uow: UnitOfWork, now: datetime) -> Iterator[Item]:
    """Only where the bot itself has written one: it does not know of others."""
    last = uow.overview.last_beat(Beat.BACKUP)
    if last is not None:
        yield Item(of_beat(last, now, orange_after=timedelta(hours=26), red_after=timedelta(days=3)), at=last)


_FINDERS: dict[LightKind, Finder] = {
    LightKind.REFUNDS: _refunds,
    LightKind.DECLARATIONS: _declarations,
    LightKind.TERMINATIONS: _terminations,
    LightKind.DISPUTES: _disputes,
    LightKind.COMPLAINTS: _complaints,
    LightKind.INSTALMENTS: _instalments,
    LightKind.EXEMPTIONS: _exemptions,
    LightKind.PROPOSALS: _proposals,
    LightKind.WAITING: _waiting,
    LightKind.RISKS: _risks,
    LightKind.REVIEWS: _reviews,
    LightKind.DELIVERIES: _deliveries,
    LightKind.MAILS: _mails,
    LightKind.ROLES: _roles,
    LightKind.TICKS: _ticks,
    LightKind.RECONCILIATION: _reconciliation,
    LightKind.BACKUP: _backup,
}
