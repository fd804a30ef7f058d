"""The one place from which anybody is written to in their direct messages, and which decides when.

Four classes. ``legal``: at once, always. ``answer``: at once, for who has just asked for it. ``timely``: what somebody
awaits or must decide soon; at once, but never at night. ``routine``: what the bot says of itself; by day, one post a
day, as the person wishes (programme §5, end; docs/suivi.md). Edits do not ping, and follow their post where it waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from programme.effects import Post, PublishHome, ShareFiles
from programme.messages import Message
from programme.messages.nudges import Digest, RoutineMessage
from programme.model.agenda import DeadlineKind
from programme.model.ids import new_id
from programme.model.nudge import Nudge, NudgeState, QuietWishes, Topic
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import PARIS
from programme.rules.planning import quiet_until
from programme.rules.quiet import next_slot
from programme.usecases.groups import redraw

TOPICS: dict[str, Topic] = {
    "check_in_request": Topic.CHECK_IN,
    "waiting_word": Topic.WAITING,
    "seat_offer": Topic.OFFER,
    "consent_request": Topic.CONSENT,
    "kit_sent": Topic.KIT,
    "survey_request": Topic.SURVEY,
    "material_request": Topic.MATERIAL,
    "announcement_word": Topic.ANNOUNCEMENT,
}
EACH_COUNTS = frozenset({Topic.ANNOUNCEMENT})
"""Topics of which a later message says something else than the one before, and does not replace it."""
_ROUTINE: TypeAdapter[Any] = TypeAdapter(RoutineMessage)


def legal(uow: UnitOfWork, user: str, key: str, message: Message, *, pin: bool = False) -> None:
    """Say at once what the law wants told: confirmations, acknowledgements, ends of contract, refunds."""
    _say(uow, user, key, Post(to=direct(user), message=message, pin=pin))


def answer(uow: UnitOfWork, user: str, key: str, message: Message, *, in_reply_to: str = "") -> None:
    """Say at once what the person has just asked for, or what became of what they have just done."""
    _say(uow, user, key, Post(to=direct(user), message=message, in_reply_to=in_reply_to))


def answer_files(
    uow: UnitOfWork, user: str, key: str, file_ids: Sequence[str], *, alts: Mapping[str, str] | None = None
) -> None:
    """Hand over files that the person has just asked for; ``alts`` describes pictures, by file id."""
    share = ShareFiles(to=direct(user), file_ids=tuple(file_ids), alts=dict(alts or {}))
    uow.outbox.put(key, share, lane=direct(user))


def timely(uow: UnitOfWork, user: str, key: str, message: Message, now: datetime, *, in_reply_to: str = "") -> None:
    """Say what somebody awaits or must decide soon: at once by day, in the morning otherwise."""
    _say(uow, user, key, Post(to=direct(user), message=message, in_reply_to=in_reply_to), _by_day(uow, user, now))


def timely_files(
    uow: UnitOfWork, user: str, key: str, file_ids: Sequence[str], now: datetime, *, in_reply_to: str
) -> None:
    """Show files in a thread of the person's direct messages, after what was said there."""
    share = ShareFiles(to=direct(user), file_ids=tuple(file_ids), in_reply_to=in_reply_to)
    due_at = _by_day(uow, user, now)
    uow.outbox.put(key, share, lane=_lane(user, due_at), due_at=due_at)


def routine(
    uow: UnitOfWork, user: str, key: str, message: RoutineMessage, now: datetime, *, before: datetime | None = None
) -> None:
    """Say what the bot says of itself: when the person's day and wishes allow, and not at all once stopped.

    ``before`` is when it loses its use: it then leaves earlier than the one a day would let it. A later message of the
    same topic replaces one that still waits, but for those of ``EACH_COUNTS``.
    """
    if uow.nudges.get(key) is not None:
        return
    topic, wishes = TOPICS[message.kind], wishes_of(uow, user)
    nudge = Nudge(key, user, topic, message.model_dump(mode="json"), due_at=now, before=before)
    for waiting in uow.nudges.waiting(user):
        if waiting.topic is topic and topic not in EACH_COUNTS:
            waiting.state = NudgeState.DROPPED
    uow.nudges.add(nudge)
    if topic.value in wishes.stopped:
        nudge.state = NudgeState.DROPPED
        _refresh_home(uow, user, key)
        return
    nudge.due_at = _slot(uow, wishes, nudge, now)
    if nudge.due_at <= now:
        _leave(uow, user, [nudge], now)
    else:
        set_alarm(uow, user)


def _slot(uow: UnitOfWork, wishes: QuietWishes, nudge: Nudge, now: datetime) -> datetime:
    return next_slot(
        now,
        zone_of(uow, nudge.slack_user_id),
        last=uow.nudges.last_sent(nudge.slack_user_id),
        not_before=wishes.snoozed_until,
        hour=wishes.hour,
        before=nudge.before,
    )


