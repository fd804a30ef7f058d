"""Which rows are one person's own, and what an erasure does to each table.

A table is a person's own when it names the member or their Slack id, or when its rows hang on a row that is; so a new
table is exported without a word here. For the erasure each must be named below: a test fails on a table that is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select

from programme.journal import TEAM_ACTS
from programme.rules.retention import Purpose
from store.tables.base import metadata
from store.tables.delivery import journal
from store.tables.documents import files
from store.tables.people import members, people, role_holders
from store.tables.tutors import tutor_settings

DELETED = (
    "document_shares",
    "remarks",
    "readings",
    "document_versions",
    "documents",
    "questions",
    "worksheet_drafts",
    "check_ins",
    "calendar_links",
    "email_proofs",
    "corrections",
    "nudges",
    "quiet_wishes",
)
"""Deleted in this order: what hangs on a row goes before it."""

BLANKED: Mapping[str, Mapping[str, Any]] = {
    "attendance": {"reason": "", "proofs": ()},
    "kits": {"address": ""},
    "enrolments": {"exemption_request": "", "exemption_experience": "", "exemption_reason": ""},
}
"""The rows stay, these columns are emptied."""

WISHES: Mapping[str, Any] = {"employer": "", "availability": (), "avoided": (), "latitude": 0.0, "longitude": 0.0}
IDENTITY: Mapping[str, Any] = {
    "first_name": "",
    "last_name": "",
    "email": "",
    "email_verified_at": None,
    "address": "",
    "postcode": "",
    "commune": "",
    "insee": "",
    "profiled_at": None,
    "active": False,
}
"""Of the profile, the wishes always go; the identity goes too where no contract was ever ordered."""

KEPT: Mapping[str, Purpose] = {
    "evidence": Purpose.CONTRACT,
    "orders": Purpose.CONTRACT,
    "seats": Purpose.ATTENDANCE,
    "attestations": Purpose.ATTENDANCE,
    "payments": Purpose.ACCOUNTING,
    "accounting_documents": Purpose.ACCOUNTING,
    "declarations": Purpose.CLAIMS,
    "contract_ends": Purpose.CLAIMS,
    "refunds": Purpose.CLAIMS,
    "disputes": Purpose.CLAIMS,
    "data_exports": Purpose.LOGS,
    "erasures": Purpose.CLAIMS,
}
"""Kept whole, for a purpose of the retention timetable; no other text than that of the law stands in them."""

SLACK_ID = "slack_user_id"
_APART = frozenset({members.name, people.name, role_holders.name, tutor_settings.name})
"""The profile itself is handled by name; what Slack tells of a person and their role are no data of the programme."""
_EITHER = {"remarks": [("subject_id", "documents"), ("subject_id", "questions")]}
"""Rows that hang on a row of one table or another, which no foreign key can say."""
_HIDDEN = frozenset({"version", "secret", "secret_digest", "digest", "token"})


def own_tables() -> Iterator[tuple[Table, list[tuple[str, str]]]]:
    """Give each table of people's own rows, with the (column, parent table) by which its rows hang on the person."""
    own = {members.name}
    for table in metadata.sorted_tables:
        if table.name in _APART:
            continue
        named = {"member_id": members.name, SLACK_ID: SLACK_ID}
        direct = [(column, parent) for column, parent in named.items() if column in table.c]
        if direct:
            own.add(table.name)
            yield table, direct
            continue
        parents = _EITHER.get(table.name) or [
            (column.name, key.column.table.name)
            for column in table.columns
            for key in column.foreign_keys
            if key.column.table.name in own
        ]
        if parents:
            own.add(table.name)
            yield table, parents


def condition(table: Table, parents: list[tuple[str, str]], ids: Mapping[str, list[str]]) -> ColumnElement[bool]:
    """Return what tells the person's rows of this table; ``ids`` holds those found in the tables before it."""
    return or_(*(table.c[column].in_(ids.get(parent, [])) for column, parent in parents))


def visible(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as the person may read it: without secrets and our own counters."""
    return {name: value for name, value in row.items() if name not in _HIDDEN}


def files_of(owners: list[str]) -> Any:
    """Return the query of the files that these ids own."""
    return select(files).where(files.c.owner_id.in_(owners)).order_by(files.c.stored_at, files.c.id)


def team_acts_on(subjects: list[str], slack_user_id: str) -> Any:
    """Return the query of what the team looked at and did in this person's file."""
    about = journal.c.subject.in_(subjects) & journal.c.action.in_(TEAM_ACTS)
    others = journal.c.actor.not_in(("bot", slack_user_id))
    return select(journal).where(about, others).order_by(journal.c.at, journal.c.id)


def acts_of(slack_user_id: str) -> Any:
    """Return the query of what this person did, as the journal has it."""
    return select(journal).where(journal.c.actor == slack_user_id).order_by(journal.c.at, journal.c.id)
