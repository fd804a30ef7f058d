"""What the admins are told of a group's channel and of those who should be in it."""

from __future__ import annotations

from programme.messages.groups import ChannelTrouble, GroupAlert
from programme.model.group import Group
from programme.model.ids import new_id
from programme.ports import UnitOfWork
from programme.usecases.groups import tell_admins


def alert(uow: UnitOfWork, group: Group, what: ChannelTrouble, *, user: str = "", detail: str = "") -> None:
    """Tell the admins; each alert is a post of its own."""
    told = GroupAlert(
        label=group.label,
        what=what,
        users={user: ""} if user else {},
        group_id=group.id,
        channel=group.channel_id,
        detail=detail,
    )
    tell_admins(uow, f"{what}:{group.id}:{new_id('alert')}", told)
