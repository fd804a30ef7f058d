"""Imperative mapping: the model's dataclasses stay plain; SQLAlchemy learns here where their fields live."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.orm import registry

from programme.journal import JournalEntry
from programme.model.agenda import Deadline
from programme.model.announcement import Announcement
from programme.model.calendar import CalendarLink
from programme.model.complaint import Complaint
from programme.model.dispute import Dispute
from programme.model.document import Document, DocumentVersion, Remark, StoredFile
from programme.model.email_proof import EmailProof
from programme.model.ending import ContractEnd, Declaration, Refund
from programme.model.enrolment import Enrolment
from programme.model.evidence import Evidence
from programme.model.group import Group, Rescue, Seat
from programme.model.guide_edition import GuideEdition, WorksheetEdition
from programme.model.heartbeat import Heartbeat
from programme.model.kit import Kit
from programme.model.material import MaterialDeclaration
from programme.model.member import Member
from programme.model.nudge import Nudge, QuietWishes
from programme.model.offer import Offer
from programme.model.order import Order, Payment
from programme.model.outbox import InboxRow, OutboxRow
from programme.model.people import RoleHolder, SlackPerson
from programme.model.personal_data import Correction, DataExport, Erasure
from programme.model.question import Question
from programme.model.session import Attendance, CheckIn, GroupSession
from programme.model.share import Share
from programme.model.survey import Survey
from programme.model.tutor import Reading, TutorAbsence, TutorSettings
from programme.model.worksheet import Draft
from store.tables import (
    announcements,
    complaints,
    delivery,
    disputes,
    documents,
    endings,
    enrolments,
    groups,
    heartbeats,
    material,
    nudges,
    offers,
    orders,
    people,
    personal_data,
    questions,
    sessions,
    surveys,
    tutors,
    worksheets,
)
from store.tables.base import metadata

_MAPPED: dict[type, Table] = {
    SlackPerson: people.people,
    RoleHolder: people.role_holders,
    Member: people.members,
    EmailProof: people.email_proofs,
    Enrolment: enrolments.enrolments,
    Evidence: enrolments.evidence,
    Order: orders.orders,
    Payment: orders.payments,
    Offer: offers.offers,
    Declaration: endings.declarations,
    ContractEnd: endings.contract_ends,
    Refund: endings.refunds,
    Dispute: disputes.disputes,
    Complaint: complaints.complaints,
    Announcement: announcements.announcements,
    Group: groups.groups,
    Seat: groups.seats,
    Rescue: groups.rescues,
    GroupSession: sessions.sessions,
    Attendance: sessions.attendance,
    CheckIn: sessions.check_ins,
    CalendarLink: sessions.calendar_links,
    GuideEdition: sessions.guide_editions,
    Kit: sessions.kits,
    Document: documents.documents,
    DocumentVersion: documents.document_versions,
    Remark: documents.remarks,
    StoredFile: documents.files,
    Draft: worksheets.worksheet_drafts,
    Share: worksheets.document_shares,
    WorksheetEdition: worksheets.worksheet_editions,
    DataExport: personal_data.data_exports,
    Correction: personal_data.corrections,
    Erasure: personal_data.erasures,
    Question: questions.questions,
    Survey: surveys.surveys,
    MaterialDeclaration: material.material_declarations,
    TutorSettings: tutors.tutor_settings,
    TutorAbsence: tutors.tutor_absences,
    Reading: tutors.readings,
    Deadline: delivery.deadlines,
    Nudge: nudges.nudges,
    QuietWishes: nudges.quiet_wishes,
    OutboxRow: delivery.outbox,
    InboxRow: delivery.inbox,
    JournalEntry: delivery.journal,
    Heartbeat: heartbeats.heartbeats,
}

_registry = registry(metadata=metadata)


def start_mapping() -> None:
    """Map every class once; a table with a ``version`` column refuses lost updates (StaleDataError)."""
    if _registry.mappers:
        return
    for model, table in _MAPPED.items():
        version = table.c.get("version")
        _registry.map_imperatively(model, table, version_id_col=version)
