"""The attendance of a group as a file that shows any alteration: each line is sealed by the hash of the one before.

Each line also names the link of the evidence chain that recorded it, and says whether the two still agree: who edits
the table of attendance cannot edit the chain. The reason of an absence and its proofs stay out.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from programme.content import Content
from programme.content.printing import AttendanceBook, AttendanceLine, AttendanceSheet
from programme.errors import Refusal
from programme.journal import Action
from programme.model.evidence import GENESIS, Evidence
from programme.model.group import Group, GroupState
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import Attendance, AttendanceState, GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules import spreadsheets
from programme.usecases import handing_out, register
from programme.usecases.groups import members_of, require_admin
from programme.usecases.handing_out import Made

COLUMNS = (
    "groupe",
    "seance",
    "titre",
    "jour",
    "heure",
    "fuseau",
    "minutes",
    "etat",
    "close_le_utc",
    "membre",
    "identifiant",
    "presence",
    "enregistree_le_utc",
    "attestee_par",
    "preuve",
    "conforme",
    "empreinte_precedente",
    "empreinte",
)
STATES = {SessionState.PLANNED: "à clore", SessionState.HELD: "tenue", SessionState.MISSED: "non tenue"}
PRESENCES = {
    AttendanceState.SIGNED: "présence signée",
    AttendanceState.LATE: "signée en retard",
    AttendanceState.ABSENT: "absence",
}
UNSIGNED = "non signée"


@dataclass(frozen=True)
class Export:
    """The files of one group: the CSV, the data of the printed sheets, and the seal of the last line."""

    label: str
    csv: bytes
    book: dict[str, object]
    last_hash: str
    altered: int


def export(ports: Ports, *, number: int) -> Export:
    """Read the attendance of the group with this number; Refusal("group_unknown" | "attendance_none")."""
    with ports.reading() as uow:
        group = next((one for one in uow.groups.in_states(*GroupState) if one.number == number), None)
        if group is None:
            raise Refusal("group_unknown")
        record = _read(ports, uow, group)
    rows = list(_sealed(_rows(ports.content, record)))
    if not rows:
        raise Refusal("attendance_none")
    return Export(
        label=group.label,
        csv=spreadsheets.write(COLUMNS, rows),
        book=_book(ports.content, record, rows).model_dump(),
        last_hash=rows[-1]["empreinte"],
        altered=sum(row["conforme"] == "non" for row in rows),
    )


def send(ports: Ports, *, caller: Caller, number: int, request: str) -> Export:
    """Put the CSV and the printed sheets into the admin's direct messages; the seal goes to the journal."""
    require_admin(caller)
    made = export(ports, number=number)
    printed = ports.printer.render("emargements", made.book)
    name = f"emargement-{number:03d}"
    files = (Made(f"{name}.csv", "text/csv", made.csv), Made(f"{name}.pdf", "application/pdf", printed))
    handing_out.hand_out(
        ports,
        caller=caller,
        files=files,
        key=f"emargement:{caller.slack_user_id}:{request}",
        action=Action.ATTENDANCE_EXPORTED,
        subject=f"group-{number:03d}",
        last_hash=made.last_hash,
        altered=made.altered,
    )
    return made


@dataclass(frozen=True)
class _Record:
    group: Group
    people: dict[str, Member]
    seated: frozenset[str]
    sessions: Sequence[GroupSession]
    lines: Mapping[tuple[str, str], Attendance]
    links: Mapping[tuple[str, str], list[Evidence]]
    closers: Mapping[str, str]


def _read(ports: Ports, uow: UnitOfWork, group: Group) -> _Record:
    now = ports.clock.now()
    seats = uow.groups.seats(group.id)
    people = {seat.member_id: uow.members.get(seat.member_id) for seat in seats}
    begun = [one for one in uow.sessions.of_group(group.id) if one.starts_at <= now or one.closed_at is not None]
    lines = {(line.session_id, line.member_id): line for line in uow.sessions.attendance_of_group(group.id)}
    links: dict[tuple[str, str], list[Evidence]] = {}
    for member in people.values():
        enrolment = uow.enrolments.current(member.id)
        for link in uow.enrolments.evidence(enrolment.id) if enrolment else ():
            if link.kind in register.KINDS:
                links.setdefault((str(link.facts["session"]), member.id), []).append(link)
    names = {member.slack_user_id: _name(member) for member in people.values()} | {"bot": "le robot, à l’échéance"}
    seated = frozenset(member.id for member in members_of(uow, group.id))
    return _Record(group, people, seated, begun, lines, links, names)


def _rows(content: Content, record: _Record) -> Iterator[dict[str, str]]:
    for session in record.sessions:
        for member in _on_sheet(record, session):
            yield _row(content, record, session, member)


def _on_sheet(record: _Record, session: GroupSession) -> list[Member]:
    """Who sits in the group, and who has left it since but was on this sheet."""
    there = record.seated | {member_id for session_id, member_id in record.links if session_id == session.id}
    there |= {member_id for session_id, member_id in record.lines if session_id == session.id}
    people = [record.people[member_id] for member_id in there if member_id in record.people]
    return sorted(people, key=lambda member: (member.last_name, member.first_name, member.id))


