"""Requests about personal data, the copy of everything, and its erasure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, exists, false, func, or_, select, update

from programme.model.evidence import ERASED_FACT
from programme.model.member import Member
from programme.model.personal_data import Correction, DataExport, Erasure, ErasureState
from programme.rules.retention import Purpose
from store.own_data import (
    EMPTY_POST,
    IDENTITY,
    LEAVING_ORDER,
    SLACK_ID,
    WISHES,
    acts_of,
    condition,
    ended,
    files_of,
    is_full,
    leaving,
    over,
    own_tables,
    team_acts_on,
    visible,
)
from store.repository import Repository
from store.tables.attestations import attestations
from store.tables.delivery import deadlines, outbox
from store.tables.documents import document_versions, files, remarks
from store.tables.enrolments import evidence
from store.tables.orders import orders
from store.tables.people import members, people, role_holders
from store.tables.personal_data import corrections, data_exports, erasures
from store.tables.sessions import attendance


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

    def erase(self, member: Member, purposes: Collection[Purpose], today: date) -> list[str]:
        """Delete and empty what these purposes take with them; return the digests of contents that nobody else holds.

        The one road of an erasure, asked for or at the end of its time. Where no contract was ever ordered, the
        identity goes with the profile.
        """
        ids, chosen = self._chosen(member)
        held = self._held_files(ids) if Purpose.WORK in purposes else []
        gone = self._printed(member) if Purpose.ATTENDANCE in purposes else []
        for purpose in (one for one in LEAVING_ORDER if one in purposes):
            deleted, emptied = leaving(purpose)
            for table in deleted:
                self._db.execute(delete(table).where(chosen[table.name]))
            for table, values in emptied:
                self._db.execute(update(table).where(chosen[table.name]).values(**values))
        if Purpose.WORK in purposes:
            self._forget_deadlines(_works(ids))
        gone += self._forget_files(member, held, whole=Purpose.PROSPECT in purposes)
        self._forget_posts(member, ids, purposes)
        if Purpose.CONTRACT in purposes:
            self._hollow(ids["enrolments"], today)
        self._forget_person(member, purposes)
        self._db.expire_all()
        return gone

    def _chosen(self, member: Member) -> tuple[dict[str, list[str]], dict[str, ColumnElement[bool]]]:
        """The ids of the person's rows by table, and what tells these rows."""
        ids = self._first(member)
        chosen: dict[str, ColumnElement[bool]] = {}
        for table, parents in own_tables():
            chosen[table.name] = condition(table, parents, ids)
            if "id" in table.c:
                ids[table.name] = list(self._db.scalars(select(table.c.id).where(chosen[table.name])))
        return ids, chosen

    def _printed(self, member: Member) -> list[str]:
        """The digests of what was printed for the person and is named by no file."""
        return list(self._db.scalars(select(attestations.c.sha256).where(attestations.c.member_id == member.id)))

    def _hollow(self, enrolment_ids: list[str], today: date) -> None:
        """Take the facts out of the person's links of the evidence chain; the links themselves hold the chain."""
        full = evidence.c.enrolment_id.in_(enrolment_ids), is_full(evidence)
        self._db.execute(update(evidence).where(*full).values(facts={ERASED_FACT: today.isoformat()}))

    def _forget_deadlines(self, works: Sequence[str]) -> None:
        """Nothing is to be reminded of what is gone."""
        about = or_(*(deadlines.c.subject.contains(work, autoescape=True) for work in works), false())
        self._db.execute(delete(deadlines).where(deadlines.c.done_at.is_(None), about))

    def _forget_posts(self, member: Member, ids: Mapping[str, list[str]], purposes: Collection[Purpose]) -> None:
        """Empty what was said of the person's work, and to them, as our outbox holds it; what is due still leaves."""
        said: list[ColumnElement[bool]] = []
        if Purpose.WORK in purposes:
            named = outbox.c.key, cast(outbox.c.effect, String)
            signs = (*_works(ids), f'"author_user": "{member.slack_user_id}"')
            said += [where.contains(sign, autoescape=True) for sign in signs for where in named]
        if Purpose.PROSPECT in purposes:
            lanes = [f"{kind}:{member.slack_user_id}" for kind in ("user", "by_day", "files")] + [f"mail:{member.id}"]
            said.append(outbox.c.lane.in_([*lanes, *(f"mail:{order_id}" for order_id in ids[orders.name])]))
        if Purpose.CLAIMS in purposes:
            said += [outbox.c.key.contains(complaint, autoescape=True) for complaint in ids["complaints"]]
        if said:
            self._db.execute(update(outbox).where(or_(*said), over()).values(**EMPTY_POST))

    def _forget_person(self, member: Member, purposes: Collection[Purpose]) -> None:
        """Empty the profile; once the identity goes too, nothing leads from the row to the person any more."""
        if Purpose.PROSPECT not in purposes and Purpose.CONTRACT not in purposes:
            return
        ordered = self._db.scalar(select(func.count()).where(orders.c.member_id == member.id))
        values = dict(WISHES)
        if Purpose.CONTRACT in purposes or not ordered:
            values |= {**IDENTITY, "slack_user_id": f"E{member.id}"[:24]}
            subjects = (member.slack_user_id, member.id)
            self._db.execute(delete(deadlines).where(deadlines.c.subject.in_(subjects)))
            to_them = outbox.c.lane.endswith(f":{member.slack_user_id}", autoescape=True)
            self._db.execute(delete(outbox).where(to_them, ended()))
        self._db.execute(update(members).where(members.c.id == member.id).values(**values))
        at_work = exists().where(role_holders.c.slack_user_id == people.c.slack_user_id)
        self._db.execute(delete(people).where(people.c.slack_user_id == member.slack_user_id, ~at_work))

    def _forget_files(self, member: Member, held: Sequence[str], *, whole: bool) -> list[str]:
        """Delete the files of the person's work, those that others attached to it, and as a whole all of their own."""
        mine: ColumnElement[bool] = files.c.id.in_(held)
        if whole:
            mine |= files.c.owner_id.in_([member.id, member.slack_user_id])
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


def _works(ids: Mapping[str, list[str]]) -> list[str]:
    """The ids by which a person's work is named elsewhere."""
    return [*ids["documents"], *ids["questions"], *ids["check_ins"]]
