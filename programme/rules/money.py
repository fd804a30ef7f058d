"""Sums of money in integer cents: instalments, VAT, credit notes, late refunds, French writing.

Whatever the member owes is rounded down and whatever is owed to the member is rounded up; VAT is rounded to the
nearest cent, half a cent up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SESSIONS = 16
LIST_PRICE = 45_000
"""The price of the programme, in cents, without an offer or a partnership (CGV 5)."""
LEGAL_RATE_BP = 667
"""Legal interest rate for individuals, first half of 2026, in basis points."""
_TYPED_EUROS = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?", re.ASCII)
NARROW_SPACE, NO_BREAK_SPACE, MINUS = "\u202f", "\u00a0", "\u2212"


def euros(cents: int) -> str:
    """Write a sum as French readers expect it: 1 234,50 € with non-breaking spaces, and a real minus sign."""
    whole, rest = divmod(abs(cents), 100)
    sign = MINUS if cents < 0 else ""
    return f"{sign}{whole:,}".replace(",", NARROW_SPACE) + f",{rest:02d}{NO_BREAK_SPACE}€"


def read_euros(typed: str) -> int:
    """Return the cents of a sum as people type it: « 300 », « 300,5 », « 1 234,50 € ».

    Raise ValueError for anything else, a negative sum and a fraction of a cent.
    """
    found = _TYPED_EUROS.fullmatch(re.sub(r"[\s\u00a0\u202f€]", "", typed))
    if found is None:
        raise ValueError("not a sum in euros")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def session_value_floor(price: int, sessions: int = SESSIONS) -> int:
    """Price of one session, rounded down to the cent: the figure announced with an early start."""
    _check_amount(price)
    return price // sessions


def instalments(price: int, parts: int, first_pct_max: int | None = None) -> tuple[int, ...]:
    """Cut a price into `parts` payments that add up to it; the odd cents are on the earliest.

    With `first_pct_max` (C. trav. L6353-6: 30) the first payment is that percentage, rounded down, and the others
    share the rest. Raise ValueError for a negative price or parts that cannot be.
    """
    _check_amount(price)
    if parts < 1:
        raise ValueError("a price is paid in at least one part")
    if first_pct_max is None:
        return _equal_parts(price, parts)
    if parts < 2 or not 0 <= first_pct_max <= 100:
        raise ValueError("a limited first payment needs a percentage and a second payment")
    first = price * first_pct_max // 100
    return (first, *_equal_parts(price - first, parts - 1))


def _equal_parts(sum_: int, parts: int) -> tuple[int, ...]:
    part, odd_cents = divmod(sum_, parts)
    return tuple(part + (index < odd_cents) for index in range(parts))


@dataclass(frozen=True)
class Amounts:
    """A sum with tax (TTC), without tax (HT), and the tax itself, in cents; ttc = ht + vat."""

    ttc: int
    ht: int
    vat: int


def vat_split(ttc: int, rate_percent: int) -> Amounts:
    """Split a sum that includes VAT; a rate of 0 stands for the exempt regimes."""
    _check_amount(ttc)
    _check_amount(rate_percent)
    base = 100 + rate_percent
    vat = (2 * ttc * rate_percent + base) // (2 * base)
    return Amounts(ttc, ttc - vat, vat)


def credit_note(invoice: Amounts, kept_ttc: int, rate_percent: int) -> Amounts:
    """Amounts of the credit note that leaves `kept_ttc` of an invoice.

    By difference with what is kept, so that invoice − credit note = kept holds for each column. Raise ValueError
    when more would be kept than was invoiced.
    """
    if kept_ttc > invoice.ttc:
        raise ValueError("a credit note cannot increase an invoice")
    kept = vat_split(kept_ttc, rate_percent)
    return Amounts(invoice.ttc - kept.ttc, invoice.ht - kept.ht, invoice.vat - kept.vat)


@dataclass(frozen=True)
class LateRefund:
    """Exposure of a late refund, in cents.

    `surcharge` reads the legal rate as a flat increase; `pro_rata` reads it as interest for the days of delay and
    exists only in that first band. `total` is the sum due with `surcharge`; `band` is in French.
    """

    surcharge: int
    total: int
    band: str
    pro_rata: int | None


SURCHARGE_BANDS = ((20, 5), (30, 10), (60, 20), (90, 50))
"""Up to so many days late, so many percent; the legal rate comes before, a rise every 30 days after."""
FLAT_RATE_DAYS = 10


def late_refund_surcharge(sum_due: int, days_late: int, legal_rate_bp: int = LEGAL_RATE_BP) -> LateRefund:
    """Surcharge of C. conso. L242-4 for a refund `days_late` days after its last day; for alerts only."""
    _check_amount(sum_due)
    _check_amount(days_late)
    if days_late == 0:
        return LateRefund(0, sum_due, "dans le délai", None)
    if days_late <= FLAT_RATE_DAYS:
        flat = _ceil_div(sum_due * legal_rate_bp, 10_000)
        interest = _ceil_div(sum_due * legal_rate_bp * days_late, 10_000 * 365)
        band = f"taux légal (lecture{NO_BREAK_SPACE}: majoration forfaitaire)"
        return LateRefund(flat, sum_due + flat, band, interest)
    percent, band = _percent_band(days_late)
    surcharge = _ceil_div(sum_due * percent, 100)
    return LateRefund(surcharge, sum_due + surcharge, band, None)


def _percent_band(days_late: int) -> tuple[int, str]:
    for last_day, percent in SURCHARGE_BANDS:
        if days_late <= last_day:
            return percent, f"{percent}{NO_BREAK_SPACE}%"
    # The law stops the rise at the price itself.
    percent = min(100, 50 + 5 * _ceil_div(days_late - 90, 30))
    rise = f"50{NO_BREAK_SPACE}% + 5 points par mois entamé"
    return percent, f"{percent}{NO_BREAK_SPACE}% ({rise})"


def _ceil_div(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)


def _check_amount(value: int) -> None:
    if value < 0:
        raise ValueError("amounts cannot be negative")
