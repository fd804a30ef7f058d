"""Two small groups at the same point become one, in the channel and at the appointment of the one that stays."""

from __future__ import annotations

from programme.journal import Action
from programme.messages.rescue import ChannelClosing, GroupChanged
from programme.model.agenda import DeadlineKind
from programme.model.group import Group, GroupState, Rescue, SeatState
from programme.model.ids import new_id
from programme.ports import Ports, UnitOfWork
from programme.rules.closing import closes_at
from programme.rules.instants import day_in
from programme.rules.rescue import may_merge
from programme.usecases.board import refresh_board
from programme.usecases.day_posts import tell_by_day
from programme.usecases.groups import members_of, seated
from programme.usecases.newcomers import held, reopen_gate, take_seat, welcome
from programme.usecases.waiting import candidates_of

SETTLED = frozenset({GroupState.GATED, GroupState.RUNNING})
"""Groups that may take others in: their appointment is chosen and their clock runs."""
FREE_TO_JOIN = frozenset({GroupState.VOTING, GroupState.GATED, GroupState.RUNNING, GroupState.PAUSED})


def possible(uow: UnitOfWork, joining: Group) -> list[Group]:
    """Return the groups that this one could join: at the same point, near enough, free at the other's appointment."""
    if joining.state not in FREE_TO_JOIN:
        return []
    point, people = held(uow, joining), candidates_of(uow, members_of(uow, joining.id))
    return [
        other
        for other in uow.groups.in_states(*SETTLED)
        if other.id != joining.id
        and held(uow, other) == point
        and (other.state is GroupState.RUNNING) is (joining.first_day is not None)
        and may_merge(candidates_of(uow, members_of(uow, other.id)), people, other.slot)
    ]


def merge(ports: Ports, uow: UnitOfWork, rescue: Rescue) -> None:
    """Everybody in both groups has agreed: the members of one take their seats in the other."""
    joining, staying, now = uow.groups.get(rescue.group_id), uow.groups.get(rescue.subject), ports.clock.now()
    users = []
    for old in seated(uow, joining.id):
        member = uow.members.get(old.member_id)
        old.state, old.left_at = SeatState.LEFT, now
        seat = take_seat(uow, staying, member, now, signed_at=old.charter_signed_at)
        welcome(uow, staying, member, seat, now)
        for document in uow.documents.of_member(member.id):
            if document.group_id == joining.id:
                document.group_id = staying.id
        users.append(member.slack_user_id)
    joining.merged_into = staying.id
    close(ports, uow, joining, joined=staying.label)
    changed = GroupChanged(what="merge", users=tuple(users), zone=staying.zone)
    tell_by_day(uow, staying, f"changed:{staying.id}:{new_id('chg')}", changed, now)
    uow.journal.write("bot", Action.GROUPS_MERGED, staying.id, joined_by=joining.id)
    reopen_gate(uow, staying, now)
    refresh_board(ports, uow, staying.id)


def close(ports: Ports, uow: UnitOfWork, group: Group, *, joined: str = "") -> None:
    """End a group that lives on elsewhere or has nobody left: its channel closes after fourteen days' notice."""
    group.move_to(GroupState.DISSOLVED)
    for kind in (DeadlineKind.GATE, DeadlineKind.VOTE_CLOSE, DeadlineKind.PAUSE_END):
        uow.agenda.cancel(kind, group.id)
    uow.journal.write("bot", Action.GROUP_DISSOLVED, group.id, why="merged" if joined else "empty")
    if not group.channel_id:
        return
    now = ports.clock.now()
    closing = ChannelClosing(closes_on=day_in(closes_at(now), group.zone), joined=joined)
    tell_by_day(uow, group, f"closing:{group.id}", closing, now)
    uow.agenda.put(DeadlineKind.CHANNEL_ARCHIVE, group.id, closes_at(now))
