"""What waits for the team across all tables, for the admins' console; and the beats of what must recur."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from programme.journal import Action, JournalEntry
from programme.model.dispute import Dispute, DisputeState
from programme.model.ending import ContractEnd, Declaration, DeclarationState, EndState
from programme.model.enrolment import Enrolment, EnrolmentStatus, ExemptionState
from programme.model.heartbeat import Beat, Heartbeat
from programme.model.order import Payment, PaymentStatus
from programme.model.outbox import OutboxRow, OutboxStatus
from store.repository import Repository
from store.tables.delivery import journal, outbox
from store.tables.disputes import disputes
from store.tables.documents import document_versions, documents
from store.tables.endings import contract_ends, declarations
from store.tables.enrolments import enrolments
from store.tables.orders import payments


class OverviewStore(Repository):
    """Questions that no single family of rows can answer."""

    def open_ends(self) -> list[ContractEnd]:
        """Return the early ends whose refund waits for a person, the first last day first."""
        waiting = (EndState.PROPOSED, EndState.SECONDED, EndState.FAILED)
        query = select(ContractEnd).where(contract_ends.c.state.in_(waiting), contract_ends.c.refund > 0)
        return list(self._db.scalars(query.order_by(contract_ends.c.refund_due_on, contract_ends.c.id)))

    def termination_requests(self) -> list[JournalEntry]:
        """Return the notifications, by order, that nobody has decided or set aside yet, oldest first."""
        ended = exists().where(contract_ends.c.order_id == journal.c.subject)
        later = journal.alias("later")
        aside = exists().where(
            later.c.subject == journal.c.subject,
            later.c.action == Action.TERMINATION_SET_ASIDE,
            later.c.at >= journal.c.at,
        )
        query = select(JournalEntry).where(journal.c.action == Action.TERMINATION_NOTIFIED, ~ended, ~aside)
        return list(self._db.scalars(query.order_by(journal.c.at, journal.c.id)))

    def declarations_to_examine(self) -> list[Declaration]:
        """Return the declarations of withdrawal that wait for their author or an admin, oldest first."""
        query = select(Declaration).where(declarations.c.state == DeclarationState.RECEIVED)
        return list(self._db.scalars(query.order_by(declarations.c.recorded_at, declarations.c.id)))

    def open_disputes(self) -> list[Dispute]:
        """Return the payments that are contested, the oldest first."""
        query = select(Dispute).where(disputes.c.state == DisputeState.OPEN)
        return list(self._db.scalars(query.order_by(disputes.c.opened_at, disputes.c.id)))

    def refused_payments(self) -> list[Payment]:
        """Return the instalments that the bank refused last time, the oldest due day first."""
        query = select(Payment).where(payments.c.status == PaymentStatus.FAILED)
        return list(self._db.scalars(query.order_by(payments.c.due_on, payments.c.id)))

    def exemptions_asked(self) -> list[Enrolment]:
        """Return the enrolments whose exemption waits for a decision, oldest request first."""
        asked = (enrolments.c.exemption == ExemptionState.ASKED) & (enrolments.c.status == EnrolmentStatus.ACTIVE)
        return list(self._db.scalars(select(Enrolment).where(asked).order_by(enrolments.c.exemption_asked_at)))

    def enrolments_opened(self, since: datetime, until: datetime) -> list[Enrolment]:
        """Return the enrolments begun in this time."""
        opened = (enrolments.c.opened_at >= since) & (enrolments.c.opened_at < until)
        return list(self._db.scalars(select(Enrolment).where(opened).order_by(enrolments.c.opened_at)))

    def enrolments_ended(self, since: datetime, until: datetime) -> list[Enrolment]:
        """Return those that ended early in this time, by withdrawal or otherwise."""
        early = enrolments.c.status.in_((EnrolmentStatus.WITHDRAWN, EnrolmentStatus.TERMINATED))
        ended = early & (enrolments.c.ended_at >= since) & (enrolments.c.ended_at < until)
        return list(self._db.scalars(select(Enrolment).where(ended).order_by(enrolments.c.ended_at)))

    def versions_handed_in(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime | None]]:
        """Return when each version was handed in and when its remarks were given back; drafts are not among them."""
        query = (
            select(document_versions.c.submitted_at, document_versions.c.returned_at)
            .join(documents, documents.c.id == document_versions.c.document_id)
            .where(document_versions.c.number <= documents.c.handed_in)
            .where(document_versions.c.submitted_at >= since, document_versions.c.submitted_at < until)
        )
        return [(handed_in, returned) for handed_in, returned in self._db.execute(query)]

    def failed_rows(self) -> list[OutboxRow]:
        """Return the effects that were given up, in their order; those erased since cannot be tried again."""
        query = select(OutboxRow).where(outbox.c.status == OutboxStatus.FAILED).order_by(outbox.c.sequence)
        return [row for row in self._db.scalars(query) if row.effect.get("kind") != "erased"]

    def held_rows(self, attempts: int) -> list[OutboxRow]:
        """Return the effects that were tried in vain at least so often and will be tried again."""
        query = select(OutboxRow).where(outbox.c.status == OutboxStatus.DUE, outbox.c.attempts >= attempts)
        return list(self._db.scalars(query.order_by(outbox.c.sequence)))

    def beat(self, name: Beat, at: datetime) -> None:
        """Note that it went well."""
        self._db.merge(Heartbeat(name, at))

    def last_beat(self, name: Beat) -> datetime | None:
        """Return the last time it went well."""
        found = self._db.get(Heartbeat, name)
        return found.at if found else None