def _row(content: Content, record: _Record, session: GroupSession, member: Member) -> dict[str, str]:
    line = record.lines.get((session.id, member.id))
    links = _of_attempt(record.links.get((session.id, member.id), []), session)
    said = _said(links)
    attesting = [record.people[one] for one in (line.attested_by if line else ()) if one in record.people]
    return {
        "groupe": record.group.label,
        "seance": str(session.number),
        "titre": content.edition(record.group.guides_version).number(session.number).title,
        "jour": session.day.isoformat(),
        "heure": f"{session.wall_time:%H:%M}",
        "fuseau": session.zone,
        "minutes": str(session.minutes),
        "etat": STATES[session.state],
        "close_le_utc": session.closed_at.isoformat(timespec="seconds") if session.closed_at else "",
        "membre": _name(member),
        "identifiant": member.id,
        "presence": PRESENCES[line.state] if line else UNSIGNED,
        "enregistree_le_utc": line.recorded_at.isoformat(timespec="seconds") if line else "",
        "attestee_par": ", ".join(_name(one) for one in attesting),
        "preuve": f"{said[-1].sequence}:{said[-1].hash}" if said else "",
        "conforme": "oui" if _agrees(record, line, links) else "non",
    }


def _of_attempt(links: Iterable[Evidence], session: GroupSession) -> list[Evidence]:
    """The links of the session's present date: those of a date that was replaced are history."""
    return [link for link in links if link.facts["starts_at"] == session.starts_at.isoformat()]


def _said(links: Iterable[Evidence]) -> list[Evidence]:
    """What the member signed or declared, since it was last lifted by a change of date."""
    said: list[Evidence] = []
    for link in links:
        if link.kind == register.LIFTED:
            said = []
        elif link.kind in {register.SIGNED, register.ABSENT}:
            said.append(link)
    return said


def _agrees(record: _Record, line: Attendance | None, links: Sequence[Evidence]) -> bool:
    """Whether the table says what the chain recorded: same state, same instant, same attestations."""
    said = _said(links)
    if line is None or not said:
        return line is None and not said
    last = said[-1]
    state = last.facts["state"] if last.kind == register.SIGNED else AttendanceState.ABSENT.value
    attested = {
        str(link.facts["by"])
        for link in links
        if link.kind == register.ATTESTED and link.sequence > last.sequence and link.facts["signature"] == line.id
    }
    shown = {record.people[one].slack_user_id for one in line.attested_by if one in record.people}
    return (line.state.value, line.recorded_at, shown) == (state, last.recorded_at, attested)


def _sealed(rows: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    previous = GENESIS
    for row in rows:
        sealed = {**row, "empreinte_precedente": previous}
        sealed["empreinte"] = previous = seal(sealed)
        yield sealed


def seal(row: Mapping[str, str]) -> str:
    """SHA-256 of a line: the values of every column but the last, in order, joined by line feeds, in UTF-8."""
    return hashlib.sha256("\n".join(row[column] for column in COLUMNS[:-1]).encode()).hexdigest()


@dataclass(frozen=True)
class Check:
    """What a CSV shows: its lines, the seal of the last one, and the first line (the heading is 1) that was altered.

    Lines cut off at the end leave no trace in the file: its last seal tells them, next to the one noted at the export.
    """

    lines: int
    last_hash: str
    altered: int | None


def check(text: str) -> Check:
    """Recompute every seal of a CSV; a heading that is not ours counts as altered."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";")
    if tuple(reader.fieldnames or ()) != COLUMNS:
        return Check(0, "", 1)
    previous, number = GENESIS, 1
    for number, row in enumerate(reader, 2):
        values = {column: (row.get(column) or "").removeprefix("'") for column in COLUMNS}
        if values["empreinte_precedente"] != previous or values["empreinte"] != seal(values):
            return Check(number - 1, previous, number)
        previous = values["empreinte"]
    return Check(number - 1, previous, None)


def _book(content: Content, record: _Record, rows: Sequence[Mapping[str, str]]) -> AttendanceBook:
    last = {row["seance"]: row["empreinte"] for row in rows}
    return AttendanceBook(
        group=record.group.label,
        sheets=tuple(_sheet(content, record, session, last[str(session.number)]) for session in record.sessions),
    )


def _sheet(content: Content, record: _Record, session: GroupSession, last_hash: str) -> AttendanceSheet:
    return AttendanceSheet(
        group=record.group.label,
        number=session.number,
        title=content.edition(record.group.guides_version).number(session.number).title,
        day=session.day,
        wall_time=session.wall_time,
        zone=session.zone,
        minutes=session.minutes,
        place=record.group.place,
        lines=tuple(_line(record, session, member) for member in _on_sheet(record, session)),
        closed_at=session.closed_at,
        closed_by=record.closers.get(session.closed_by, ""),
        hash=last_hash,
    )


def _line(record: _Record, session: GroupSession, member: Member) -> AttendanceLine:
    line = record.lines.get((session.id, member.id))
    if line is None:
        return AttendanceLine(name=_name(member), state=UNSIGNED)
    attesting = tuple(_name(record.people[one]) for one in line.attested_by if one in record.people)
    return AttendanceLine(
        name=_name(member), state=PRESENCES[line.state], recorded_at=line.recorded_at, attested_by=attesting
    )


def _name(member: Member) -> str:
    return f"{member.first_name} {member.last_name}".strip() or member.id
