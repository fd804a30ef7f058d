"""What people do to a group's channel by hand: noticed at once by event, or by the hourly look, then mended or told.

Everything is a function of what is known (the group's ``channel_known``, ``channel_trouble``, ``channel_name``): an
event that comes twice, or that the look has overtaken, changes nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from programme.effects import InviteToChannel, OpenGroupChannel, RemoveFromChannel
from programme.errors import DeliveryError, Permanent, Refusal, Retryable
from programme.journal import Action
from programme.messages.groups import ChannelTrouble
from programme.model.channel import ChannelSight
from programme.model.group import OPEN_GROUPS, Group
from programme.model.ids import new_id
from programme.model.people import Caller, Role
from programme.ports import Ports, UnitOfWork
from programme.usecases import rescue, roles
from programme.usecases.channel_alerts import alert
from programme.usecases.channel_links import channel_topic, describe
from programme.usecases.channels import channel_name
from programme.usecases.groups import members_of, require_admin, turn_of

TROUBLE_PAUSE = 300.0
"""Seconds after which what waits for a lost channel is tried again."""
GONE = ("is_archived", "channel_not_found", "not_in_channel")
"""Slack's words for a channel in which nothing can be said any more."""
WATCHED_AT_ONCE = 40
"""Groups looked at in one tick: two calls each stay within Slack's rates."""


def left(ports: Ports, *, channel: str, slack_user_id: str, event_id: str = "") -> None:
    """Tell the admins that a member or the tutor has left the channel: the seat stays theirs."""
    with ports.uow() as uow:
        group = _open_group(uow, channel)
        if group is None:
            return
        if event_id:
            uow.inbox.claim("slack", event_id)
        group.forget(f"stranger:{slack_user_id}")
        if slack_user_id not in _belonging(uow, group) or not group.learn(f"left:{slack_user_id}"):
            return
        alert(uow, group, "left", user=slack_user_id)
        uow.journal.write(slack_user_id, Action.CHANNEL_LEFT, group.id)


def joined(ports: Ports, *, channel: str, slack_user_id: str, inviter: str = "", bot: str = "") -> None:
    """Note who is back; tell the admins of somebody who is not of the group. Admins, and whom the bot lets in, may."""
    with ports.uow() as uow:
        group = _open_group(uow, channel)
        if group is None:
            return
        group.forget(f"left:{slack_user_id}")
        if slack_user_id in _belonging(uow, group) or Role.ADMIN in uow.people.roles(slack_user_id):
            return
        if (bot and inviter == bot) or not group.learn(f"stranger:{slack_user_id}"):
            return
        alert(uow, group, "stranger", user=slack_user_id)
        uow.journal.write(inviter or slack_user_id, Action.CHANNEL_CHANGED, group.id, what="stranger")


def renamed(ports: Ports, *, channel: str, name: str) -> None:
    """Keep the new name and tell the admins: the bot follows the channel by its id."""
    with ports.uow() as uow:
        group = _open_group(uow, channel)
        if group is None or group.channel_name == name:
            return
        alert(uow, group, "renamed", detail=group.channel_name)
        group.channel_name = name
        uow.journal.write("bot", Action.CHANNEL_CHANGED, group.id, what="renamed")


def lost(ports: Ports, *, channel: str, trouble: ChannelTrouble) -> None:
    """The channel was archived, or the bot taken out of it: tell the admins; what is to be said waits meanwhile."""
    with ports.uow() as uow:
        group = _open_group(uow, channel)
        if group is None or group.channel_trouble == trouble:
            return
        group.channel_trouble = trouble
        alert(uow, group, trouble)
        uow.journal.write("bot", Action.CHANNEL_CHANGED, group.id, what=trouble)


def found(ports: Ports, *, channel: str, trouble: ChannelTrouble) -> None:
    """The channel is open again, or the bot back in it: what waited goes on its way."""
    with ports.uow() as uow:
        group = _open_group(uow, channel)
        if group is None or group.channel_trouble != trouble:
            return
        group.channel_trouble = ""
        alert(uow, group, "unarchived" if trouble == "archived" else "bot_back")
        uow.journal.write("bot", Action.CHANNEL_MENDED, group.id, what=trouble)


def topic_changed(ports: Ports, *, channel: str, topic: str) -> None:
    """Write the group's topic again: it says which group this is and where its board stands."""
    with ports.uow() as uow:
        group = _open_group(uow, channel)
        if group is None or topic == channel_topic(group):
            return
        describe(uow, group)
        uow.journal.write("bot", Action.CHANNEL_MENDED, group.id, what="topic")


def person_changed(ports: Ports, *, slack_user_id: str, deleted: bool) -> None:
    """Follow an account that was closed or opened again: no proposal keeps somebody who cannot answer any more."""
    with ports.uow() as uow:
        person = uow.people.get(slack_user_id)
        if person is not None:
            person.active = not deleted
        member = uow.members.by_slack(slack_user_id)
        if member is not None and member.active is deleted:
            member.active = not deleted
            uow.journal.write("bot", Action.PERSON_CHANGED, member.id, active=not deleted)
            seat = uow.groups.live_seat(member.id)
            if seat is not None:
                group = uow.groups.get(seat.group_id)
                if group.state in OPEN_GROUPS:
                    alert(uow, group, "deactivated" if deleted else "reactivated", user=slack_user_id)
                elif deleted:
                    rescue.release_seat(ports, uow, group, seat)
        if deleted:
            for role in uow.people.roles(slack_user_id):
                roles.lose(ports, uow, role, slack_user_id)


