"""The level asked for, on today's scale and on the old one."""

from __future__ import annotations

import pytest

from programme.rules.eligibility import LEVEL_LABELS, OLD_SCALE, Level, is_sufficient, levels_of_old_scale


@pytest.mark.parametrize(
    ("level", "enough"),
    [("none", False), ("3", False), ("4", False), ("5", False), ("6", True), ("7", True), ("8", True)],
)
def test_level_six_and_above_are_sufficient(level: str, enough: bool) -> None:
    assert is_sufficient(Level(level)) is enough


@pytest.mark.parametrize(
    ("numeral", "today"), [("I", "7 8"), ("II", "6"), ("III", "5"), ("IV", "4"), ("V", "3"), (" ii ", "6")]
)
def test_old_scale(numeral: str, today: str) -> None:
    assert " ".join(levels_of_old_scale(numeral)) == today


def test_what_the_old_terms_call_level_two_is_the_lowest_sufficient_level() -> None:
    sufficient = {numeral for numeral, levels in OLD_SCALE.items() if all(map(is_sufficient, levels))}
    assert sufficient == {"I", "II"}


@pytest.mark.parametrize("text", ["", "6", "VI", "niveau II"])
def test_other_texts_are_not_levels_of_the_old_scale(text: str) -> None:
    with pytest.raises(ValueError, match="old scale"):
        levels_of_old_scale(text)


def test_each_level_has_a_label_that_names_it() -> None:
    assert set(LEVEL_LABELS) == set(Level)
    for level in set(Level) - {Level.NO_DIPLOMA}:
        assert LEVEL_LABELS[level].startswith(f"Niveau {level} – ")