def set_alarm(uow: UnitOfWork, user: str) -> None:
    """Set the deadline at which the person's next routine post may leave."""
    due = [nudge.due_at for nudge in uow.nudges.waiting(user)]
    if due:
        uow.agenda.reopen(DeadlineKind.NUDGES, user, min(due))
    else:
        uow.agenda.cancel(DeadlineKind.NUDGES, user)


def send_waiting(ports: Ports, uow: UnitOfWork, user: str) -> None:
    """Send what waits for this person (DeadlineKind.NUDGES), all of it in one post once its first message may go."""
    now = ports.clock.now()
    reschedule(uow, user, now)
    waiting = uow.nudges.waiting(user)
    if any(nudge.due_at <= now for nudge in waiting):
        _leave(uow, user, waiting, now)
    elif waiting:
        set_alarm(uow, user)


def reschedule(uow: UnitOfWork, user: str, now: datetime) -> None:
    """Give what waits its slot anew, as the person's wishes or their day have changed; the caller sets the alarm."""
    wishes = wishes_of(uow, user)
    for nudge in uow.nudges.waiting(user):
        nudge.due_at = _slot(uow, wishes, nudge, now)


def _leave(uow: UnitOfWork, user: str, nudges: Sequence[Nudge], now: datetime) -> None:
    alone = len(nudges) == 1
    post_key = nudges[0].key if alone else f"digest:{nudges[-1].key}"[:120]
    for nudge in nudges:
        nudge.state, nudge.sent_at, nudge.post_key = NudgeState.SENT, now, post_key
    _say(uow, user, post_key, Post(to=direct(user), message=_drawn(nudges)))


def _drawn(nudges: Sequence[Nudge]) -> Message:
    parts = tuple(_ROUTINE.validate_python(nudge.message) for nudge in nudges)
    message: Message = parts[0] if len(parts) == 1 else Digest(parts=parts)
    return message


def update(uow: UnitOfWork, user: str, key: str, message: Message) -> None:
    """Bring what was said up to date, wherever it stands, and redraw the person's Home.

    Nothing happens to what was never said. A routine message that still waits has been answered or closed
    meanwhile: it does not leave at all.
    """
    nudge = uow.nudges.get(key)
    if nudge is None or nudge.post_key == key:
        if uow.outbox.get(key) is None:
            return
        redraw(uow, key, message, lane=direct(user))
    elif nudge.state is NudgeState.WAITING:
        nudge.state = NudgeState.DROPPED
        set_alarm(uow, user)
    elif nudge.state is NudgeState.SENT:
        nudge.message = message.model_dump(mode="json")
        redraw(uow, nudge.post_key, _drawn(uow.nudges.of_post(nudge.post_key)), lane=direct(user))
    _refresh_home(uow, user, f"{key}:{new_id('edit')}")


def was_said(uow: UnitOfWork, key: str) -> bool:
    """Whether this routine message has left: it may have been stopped, put off or replaced."""
    nudge = uow.nudges.get(key)
    return nudge is not None and nudge.state is NudgeState.SENT


def wishes_of(uow: UnitOfWork, user: str) -> QuietWishes:
    """Return what the person chose, or the usual."""
    return uow.nudges.wishes(user) or QuietWishes(user)


def zone_of(uow: UnitOfWork, user: str) -> str:
    """Return the person's zone: from a member's address, as Slack tells it for the others."""
    member = uow.members.by_slack(user)
    if member is not None:
        return member.time_zone
    person = uow.people.get(user)
    return person.time_zone if person else PARIS


def _by_day(uow: UnitOfWork, user: str, now: datetime) -> datetime | None:
    """The morning, or None by day."""
    due_at = quiet_until(now, zone_of(uow, user))
    return due_at if due_at > now else None


def _lane(user: str, due_at: datetime | None) -> str:
    """What waits for the morning has a lane of its own: it holds back nothing that may go at once."""
    return f"by_day:{user}" if due_at else direct(user)


def _say(uow: UnitOfWork, user: str, key: str, post: Post, due_at: datetime | None = None) -> None:
    if uow.outbox.put(key, post, lane=_lane(user, due_at), due_at=due_at):
        _refresh_home(uow, user, key)


def direct(user: str) -> str:
    """Return the destination that is the person's direct messages, for files that they have just asked for."""
    return f"user:{user}"


def _refresh_home(uow: UnitOfWork, user: str, key: str) -> None:
    uow.outbox.put(f"home:{key}"[:120], PublishHome(slack_user_id=user), lane=f"home:{user}")
