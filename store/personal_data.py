"""Requests about personal data, the copy of everything, and its erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from programme.model.member import Member
from programme.model.outbox import OutboxStatus
from programme.model.personal_data import Correction, DataExport, Erasure, ErasureState
from store.own_data import (
    BLANKED,
    DELETED,
    IDENTITY,
    SLACK_ID,
    WISHES,
    acts_of,
    condition,
    files_of,
    own_tables,
    team_acts_on,
    visible,
)
from store.repository import Repository
from store.tables.base import metadata
from store.tables.delivery import outbox
from store.tables.documents import document_versions, files, remarks
from store.tables.orders import orders
from store.tables.people import members, people
from store.tables.personal_data import corrections, data_exports, erasures
from store.tables.sessions import attendance

ERASED_EFFECT = {"kind": "erased"}


class PersonalDataStore(Repository):
    """What one person may ask about their own data."""

    def add(self, request: DataExport | Correction | Erasure) -> None:
        """Insert a request."""
        self._insert(request)

    def export(self, export_id: str) -> DataExport:
        """Return the copy; NotFound otherwise."""
        return self._get(DataExport, export_id)

    def latest_export(self, member_id: str) -> DataExport | None:
        """Return the copy asked for last."""
        query = select(DataExport).where(data_exports.c.member_id == member_id)
        return self._db.scalar(query.order_by(data_exports.c.asked_at.desc(), data_exports.c.id).limit(1))

    def export_by_secret(self, digest: str) -> DataExport | None:
        """Return the copy behind an address."""
        return self._db.scalar(select(DataExport).where(data_exports.c.secret_digest == digest))

    def erasure(self, erasure_id: str) -> Erasure:
        """Return the request; NotFound otherwise."""
        return self._get(Erasure, erasure_id)

    def open_erasure(self, member_id: str) -> Erasure | None:
        """Return the request that waits to be carried out."""
        asked = (erasures.c.member_id == member_id) & (erasures.c.state == ErasureState.ASKED)
        return self._db.scalar(select(Erasure).where(asked))

    def is_erased(self, member_id: str) -> bool:
        """Tell whether an erasure was carried out for this person."""
        done = (erasures.c.member_id == member_id) & (erasures.c.state == ErasureState.DONE)
        return bool(self._db.scalar(select(func.count()).where(done)))

    def corrections(self, member_id: str) -> list[Correction]:
        """Return what was corrected, oldest first."""
        query = select(Correction).where(corrections.c.member_id == member_id)
        return list(self._db.scalars(query.order_by(corrections.c.at, corrections.c.id)))

    def everything(self, member: Member) -> dict[str, list[dict[str, Any]]]:
        """Return every row that is this person's own, by table; remarks that were never given to them stay out."""
        found: dict[str, list[dict[str, Any]]] = {}
        ids = self._first(member)
        mine = self._db.execute(select(members).where(members.c.id == member.id)).mappings()
        found[members.name] = [visible(dict(row)) for row in mine]
        for table, parents in own_tables():
            query = select(table).where(condition(table, parents, ids))
            rows = [dict(row) for row in self._db.execute(query).mappings()]
            if table.name == "remarks":
                rows = [row for row in rows if row["state"].value == "returned"]
            ids[table.name] = [row["id"] for row in rows if "id" in row]
            found[table.name] = [visible(row) for row in rows]
        found["files"] = self._rows(files_of([member.id, member.slack_user_id]))
        found["journal"] = self._rows(acts_of(member.slack_user_id))
        subjects = [member.id, *(one for rows in ids.values() for one in rows)]
        found["team_acts"] = self._rows(team_acts_on(subjects, member.slack_user_id))
        return found

    def _first(self, member: Member) -> dict[str, list[str]]:
        """What every other row hangs on."""
        return {members.name: [member.id], SLACK_ID: [member.slack_user_id]}

    def _rows(self, query: Any) -> list[dict[str, Any]]:
        return [visible(dict(row)) for row in self._db.execute(query).mappings()]

    def erase(self, member: Member) -> list[str]:
        """Delete and empty what no law makes us keep; return the digests of contents that nobody else holds."""
        ids = self._first(member)
        chosen: dict[str, ColumnElement[bool]] = {}
        for table, parents in own_tables():
            chosen[table.name] = condition(table, parents, ids)
            if "id" in table.c:
                ids[table.name] = list(self._db.scalars(select(table.c.id).where(chosen[table.name])))
        held = self._held_files(ids)
        for name in DELETED:
            self._db.execute(delete(metadata.tables[name]).where(chosen[name]))
        for name, emptied in BLANKED.items():
            self._db.execute(update(metadata.tables[name]).where(chosen[name]).values(**emptied))
        self._forget_person(member)
        gone = self._forget_files(member, held)
        self._forget_posts(member, ids)
        self._db.expire_all()
        return gone

    def _forget_posts(self, member: Member, ids: Mapping[str, list[str]]) -> None:
        """Empty what was said to this person and about their work, as our outbox holds it; what is due still leaves."""
        lanes = [f"{kind}:{member.slack_user_id}" for kind in ("user", "by_day", "files")] + [f"mail:{member.id}"]
        lanes += [f"mail:{order_id}" for order_id in ids[orders.name]]
        works = (*ids["documents"], *ids["questions"])
        said = or_(outbox.c.lane.in_(lanes), *(outbox.c.key.contains(work, autoescape=True) for work in works))
        over = outbox.c.status.in_((OutboxStatus.SENT, OutboxStatus.FAILED, OutboxStatus.DROPPED))
        self._db.execute(update(outbox).where(said & over).values(effect=ERASED_EFFECT))

    def _forget_person(self, member: Member) -> None:
        ordered = self._db.scalar(select(func.count()).where(orders.c.member_id == member.id))
        values = dict(WISHES) if ordered else {**WISHES, **IDENTITY, "slack_user_id": f"E{member.id}"[:24]}
        self._db.execute(update(members).where(members.c.id == member.id).values(**values))
        self._db.execute(delete(people).where(people.c.slack_user_id == member.slack_user_id))

    def _forget_files(self, member: Member, held: Sequence[str]) -> list[str]:
        """Delete the person's files, and those that others attached to their documents."""
        mine = files.c.owner_id.in_([member.id, member.slack_user_id]) | files.c.id.in_(held)
        digests = set(self._db.scalars(select(files.c.sha256).where(mine)))
        self._db.execute(delete(files).where(mine))
        shared = set(self._db.scalars(select(files.c.sha256).where(files.c.sha256.in_(digests))))
        return sorted(digests - shared)

    def _held_files(self, ids: Mapping[str, list[str]]) -> list[str]:
        held: list[str] = []
        for column in (document_versions.c.files, remarks.c.files, attendance.c.proofs):
            query = select(column).where(column.table.c.id.in_(ids[column.table.name]))
            held += [file_id for file_ids in self._db.scalars(query) for file_id in file_ids]
        return held
