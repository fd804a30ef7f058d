"""The colours of the console's lights: red cannot wait, orange waits for a person, green asks for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from programme.rules.instants import ONE_DAY

NEAR_DAYS = 3
"""A last day this near turns a light red."""
LONG_WAIT = timedelta(weeks=4)
NEAR_START = timedelta(weeks=3)
"""Forming a group and its vote take about as long: later than this, the promised start is in danger."""


class Colour(StrEnum):
    """The most pressing first."""

    RED = "red"
    ORANGE = "orange"
    GREEN = "green"


def worst(colours: Iterable[Colour]) -> Colour:
    """Return the most pressing of them; green for none."""
    order = list(Colour)
    return min(colours, key=order.index, default=Colour.GREEN)


def by_last_day(last_day: date | None, today: date) -> Colour:
    """Return red from three days before the last day on; orange before, or where there is no last day."""
    near = last_day is not None and (last_day - today).days <= NEAR_DAYS
    return Colour.RED if near else Colour.ORANGE


def by_age(since: datetime, now: datetime, *, red_after: timedelta) -> Colour:
    """Return orange for what waits for a person, red once it has waited too long."""
    return Colour.RED if now - since >= red_after else Colour.ORANGE


def of_wait(ordered_at: datetime, now: datetime, *, start_within_weeks: int) -> Colour:
    """Return how long somebody has waited for a group: orange after four weeks, red near the promised last start."""
    if now >= ordered_at + timedelta(weeks=start_within_weeks) - NEAR_START:
        return Colour.RED
    return Colour.ORANGE if now - ordered_at >= LONG_WAIT else Colour.GREEN


def of_promise(due_at: datetime, now: datetime, *, taken: bool) -> Colour:
    """Return how a promised answer stands: red once late, orange in its last day while nobody has taken it."""
    if now >= due_at:
        return Colour.RED
    return Colour.ORANGE if not taken and due_at - now <= ONE_DAY else Colour.GREEN


def of_beat(last: datetime | None, now: datetime, *, orange_after: timedelta, red_after: timedelta) -> Colour:
    """Return how something that must recur stands; red when it never happened."""
    if last is None or now - last >= red_after:
        return Colour.RED
    return Colour.ORANGE if now - last >= orange_after else Colour.GREEN


class LightKind(StrEnum):
    """The lights, in the order in which they stand among those of one colour."""

    REFUNDS = "refunds"
    DECLARATIONS = "declarations"
    TERMINATIONS = "terminations"
    DISPUTES = "disputes"
    COMPLAINTS = "complaints"
    INSTALMENTS = "instalments"
    EXEMPTIONS = "exemptions"
    PROPOSALS = "proposals"
    WAITING = "waiting"
    RISKS = "risks"
    REVIEWS = "reviews"
    DELIVERIES = "deliveries"
    MAILS = "mails"
    ROLES = "roles"
    TICKS = "ticks"
    RECONCILIATION = "reconciliation"
    BACKUP = "backup"


@dataclass(frozen=True)
class Item:
    """One thing that waits.

    ``subject`` is what its button needs, ``card`` the outbox key of the post that tells more; ``user`` is the person
    concerned, ``label`` a name or Stripe's word, ``amount`` cents, ``day`` a last day, ``at`` an instant, ``note`` the
    error of a delivery.
    """

    colour: Colour
    subject: str = ""
    user: str = ""
    label: str = ""
    amount: int | None = None
    day: date | None = None
    at: datetime | None = None
    count: int | None = None
    card: str = ""
    note: str = ""


@dataclass(frozen=True)
class Light:
    """One light and what makes it burn; the most pressing item first."""

    kind: LightKind
    items: tuple[Item, ...]

    @property
    def colour(self) -> Colour:
        """The colour of its most pressing item."""
        return worst(item.colour for item in self.items)

    @property
    def count(self) -> int:
        """How many items ask for something."""
        return sum(item.colour is not Colour.GREEN for item in self.items)
