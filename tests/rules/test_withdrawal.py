"""The withdrawal period and its neighbours: reference tables, and an independent count of the days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules.holidays import Territory, roll, zone_of
from programme.rules.withdrawal import (
    NEVER_GIVEN,
    WITH_CONTRACT,
    InformationGiven,
    MemberClock,
    Period,
    anchor,
    earliest_start_day,
    favourable_period,
    group_start,
    information_received,
    is_in_time,
    refund_alert_days,
    refund_alerts,
    refund_due_on,
    rolled_deadline,
    strict_period,
)
from tests.rules import oracle
from tests.rules.vectors import rows

WEEKDAYS = ["lun", "mar", "mer", "jeu", "ven", "sam", "dim"]
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TERRITORIES = st.sampled_from(Territory)


def information(text: str) -> InformationGiven:
    fixed = {"avec le contrat": WITH_CONTRACT, "jamais": NEVER_GIVEN}
    return fixed.get(text) or information_received(datetime.fromisoformat(text))


def short(reasons: tuple[str, ...]) -> str:
    """Reasons of an extension as the tables write them."""
    days = {"samedi": "sam", "dimanche": "dim"}
    return "+".join(days.get(reason, reason) for reason in reasons).replace("’", "'").casefold()


def written(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def local(period: Period) -> str:
    return period.end.astimezone(ZoneInfo(period.zone)).isoformat()


@pytest.mark.parametrize("row", rows("withdrawal"))
def test_strict_period(row: dict[str, str]) -> None:
    period = strict_period(datetime.fromisoformat(row["anchor_at"]), information(row["info_given_at"]))
    assert period.day0.isoformat() == row["day0_paris"]
    assert period.day14.isoformat() == row["day14_paris"]
    assert WEEKDAYS[period.day14.weekday()] == row["day14_weekday"]
    assert period.last_day.isoformat() == row["paris_last_day"]
    assert WEEKDAYS[period.last_day.weekday()] == row["paris_last_weekday"]
    assert short(period.roll) == row["paris_roll"].casefold()
    assert local(period) == row["paris_end_exclusive"]
    assert written(period.end) == row["paris_end_exclusive_utc"]


@pytest.mark.parametrize("row", rows("withdrawal"))
def test_favourable_period(row: dict[str, str]) -> None:
    period = favourable_period(
        datetime.fromisoformat(row["anchor_at"]),
        zone=row["consumer_tz"],
        territory=oracle.TERRITORY_OF_CODE[row["extra_holidays"]],
        information=information(row["info_given_at"]),
    )
    assert period.zone == row["favourable_clock"]
    assert period.last_day.isoformat() == row["favourable_last_day"]
    assert short(period.roll) == row["favourable_roll"].casefold()
    assert local(period) == row["favourable_end_exclusive"]
    assert written(period.end) == row["favourable_end_exclusive_utc"]
    assert written(period.end - timedelta(seconds=1)) == row["last_valid_second_utc"]
    assert written(period.end) == row["earliest_start_without_request_utc"]
    assert earliest_start_day(period.end).isoformat() == row["earliest_start_date_paris"]


@pytest.mark.parametrize("row", rows("group_start"))
def test_group_start(row: dict[str, str]) -> None:
    members = []
    for joined, end in zip(row["members"].split("; "), row["member_ends_utc"].split("; "), strict=True):
        at, _, request = joined.partition(" ")
        clock = MemberClock(datetime.fromisoformat(at), datetime.fromisoformat(end), request == "+demande")
        assert strict_period(clock.anchor).end == clock.end
        members.append(clock)
    start = group_start(members)
    assert start.earliest == datetime.fromisoformat(row["earliest_group_start"])
    assert start.still_open_for == int(row["withdrawal_still_open_for"])


@pytest.mark.parametrize("row", rows("deadlines"))
def test_deadlines(row: dict[str, str]) -> None:
    event_at, days = datetime.fromisoformat(row["event_at"]), int(row["days"])
    if row["rolled"].startswith("oui"):
        due = rolled_deadline(event_at, days)
        assert short(roll(event_at.date() + timedelta(days=days)).reasons) == row["roll"].casefold()
    else:
        assert days == 14
        due = refund_due_on(event_at)
    assert due.isoformat() == row["due_last_day"]
    assert WEEKDAYS[due.weekday()] == row["weekday"]


def counted_end(instant: datetime, zone: str, territory: Territory) -> datetime:
    """The end by walking from day to day: fourteen days, then every day off, then midnight."""
    day = instant.astimezone(ZoneInfo(zone)).date()
    for _ in range(14):
        day += timedelta(days=1)
    while oracle.is_off(day, territory):
        day += timedelta(days=1)
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))
    return midnight.astimezone(UTC)


@given(INSTANTS, TERRITORIES)
def test_period_agrees_with_an_independent_count(instant: datetime, territory: Territory) -> None:
    assert strict_period(instant).end == counted_end(instant, "Europe/Paris", Territory.METROPOLE)
    zone = zone_of(territory)
    both = [counted_end(instant, clock, territory) for clock in ("Europe/Paris", zone)]
    assert favourable_period(instant, zone=zone, territory=territory).end == max(both)


@given(INSTANTS, TERRITORIES, st.integers(-400, 800))
def test_late_information_never_shortens_the_period(instant: datetime, territory: Territory, days_later: int) -> None:
    clock = {"zone": zone_of(territory), "territory": territory}
    initial = favourable_period(instant, **clock)
    received_at = instant + timedelta(days=days_later)
    late = favourable_period(instant, **clock, information=information_received(received_at))
    never = favourable_period(instant, **clock, information=NEVER_GIVEN)
    assert initial.end <= late.end
    assert never.end - initial.end > timedelta(days=360)
    if received_at <= instant:
        assert late == initial
    elif received_at < never.end - timedelta(days=1):
        assert late.end >= received_at + timedelta(days=14)
    elif received_at >= never.end + timedelta(days=1):
        assert late == never


def test_twelve_months_that_end_on_a_day_off_are_extended() -> None:
    period = strict_period(datetime(2027, 1, 15, 9, tzinfo=UTC), NEVER_GIVEN)
    assert period.day14 == date(2027, 1, 29)
    assert period.last_day == date(2028, 1, 31)  # 29 January 2028 is a Saturday
    assert period.roll == ("samedi", "dimanche")


def test_a_declaration_is_in_time_until_the_last_instant() -> None:
    period = strict_period(datetime(2026, 11, 23, 9, tzinfo=UTC))
    assert is_in_time(period.end - timedelta(microseconds=1), period)
    assert not is_in_time(period.end, period)


def test_anchor_is_the_latest_of_the_known_instants() -> None:
    concluded, paid, kit = (datetime(2026, 11, day, 9, tzinfo=UTC) for day in (23, 25, 27))
    assert anchor(concluded) == concluded
    assert anchor(concluded, paid) == paid
    assert anchor(paid, concluded) == paid
    assert anchor(concluded, paid, kit) == kit
    assert anchor(concluded, kit_received_at=kit) == kit


def test_paris_is_named_when_both_clocks_agree() -> None:
    period = favourable_period(datetime(2026, 11, 23, 9, tzinfo=UTC), zone="Europe/Brussels")
    assert period.zone == "Europe/Paris"


def test_naive_datetimes_are_refused() -> None:
    naive = datetime(2026, 11, 23, 9)  # noqa: DTZ001
    for call in (anchor, strict_period, refund_due_on, favourable_period):
        with pytest.raises(ValueError, match="zone"):
            call(naive)


def test_a_group_of_nobody_and_a_negative_delay_are_refused() -> None:
    with pytest.raises(ValueError, match="without members"):
        group_start([])
    with pytest.raises(ValueError, match="negative"):
        rolled_deadline(datetime(2026, 11, 23, tzinfo=UTC), -1)


def test_refund_alerts_are_in_paris_morning() -> None:
    alerts = refund_alerts(datetime(2026, 10, 22, 23, tzinfo=UTC))  # already 23 October in Paris
    assert refund_alert_days == (3, 7, 10, 13)
    assert [at.isoformat() for at in alerts] == [
        "2026-10-26T08:00:00+00:00",
        "2026-10-30T08:00:00+00:00",
        "2026-11-02T08:00:00+00:00",
        "2026-11-05T08:00:00+00:00",
    ]


@given(INSTANTS)
def test_earliest_start_day_is_the_first_whole_day(end: datetime) -> None:
    paris = ZoneInfo("Europe/Paris")
    start = datetime.combine(earliest_start_day(end), time(), tzinfo=paris)
    assert timedelta() <= start.astimezone(UTC) - end < timedelta(hours=25)
