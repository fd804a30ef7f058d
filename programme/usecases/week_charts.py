"""The picture under the Monday report: where each group stands, with a text for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from programme.effects import ShowChart
from programme.messages.reports import GroupWeek
from programme.ports import Ports, UnitOfWork

GROUPS_PER_PICTURE = 30
ALT_LENGTH = 1000
BARS = ("Séances tenues", "Présence", "Points d’étape remplis")


@dataclass(frozen=True)
class WeekChart:
    """What is drawn (percentages in the order of ``BARS``, None where nothing is known yet), and the same in words."""

    title: str
    labels: tuple[str, ...]
    shares: tuple[tuple[int | None, ...], ...]
    alt: str


def show(uow: UnitOfWork, week: str, groups: Sequence[GroupWeek], *, in_reply_to: str) -> None:
    """Put the pictures into the thread of the report; none without a group."""
    for number, first in enumerate(range(0, len(groups), GROUPS_PER_PICTURE), 1):
        part = tuple(groups[first : first + GROUPS_PER_PICTURE])
        effect = ShowChart(week=week, groups=part, in_reply_to=in_reply_to)
        uow.outbox.put(f"chart:{week}:{number}", effect, lane=f"chart:{week}")


def compose(effect: ShowChart) -> WeekChart:
    """Return what is drawn."""
    year, _, number = effect.week.partition("-W")
    return of_groups(effect.groups, f"Semaine {int(number)} de {year}")


def of_groups(groups: Sequence[GroupWeek], title: str) -> WeekChart:
    """Return the chart of where these groups stand."""
    shares = tuple(shares_of(group) for group in groups)
    alt = f"{title}, en pourcentages. {'. '.join(words_of(groups))}."
    return WeekChart(title, tuple(group.label for group in groups), shares, alt[:ALT_LENGTH])


def words_of(groups: Sequence[GroupWeek]) -> tuple[str, ...]:
    """Return a line for each group."""
    return tuple(
        f"{group.label} : {', '.join(_said(name, share) for name, share in zip(BARS, shares_of(group), strict=True))}"
        for group in groups
    )


def draw(ports: Ports, chart: WeekChart) -> bytes:
    """Return the picture as PNG."""
    return ports.pictures.share_chart(title=chart.title, labels=chart.labels, bars=BARS, shares=chart.shares)


def shares_of(group: GroupWeek) -> tuple[int | None, ...]:
    """Return the percentages of a group in the order of ``BARS``; None where nothing is known yet."""
    return (
        _percent(group.held, group.planned),
        _percent(group.present, group.expected),
        _percent(group.check_ins_answered, group.check_ins_asked),
    )


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _said(name: str, share: int | None) -> str:
    return f"{name.lower()} {share} %" if share is not None else f"{name.lower()} pas encore"
