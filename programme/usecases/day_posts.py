"""A post in a group's channel that can wait for the morning: nobody is woken because somebody else is up late."""

from __future__ import annotations

from datetime import datetime

from programme.effects import Post
from programme.messages import Message
from programme.model.group import Group
from programme.ports import Ports, UnitOfWork
from programme.rules.planning import quiet_until


def tell_by_day(
    ports: Ports, uow: UnitOfWork, group: Group, key: str, message: Message, *, before: datetime | None = None
) -> None:
    """Post outside the group's quiet hours, or at once when the morning would come after ``before``.

    It has a lane of its own, so that what does not ping (the board, the dates) goes on meanwhile.
    """
    now = ports.clock.now()
    morning = quiet_until(now, group.zone)
    due_at = now if before is not None and morning >= before else morning
    uow.outbox.put(key, Post(to=f"group:{group.id}", message=message), lane=f"by_day:{group.id}", due_at=due_at)
