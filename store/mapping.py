"""Imperative mapping: the model's dataclasses stay plain; SQLAlchemy learns here where their fields live."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.orm import registry

from programme.journal import JournalEntry
from programme.model.agenda import Deadline
from programme.model.document import Document, DocumentVersion, Remark, StoredFile
from programme.model.enrolment import Enrolment
from programme.model.evidence import Evidence
from programme.model.group import Group, Seat
from programme.model.member import Member
from programme.model.order import Order, Payment
from programme.model.outbox import InboxRow, OutboxRow
from programme.model.people import RoleHolder, SlackPerson
from programme.model.session import Attendance, CheckIn, GroupSession
from store import tables

_MAPPED: dict[type, Table] = {
    SlackPerson: tables.people,
    RoleHolder: tables.role_holders,
    Member: tables.members,
    Enrolment: tables.enrolments,
    Evidence: tables.evidence,
    Order: tables.orders,
    Payment: tables.payments,
    Group: tables.groups,
    Seat: tables.seats,
    GroupSession: tables.sessions,
    Attendance: tables.attendance,
    CheckIn: tables.check_ins,
    Document: tables.documents,
    DocumentVersion: tables.document_versions,
    Remark: tables.remarks,
    StoredFile: tables.files,
    Deadline: tables.deadlines,
    OutboxRow: tables.outbox,
    InboxRow: tables.inbox,
    JournalEntry: tables.journal,
}

_registry = registry(metadata=tables.metadata)


def start_mapping() -> None:
    """Map every class once; a table with a ``version`` column refuses lost updates (StaleDataError)."""
    if _registry.mappers:
        return
    for model, table in _MAPPED.items():
        version = table.c.get("version")
        _registry.map_imperatively(model, table, version_id_col=version)
