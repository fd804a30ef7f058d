"""Deadlines that have come: each is handled once, in the transaction that marks it done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from programme.effects import Post
from programme.errors import NotFound
from programme.messages.common import FailureCard
from programme.model.agenda import Deadline, DeadlineKind
from programme.ports import Ports, UnitOfWork
from programme.usecases import (
    anchors,
    announcements,
    attendance,
    attestations,
    cards,
    checkins,
    collecting,
    complaints,
    consent,
    data_export,
    disputes,
    erasure,
    gate,
    instalment_dates,
    instalment_pages,
    last_steps,
    live,
    matching,
    material,
    patience,
    pauses,
    payments,
    pings,
    promises,
    refunds,
    reports,
    retention,
    seats,
    sessions,
    slots,
    surveys,
    tutor_absences,
    tutor_day,
)

Handler = Callable[[Ports, UnitOfWork, str], None]
FailureReport = Callable[[str, Exception], object]

HANDLERS: dict[DeadlineKind, Handler] = {
    DeadlineKind.MATCHING: matching.propose_groups,
    DeadlineKind.WEEKLY_REPORT: reports.weekly_report,
    DeadlineKind.CHECKOUT_EXPIRY: payments.checkout_expired,
    DeadlineKind.WAITING_ROOM: patience.weekly_words,
    DeadlineKind.WAITING_WORD: patience.say_word,
    DeadlineKind.PROPOSAL_EXPIRY: seats.expire_proposal,
    DeadlineKind.OFFER_REMINDER: seats.remind_offers,
    DeadlineKind.OFFER_EXPIRY: seats.expire_offers,
    DeadlineKind.VOTE_CLOSE: slots.close_vote,
    DeadlineKind.GATE: gate.check_gate,
    DeadlineKind.GUIDE: sessions.post_guide,
    DeadlineKind.ATTENDANCE_OPEN: attendance.open_sheet,
    DeadlineKind.ATTENDANCE_CLOSE: attendance.close_sheet,
    DeadlineKind.LIVE_TICK: live.tick,
    DeadlineKind.CHECK_IN: checkins.ask,
    DeadlineKind.CHECK_IN_REMINDER: checkins.remind,
    DeadlineKind.CHECK_IN_ESCALATION: checkins.escalate,
    DeadlineKind.REVIEW_NAG: promises.nag,
    DeadlineKind.REVIEW_UNCLAIMED: promises.tell_unclaimed,
    DeadlineKind.REVIEW_WARNING: promises.warn,
    DeadlineKind.REVIEW_DUE: promises.overdue,
    DeadlineKind.TUTOR_AWAY: tutor_absences.begin,
    DeadlineKind.TUTOR_MORNING: tutor_day.plan_digests,
    DeadlineKind.TUTOR_DIGEST: tutor_day.send_digest,
    DeadlineKind.PROGRAMME_END: sessions.end_programme,
    DeadlineKind.CHANNEL_ARCHIVE: sessions.archive_channel,
    DeadlineKind.ATTESTATION: attestations.issue_due,
    DeadlineKind.LAST_STEPS: last_steps.follow,
    DeadlineKind.SURVEY: surveys.ask,
    DeadlineKind.SURVEY_REMINDER: surveys.remind,
    DeadlineKind.MATERIAL_REMINDER: material.remind,
    DeadlineKind.CONSENT_REMINDER: consent.remind,
    DeadlineKind.CONSENT_EXPIRY: consent.expire,
    DeadlineKind.PAUSE_END: pauses.end_pause,
    DeadlineKind.INSTALMENT_NOTICE: instalment_dates.give_notice,
    DeadlineKind.INSTALMENT_DUE: collecting.collect,
    DeadlineKind.INSTALMENT_LINK_EXPIRY: instalment_pages.expired,
    DeadlineKind.NUDGES: pings.send_waiting,
    DeadlineKind.ANNOUNCEMENT: announcements.leave,
    DeadlineKind.ANNOUNCEMENT_COPY: announcements.hand_copy,
    DeadlineKind.DISPUTE_EVIDENCE: disputes.remind,
    DeadlineKind.CARD_CLAIM_OVER: cards.claim_over,
    DeadlineKind.REFUND_LEAVES: refunds.leave,
    DeadlineKind.REFUND_ALERT: refunds.alert,
    DeadlineKind.COMPLAINT_REMINDER: complaints.remind,
    DeadlineKind.COMPLAINT_CLOSE: complaints.close_in_time,
    DeadlineKind.EXPORT_EXPIRY: data_export.expire,
    DeadlineKind.ERASURE: erasure.carry_out,
    DeadlineKind.RETENTION: retention.run_daily,
    DeadlineKind.EVIDENCE_ANCHOR: anchors.anchor,
}
RETRY_PAUSE = timedelta(minutes=5)
ATTEMPTS_BEFORE_ALARM = 3


def run_due(ports: Ports, report: FailureReport, limit: int = 1000) -> int:
    """Handle every deadline that has come; a failing one is put off and reported, and never stops the others."""
    handled = 0
    while handled < limit:
        now = ports.clock.now()
        with ports.reading() as uow:
            due = [(row.id, row.kind, row.subject) for row in uow.agenda.due(now)]
        if not due:
            return handled
        for deadline_id, kind, subject in due:
            try:
                _handle(ports, deadline_id)
            except Exception as error:  # noqa: BLE001 - one group's trouble must not silence the others
                report(f"{kind.value}:{subject}", error)
                _put_off(ports, deadline_id, error)
            handled += 1
    return handled


def _handle(ports: Ports, deadline_id: str) -> None:
    with ports.uow() as uow:
        try:
            deadline = uow.agenda.get(deadline_id)
        except NotFound:
            return  # cancelled meanwhile, by one that was due with it
        now = ports.clock.now()
        if deadline.done_at is not None or deadline.due_at > now:
            return  # another process was faster, or it has been moved meanwhile
        due_at = deadline.due_at
        HANDLERS[deadline.kind](ports, uow, deadline.subject)
        if deadline.due_at <= now and deadline.due_at == due_at:
            deadline.done_at = now


def _put_off(ports: Ports, deadline_id: str, error: Exception) -> None:
    with ports.uow() as uow:
        deadline = uow.agenda.get(deadline_id)
        deadline.attempts += 1
        deadline.last_error = type(error).__name__
        deadline.due_at = ports.clock.now() + RETRY_PAUSE * deadline.attempts
        if deadline.attempts == ATTEMPTS_BEFORE_ALARM:
            _alarm(uow, deadline)


def _alarm(uow: UnitOfWork, deadline: Deadline) -> None:
    card = FailureCard(reference=deadline.id, what=deadline.kind.value, detail=deadline.last_error)
    uow.outbox.put(f"failure:{deadline.id}", Post(to="admins", message=card), lane="admins")


def ensure_recurring(ports: Ports) -> None:
    """Set the next rows of what recurs, at each start; afterwards each handler sets the following one."""
    now = ports.clock.now()
    with ports.uow() as uow:
        matching.schedule_next(uow, now)
        reports.schedule_next(uow, now)
        patience.schedule_next(uow, now)
        tutor_day.schedule_next(uow, now)
        retention.schedule_next(uow, now)
        anchors.schedule_next(uow, now)
