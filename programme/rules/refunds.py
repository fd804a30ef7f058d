"""What is due, refunded and still owed when a contract stops early (CGV art. 7 and 8, C. conso. L221-24 and L221-25).

Sums are integer cents. The odd cent goes to the member: what they owe is rounded down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class DueRule(StrEnum):
    """How the price due is computed."""

    NONE = "none"
    """Nothing: withdrawal without a valid early start (L221-25 al. 3)."""
    SESSIONS = "sessions"
    """Price in proportion to the sessions delivered."""
    TIME = "time"
    """Price in proportion to the days elapsed of the programme (CJEU C-641/19)."""
    MIN = "min"
    """The smaller of SESSIONS and TIME: the reading that favours the member most."""
    FULL = "full"
    """The whole price: literal reading of the abandonment clause, contestable, never debited by itself."""


@dataclass(frozen=True)
class Settlement:
    """The sums of an early end, in cents.

    `due` is the price of what was delivered; `refund` goes back to the member; `still_owed` is what the member has
    not paid of what is due; `unpaid_cancelled` is the part of the price that will never be asked for; `split` is
    the refund of each charge, in the order of the charges.
    """

    due: int
    refund: int
    still_owed: int
    unpaid_cancelled: int
    split: tuple[int, ...]


def settle(
    *,
    price: int,
    payments: Sequence[int],
    already_refunded: int = 0,
    sessions_total: int,
    sessions_delivered: int,
    rule: DueRule,
    days_elapsed: int | None = None,
    days_total: int | None = None,
) -> Settlement:
    """Settle a contract of `price` cents whose `payments` were captured, oldest first.

    `sessions_delivered` counts the sessions held and closed with an attendance record before the declaration.
    Earlier refunds are taken to have gone to the newest charges first, as these do. Raise ValueError for
    negative sums, more sessions than the contract has, more refunded than captured, or a time rule without days.
    """
    _check_sums(price, payments, already_refunded)
    due = _due(rule, price, (sessions_delivered, sessions_total), (days_elapsed, days_total))
    paid = sum(payments)
    kept = paid - already_refunded
    refund = max(0, kept - due)
    still_owed = max(0, due - kept)
    held = _less(payments, _newest_first(payments, already_refunded))
    return Settlement(
        due=due,
        refund=refund,
        still_owed=still_owed,
        unpaid_cancelled=max(0, price - paid - still_owed),
        split=_newest_first(held, refund),
    )


def _check_sums(price: int, payments: Sequence[int], already_refunded: int) -> None:
    if min(price, already_refunded, *payments) < 0:
        raise ValueError("sums cannot be negative")
    if already_refunded > sum(payments):
        raise ValueError("more was refunded than captured")


def _due(rule: DueRule, price: int, sessions: tuple[int, int], days: tuple[int | None, int | None]) -> int:
    match rule:
        case DueRule.NONE:
            return 0
        case DueRule.FULL:
            return price
        case DueRule.SESSIONS:
            return _by_sessions(price, *sessions)
        case DueRule.TIME:
            return _by_time(price, *days)
        case DueRule.MIN:
            return min(_by_sessions(price, *sessions), _by_time(price, *days))


def _by_sessions(price: int, delivered: int, total: int) -> int:
    if not 0 <= delivered <= total or total == 0:
        raise ValueError(f"{delivered} sessions delivered of {total}")
    return price * delivered // total


def _by_time(price: int, elapsed: int | None, total: int | None) -> int:
    """Price of the days elapsed; a programme that overran is due once, not more."""
    if elapsed is None or total is None or elapsed < 0 or total < 1:
        raise ValueError("this rule needs the days elapsed and the days of the whole programme")
    return price * min(elapsed, total) // total


def _newest_first(charges: Sequence[int], amount: int) -> tuple[int, ...]:
    """Take `amount` from the newest charges first; the answer is in the order of the charges."""
    taken: list[int] = []
    for charge in reversed(charges):
        part = min(charge, amount)
        taken.append(part)
        amount -= part
    return tuple(reversed(taken))


def _less(charges: Sequence[int], taken: Sequence[int]) -> tuple[int, ...]:
    return tuple(charge - part for charge, part in zip(charges, taken, strict=True))
