"""The check-in two days after a session: private, three questions, changeable, reminded twice, then a human is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.journal import Action
from programme.messages.checkins import CheckInObstacle, CheckInRequest, CheckInSilence, CheckInSummary
from programme.model.agenda import DeadlineKind
from programme.model.group import GroupState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import CheckIn, GroupSession
from programme.ports import Ports, UnitOfWork
from programme.rules.planning import quiet_until
from programme.usecases import pings
from programme.usecases.day_posts import tell_by_day
from programme.usecases.groups import members_of, redraw, skip
from programme.usecases.participants import tell_tutors

PROGRESS = range(1, 6)
WORK = ("yes", "partly", "no")
NO_OBSTACLE = "none"
OBSTACLES = (NO_OBSTACLE, "time", "motivation", "group", "tool", "other")
LONGEST_NOTE = 500
REMINDERS = 2
PAUSE = timedelta(days=1)
"""Between the request, each reminder and the word to the tutors."""
SUMMARY_FROM = 3
"""Answers below which a summary would say who answered what."""
LIVE = frozenset({GroupState.RUNNING, GroupState.FINISHED})


def ask(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Ask every member of the group (DeadlineKind.CHECK_IN, ``subject`` is the session's id)."""
    session = uow.sessions.get(subject)
    group, now = uow.groups.get(session.group_id), ports.clock.now()
    if group.state not in LIVE or _overtaken(uow, session, now):
        return skip(uow, DeadlineKind.CHECK_IN, session.id)
    asked = {check_in.member_id for check_in in uow.sessions.check_ins(session.id)}
    for member in members_of(uow, group.id):
        if member.id not in asked:
            _ask_one(uow, session, member, now)
    return uow.journal.write("bot", Action.CHECK_IN_ASKED, session.id, number=session.number)


def _ask_one(uow: UnitOfWork, session: GroupSession, member: Member, now: datetime) -> None:
    earlier = uow.sessions.open_check_in(member.id)
    if earlier is not None:
        _show(uow, earlier, member.slack_user_id, closed=True)
    check_in = CheckIn(id=new_id("chk"), session_id=session.id, member_id=member.id, asked_at=now)
    uow.sessions.add_check_in(check_in)
    _send(uow, check_in, session, member, now)
    for number in range(1, REMINDERS + 1):
        due_at = quiet_until(now + PAUSE * number, member.time_zone)
        uow.agenda.put(DeadlineKind.CHECK_IN_REMINDER, f"{check_in.id}:{number}", due_at)
    uow.agenda.put(DeadlineKind.CHECK_IN_ESCALATION, check_in.id, now + PAUSE * (REMINDERS + 1))


def _send(uow: UnitOfWork, check_in: CheckIn, session: GroupSession, member: Member, now: datetime) -> None:
    message = CheckInRequest(check_in_id=check_in.id, number=session.number, reminder=check_in.reminders)
    pings.routine(uow, member.slack_user_id, _key(check_in, check_in.reminders), message, now)


def _key(check_in: CheckIn, reminder: int) -> str:
    key = f"checkin:{check_in.session_id}:{check_in.member_id}"
    return f"{key}:reminder:{reminder}" if reminder else key


def _overtaken(uow: UnitOfWork, session: GroupSession, now: datetime) -> bool:
    """Whether a later session of the group has begun: a word about this one would come after the fact."""
    return any(session.starts_at < other.starts_at <= now for other in uow.sessions.of_group(session.group_id))


