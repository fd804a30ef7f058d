"""Roles: belonging to the tutors' or the admins' channel is the role (programme §1)."""

from __future__ import annotations

from programme.errors import DeliveryError
from programme.journal import Action
from programme.model.people import Caller, Role
from programme.ports import Ports, UnitOfWork
from programme.usecases import departures


def caller_of(ports: Ports, slack_user_id: str) -> Caller:
    """Return the person with the roles they hold now."""
    with ports.reading() as uow:
        return Caller(slack_user_id, uow.people.roles(slack_user_id))


def role_of_channel(ports: Ports, channel: str) -> Role | None:
    """Return the role that membership of this channel gives, if any."""
    if not channel:
        return None
    return {ports.config.admin_channel: Role.ADMIN, ports.config.tutor_channel: Role.TUTOR}.get(channel)


def change_role(ports: Ports, *, channel: str, slack_user_id: str, joined: bool, event_id: str) -> None:
    """Follow someone who joined or left a channel; channels without a role change nothing."""
    role = role_of_channel(ports, channel)
    if role is None:
        return
    with ports.uow() as uow:
        uow.inbox.claim("slack", event_id)
        if joined:
            gain(uow, role, slack_user_id)
        else:
            lose(ports, uow, role, slack_user_id)


def gain(uow: UnitOfWork, role: Role, slack_user_id: str) -> None:
    """Give the role to somebody who may not have it yet."""
    if uow.people.grant(role, slack_user_id):
        _note(uow, role, slack_user_id, holds=True)
        if role is Role.TUTOR:
            departures.tutor_back(uow, slack_user_id)


def lose(ports: Ports, uow: UnitOfWork, role: Role, slack_user_id: str) -> None:
    """Take the role from somebody who may have it; what waits for a tutor goes to another."""
    if uow.people.revoke(role, slack_user_id):
        _note(uow, role, slack_user_id, holds=False)
        if role is Role.TUTOR:
            departures.tutor_gone(ports, uow, slack_user_id)


def _note(uow: UnitOfWork, role: Role, slack_user_id: str, *, holds: bool) -> None:
    uow.journal.write("bot", Action.ROLE_CHANGED, slack_user_id, role=role.value, holds=holds)


def refresh_roles(ports: Ports) -> None:
    """Read both channels again: what happened while nobody listened is made good. Slack away: the old list stays."""
    for channel, role in ((ports.config.admin_channel, Role.ADMIN), (ports.config.tutor_channel, Role.TUTOR)):
        if not channel:
            continue
        try:
            present = set(ports.workspace.channel_members(channel))
        except DeliveryError:
            continue
        with ports.uow() as uow:
            known = set(uow.people.holders(role))
            for user in sorted(present - known):
                gain(uow, role, user)
            for user in sorted(known - present):
                lose(ports, uow, role, user)
