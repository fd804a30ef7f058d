"""The sketch of a group: who lives how far from whom, and where nobody is exactly."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from bot.gateways.pictures import Pictures
from programme.rules.sketch import JITTER_KM, sketch


@dataclass(frozen=True)
class Point:
    latitude: float
    longitude: float


LYON = [Point(45.76, 4.84), Point(45.77, 4.88), Point(45.76, 4.84), Point(45.69, 4.79)]


def test_a_picture_is_drawn_for_three_and_for_four() -> None:
    for people in (LYON, LYON[:3], LYON[:1] * 4):
        picture = Pictures().group_map(title="Groupe 012 – Lyon", sketch=sketch(people, "grp_1"), slots="mardi soir")
        assert picture.startswith(b"\x89PNG")
        assert 5_000 < len(picture) < 200_000


def test_the_shares_of_one_group_and_of_thirty_are_drawn() -> None:
    bars = ("Séances tenues", "Présence", "Points d’étape remplis")
    for count in (1, 30):
        labels = [f"groupe {number:03d} – Saint-Denis" for number in range(count)]
        picture = Pictures().share_chart(title="2026-W49", labels=labels, bars=bars, shares=[(50, None, 100)] * count)
        assert picture.startswith(b"\x89PNG")
        assert 5_000 < len(picture) < 400_000


def test_matplotlib_is_not_loaded_before_a_picture_is_drawn() -> None:
    code = "import sys, bot.wiring; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(
    st.lists(st.builds(Point, st.floats(-60, 60), st.floats(-170, 170)), min_size=3, max_size=4), st.text(max_size=9)
)
def test_everybody_is_moved_a_little_and_always_the_same_way(people, seed) -> None:
    drawn = sketch(people, seed)

    assert drawn == sketch(people, seed)
    assert len(drawn.distances) == len(people) * (len(people) - 1) // 2
    together = sketch([people[0]] * len(people), seed)
    for dot in together.dots:
        assert 0.49 * JITTER_KM <= (dot.east**2 + dot.north**2) ** 0.5 <= 1.01 * JITTER_KM
    assert {km for *_, km in together.distances} == {1}


def test_bars_are_drawn_whatever_their_number_and_length() -> None:
    for lengths in ((0,), (0, 3, 1_000), tuple(range(24))):
        labels = [f"Semaine {number}" for number in range(len(lengths))]
        captions = [f"{length}, médiane 0,4 j depuis l’étape d’avant" for length in lengths]
        picture = Pictures().bar_chart(title="Entonnoir", labels=labels, lengths=lengths, captions=captions)
        assert picture.startswith(b"\x89PNG")
        assert 3_000 < len(picture) < 400_000
