"""CSV files for French spreadsheets: semicolons, UTF-8 with its mark, decimal commas, and nothing that would be run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

_FORMULA = ("=", "+", "-", "@", "'", "\t", "\r")
_NUMBER = re.compile(r"-?[0-9]+(,[0-9]+)?")


def write(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write the rows under their heading; a value that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: safe(value) for name, value in row.items()})
    return out.getvalue().encode("utf-8-sig")


def safe(value: str) -> str:
    """Return the value with a leading apostrophe where it could be run; plain numbers are none."""
    return f"'{value}" if value.startswith(_FORMULA) and not _NUMBER.fullmatch(value) else value


def decimal(cents: int) -> str:
    """Write a sum as a number for spreadsheets: -1234,50."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02d}"
