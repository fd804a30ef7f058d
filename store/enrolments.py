"""Enrolments and the evidence chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, select

from programme.model.enrolment import Enrolment, EnrolmentStatus
from programme.model.evidence import GENESIS, Evidence, link_hash
from programme.model.group import LIVE_SEATS, GroupState
from programme.model.ids import new_id
from store.repository import Repository
from store.tables.enrolments import enrolments, evidence
from store.tables.groups import groups, seats


class EnrolmentStore(Repository):
    """Enrolments, and what was accepted and declared in them."""

    def add(self, enrolment: Enrolment) -> None:
        """Insert a new enrolment."""
        self._insert(enrolment)

    def get(self, enrolment_id: str) -> Enrolment:
        """Return the enrolment; NotFound otherwise."""
        return self._get(Enrolment, enrolment_id)

    def current(self, member_id: str) -> Enrolment | None:
        """Return the member's latest enrolment, if any."""
        newest = (
            select(Enrolment)
            .where(enrolments.c.member_id == member_id)
            .order_by(enrolments.c.opened_at.desc(), enrolments.c.id.desc())
            .limit(1)
        )
        return self._db.scalar(newest)

    def waiting(self) -> list[Enrolment]:
        """Return active, paid enrolments of members without a live seat, oldest payment first."""
        seated = exists().where(
            and_(
                seats.c.member_id == enrolments.c.member_id,
                seats.c.state.in_(sorted(LIVE_SEATS)),
                groups.c.id == seats.c.group_id,
                groups.c.state != GroupState.ARCHIVED,
            )
        )
        query = (
            select(Enrolment)
            .where(
                enrolments.c.status == EnrolmentStatus.ACTIVE,
                enrolments.c.paid_at.is_not(None),
                ~seated,
            )
            .order_by(enrolments.c.paid_at, enrolments.c.id)
        )
        return list(self._db.scalars(query))

    def record(self, *, enrolment_id: str, kind: str, at: datetime, facts: Mapping[str, Any]) -> Evidence:
        """Append a link: the transaction holds the write lock, so the numbers have no gap and no twin."""
        last = self.last_evidence()
        record = Evidence(
            id=new_id("evi"),
            sequence=last.sequence + 1 if last else 1,
            enrolment_id=enrolment_id,
            kind=kind,
            recorded_at=at,
            facts=dict(facts),
            previous_hash=last.hash if last else GENESIS,
            hash="",
        )
        record.hash = link_hash(record)
        self._insert(record)
        return record

    def last_evidence(self) -> Evidence | None:
        """Return the head of the chain."""
        return self._db.scalar(select(Evidence).order_by(evidence.c.sequence.desc()).limit(1))

    def evidence(self, enrolment_id: str | None = None) -> list[Evidence]:
        """Return the chain in order, whole or of one enrolment."""
        query = select(Evidence).order_by(evidence.c.sequence)
        if enrolment_id is not None:
            query = query.where(evidence.c.enrolment_id == enrolment_id)
        return list(self._db.scalars(query))
