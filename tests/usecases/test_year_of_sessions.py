"""A whole programme in four zones, over both changes of clock and the summer: each thing at its local hour."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from programme.model.group import GroupState
from programme.model.session import SessionState
from programme.rules.holidays import public_holidays, territory_of_postcode
from programme.rules.planning import programme_window, quiet_until
from programme.usecases import moves, weeks_off
from programme.usecases.moves import Move
from tests.usecases.running import LEA, MAX, NOE, ZOE, hold, running, session, sessions_of, until
from tests.usecases.waiting_room import four, group, messages, rows

HOMES = {
    "Europe/Paris": {"postcode": "67000", "commune": "Strasbourg", "insee": "67482"},
    "Indian/Reunion": {"postcode": "97400", "commune": "Saint-Denis", "insee": "97411"},
    "America/Guadeloupe": {"postcode": "97110", "commune": "Pointe-à-Pitre", "insee": "97120"},
    "America/Miquelon": {"postcode": "97500", "commune": "Saint-Pierre", "insee": "97502"},
}
WINTER, SUMMER, AUTUMN = ((2027, 1, 18), (2027, 6, 7), (2027, 9, 20))
RUNS = [
    ("Europe/Paris", WINTER),
    ("Europe/Paris", SUMMER),
    ("Europe/Paris", AUTUMN),
    ("Indian/Reunion", AUTUMN),
    ("America/Guadeloupe", WINTER),
    ("America/Miquelon", AUTUMN),
]
"""Spring, summer and autumn; Miquelon changes its clocks on other Sundays than Paris, the other two never."""


@pytest.mark.parametrize(("zone", "start"), RUNS)
def test_a_programme_keeps_its_hours_wherever_and_whenever_it_runs(
    world, ports, zone: str, start: tuple[int, int, int]
) -> None:
    world.clock.instant = datetime(*start, 14, tzinfo=UTC)  # daytime in every zone: a group starts by day
    running(ports, *four(profile={**HOMES[zone], "time_zone": zone}))
    clock = ZoneInfo(zone)
    holidays = public_holidays(2027, territory_of_postcode(HOMES[zone]["postcode"]))
    assert not {one.day for one in sessions_of(ports)} & set(holidays)

    for number in range(1, 17):
        one = session(ports, number)
        until(world, one.starts_at - timedelta(minutes=1))
        posted = session(ports, number).guide_posted_at
        assert posted is not None
        local = posted.astimezone(clock)
        assert (local.time(), one.day - local.date()) == (time(18), timedelta(days=2))
        held = hold(world, number, LEA, MAX, NOE, ZOE)
        assert held.state is SessionState.HELD
        opened = next(row for row in rows(world, f"sheet:{one.id}") if row.effect["kind"] == "post")
        assert opened.created_at == one.starts_at
        assert one.starts_at.astimezone(clock).time() == time(19)

    assert group(ports).state is GroupState.FINISHED
    last = session(ports, 16).day
    assert last <= programme_window(session(ports, 1).day).last_allowed_day
    assert messages(world, "margin_warning") == []


def test_a_move_made_at_night_is_told_in_the_morning(world, ports) -> None:
    running(ports)
    until(world, session(ports, 1).starts_at - timedelta(days=1))
    paris = ZoneInfo("Europe/Paris")
    late = world.clock.now().astimezone(paris).replace(hour=23, minute=10).astimezone(UTC)
    until(world, late)
    first = session(ports, 1)
    wish = Move(first.id, first.day + timedelta(days=2), time(19))
    seen = moves.preview(ports, caller=LEA, move=wish)
    moves.apply(ports, caller=LEA, move=wish, fingerprint=seen.fingerprint)
    (told,) = rows(world, "moved:")
    assert told.due_at == quiet_until(late, "Europe/Paris")
    assert told.due_at.astimezone(paris).time() == time(8)


def test_a_guide_that_becomes_due_at_night_waits_for_the_morning(world, ports) -> None:
    running(ports)
    hold(world, 1, LEA, MAX, NOE, ZOE)
    second = session(ports, 2)
    paris = ZoneInfo("Europe/Paris")
    night = datetime.combine(second.day - timedelta(days=3), time(22, 30), paris).astimezone(UTC)
    until(world, night)
    wish = Move(second.id, second.day - timedelta(days=1), time(19))
    seen = moves.preview(ports, caller=LEA, move=wish)
    moves.apply(ports, caller=LEA, move=wish, fingerprint=seen.fingerprint)
    until(world, night + timedelta(minutes=5))
    assert session(ports, 2).guide_posted_at is None
    until(world, night + timedelta(hours=12))

    posted = session(ports, 2).guide_posted_at
    assert posted is not None
    assert posted.astimezone(paris).time() == time(8)


def test_weeks_off_moves_and_a_missed_session_together_still_end_in_time(world, ports) -> None:
    running(ports)
    week = weeks_off.weeks(ports, caller=LEA).choices[5]
    seen = weeks_off.preview(ports, caller=LEA, mondays=[week])
    assert seen is not None
    weeks_off.choose(ports, caller=LEA, mondays=[week], fingerprint=seen.fingerprint)
    hold(world, 1, LEA, MAX, NOE, ZOE)
    missed = hold(world, 2, LEA)
    wish = Move(missed.id, missed.day + timedelta(days=7), missed.wall_time, following=True)
    shown = moves.preview(ports, caller=MAX, move=wish)
    moves.apply(ports, caller=MAX, move=wish, fingerprint=shown.fingerprint)
    for number in range(2, 17):
        hold(world, number, LEA, MAX, NOE, ZOE)

    assert group(ports).state is GroupState.FINISHED
    assert messages(world, "programme_ended")[-1].held == 16
    assert session(ports, 16).day <= programme_window(session(ports, 1).day).last_allowed_day
