"""The right of withdrawal: when it ends, when a group may start, when the money must be back.

C. conso. L221-18 to L221-28 and CGV art. 8. The day of conclusion does not count; fourteen days follow; the period ends
with the last hour of the last day, extended past Saturdays, Sundays and public holidays. Ends are exclusive UTC
instants: a declaration is in time when it was sent before the end. The right is never waived: an early start only
lets the sessions held be charged (L221-25).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from programme.rules.holidays import Roll, Territory, roll
from programme.rules.instants import ONE_DAY, PARIS, at_local, day_in, start_of_day, to_utc

WITHDRAWAL_DAYS = 14
REFUND_DAYS = 14
refund_alert_days = (3, 7, 10, 13)
"""Days after the declaration at which an unpaid refund is signalled to the admins."""


@dataclass(frozen=True)
class InformationGiven:
    """When the information on the right of withdrawal (L221-5 7°) and the model form reached the consumer.

    `received_at` is None when they came with the contract or never did; `with_contract` tells which.
    """

    with_contract: bool = True
    received_at: datetime | None = None


WITH_CONTRACT = InformationGiven()
NEVER_GIVEN = InformationGiven(with_contract=False)


def information_received(received_at: datetime) -> InformationGiven:
    """The information was missing from the contract and reached the consumer at this instant."""
    return InformationGiven(with_contract=False, received_at=to_utc(received_at))


@dataclass(frozen=True)
class Period:
    """A withdrawal period on the clock of `zone`.

    `day0` does not count, `day14` is the last day before extension, `last_day` the last day on which a declaration
    is in time, `end` the exclusive UTC bound. `roll` gives in French the days that the last extension passed over.
    """

    day0: date
    day14: date
    last_day: date
    end: datetime
    zone: str
    roll: tuple[str, ...] = ()


def anchor(
    concluded_at: datetime, first_paid_at: datetime | None = None, kit_received_at: datetime | None = None
) -> datetime:
    """Instant whose day is day 0: the latest of conclusion, first successful payment and receipt of the paper kit.

    The law starts at conclusion (L221-18 1°); the CGV's payment date can only be better for the consumer. Give
    `kit_received_at` only when the kit becomes the member's property: the contract then counts as a sale (L221-1 II).
    """
    known = [at for at in (concluded_at, first_paid_at, kit_received_at) if at is not None]
    return max(to_utc(at) for at in known)


def strict_period(anchor: datetime, information: InformationGiven = WITH_CONTRACT) -> Period:
    """The period by the Paris clock and the metropolitan holidays."""
    return _period(anchor, PARIS, Territory.METROPOLE, information)


def favourable_period(
    anchor: datetime,
    *,
    zone: str = PARIS,
    territory: Territory = Territory.METROPOLE,
    information: InformationGiven = WITH_CONTRACT,
) -> Period:
    """The period that binds us: the later end of the Paris clock and the member's own.

    Both clocks take the metropolitan and the local holidays together, as the law does not say which apply.
    """
    clocks = (_period(anchor, clock, territory, information) for clock in (PARIS, zone))
    return max(clocks, key=lambda period: period.end)  # Paris wins a tie: it comes first


def _period(anchor: datetime, zone: str, territory: Territory, information: InformationGiven) -> Period:
    initial = _fourteen_days(anchor, zone, territory)
    if information.with_contract:
        return initial
    extended = _ending_on(initial, roll(_one_year_after(initial.last_day), territory))
    received_at = information.received_at
    if received_at is None:
        return extended
    if to_utc(received_at) <= to_utc(anchor):
        return initial
    if to_utc(received_at) >= extended.end:
        return extended
    # L221-20: fourteen full days from the receipt, even where they pass the twelve months.
    restarted = _fourteen_days(received_at, zone, territory)
    return _ending_on(initial, Roll(restarted.last_day, restarted.roll))


def _fourteen_days(anchor: datetime, zone: str, territory: Territory) -> Period:
    day0 = day_in(anchor, zone)
    day14 = day0 + timedelta(days=WITHDRAWAL_DAYS)
    unrolled = Period(day0, day14, day14, start_of_day(day14 + ONE_DAY, zone), zone)
    return _ending_on(unrolled, roll(day14, territory))


def _ending_on(period: Period, last: Roll) -> Period:
    end = start_of_day(last.day + ONE_DAY, period.zone)
    return Period(period.day0, period.day14, last.day, end, period.zone, last.reasons)


def _one_year_after(day: date) -> date:
    """Same day twelve months later; 28 February for a 29 February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def is_in_time(sent_at: datetime, period: Period) -> bool:
    """Whether a declaration sent at this instant is in time; when it arrives does not matter (L221-21)."""
    return to_utc(sent_at) < period.end


def earliest_start_day(end: datetime) -> date:
    """First whole Paris day after an exclusive end: the date announced as the earliest start."""
    day = day_in(end)
    return day if start_of_day(day) == to_utc(end) else day + ONE_DAY


@dataclass(frozen=True)
class MemberClock:
    """What one member brings to the group's start: anchor and end of their period, and a valid early request."""

    anchor: datetime
    end: datetime
    early_request: bool


@dataclass(frozen=True)
class GroupStart:
    """Earliest instant of performance (UTC), and how many members can still withdraw at that instant."""

    earliest: datetime
    still_open_for: int


def group_start(members: Sequence[MemberClock]) -> GroupStart:
    """Earliest start of a group (CGV art. 8, L221-25).

    A member without a valid early request holds the group until the end of their period; a member with one only
    until their own contract is concluded and paid. Raise ValueError for a group of nobody.
    """
    if not members:
        raise ValueError("a group without members has no start")
    earliest = max(to_utc(member.anchor if member.early_request else member.end) for member in members)
    return GroupStart(earliest, sum(to_utc(member.end) > earliest for member in members))


def refund_due_on(informed_at: datetime) -> date:
    """Last day for the refund: fourteen days from the day we are informed (L221-24).

    Never extended past a day off: the prudent reading, as the delay runs against us.
    """
    return day_in(informed_at) + timedelta(days=REFUND_DAYS)


def refund_alerts(informed_at: datetime, hour: int = 9) -> tuple[datetime, ...]:
    """UTC instants, at `hour` in Paris, at which a refund that has not left is signalled."""
    day = day_in(informed_at)
    days = (day + timedelta(days=after) for after in refund_alert_days)
    return tuple(to_utc(at_local(alert, time(hour), PARIS)) for alert in days)


def rolled_deadline(event_at: datetime, days: int, territory: Territory = Territory.METROPOLE) -> date:
    """Last day of a delay of `days` from the Paris day of the event, extended past days off (CPC 641 and 642)."""
    if days < 0:
        raise ValueError("a delay cannot be negative")
    return roll(day_in(event_at) + timedelta(days=days), territory).day
