"""The short sentences are read as strictly as the long texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from programme.content import load_sentences
from programme.content.checks import ContentError


def test_the_shipped_sentences_are_clean() -> None:
    assert len(load_sentences()) > 50


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('late = "Trop tard : revenez."', "messages.toml, late"),
        ('late = "L\'offre est finie."', "messages.toml, late"),
        ("late = ", "TOML illisible"),
    ],
)
def test_a_fault_names_its_sentence(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "messages.toml").write_text(written, encoding="utf-8")
    with pytest.raises(ContentError) as fault:
        load_sentences(tmp_path)
    assert told in str(fault.value)