def remind(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Remind a member who has not answered (DeadlineKind.CHECK_IN_REMINDER, ``subject`` is ``chk_…:number``)."""
    check_in_id, _, number = subject.partition(":")
    check_in, now = uow.sessions.check_in(check_in_id), ports.clock.now()
    session = uow.sessions.get(check_in.session_id)
    if check_in.answered_at is not None or check_in.reminders >= int(number):
        return None
    member = _sitting(uow, session.group_id, check_in.member_id)
    if member is None or uow.groups.get(session.group_id).state not in LIVE or _overtaken(uow, session, now):
        return skip(uow, DeadlineKind.CHECK_IN_REMINDER, check_in.id)
    check_in.reminders = int(number)
    _send(uow, check_in, session, member, now)
    return uow.journal.write("bot", Action.CHECK_IN_REMINDED, check_in.id, number=check_in.reminders)


def _sitting(uow: UnitOfWork, group_id: str, member_id: str) -> Member | None:
    return next((member for member in members_of(uow, group_id) if member.id == member_id), None)


def escalate(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Tell the tutors who stayed silent, and the group how its week went (DeadlineKind.CHECK_IN_ESCALATION)."""
    check_in, now = uow.sessions.check_in(subject), ports.clock.now()
    session = uow.sessions.get(check_in.session_id)
    group = uow.groups.get(session.group_id)
    member = _sitting(uow, group.id, check_in.member_id)
    if check_in.answered_at is not None or group.state not in LIVE:
        return
    if member is not None:
        silence = CheckInSilence(
            group_label=group.label,
            member_user=member.slack_user_id,
            number=session.number,
            tutor_user=group.tutor_id,
            reminders=sum(pings.was_said(uow, _key(check_in, number)) for number in range(1, REMINDERS + 1)),
        )
        tell_tutors(uow, f"silence:{check_in.id}", silence, now)
        uow.journal.write("bot", Action.CHECK_IN_ESCALATED, check_in.id)
    _summarise(uow, session, now)


@dataclass(frozen=True)
class OwnCheckIn:
    """A check-in as its member sees it: the answers given so far fill the form."""

    check_in_id: str
    number: int
    progress: int | None
    work_done: str
    obstacle: str
    note: str


def own_check_in(ports: Ports, *, caller: Caller, check_in_id: str = "") -> OwnCheckIn:
    """Return the caller's check-in, the latest one by default; Refusal("check_in_none" | "check_in_past")."""
    with ports.reading() as uow:
        check_in = _latest(uow, caller, check_in_id)
        number = uow.sessions.get(check_in.session_id).number
    return OwnCheckIn(check_in.id, number, check_in.progress, check_in.work_done, check_in.obstacle, check_in.note)


def _latest(uow: UnitOfWork, caller: Caller, check_in_id: str) -> CheckIn:
    member = uow.members.by_slack(caller.slack_user_id)
    latest = uow.sessions.open_check_in(member.id) if member else None
    if check_in_id and (member is None or uow.sessions.check_in(check_in_id).member_id != member.id):
        raise NotAllowed
    if latest is None:
        raise Refusal("check_in_none")
    if check_in_id not in {"", latest.id}:
        raise Refusal("check_in_past")
    return latest


def answer(
    ports: Ports,
    *,
    caller: Caller,
    check_in_id: str,
    progress: int | None,
    work_done: str,
    obstacle: str,
    note: str = "",
) -> None:
    """Save the answers, or change those given before; only the member's latest check-in takes any.

    InvalidForm(progress, work_done, obstacle, note); Refusal("check_in_none" | "check_in_past").
    """
    _require_valid(progress, work_done, obstacle, note.strip())
    with ports.uow() as uow:
        check_in = _latest(uow, caller, check_in_id)
        session = uow.sessions.get(check_in.session_id)
        first, now = check_in.answered_at is None, ports.clock.now()
        check_in.progress, check_in.work_done = progress, work_done
        check_in.obstacle, check_in.note = obstacle, note.strip()
        check_in.answered_at = check_in.answered_at or now
        uow.journal.write(caller.slack_user_id, Action.CHECK_IN_ANSWERED, check_in.id, changed=not first)
        _tell_obstacle(uow, check_in, session, caller.slack_user_id, now)
        if first:
            _answered(uow, check_in, session, caller.slack_user_id, now)


def _require_valid(progress: int | None, work_done: str, obstacle: str, note: str) -> None:
    wrong = {
        "progress": ("progress_missing", progress not in PROGRESS),
        "work_done": ("work_missing", work_done not in WORK),
        "obstacle": ("obstacle_missing", obstacle not in OBSTACLES),
        "note": ("note_long", len(note) > LONGEST_NOTE),
    }
    found = {name: sentence for name, (sentence, is_wrong) in wrong.items() if is_wrong}
    if found:
        raise InvalidForm(found)


def _answered(uow: UnitOfWork, check_in: CheckIn, session: GroupSession, user: str, now: datetime) -> None:
    """The first answer stops the reminders and closes the messages that asked for it."""
    for number in range(1, REMINDERS + 1):
        uow.agenda.cancel(DeadlineKind.CHECK_IN_REMINDER, f"{check_in.id}:{number}")
    uow.agenda.cancel(DeadlineKind.CHECK_IN_ESCALATION, check_in.id)
    _show(uow, check_in, user)
    sitting = {member.id for member in members_of(uow, session.group_id)}
    asked = [one for one in uow.sessions.check_ins(session.id) if one.member_id in sitting]
    if all(one.answered_at is not None for one in asked):
        _summarise(uow, session, now)


def _show(uow: UnitOfWork, check_in: CheckIn, user: str, *, closed: bool = False) -> None:
    """Redraw what asked for the answer: only the last message still takes a change, until the next check-in opens."""
    number, answered = uow.sessions.get(check_in.session_id).number, check_in.answered_at is not None
    for reminder in range(check_in.reminders + 1):
        message = CheckInRequest(
            check_in_id=check_in.id,
            number=number,
            answered=answered,
            closed=closed or reminder < check_in.reminders,
        )
        pings.update(uow, user, _key(check_in, reminder), message)


def _tell_obstacle(uow: UnitOfWork, check_in: CheckIn, session: GroupSession, user: str, now: datetime) -> None:
    """Tell the tutors, never the group; a changed answer changes what they read."""
    key, group = f"obstacle:{check_in.id}", uow.groups.get(session.group_id)
    told = uow.outbox.get(key) is not None
    if not told and check_in.obstacle == NO_OBSTACLE:
        return
    message = CheckInObstacle(
        group_label=group.label,
        tutor_user=group.tutor_id,
        member_user=user,
        number=session.number,
        obstacle=check_in.obstacle,
        note=check_in.note,
    )
    if told:
        redraw(uow, key, message, lane="tutors")
    else:
        tell_tutors(uow, key, message, now)


def _summarise(uow: UnitOfWork, session: GroupSession, now: datetime) -> None:
    """Tell the group its week, once, without names; too few answers would name their authors.

    It is not drawn again when an answer changes or comes later: the difference would say what one person answered.
    """
    check_ins = uow.sessions.check_ins(session.id)
    answers = [check_in for check_in in check_ins if check_in.answered_at is not None]
    key = f"summary:{session.id}"
    if len(answers) < SUMMARY_FROM or uow.outbox.get(key) is not None:
        return
    progress = [check_in.progress for check_in in answers if check_in.progress is not None]
    done = Counter(check_in.work_done for check_in in answers)
    summary = CheckInSummary(
        number=session.number,
        answered=len(answers),
        asked=len(check_ins),
        average_progress=round(sum(progress) / len(progress), 1),
        work_done={choice: done[choice] for choice in WORK},
    )
    tell_by_day(uow, uow.groups.get(session.group_id), key, summary, now)
    uow.journal.write("bot", Action.CHECK_IN_SUMMARISED, session.id, answered=len(answers))
