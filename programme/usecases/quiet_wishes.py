"""What a person wishes of the bot's routine messages: an hour, a pause, and what they do not want at all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from programme.errors import InvalidForm
from programme.journal import Action
from programme.model.nudge import NudgeState, QuietWishes, Topic
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.quiet import HOURS, until_monday
from programme.usecases import pings


def mine(ports: Ports, *, caller: Caller) -> tuple[QuietWishes, str]:
    """Return what the caller chose, and the zone in which their hours are meant; a pause that is over is none."""
    with ports.reading() as uow:
        wishes, zone = pings.wishes_of(uow, caller.slack_user_id), pings.zone_of(uow, caller.slack_user_id)
    if wishes.snoozed_until is not None and wishes.snoozed_until <= ports.clock.now():
        wishes.snoozed_until = None
    return wishes, zone


def snooze(ports: Ports, *, caller: Caller) -> datetime:
    """Put off what is routine until Monday morning, and return that instant; pressing again changes nothing."""
    with ports.uow() as uow:
        now, wishes = ports.clock.now(), _own(uow, caller)
        wishes.snoozed_until = until_monday(now, pings.zone_of(uow, caller.slack_user_id))
        _apply(uow, caller, now, what="snooze")
        return wishes.snoozed_until


def stop(ports: Ports, *, caller: Caller, topic: Topic) -> None:
    """Send no more routine messages of this topic."""
    with ports.uow() as uow:
        wishes = _own(uow, caller)
        wishes.stopped = tuple(one.value for one in Topic if one is topic or one.value in wishes.stopped)
        _apply(uow, caller, ports.clock.now(), what="stop")


def choose(ports: Ports, *, caller: Caller, hour: int | None, wanted: Collection[str], snoozed: bool) -> None:
    """Keep an hour for the one message a day (None: as soon as there is one), the topics wanted, and the pause or not.

    InvalidForm(hour) for an hour of the night.
    """
    if hour is not None and hour not in HOURS:
        raise InvalidForm({"hour": "quiet_hour_invalid"})
    with ports.uow() as uow:
        now, wishes = ports.clock.now(), _own(uow, caller)
        wishes.hour = hour
        wishes.stopped = tuple(topic.value for topic in Topic if topic.value not in wanted)
        if not snoozed:
            wishes.snoozed_until = None
        elif wishes.snoozed_until is None or wishes.snoozed_until <= now:
            wishes.snoozed_until = until_monday(now, pings.zone_of(uow, caller.slack_user_id))
        _apply(uow, caller, now, what="choose")


def _own(uow: UnitOfWork, caller: Caller) -> QuietWishes:
    wishes = uow.nudges.wishes(caller.slack_user_id)
    if wishes is None:
        wishes = QuietWishes(caller.slack_user_id)
        uow.nudges.add_wishes(wishes)
    return wishes


def _apply(uow: UnitOfWork, caller: Caller, now: datetime, *, what: str) -> None:
    """What already waits follows the wishes."""
    user = caller.slack_user_id
    stopped = pings.wishes_of(uow, user).stopped
    for nudge in uow.nudges.waiting(user):
        if nudge.topic.value in stopped:
            nudge.state = NudgeState.DROPPED
    pings.reschedule(uow, user, now)
    pings.set_alarm(uow, user)
    uow.journal.write(user, Action.QUIET_CHOSEN, user, what=what)
