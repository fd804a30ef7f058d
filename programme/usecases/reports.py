"""The weekly follow-up (CGV art. 4): every Monday at 08:00 a report to the admins and a page a group to the tutors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from programme.journal import Action
from programme.messages.reports import GroupWeek, GroupWeekPage, RiskLine, WeeklyReport
from programme.model.agenda import DeadlineKind
from programme.model.document import Document
from programme.model.group import Group, GroupState
from programme.model.member import Member
from programme.model.session import Attendance, CheckIn, GroupSession, SessionState
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.recurrence import next_weekly
from programme.rules.risks import ExpectedDocument, MemberWeek, risks_of
from programme.rules.risks import GroupWeek as GroupFacts
from programme.usecases import anchors, week_charts
from programme.usecases.absences import presence
from programme.usecases.groups import members_of, seated, tell_admins
from programme.usecases.margins import slack_left, weeks_left
from programme.usecases.participants import tell_tutors

MONDAY, HOUR = 0, time(8)
LIVE = (GroupState.OPENING, GroupState.VOTING, GroupState.GATED, GroupState.RUNNING, GroupState.PAUSED)
LINES_PER_POST = 40
"""A group and each of its risks is a line; this keeps one post of the report inside Slack's limits."""
DOCUMENT_TIME = timedelta(weeks=1)
"""From a session to the day by which its document is expected."""


def schedule_next(uow: UnitOfWork, now: datetime) -> None:
    """Set the report of the next Monday; the week it names makes it unique."""
    due_at = next_weekly(now, MONDAY, HOUR)
    uow.agenda.put(DeadlineKind.WEEKLY_REPORT, iso_week(day_in(due_at)), due_at)


def iso_week(day: date) -> str:
    """2026-W49."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def weekly_report(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Report the week (DeadlineKind.WEEKLY_REPORT); a report that comes weeks late tells the present week instead."""
    now = ports.clock.now()
    schedule_next(uow, now)
    week = max(subject, iso_week(day_in(now)))
    if uow.outbox.get(f"report:{week}") is not None:
        return
    groups = uow.groups.in_states(*LIVE)
    pages = [group_week(ports, uow, group, now) for group in groups]
    posts = _in_posts(pages)
    waiting = len(uow.enrolments.waiting())
    for part, lines in enumerate(posts, 1):
        report = WeeklyReport(
            week=week,
            waiting=waiting,
            groups=tuple(lines),
            part=part,
            parts=len(posts),
            evidence=anchors.head_of(uow) if part == 1 else None,
        )
        tell_admins(uow, f"report:{week}" if part == 1 else f"report:{week}:p{part}", report)
    week_charts.show(uow, week, pages, in_reply_to=f"report:{week}")
    for group, page in zip(groups, pages, strict=True):
        told = GroupWeekPage(week=week, tutor_user=group.tutor_id, group=page)
        tell_tutors(uow, f"report:{week}:{group.id}", told, now)
    uow.journal.write("bot", Action.REPORT_POSTED, week, groups=len(groups), waiting=waiting)


def _in_posts(pages: list[GroupWeek]) -> list[list[GroupWeek]]:
    """Share the groups out among as few posts as hold them, in their order; one post when there is no group."""
    posts: list[list[GroupWeek]] = [[]]
    lines = 0
    for page in pages:
        lines += 1 + len(page.risks)
        if lines > LINES_PER_POST and posts[-1]:
            posts.append([])
            lines = 1 + len(page.risks)
        posts[-1].append(page)
    return posts


@dataclass(frozen=True)
class _Record:
    """What the store holds of one group, read once."""

    group: Group
    members: dict[str, Member]
    sessions: list[GroupSession]
    lines: list[Attendance]
    check_ins: list[CheckIn]
    documents: list[Document]
    handed_in_at: dict[str, datetime]
    first: dict[str, int]
    """The first session of each member: those who came late are not expected at the ones before."""
    joined: dict[str, datetime]

    @property
    def held(self) -> list[GroupSession]:
        return [session for session in self.sessions if session.state is SessionState.HELD]


