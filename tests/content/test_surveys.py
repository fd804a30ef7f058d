"""The surveys of the content folder, and faults told to whoever edits them."""

from __future__ import annotations

from pathlib import Path

import pytest

from programme.content import CONTENT_ROOT, Content
from programme.content.checks import ContentError
from programme.content.surveys import END, LATER, SURVEYS_FILE, load_surveys


def test_both_surveys_are_short_and_their_values_fit_the_answers(content: Content) -> None:
    assert set(content.surveys) == {END, LATER}
    assert [len(content.surveys[name].questions) for name in (END, LATER)] == [5, 3]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("end:", "fin:", "manque"),
        ("- id: groupe", "- id: projet", "sert deux fois"),
        ("intro:", "introduction:", "introduction"),
        ("Beaucoup", "Beaucoup !", "espace ordinaire"),
        ("title: De vos nouvelles", "title: De vos nouvelles, bien plus tard", "title"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, before: str, after: str, told: str) -> None:
    text = (CONTENT_ROOT / SURVEYS_FILE).read_text(encoding="utf-8")
    assert before in text
    (tmp_path / SURVEYS_FILE).write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ContentError, match=told):
        load_surveys(tmp_path)
