"""The private channel of a group: its name, what is said in it first, who is invited and who leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from programme.effects import InviteToChannel
from programme.journal import Action
from programme.messages.groups import ChannelMoved, CharterRequest, GroupAlert, GroupWelcome
from programme.model.agenda import DeadlineKind
from programme.model.group import OPEN_GROUPS, Group, GroupState
from programme.model.ids import new_id
from programme.model.member import Member
from programme.ports import Ports, UnitOfWork
from programme.rules.folding import fold
from programme.rules.planning import quiet_until
from programme.usecases import board, pings, slots
from programme.usecases.channel_links import BOARD_LINK, PLAN_LINK, VIDEO_LINK, bookmark, describe
from programme.usecases.groups import common_zone, members_of, tell_admins, tell_group, turn_of

NAME_LENGTH = 80
VOTE_LENGTH = timedelta(hours=72)
NO_FAILURE = frozenset({"already_in_channel"})


def channel_name(group: Group) -> str:
    """Return a name that Slack accepts: ``bilan-012-lyon``, 80 characters at most."""
    name = f"bilan-{group.number:03d}-{fold(group.place).replace(' ', '-')}"
    return name[:NAME_LENGTH].rstrip("-")


def channel_opened(ports: Ports, uow: UnitOfWork, group_id: str, channel_id: str, name: str) -> None:
    """Move into the channel: invite members and tutor, say what follows, open the vote, ask for the charter.

    A group whose channel was lost takes the new one over; a channel that nobody waits for any more stays empty.
    """
    group = uow.groups.get(group_id)
    if group.state is GroupState.OPENING:
        _move_in(ports, uow, group, channel_id, name)
    elif group.state in OPEN_GROUPS and group.channel_trouble:
        _move_over(ports, uow, group, channel_id, name)


def _move_in(ports: Ports, uow: UnitOfWork, group: Group, channel_id: str, name: str) -> None:
    members = members_of(uow, group.id)
    group.channel_id, group.channel_name = channel_id, name
    group.zone = common_zone(members)
    group.vote_closes_at = quiet_until(ports.clock.now() + VOTE_LENGTH, group.zone)
    group.move_to(GroupState.VOTING)
    uow.journal.write("bot", Action.CHANNEL_OPENED, group.id, channel=channel_id)
    _furnish(uow, group, members)
    tell_group(uow, group.id, f"welcome:{group.id}", _welcome(group, members), pin=True)
    board.post_board(ports, uow, group.id)
    _hang_links(uow, group)
    slots.open_vote(uow, group)
    uow.agenda.put(DeadlineKind.VOTE_CLOSE, group.id, group.vote_closes_at)
    for member in members:
        request = CharterRequest(group_id=group.id)
        pings.timely(uow, member.slack_user_id, f"charter:{group.id}:{member.id}", request, ports.clock.now())


def _move_over(ports: Ports, uow: UnitOfWork, group: Group, channel_id: str, name: str) -> None:
    """What waited to be said comes here too: the lane of the group was held, nothing was lost."""
    members = members_of(uow, group.id)
    group.channel_id, group.channel_name = channel_id, name
    group.channel_trouble, group.channel_known = "", ()
    group.channel_turn += 1
    uow.journal.write("bot", Action.CHANNEL_OPENED, group.id, channel=channel_id, turn=group.channel_turn)
    _furnish(uow, group, members)
    moved = ChannelMoved(
        label=group.label,
        member_users=tuple(member.slack_user_id for member in members),
        tutor_user=group.tutor_id,
    )
    tell_group(uow, group.id, f"moved:{group.id}{turn_of(group)}", moved)
    board.post_board(ports, uow, group.id)
    _hang_links(uow, group)
    if group.state is GroupState.VOTING:
        slots.open_vote(uow, group)
    alert = GroupAlert(label=group.label, what="moved", group_id=group.id, channel=channel_id)
    tell_admins(uow, f"moved:{group.id}{turn_of(group)}:alert", alert)


def _furnish(uow: UnitOfWork, group: Group, members: list[Member]) -> None:
    """Invite people and write the topic."""
    lane, turn = f"group:{group.id}", turn_of(group)
    users = (*(member.slack_user_id for member in members), group.tutor_id)
    uow.outbox.put(f"invite:{group.id}{turn}", InviteToChannel(group_id=group.id, users=users), lane=lane)
    describe(uow, group)


def _hang_links(uow: UnitOfWork, group: Group) -> None:
    """Put the links above the channel, after the posts to which they lead."""
    bookmark(uow, group, BOARD_LINK, post_key=board.board_key(group), emoji=":pushpin:")
    if group.started_at is not None:
        bookmark(uow, group, PLAN_LINK, post_key=f"plan:{group.id}", emoji=":calendar:")
    if group.video_url:
        bookmark(uow, group, VIDEO_LINK, url=group.video_url, emoji=":movie_camera:")


def invited(_ports: Ports, uow: UnitOfWork, group_id: str, failures: Mapping[str, str]) -> None:
    """Tell the admins who could not be invited and what Slack answered."""
    reasons = {user: reason for user, reason in failures.items() if reason not in NO_FAILURE}
    if reasons:
        group = uow.groups.get(group_id)
        group.channel_known = tuple({*group.channel_known, *(f"left:{user}" for user in reasons)})
        alert = GroupAlert(label=group.label, what="not_invited", users=reasons, group_id=group_id)
        tell_admins(uow, f"invite:{group_id}:{new_id('alert')}", alert)


def _welcome(group: Group, members: list[Member]) -> GroupWelcome:
    return GroupWelcome(
        group_id=group.id,
        label=group.label,
        member_users=tuple(member.slack_user_id for member in members),
        tutor_user=group.tutor_id,
        place=group.place,
    )
