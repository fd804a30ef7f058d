"""Groups and seats."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from programme.model.group import LIVE_SEATS, Group, GroupState, Rescue, RescueState, Seat, SeatState
from store.repository import Repository
from store.tables.groups import groups, rescues, seats

_STARTED = (GroupState.RUNNING, GroupState.PAUSED, GroupState.FINISHED, GroupState.ARCHIVED)
_CLOSED = (GroupState.REJECTED, GroupState.DISSOLVED, GroupState.FINISHED, GroupState.ARCHIVED)


class GroupStore(Repository):
    """Groups with their seats."""

    def add(self, group: Group, seats: Sequence[Seat]) -> None:
        """Insert a proposed group and its seats."""
        self._insert(group)
        self._insert(*seats)

    def get(self, group_id: str) -> Group:
        """Return the group; NotFound otherwise."""
        return self._get(Group, group_id)

    def by_channel(self, channel_id: str) -> Group | None:
        """Return the group that lives in this channel."""
        return self._db.scalar(select(Group).where(groups.c.channel_id == channel_id)) if channel_id else None

    def in_states(self, *states: GroupState) -> list[Group]:
        """Return the groups in any of these states, by number."""
        return list(self._db.scalars(select(Group).where(groups.c.state.in_(states)).order_by(groups.c.number)))

    def seats(self, group_id: str) -> list[Seat]:
        """Return every seat of the group, past ones too, by member."""
        return list(self._db.scalars(select(Seat).where(seats.c.group_id == group_id).order_by(seats.c.member_id)))

    def live_seat(self, member_id: str) -> Seat | None:
        """Return the member's seat in a group that is still alive."""
        query = (
            select(Seat)
            .join(Group, groups.c.id == seats.c.group_id)
            .where(seats.c.member_id == member_id, seats.c.state.in_(sorted(LIVE_SEATS)))
            .where(groups.c.state.not_in(_CLOSED))
        )
        return self._db.scalar(query)

    def started_seat(self, member_id: str) -> Seat | None:
        """Return the member's seat in the latest group whose sessions began: running, finished or archived."""
        query = (
            select(Seat)
            .join(Group, groups.c.id == seats.c.group_id)
            .where(seats.c.member_id == member_id, seats.c.state == SeatState.ACCEPTED)
            .where(groups.c.state.in_(_STARTED))
            .order_by(groups.c.number.desc())
            .limit(1)
        )
        return self._db.scalar(query)

    def latest_seat(self, member_id: str) -> Seat | None:
        """Return the member's seat in the group with the highest number."""
        query = select(Seat).join(Group, groups.c.id == seats.c.group_id).where(seats.c.member_id == member_id)
        return self._db.scalar(query.order_by(groups.c.number.desc()).limit(1))

    def next_number(self) -> int:
        """Return the number of the next group, from 1."""
        return (self._db.scalar(select(func.max(groups.c.number))) or 0) + 1

    def add_seat(self, seat: Seat) -> None:
        """Insert the seat of somebody who joins a group that exists."""
        self._insert(seat)

    def add_rescue(self, rescue: Rescue) -> None:
        """Insert a question to the people of a group."""
        self._insert(rescue)

    def rescue(self, rescue_id: str) -> Rescue:
        """Return the question; NotFound otherwise."""
        return self._get(Rescue, rescue_id)

    def open_rescues(self) -> list[Rescue]:
        """Return the questions that wait for answers, oldest first."""
        query = select(Rescue).where(rescues.c.state == RescueState.OPEN)
        return list(self._db.scalars(query.order_by(rescues.c.opened_at, rescues.c.id)))

    def rescues_of(self, group_id: str) -> list[Rescue]:
        """Return every question ever put to this group's people, oldest first."""
        query = select(Rescue).where(rescues.c.group_id == group_id)
        return list(self._db.scalars(query.order_by(rescues.c.opened_at, rescues.c.id)))
