"""When the later instalments of an order are due, told and tried again: inside the programme, never after it.

A price paid over the whole duration of successive services is no consumer credit (C. conso. L311-1 4°): each further
part is due with the session that begins it, and the last one before the last session.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from programme.rules.instants import ONE_DAY, at_local, to_utc

NOTICE_DAYS = 7
"""How many days before the debit its date, amount and card are told again."""
RETRY_DAYS = (3, 7)
"""How many days after the due day a refused debit is tried again."""
HOUR = time(10)


def due_days(session_days: Sequence[date], parts: int, today: date) -> tuple[date, ...]:
    """Return the due days of the second and later of `parts` payments: of sixteen sessions in three, the 6th and 11th.

    A day too near to be announced moves away from `today`, but never past the last session. Raise ValueError without
    sessions or parts.
    """
    if not session_days or parts < 1:
        raise ValueError("instalments are due on the days of sessions")
    soonest, last = today + NOTICE_DAYS * ONE_DAY, session_days[-1]
    wanted = (session_days[len(session_days) * part // parts] for part in range(1, parts))
    return tuple(min(max(day, soonest), last) for day in wanted)


def debit_instant(due_on: date, zone: str) -> datetime:
    """UTC instant at which an instalment is debited: by day, where its payer lives."""
    return to_utc(at_local(due_on, HOUR, zone))


def notice_instant(due_on: date, zone: str) -> datetime:
    """UTC instant at which the debit is announced."""
    return debit_instant(due_on - NOTICE_DAYS * ONE_DAY, zone)


def retry_day(due_on: date, attempts: int, today: date) -> date | None:
    """Day of the next try after `attempts` refused ones, tomorrow at the earliest; None when a person takes over."""
    if attempts > len(RETRY_DAYS):
        return None
    return max(due_on + timedelta(days=RETRY_DAYS[attempts - 1]), today + ONE_DAY)
