"""The register of complaints."""

from __future__ import annotations

from sqlalchemy import func, select

from programme.model.complaint import Complaint, ComplaintState
from store.repository import Repository
from store.tables.complaints import complaints


class ComplaintStore(Repository):
    """Complaints by number, by form and by state."""

    def add(self, complaint: Complaint) -> None:
        """Insert a complaint."""
        self._insert(complaint)

    def get(self, complaint_id: str) -> Complaint:
        """Return the complaint; NotFound otherwise."""
        return self._get(Complaint, complaint_id)

    def from_source(self, source: str) -> Complaint | None:
        """Return the complaint that this form carried, if it did."""
        return self._db.scalar(select(Complaint).where(complaints.c.source == source))

    def next_number(self, year: int) -> str:
        """Return the next number of a year; the transaction holds the write lock, so that none is given twice."""
        stem = f"REC{year}-"
        last = self._db.scalar(select(func.max(complaints.c.number)).where(complaints.c.number.startswith(stem)))
        return f"{stem}{int(last.removeprefix(stem)) + 1 if last else 1:04d}"

    def open(self) -> list[Complaint]:
        """Return those that wait for an answer, the first promised day first."""
        query = select(Complaint).where(complaints.c.state == ComplaintState.OPEN)
        return list(self._db.scalars(query.order_by(complaints.c.answer_by, complaints.c.number)))

    def all(self) -> list[Complaint]:
        """Return the register, newest first."""
        return list(
            self._db.scalars(select(Complaint).order_by(complaints.c.opened_at.desc(), complaints.c.number.desc()))
        )
