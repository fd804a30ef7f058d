"""Words for Slack that are composed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.views.french import slot_name, slots_by_part
from programme.content.french import DAYS
from programme.model.slots import ALL_SLOTS, WEEKDAYS


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        (["thu-evening", "tue-evening"], "• soir (19 h 00) : mardi et jeudi"),
        (["sat-lunch", "mon-morning"], "• matin (9 h 30) : lundi\n• midi (12 h 00) : samedi"),
        ([f"{day}-lunch" for day in WEEKDAYS], "• midi (12 h 00) : tous les jours"),
        ([f"{day}-afternoon" for day in WEEKDAYS[:5]], "• après-midi (14 h 30) : du lundi au vendredi"),
        (["sun-morning", "sat-morning"], "• matin (9 h 30) : le week-end"),
        ([], ""),
    ],
)
def test_availability_is_told_by_part_of_the_day(slots: list[str], said: str) -> None:
    assert slots_by_part(slots).replace("\u00a0", " ") == said


@given(st.sets(st.sampled_from(ALL_SLOTS)))
def test_no_slot_is_lost_however_many_there_are(slots: set[str]) -> None:
    said = slots_by_part(sorted(slots))
    assert len(said.splitlines()) == len({slot.partition("-")[2] for slot in slots})
    named = {"tous les jours": 7, "du lundi au vendredi": 5, "le week-end": 2}
    days = sum(named.get(line.rpartition(": ")[2], sum(day in line for day in DAYS)) for line in said.splitlines())
    assert days == len(slots)


def test_a_slot_is_told_with_its_hour() -> None:
    assert slot_name("tue-evening").replace("\u00a0", " ") == "mardi soir (19 h 00)"
