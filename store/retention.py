"""What the daily run of the retention timetable reads: the dates of every file, and what is still there of each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Table, cast, delete, exists, func, or_, select, tuple_, update

from programme.model.dispute import DisputeState
from programme.model.ending import DeclarationState, RefundStatus
from programme.model.enrolment import EnrolmentStatus
from programme.model.group import GroupState
from programme.rules.instants import PARIS, day_in
from programme.rules.retention import PersonFile, Purpose
from store.own_data import BY_ROW, EMPTY_POST, IDENTITY, SLACK_ID, WISHES, is_full, leaving, over
from store.repository import Repository
from store.tables.accounting import accounting_documents
from store.tables.base import metadata
from store.tables.complaints import complaints
from store.tables.delivery import journal, outbox
from store.tables.disputes import disputes
from store.tables.endings import contract_ends, declarations, refunds
from store.tables.enrolments import enrolments, evidence
from store.tables.groups import groups, seats
from store.tables.orders import orders, payments
from store.tables.people import members

Instants = Mapping[str, datetime]
_UNSETTLED = (RefundStatus.DUE, RefundStatus.PENDING)


class RetentionStore(Repository):
    """Read in a few questions about everybody, and not in several about each."""

    def file(self, member_id: str) -> PersonFile:
        """Return the file of one person."""
        return self.files(member_id)[0]

    def files(self, only: str = "") -> list[PersonFile]:
        """Return the file of every person, its days read on the later of the clocks of Paris and of the person.

        ``only`` asks about one member.
        """
        people = self._db.execute(_mine(select(members).order_by(members.c.id), members.c.id, only)).all()
        enrolled: dict[str, list[Any]] = defaultdict(list)
        query = select(enrolments, orders.c.concluded_at, orders.c.first_paid_at)
        query = query.outerjoin(orders, orders.c.enrolment_id == enrolments.c.id)
        for row in self._db.execute(_mine(query, enrolments.c.member_id, only)):
            enrolled[row.member_id].append(row)
        last_acts = select(journal.c.actor, func.max(journal.c.at)).group_by(journal.c.actor)
        acts = self._latest(_mine(last_acts, journal.c.actor, people[0].slack_user_id if only else ""))
        accounted = self._accounted(only)
        closed, held = self._claims(only)
        return [_file(one, enrolled[one.id], acts, accounted, closed, one.id in held) for one in people]

    def _latest(self, query: Select[Any]) -> dict[str, datetime]:
        return {key: instant for key, instant in self._db.execute(query) if instant is not None}

    def _accounted(self, only: str) -> dict[str, datetime]:
        """When each buyer's last payment was received, or their last accounting document issued."""
        paid = select(orders.c.member_id, func.max(payments.c.paid_at)).join(
            payments, payments.c.order_id == orders.c.id
        )
        issued = select(accounting_documents.c.member_id, func.max(accounting_documents.c.issued_at))
        return _later(
            self._latest(_mine(paid.group_by(orders.c.member_id), orders.c.member_id, only)),
            self._latest(
                _mine(issued.group_by(accounting_documents.c.member_id), accounting_documents.c.member_id, only)
            ),
        )

    def _claims(self, only: str) -> tuple[dict[str, datetime], set[str]]:
        """When each person's last claim was closed, and who has one that is open."""
        buyer = orders.c.member_id
        ends = _mine(select(buyer, contract_ends.c.settled_at).join(contract_ends), buyer, only)
        contested = _mine(select(buyer, disputes.c.closed_at).join_from(orders, disputes), buyer, only)
        back = _mine(select(buyer, refunds.c.confirmed_at).join_from(orders, refunds), buyer, only)
        declarant, complainant = declarations.c.member_id, complaints.c.member_id
        declared = _mine(select(declarant, declarations.c.decided_at).where(declarant != ""), declarant, only)
        complained = _mine(select(complainant, complaints.c.closed_at), complainant, only)
        opened = (
            ends.where(contract_ends.c.settled_at.is_(None)),
            contested.where(disputes.c.state == DisputeState.OPEN),
            declared.where(declarations.c.state == DeclarationState.RECEIVED),
            back.where(refunds.c.status.in_(_UNSETTLED)),
            complained.where(complaints.c.closed_at.is_(None)),
        )
        closed: dict[str, datetime] = {}
        for query in (ends, contested, declared, back, complained):
            for member_id, instant in self._db.execute(query):
                if instant is not None:
                    closed[member_id] = max(instant, closed.get(member_id, instant))
        return closed, {row.member_id for query in opened for row in self._db.execute(query)}

    def holders(self, purpose: Purpose, only: str = "") -> set[str]:
        """Return the members of whom something is left that this purpose takes with it; ``only`` asks about one."""
        deleted, emptied = leaving(purpose)
        queries = [query for table in deleted if (query := _owners(table)) is not None]
        for table, values in emptied:
            if (query := _owners(table)) is not None:
                queries.append(query.where(_filled(table, values)))
        if purpose is Purpose.PROSPECT:
            queries.append(select(members.c.id).where(_filled(members, WISHES)))
            nameless = ~exists().where(orders.c.member_id == members.c.id)
            queries.append(select(members.c.id).where(_filled(members, IDENTITY), nameless))
        if purpose is Purpose.CONTRACT:
            queries.append(select(members.c.id).where(_filled(members, IDENTITY)))
            queries.append(select(enrolments.c.member_id).join(evidence).where(is_full(evidence)))
        mine = (_mine(query, next(iter(query.selected_columns)), only) for query in queries)
        return {member_id for query in mine for member_id in self._db.scalars(query.distinct())}

    def ended_groups(self) -> list[tuple[str, datetime]]:
        """Return the groups that are over and of whose posts something is left, with the instant of their end."""
        over_states = (GroupState.FINISHED, GroupState.ARCHIVED, GroupState.DISSOLVED)
        left = func.max(func.coalesce(seats.c.left_at, groups.c.finished_at, groups.c.proposed_at))
        ended = func.coalesce(groups.c.finished_at, left)
        said = exists().where(outbox.c.lane == "group:" + groups.c.id, over())
        query = select(groups.c.id, ended).outerjoin(seats).where(groups.c.state.in_(over_states), said)
        rows = self._db.execute(query.group_by(groups.c.id, groups.c.finished_at, groups.c.proposed_at))
        return [(group_id, instant) for group_id, instant in rows]

    def empty_group(self, group_id: str) -> None:
        """Empty what was posted in a group's channel, as our outbox holds it."""
        said = outbox.c.lane == f"group:{group_id}"
        self._db.execute(update(outbox).where(said, over()).values(**EMPTY_POST))

    def old_rows(self, purpose: Purpose, before: datetime) -> int:
        """Count what is dated row by row and older than that."""
        queries = [select(func.count()).select_from(table).where(*older) for table, older in _old(purpose, before)]
        queries += [select(func.count()).select_from(outbox).where(one) for one in _old_posts(purpose, before)]
        return sum(self._db.scalar(query) or 0 for query in queries)

    def erase_rows(self, purpose: Purpose, before: datetime) -> None:
        """Delete those rows; what left by the outbox is emptied, as its key must stay for ever."""
        for table, older in _old(purpose, before):
            self._db.execute(delete(table).where(*older))
        for older_post in _old_posts(purpose, before):
            self._db.execute(update(outbox).where(older_post).values(**EMPTY_POST))