def _read(uow: UnitOfWork, group: Group) -> _Record:
    seats = seated(uow, group.id)
    return _Record(
        group=group,
        members={member.id: member for member in members_of(uow, group.id)},
        sessions=uow.sessions.of_group(group.id),
        lines=uow.sessions.attendance_of_group(group.id),
        check_ins=uow.sessions.check_ins_of_group(group.id),
        documents=uow.documents.of_group(group.id),
        handed_in_at=uow.documents.last_handed_in(group.id),
        first={seat.member_id: seat.first_session for seat in seats},
        joined={seat.member_id: seat.joined_at for seat in seats if seat.joined_at is not None},
    )


def group_week(ports: Ports, uow: UnitOfWork, group: Group, now: datetime) -> GroupWeek:
    """Return where a group stands now, with its risks."""
    record = _read(uow, group)
    there = presence(record.held, record.lines, record.members, record.first)
    dated = bool(record.sessions)
    return GroupWeek(
        group_id=record.group.id,
        label=record.group.label,
        stage=record.group.state.value,
        held=len(record.held),
        planned=len(record.sessions),
        present=sum(sum(row) for row in there.values()),
        expected=sum(len(row) for row in there.values()),
        documents=dict(Counter(document.state.value for document in record.documents)),
        check_ins_answered=sum(check_in.answered_at is not None for check_in in record.check_ins),
        check_ins_asked=len(record.check_ins),
        weeks_left=weeks_left(record.group, record.sessions, now) if dated else None,
        slack_weeks=slack_left(record.group, record.sessions, now) if dated else None,
        risks=_risks(ports, record, there, now) if dated and record.group.state is GroupState.RUNNING else (),
    )


def _risks(ports: Ports, record: _Record, there: Mapping[str, tuple[bool, ...]], now: datetime) -> tuple[RiskLine, ...]:
    facts = GroupFacts(_member_weeks(ports, record, there), slack_left(record.group, record.sessions, now))
    return tuple(
        RiskLine(
            kind=risk.kind.value,
            member_user=record.members[risk.member_id].slack_user_id if risk.member_id else "",
            count=risk.count,
        )
        for risk in risks_of(facts, day_in(now))
    )


def _member_weeks(ports: Ports, record: _Record, there: Mapping[str, tuple[bool, ...]]) -> list[MemberWeek]:
    signs = _last_signs(record)
    handed_in = {(document.member_id, document.worksheet) for document in record.documents if document.versions}
    expected = _expected(ports, record.held)
    begun = record.sessions[0].starts_at
    return [
        MemberWeek(
            member_id=member_id,
            present=row,
            moods=[c.progress for c in record.check_ins if c.member_id == member_id and c.progress is not None],
            last_sign_on=day_in(signs.get(member_id) or max(begun, record.joined.get(member_id, begun))),
            documents=[
                ExpectedDocument(key, on, (member_id, key) in handed_in)
                for number, key, on in expected
                if number >= record.first[member_id]
            ],
        )
        for member_id, row in there.items()
    ]


def _last_signs(record: _Record) -> Mapping[str, datetime]:
    """When each member last did something: signed, declared, answered or handed in."""
    signs = [(line.member_id, line.recorded_at) for line in record.lines]
    signs += [(c.member_id, c.answered_at) for c in record.check_ins if c.answered_at is not None]
    latest = dict(record.handed_in_at)
    for member_id, instant in signs:
        latest[member_id] = max(instant, latest.get(member_id, instant))
    return latest


def _expected(ports: Ports, held: list[GroupSession]) -> list[tuple[int, str, date]]:
    """Session, worksheet and the day by which, for the sessions held; what only its owner sees is not expected."""
    content = ports.content
    return [
        (session.number, key, session.day + DOCUMENT_TIME)
        for session in held
        for key in content.guides.number(session.number).documents
        if not content.worksheets.key(key).owner_only
    ]
