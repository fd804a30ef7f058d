"""Words that belong to other, regulated services appear nowhere a person can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from programme.content.checks import text_faults
from programme.content.trader import CONTENT_ROOT

READ_BY_PEOPLE = {".md", ".toml", ".yaml", ".typ"}


def content_files() -> list[Path]:
    return sorted(path for path in CONTENT_ROOT.rglob("*") if path.suffix in READ_BY_PEOPLE)


def forbidden(text: str) -> list[str]:
    return [fault for fault in text_faults(text) if fault.startswith("mot interdit")]


@pytest.mark.parametrize(
    "words",
    ["un bilan de compétences", "Bilans\u00a0de\u00a0Compétences", "bilan\nde compétences", "le CPF", "Qualiopi"],
)
def test_the_words_are_recognised(words: str) -> None:
    assert len(forbidden(words)) == 1


def test_no_content_says_a_forbidden_word() -> None:
    said = {path.name: forbidden(path.read_text(encoding="utf-8")) for path in content_files()}

    assert len(said) > 10
    assert {name: faults for name, faults in said.items() if faults} == {}
