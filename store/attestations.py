"""Attestations of participation: written once, read for ever."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import ColumnElement, insert, select

from programme.errors import NotFound
from programme.model.attestation import Attestation
from store.repository import Repository
from store.tables.attestations import attestations


class AttestationStore(Repository):
    """Plain rows, so that no loaded object can be flushed back changed."""

    def add(self, attestation: Attestation) -> None:
        """Insert an attestation; it must be new by its reference."""
        self._db.execute(insert(attestations).values(**asdict(attestation)))

    def get(self, reference: str) -> Attestation:
        """Return the attestation with this reference; NotFound otherwise."""
        found = self._where(attestations.c.reference == reference)
        if not found:
            raise NotFound
        return found[0]

    def of_member(self, member_id: str) -> list[Attestation]:
        """Return every attestation of a member, oldest first."""
        return self._where(attestations.c.member_id == member_id)

    def latest(self, enrolment_id: str) -> Attestation | None:
        """Return the one in force: the last that was issued."""
        return next(reversed(self._where(attestations.c.enrolment_id == enrolment_id)), None)

    def _where(self, criterion: ColumnElement[bool]) -> list[Attestation]:
        query = select(attestations).where(criterion).order_by(attestations.c.issued_at, attestations.c.number)
        return [Attestation(**row) for row in self._db.execute(query).mappings()]