def _mine(query: Select[Any], owner: ColumnElement[str], only: str) -> Select[Any]:
    """The query about one owner, or about all."""
    return query.where(owner == only) if only else query


def _file(
    person: Any, enrolled: list[Any], acts: Instants, accounted: Instants, closed: Instants, held: bool
) -> PersonFile:
    zone = person.time_zone
    ordered = [one for one in enrolled if one.concluded_at is not None]
    paid = [one for one in ordered if one.paid_at is not None]
    ends = [one.ended_at or (None if one in paid else one.concluded_at) for one in ordered]
    running = [one for one in enrolled if one.status is EnrolmentStatus.ACTIVE]
    dates = [value for row in (person, *enrolled) for value in row if isinstance(value, datetime)]
    contact = max([*dates, *([acts[person.slack_user_id]] if person.slack_user_id in acts else ())])
    return PersonFile(
        member_id=person.id,
        last_contact=_later_day(contact, zone),
        zone=zone,
        ordered=bool(ordered),
        enrolling=any(one not in paid for one in running),
        in_force=any(one in paid for one in running),
        held=held,
        ended_on=max((_later_day(one, zone) for one in ends if one), default=None),
        accounted_on=_day_of(accounted, person.id, zone),
        closed_on=_day_of(closed, person.id, zone),
    )


def _later_day(instant: datetime, zone: str) -> date:
    """The civil day on which nobody's clock is ahead of the other: what was announced in either zone is kept."""
    return max(day_in(instant), day_in(instant, zone or PARIS))


def _day_of(instants: Instants, member_id: str, zone: str) -> date | None:
    return _later_day(instants[member_id], zone) if member_id in instants else None


def _later(one: Instants, other: Instants) -> dict[str, datetime]:
    """The later instant of each key."""
    pairs = [*one.items(), *other.items()]
    return dict(sorted(pairs, key=lambda pair: pair[1]))  # the last of a key stays


def _owners(table: Table) -> Select[Any] | None:
    """The members to whom the rows of a table belong; None for rows that hang on others that go with them."""
    if "member_id" in table.c:
        return select(table.c.member_id)
    if SLACK_ID in table.c:
        return select(members.c.id).join(table, table.c[SLACK_ID] == members.c[SLACK_ID])
    if "order_id" in table.c:
        return select(orders.c.member_id).join(table, table.c.order_id == orders.c.id)
    return None


def _filled(table: Table, emptied: Mapping[str, Any]) -> ColumnElement[bool]:
    """What tells the rows of which one of these columns is not empty yet."""
    return or_(*(_differs(table.c[name], value) for name, value in emptied.items()))


def _differs(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    if value is None:
        return column.is_not(None)
    if isinstance(value, dict | tuple):
        return cast(column, String) != json.dumps(value)
    return column.is_distinct_from(value)


def _old(purpose: Purpose, before: datetime) -> Iterator[tuple[Table, Iterable[ColumnElement[bool]]]]:
    """The tables that are dated row by row; the last act of a member stays, as it dates their last contact."""
    for name, (of, column) in BY_ROW.items():
        if of is not purpose:
            continue
        table = metadata.tables[name]
        older = [table.c[column] < before]
        if table is journal:
            known = select(members.c.slack_user_id)
            last = select(journal.c.actor, func.max(journal.c.at)).where(journal.c.actor.in_(known))
            older.append(tuple_(journal.c.actor, journal.c.at).not_in(last.group_by(journal.c.actor)))
        yield table, older
    if purpose is Purpose.CLAIMS:
        stray = declarations.c.order_id == "", declarations.c.state != DeclarationState.RECEIVED
        yield declarations, [*stray, declarations.c.decided_at < before]


def _old_posts(purpose: Purpose, before: datetime) -> Iterator[ColumnElement[bool]]:
    if purpose is Purpose.LOGS:
        yield (func.coalesce(outbox.c.sent_at, outbox.c.created_at) < before) & over()
