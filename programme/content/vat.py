"""Which VAT regime applies on which day, and the words that an invoice must then carry; read from ``trader.toml``.

A period lasts until the next one begins, so that no invoice is ever without a regime once the first one has begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from programme.content.checks import text_faults


class VatRegime(StrEnum):
    """EXEMPT_TRAINING needs the attestation 3511 (CGI 261-4-4° a); FRANCHISE is CGI 293 B; else STANDARD."""

    EXEMPT_TRAINING = "exempt_training"
    FRANCHISE = "franchise"
    STANDARD = "standard"


class VatPeriod(BaseModel):
    """One regime from ``since`` on, a French civil day; ``rate`` is in percent, ``mention`` explains a rate of 0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: date
    regime: VatRegime
    rate: Annotated[int, Field(ge=0, le=50)] = 0
    mention: str = ""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        standard = self.regime is VatRegime.STANDARD
        if standard != bool(self.rate):
            raise ValueError("un taux (rate) accompagne le régime standard, et lui seul")
        if standard == bool(self.mention.strip()):
            raise ValueError("une mention légale accompagne les régimes sans TVA, et eux seuls")
        faults = text_faults(self.mention)
        if faults:
            raise ValueError(" ; ".join(faults))
        return self


def check_order(periods: Sequence[VatPeriod]) -> None:
    """Raise ValueError, in French, unless there is a period and each begins after the one before."""
    if not periods:
        raise ValueError("il faut au moins un régime de TVA")
    days = [period.since for period in periods]
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise ValueError(
            "les périodes de TVA se suivent de la plus ancienne à la plus récente, un seul régime par jour"
        )


def on_day(periods: Sequence[VatPeriod], day: date) -> VatPeriod | None:
    """Return the period in force on a day; None before the first one."""
    return next((period for period in reversed(periods) if period.since <= day), None)