def reinvite(ports: Ports, *, caller: Caller, group_id: str, slack_user_id: str) -> None:
    """Invite a member or the tutor again, for an admin. Refusal("not_of_the_group") for anybody else."""
    require_admin(caller)
    with ports.uow() as uow:
        group = uow.groups.get(group_id)
        if slack_user_id not in _belonging(uow, group):
            raise Refusal("not_of_the_group")
        _invite(uow, group, slack_user_id)
        uow.journal.write(caller.slack_user_id, Action.CHANNEL_MENDED, group_id, what="reinvited")


def enter(ports: Ports, *, caller: Caller, number: int) -> str:
    """Invite an admin to the channel of a group, and return its label. Refusal("group_unknown")."""
    require_admin(caller)
    with ports.uow() as uow:
        group = next((one for one in uow.groups.in_states(*OPEN_GROUPS) if one.number == number), None)
        if group is None:
            raise Refusal("group_unknown")
        _invite(uow, group, caller.slack_user_id)
        uow.journal.write(caller.slack_user_id, Action.CHANNEL_CHANGED, group.id, what="admin")
        return group.label


def remove_stranger(ports: Ports, *, caller: Caller, group_id: str, slack_user_id: str) -> None:
    """Take somebody who is not of the group out of its channel. Refusal("is_of_the_group") for its people."""
    require_admin(caller)
    with ports.uow() as uow:
        group = uow.groups.get(group_id)
        if slack_user_id in _belonging(uow, group):
            raise Refusal("is_of_the_group")
        effect = RemoveFromChannel(group_id=group_id, user=slack_user_id)
        uow.outbox.put(f"remove:{group_id}:{new_id('rem')}", effect, lane=f"group:{group_id}")
        uow.journal.write(caller.slack_user_id, Action.CHANNEL_MENDED, group_id, what="removed")


def open_new_channel(ports: Ports, *, caller: Caller, group_id: str) -> None:
    """Open another channel for a group that has lost its own: a bot can neither unarchive nor invite itself.

    The second press changes nothing. Refusal("channel_fine") when the channel has come back.
    """
    require_admin(caller)
    with ports.uow() as uow:
        group = uow.groups.get(group_id)
        if group.state not in OPEN_GROUPS or not group.channel_trouble:
            raise Refusal("channel_fine")
        key = f"channel:{group_id}:c{group.channel_turn + 1}"
        opening = OpenGroupChannel(group_id=group_id, name=channel_name(group))
        if uow.outbox.put(key, opening, lane=f"channel:{group_id}"):
            uow.journal.write(caller.slack_user_id, Action.CHANNEL_MENDED, group_id, what="new_channel")


def watch(ports: Ports) -> None:
    """Look at the channels of the groups, in turn, for what happened while nobody listened. Slack away: next time."""
    with ports.reading() as uow:
        groups = [group for group in uow.groups.in_states(*OPEN_GROUPS) if _is_furnished(uow, group)]
    hour = int(ports.clock.now().timestamp() // 3600)
    start = hour * WATCHED_AT_ONCE % len(groups) if len(groups) > WATCHED_AT_ONCE else 0
    for group in (groups[start:] + groups[:start])[:WATCHED_AT_ONCE]:
        try:
            seen(ports, group, ports.workspace.look(group.channel_id))
        except DeliveryError:
            return


def seen(ports: Ports, group: Group, sight: ChannelSight) -> None:
    """Compare how the channel is found with what it should be; each difference is what its event would have told."""
    channel = group.channel_id
    if sight.gone or sight.archived:
        lost(ports, channel=channel, trouble="bot_removed" if sight.gone else "archived")
        return
    for trouble in ("archived", "bot_removed"):
        found(ports, channel=channel, trouble=trouble)
    renamed(ports, channel=channel, name=sight.name)
    topic_changed(ports, channel=channel, topic=sight.topic)
    with ports.reading() as uow:
        belonging = _belonging(uow, group)
    for user in sorted(belonging - set(sight.members)):
        left(ports, channel=channel, slack_user_id=user)
        if f"left:{user}" not in group.channel_known:
            person_changed(ports, slack_user_id=user, deleted=not ports.workspace.person(user).active)
    for user in sight.members:
        joined(ports, channel=channel, slack_user_id=user)


def is_gone(error: Permanent) -> bool:
    """Whether Slack says that nothing can be said in the channel any more."""
    return str(error).partition(" ")[0] in GONE


@contextmanager
def noticing(ports: Ports, destination: str) -> Iterator[None]:
    """Turn "the channel is gone" into a trouble of the group, told once, after which its messages wait."""
    try:
        yield
    except Permanent as error:
        kind, _, group_id = destination.partition(":")
        if kind != "group" or not is_gone(error):
            raise
        with ports.reading() as uow:
            group = uow.groups.get(group_id)
        if group.state not in OPEN_GROUPS:
            raise
        trouble: ChannelTrouble = "archived" if str(error).startswith("is_archived") else "bot_removed"
        lost(ports, channel=group.channel_id, trouble=trouble)
        raise Retryable(str(error), after=TROUBLE_PAUSE) from error


def _open_group(uow: UnitOfWork, channel: str) -> Group | None:
    group = uow.groups.by_channel(channel)
    return group if group is not None and group.state in OPEN_GROUPS else None


def _is_furnished(uow: UnitOfWork, group: Group) -> bool:
    """Whether the invitations have gone out: before, everybody is missing."""
    row = uow.outbox.get(f"invite:{group.id}{turn_of(group)}")
    return row is not None and row.sent_at is not None


def _belonging(uow: UnitOfWork, group: Group) -> set[str]:
    return {member.slack_user_id for member in members_of(uow, group.id)} | {group.tutor_id} - {""}


def _invite(uow: UnitOfWork, group: Group, user: str) -> None:
    effect = InviteToChannel(group_id=group.id, users=(user,))
    uow.outbox.put(f"invite:{group.id}:{new_id('inv')}", effect, lane=f"group:{group.id}")
