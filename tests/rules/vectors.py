"""The rows of the reference tables in tests/vectors, by column name, ready for parametrize."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

FOLDER = Path(__file__).resolve().parent.parent / "vectors"


def rows(table: str) -> list[ParameterSet]:
    """One parameter per row, named by its id; an empty table is a mistake, not a success."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found, table
    return [pytest.param(row, id=row["id"]) for row in found]


def cents(text: str) -> tuple[int, ...]:
    """Read sums separated by bars; blank is none."""
    return tuple(int(part) for part in text.split("|")) if text else ()
