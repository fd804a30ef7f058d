"""The private channel of a group: its name, what is said in it first, who is invited and who leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from programme.effects import InviteToChannel
from programme.journal import Action
from programme.messages.groups import CharterRequest, GroupAlert, GroupWelcome
from programme.model.agenda import DeadlineKind
from programme.model.group import Group, GroupState
from programme.model.member import Member
from programme.ports import Ports, UnitOfWork
from programme.rules.folding import fold
from programme.rules.planning import quiet_until
from programme.usecases import board, slots
from programme.usecases.groups import common_zone, members_of, tell_admins, tell_group, tell_member

NAME_LENGTH = 80
TOPIC_LENGTH = 250
VOTE_LENGTH = timedelta(hours=72)
NO_FAILURE = frozenset({"already_in_channel"})
OPEN = frozenset({GroupState.VOTING, GroupState.GATED, GroupState.RUNNING})


def channel_name(group: Group) -> str:
    """Return a name that Slack accepts: ``bilan-012-lyon``, 80 characters at most."""
    name = f"bilan-{group.number:03d}-{fold(group.place).replace(' ', '-')}"
    return name[:NAME_LENGTH].rstrip("-")


def channel_topic(group: Group) -> str:
    """Return the topic that Slack shows above the channel, 250 characters at most."""
    place = group.place[:100]
    return f"Ensemble1job – groupe {group.number:03d}, {place} – le tableau de bord est épinglé"[:TOPIC_LENGTH]


def channel_opened(ports: Ports, uow: UnitOfWork, group_id: str, channel_id: str, name: str) -> None:
    """Move into the channel: invite members and tutor, say what follows, open the vote, ask for the charter."""
    group = uow.groups.get(group_id)
    if group.state is not GroupState.OPENING:
        return
    members = members_of(uow, group_id)
    group.channel_id, group.channel_name = channel_id, name
    group.zone = common_zone(members)
    group.vote_closes_at = quiet_until(ports.clock.now() + VOTE_LENGTH, group.zone)
    group.move_to(GroupState.VOTING)
    uow.journal.write("bot", Action.CHANNEL_OPENED, group_id, channel=channel_id)
    users = (*(member.slack_user_id for member in members), group.tutor_id)
    invitation = InviteToChannel(group_id=group_id, users=users)
    uow.outbox.put(f"invite:{group_id}", invitation, lane=f"group:{group_id}")
    tell_group(uow, group_id, f"welcome:{group_id}", _welcome(group, members), pin=True)
    board.post_board(ports, uow, group_id)
    slots.open_vote(uow, group)
    uow.agenda.put(DeadlineKind.VOTE_CLOSE, group_id, group.vote_closes_at)
    for member in members:
        tell_member(uow, member.slack_user_id, f"charter:{group_id}:{member.id}", CharterRequest(group_id=group_id))


def invited(_ports: Ports, uow: UnitOfWork, group_id: str, failures: Mapping[str, str]) -> None:
    """Tell the admins who could not be invited and what Slack answered."""
    reasons = {user: reason for user, reason in failures.items() if reason not in NO_FAILURE}
    if reasons:
        group = uow.groups.get(group_id)
        alert = GroupAlert(label=group.label, what="not_invited", users=reasons)
        tell_admins(uow, f"invite:{group_id}:failures", alert)


def member_left(ports: Ports, *, channel: str, slack_user_id: str, event_id: str) -> None:
    """Tell the admins that a member or the tutor has left the channel of an open group; the seat stays theirs."""
    with ports.uow() as uow:
        group = uow.groups.by_channel(channel)
        if group is None or group.state not in OPEN:
            return
        uow.inbox.claim("slack", event_id)
        users = {member.slack_user_id for member in members_of(uow, group.id)} | {group.tutor_id}
        if slack_user_id not in users:
            return
        alert = GroupAlert(label=group.label, what="left", users={slack_user_id: ""})
        tell_admins(uow, f"left:{event_id}", alert)
        uow.journal.write(slack_user_id, Action.CHANNEL_LEFT, group.id)


def _welcome(group: Group, members: list[Member]) -> GroupWelcome:
    return GroupWelcome(
        group_id=group.id,
        label=group.label,
        member_users=tuple(member.slack_user_id for member in members),
        tutor_user=group.tutor_id,
        place=group.place,
    )
