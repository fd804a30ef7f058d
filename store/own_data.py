"""Which rows are one person's own, and what an erasure, or the end of its time, does to each table.

A table is a person's own when it names the member or their Slack id, or when its rows hang on a row that is; so a new
table is exported without a word here. For the erasure each must be named below: a test fails on a table that is not.

``DELETED`` and ``BLANKED`` go when the person asks and after the end of the programme, most of them 30 days;
``KEPT`` tables go at the end of their purpose. ``leaving`` is the one place that says which tables a purpose takes
with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, Table, cast, or_, select

from programme.journal import TEAM_ACTS
from programme.model.evidence import ERASED_FACT
from programme.model.outbox import OutboxStatus
from programme.rules.retention import Purpose
from store.tables.base import metadata
from store.tables.delivery import journal, outbox
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
    "surveys",
    "calendar_links",
    "email_proofs",
    "corrections",
    "nudges",
    "quiet_wishes",
)
"""Deleted whole; what hangs on a row stands before it."""

BLANKED: Mapping[str, Mapping[str, Any]] = {
    "attendance": {"reason": "", "proofs": ()},
    "kits": {"address": ""},
    "enrolments": {"exemption_request": "", "exemption_experience": "", "exemption_reason": ""},
}
"""The rows stay for the purpose of ``BLANKED_STAY``, these columns are emptied."""

BLANKED_STAY: Mapping[str, Purpose] = {
    "attendance": Purpose.ATTENDANCE,
    "kits": Purpose.ATTENDANCE,
    "enrolments": Purpose.CONTRACT,
}

LEAVING_WITH: Mapping[str, Purpose] = {
    "email_proofs": Purpose.PROSPECT,
    "corrections": Purpose.PROSPECT,
    "enrolments": Purpose.PROSPECT,
    "surveys": Purpose.SURVEYS,
    "nudges": Purpose.SURVEYS,
    "quiet_wishes": Purpose.SURVEYS,
}
"""Of those two, what does not go with the work: the profile, which who enrols again still needs; and the surveys, with
what each person wishes of the messages that bring them."""

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
    "material_declarations": Purpose.ATTENDANCE,
    "payments": Purpose.ACCOUNTING,
    "accounting_documents": Purpose.ACCOUNTING,
    "declarations": Purpose.CLAIMS,
    "contract_ends": Purpose.CLAIMS,
    "refunds": Purpose.CLAIMS,
    "disputes": Purpose.CLAIMS,
    "complaints": Purpose.CLAIMS,
    "data_exports": Purpose.LOGS,
    "erasures": Purpose.CLAIMS,
}
"""Kept whole, for a purpose of the retention timetable; no other text than that of the law stands in them, but for a
complaint and its answer."""

HOLLOWED: Mapping[Purpose, Mapping[str, Mapping[str, Any]]] = {
    Purpose.ACCOUNTING: {"orders": {"first_paid_at": None}},  # or it would be invoiced anew
    Purpose.CONTRACT: {
        "enrolments": {"level": "", "accepted_texts": {}, "choice": None, "exemption_decided_by": ""},
        "orders": {
            "offer": "",
            "checkout_id": "",
            "checkout_url": "",
            "customer_id": "",
            "payment_method_id": "",
            "card": "",
            "texts": {},
        },
    },
}
"""These rows stay, without their content, as others hang on their ids; so do the links of the evidence chain."""

BY_ROW: Mapping[str, tuple[Purpose, str]] = {
    "data_exports": (Purpose.LOGS, "asked_at"),
    "erasures": (Purpose.CLAIMS, "due_at"),
    "journal": (Purpose.LOGS, "at"),
    "inbox": (Purpose.LOGS, "handled_at"),
}
"""What is dated row by row, whosever it is, and by which column."""

LEAVING_ORDER = (
    Purpose.WORK,
    Purpose.SURVEYS,
    Purpose.PROSPECT,
    Purpose.CLAIMS,
    Purpose.ATTENDANCE,
    Purpose.ACCOUNTING,
    Purpose.CONTRACT,
)
"""What hangs on the rows of a purpose goes before them."""
EMPTY_POST: Mapping[str, Any] = {"effect": {"kind": "erased"}, "receipt": {}}
"""What replaces an effect of the outbox and what came of it; its key stays, so that it never leaves again."""

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


def leaving(purpose: Purpose) -> tuple[list[Table], list[tuple[Table, Mapping[str, Any]]]]:
    """Return the tables whose rows go with a purpose, what hangs on a row before it, and those that are emptied."""
    deleted = {name for name in DELETED if LEAVING_WITH.get(name, Purpose.WORK) is purpose}
    deleted |= {name for name, kept_for in (*KEPT.items(), *BLANKED_STAY.items()) if kept_for is purpose}
    emptied = {name: columns for name, columns in BLANKED.items() if LEAVING_WITH.get(name, Purpose.WORK) is purpose}
    emptied |= HOLLOWED.get(purpose, {})
    stay = BY_ROW.keys() | {"evidence", *HOLLOWED[Purpose.CONTRACT]}
    tables = metadata.tables
    return (
        [table for table in reversed(metadata.sorted_tables) if table.name in deleted - stay],
        [(tables[name], columns) for name, columns in emptied.items()],
    )


def ended() -> ColumnElement[bool]:
    """Return what tells the rows of the outbox that have left, or never will."""
    return outbox.c.status.in_((OutboxStatus.SENT, OutboxStatus.FAILED, OutboxStatus.DROPPED))


def over() -> ColumnElement[bool]:
    """Return what tells those of them that are not empty yet."""
    return ended() & (cast(outbox.c.effect, String) != json.dumps(EMPTY_POST["effect"]))


def is_full(evidence: Table) -> ColumnElement[bool]:
    """Return what tells the links of the evidence chain that still hold their facts."""
    return ~cast(evidence.c.facts, String).startswith(f'{{"{ERASED_FACT}"', autoescape=True)


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
