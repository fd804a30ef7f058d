"""An enrolment wave against the sandbox's rates: the bench plays 300 people, this plays enough to meet each rate."""

from __future__ import annotations

from pathlib import Path

from tests.bench.bench_wave import play


def test_a_wave_forms_its_groups_without_one_refused_call(tmp_path: Path) -> None:
    outcome = play(60, tmp_path)

    assert outcome.refused == []
    assert outcome.groups == 12
    assert outcome.minutes > 0.5, "the wave must be large enough to be held back by the rates"
