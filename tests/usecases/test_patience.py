"""What somebody who waits is told: honest counts, what would help, a word a week; and taking the advice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from programme.errors import Refusal
from programme.model.agenda import DeadlineKind
from programme.model.people import Caller
from programme.usecases import agenda, home, matching, patience
from tests.usecases.waiting_room import ADMIN, LYON, Person, enrol, four, group, messages, offered, rows

FAR = (LYON[0] + 0.24, LYON[1])  # some 27 km away


def seen(ports, user: str):
    return home.compose(ports, user).waiting


def run_due(world) -> None:
    failures: list[object] = []
    agenda.run_due(world.ports, lambda what, error: failures.append((what, error)))
    assert failures == []


def test_a_count_under_three_is_never_told(ports) -> None:
    enrol(ports, *four()[:3])
    assert (seen(ports, "UM1").near, seen(ports, "UM1").sharing) == (None, None)

    enrol(ports, Person("UM4"))
    assert (seen(ports, "UM1").near, seen(ports, "UM1").sharing) == (3, 3)


def test_ten_km_more_would_help_and_one_press_takes_it(world, ports) -> None:
    enrol(ports, Person("UME"), *(Person(f"UF{n}", place=FAR, profile={"radius_km": 40}) for n in range(3)))
    assert seen(ports, "UME").near is None
    (advice,) = seen(ports, "UME").advice
    assert (advice.slot, advice.radius_km, advice.people) == ("", 30, 3)

    for _ in range(2):
        patience.accept(ports, caller=Caller("UME"), radius_km=30)
    assert seen(ports, "UME").radius_km == 30
    assert matching.propose_now(ports, ADMIN).groups == 1


def test_another_evening_would_help_and_one_press_takes_it(ports) -> None:
    enrol(ports, Person("UME", slots=("mon-lunch",)), *(Person(f"UF{n}", slots=("thu-evening",)) for n in range(3)))
    (advice,) = seen(ports, "UME").advice
    assert (advice.slot, advice.people) == ("thu-evening", 3)

    for _ in range(2):
        patience.accept(ports, caller=Caller("UME"), slot="thu-evening")
    assert matching.propose_now(ports, ADMIN).groups == 1


@pytest.mark.parametrize("wish", [{"radius_km": 31}, {"radius_km": 10}, {"radius_km": 999}, {"slot": "mon-midnight"}])
def test_only_what_is_on_offer_can_be_taken(ports, wish) -> None:
    enrol(ports, Person("UME"))
    with pytest.raises(Refusal, match="advice_past"):
        patience.accept(ports, caller=Caller("UME"), **wish)


def test_who_has_a_group_on_the_way_widens_nothing(ports) -> None:
    offered(ports)
    with pytest.raises(Refusal, match="not_waiting"):
        patience.accept(ports, caller=Caller("UM1"), radius_km=30)
    with pytest.raises(Refusal, match="not_waiting"):
        patience.accept(ports, caller=Caller("USTRANGER"), radius_km=30)
    assert seen(ports, "UM1") is None


def test_refusals_and_employers_cannot_be_read_off_the_counts(ports) -> None:
    enrol(ports, *four()[:3], Person("UM4", profile={"avoided": ("UM1",), "employer": "Acme"}))

    assert seen(ports, "UM1").near == 3


def test_a_word_a_week_not_more_and_not_before_the_first_week(world, ports) -> None:
    world.clock.instant = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    enrol(ports, Person("UOLD", paid_days_ago=9), Person("UNEW", paid_days_ago=1))
    with ports.uow() as uow:
        patience.schedule_next(uow, world.clock.now())
    world.clock.instant = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # Wednesday at noon in Paris
    for _ in range(2):
        run_due(world)
    assert [row.lane for row in rows(world, "waiting:")] == ["user:UOLD"]
    (word,) = messages(world, "waiting_word")
    assert (word.weeks, word.near) == (1, None)

    world.clock.move(days=7)
    run_due(world)
    assert sorted(row.lane for row in rows(world, "waiting:")) == ["user:UNEW", "user:UOLD", "user:UOLD"]
    with ports.reading() as uow:
        kinds = {row.kind for row in uow.agenda.due(world.clock.now() + timedelta(days=7))}
    assert DeadlineKind.WAITING_ROOM in kinds


def test_overseas_nobody_is_woken(world, ports) -> None:
    world.clock.instant = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
    enrol(ports, Person("UOLD", paid_days_ago=9, profile={"time_zone": "Pacific/Noumea"}))
    with ports.uow() as uow:
        patience.weekly_words(ports, uow, "2026-11-25")
    run_due(world)

    assert rows(world, "waiting:") == []
    world.clock.instant = datetime(2026, 11, 25, 20, 59, tzinfo=UTC)
    run_due(world)
    assert rows(world, "waiting:") == []
    world.clock.move(minutes=1)  # eight in the morning in Nouméa
    run_due(world)
    assert len(rows(world, "waiting:")) == 1


def test_who_found_a_group_meanwhile_gets_no_word(world, ports) -> None:
    enrol(ports, *four(paid_days_ago=9))
    with ports.uow() as uow:
        patience.weekly_words(ports, uow, "2026-11-25")
    matching.propose_now(ports, ADMIN)
    run_due(world)

    assert rows(world, "waiting:") == []
    assert group(ports).number == 1
