"""Anchors of the evidence chain: its length and last seal, noted where a later cut cannot reach (decision 0008).

A chain shows by itself what was changed inside it, and not what was cut off its end. So its head is written into the
journal every night, and into the admins' Monday report, which leaves this machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from programme.journal import Action
from programme.messages.reports import EvidenceAnchor
from programme.model.agenda import DeadlineKind
from programme.model.evidence import Evidence, first_broken
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.recurrence import next_daily

HOUR = time(4, 30)
"""At night, and never between 02:00 and 03:00, which a change of the clocks skips or repeats."""
SUBJECT = "evidence"


@dataclass(frozen=True)
class Verdict:
    """What a check of the whole chain found: the first broken record, and the anchors that it no longer holds."""

    chain: Sequence[Evidence]
    broken: Evidence | None
    missing: tuple[str, ...]
    found: tuple[Evidence, ...]

    @property
    def head(self) -> str:
        """The last seal."""
        return self.chain[-1].hash if self.chain else ""


def schedule_next(uow: UnitOfWork, now: datetime) -> None:
    """Set the anchor of the next night; its day makes it unique."""
    at = next_daily(now, HOUR)
    uow.agenda.put(DeadlineKind.EVIDENCE_ANCHOR, day_in(at).isoformat(), at)


def anchor(ports: Ports, uow: UnitOfWork, _subject: str) -> None:
    """Note the head of the chain in the journal (DeadlineKind.EVIDENCE_ANCHOR)."""
    schedule_next(uow, ports.clock.now())
    head = head_of(uow)
    if head is not None:
        uow.journal.write("bot", Action.EVIDENCE_ANCHORED, SUBJECT, count=head.count, hash=head.hash)


def head_of(uow: UnitOfWork) -> EvidenceAnchor | None:
    """Return the length and the last seal of the chain; None while it is empty."""
    last = uow.enrolments.last_evidence()
    return EvidenceAnchor(count=last.sequence, hash=last.hash) if last else None


def verify(uow: UnitOfWork, given: Sequence[str], today: date) -> Verdict:
    """Check every link, and that the chain still holds each anchor: those of the journal, and those given."""
    chain = uow.enrolments.evidence()
    sealed = {record.hash: record for record in chain}
    noted = [str(line.data["hash"]) for line in uow.journal.of(SUBJECT) if line.action is Action.EVIDENCE_ANCHORED]
    wanted = [one.strip().lower() for one in given]
    return Verdict(
        chain=chain,
        broken=first_broken(chain, today),
        missing=tuple(one for one in (*wanted, *noted) if one not in sealed),
        found=tuple(sealed[one] for one in wanted if one in sealed),
    )
