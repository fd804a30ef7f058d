"""The figures of a month (programme §9): funnel, time per step, drop-out week, reviews, and the health of the groups.

What is about people is counted and never named; ``rules/figures.py`` says from which count on a figure is shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from programme.errors import Refusal
from programme.messages.reports import GroupWeek
from programme.model.enrolment import Enrolment
from programme.model.group import GroupState, SeatState
from programme.ports import Ports, UnitOfWork
from programme.rules.figures import Stage, Turnaround, funnel, programme_week, turnaround
from programme.usecases.accounts import Month
from programme.usecases.reports import group_week

SEATED = frozenset({SeatState.ACCEPTED, SeatState.LEFT})


class FunnelStep(StrEnum):
    """The stages of the road, first to last."""

    BEGUN = "begun"
    PRESENTATION = "presentation"
    PROFILE = "profile"
    LEVEL = "level"
    TEXTS = "texts"
    ORDER = "order"
    PAYMENT = "payment"
    GROUP = "group"
    STARTED = "started"


@dataclass(frozen=True)
class Figures:
    """One month: of the enrolments begun, the contracts ended and the versions handed in then; the groups as of now.

    ``drops`` counts the early ends by week of the programme, 0 for before it began.
    """

    month: Month
    stages: dict[FunnelStep, Stage]
    drops: dict[int, int]
    reviews: Turnaround
    groups: tuple[GroupWeek, ...]


def gather(ports: Ports, *, month: Month) -> Figures:
    """Read the figures of a month; Refusal("figures_future") for one that has not begun."""
    since, until = month.bounds
    now = ports.clock.now()
    if since > now:
        raise Refusal("figures_future", month=month.words)
    with ports.reading() as uow:
        walks = [_walk(uow, enrolment) for enrolment in uow.overview.enrolments_opened(since, until)]
        enrolments = uow.overview.enrolments_ended(since, until)
        ended = [_week_of_end(uow, one.member_id, one.ended_at) for one in enrolments if one.ended_at]
        reviews = turnaround(uow.overview.versions_handed_in(since, until), now)
        running = uow.groups.in_states(GroupState.RUNNING)
        groups = tuple(group_week(ports, uow, group, now) for group in running)
    stages = dict(zip(FunnelStep, funnel(walks, len(FunnelStep)), strict=True))
    return Figures(month, stages, dict(sorted(Counter(ended).items())), reviews, groups)


def _walk(uow: UnitOfWork, enrolment: Enrolment) -> list[datetime | None]:
    """When this enrolment reached each stage, in the order of ``FunnelStep``."""
    member = uow.members.get(enrolment.member_id)
    profiled = member.profiled_at
    seat = uow.groups.latest_seat(member.id)
    sits = seat is not None and seat.state in SEATED and enrolment.paid_at is not None
    group = uow.groups.get(seat.group_id) if seat is not None and sits else None
    return [
        enrolment.opened_at,
        enrolment.tutorial_seen_at,
        profiled if profiled and profiled >= enrolment.opened_at else None,
        enrolment.level_declared_at,
        enrolment.chosen_at,
        enrolment.ordered_at,
        enrolment.paid_at,
        seat.answered_at if seat is not None and sits else None,
        group.started_at if group is not None else None,
    ]


def _week_of_end(uow: UnitOfWork, member_id: str, ended_at: datetime) -> int:
    seat = uow.groups.latest_seat(member_id)
    started = uow.groups.get(seat.group_id).started_at if seat is not None and seat.state in SEATED else None
    return programme_week(started, ended_at)
