"""A post in a group's channel that can wait for the morning: nobody is woken because somebody else is up late."""

from __future__ import annotations

from datetime import datetime

from programme.effects import Post
from programme.messages import Message
from programme.model.group import Group
from programme.ports import UnitOfWork
from programme.rules.planning import quiet_until


def tell_by_day(
    uow: UnitOfWork, group: Group, key: str, message: Message, now: datetime, *, before: datetime | None = None
) -> None:
    """Post outside the group's quiet hours, or at once when the morning would come after ``before``.

    It has a lane of its own, so that what does not ping (the board, the dates) goes on meanwhile.
    """
    morning = quiet_until(now, group.zone)
    due_at = now if before is not None and morning >= before else morning
    to = f"group:{group.id}"
    uow.outbox.put(key, Post(to=to, message=message), lane=f"by_day:{group.id}" if due_at > now else to, due_at=due_at)
