"""Roles: belonging to the tutors' or the admins' channel is the role (programme §1)."""

from __future__ import annotations

from programme.errors import DeliveryError
from programme.journal import Action
from programme.model.people import Caller, Role
from programme.ports import Ports


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
        changed = uow.people.grant(role, slack_user_id) if joined else uow.people.revoke(role, slack_user_id)
        if changed:
            uow.journal.write("bot", Action.ROLE_CHANGED, slack_user_id, role=role.value, holds=joined)


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
            for user in present:
                uow.people.grant(role, user)
            for user in set(uow.people.holders(role)) - present:
                uow.people.revoke(role, user)
