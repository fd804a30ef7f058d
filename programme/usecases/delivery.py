"""Delivery: take the next effect of the outbox, carry it out, record what came of it.

No transaction is open while the outside is called: claim (transaction 1), act, record (transaction 2).
A crash between acting and recording leaves the row claimed under a lease; when the lease runs out, the next attempt
first looks for what the lost one may have left (Slack: our key in the message's metadata; Stripe: the idempotency key;
mail: the Message-ID).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from programme import effects
from programme.effects import Effect
from programme.errors import Permanent, Retryable
from programme.journal import Action
from programme.messages.common import FailureCard
from programme.model.heartbeat import Beat
from programme.model.outbox import OutboxRow, OutboxStatus
from programme.ports import Ports, Receipt, UnitOfWork
from programme.usecases import completion
from programme.usecases.carrying import Attempt, carry_out

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
LOOK_AFTER_RESTORE = timedelta(days=1)
"""How long after a backup was put back every attempt looks first: what it knows as due may have been said since."""
GIVE_UP_AFTER = 100
"""Attempts in vain after which a person is told: about a day, as pauses grow to a quarter of an hour.

Attempts, not age: a message that waited for the bot to come back has not been tried yet.
"""


def deliver_next(ports: Ports) -> bool:
    """Carry out one effect; tells whether there was one to take.

    What nobody foresaw is raised the first time, for the report; then it backs off like any other failure.
    """
    now = ports.clock.now()
    with ports.uow() as uow:
        row = uow.outbox.claim(now, now + LEASE)
        if row is None:
            return False
        untried = row.attempts == 1
        attempt = Attempt(row.key, effects.load(row.effect), first=untried and not _just_restored(uow, now))
    try:
        _record(ports, attempt, carry_out(ports, attempt))
    except Retryable as error:
        _postpone(ports, attempt, error)
    except Permanent as error:
        _give_up(ports, attempt, str(error))
    except Exception as error:
        _postpone(ports, attempt, Retryable(type(error).__name__, uncertain=True))
        if untried:
            raise
    return True


def _just_restored(uow: UnitOfWork, now: datetime) -> bool:
    restored = uow.overview.last_beat(Beat.RESTORED)
    return restored is not None and now < restored + LOOK_AFTER_RESTORE


def deliver_all(ports: Ports, limit: int = 10_000) -> int:
    """Carry out everything that may go now; returns how many effects were tried."""
    count = 0
    while count < limit and deliver_next(ports):
        count += 1
    return count


def _row(uow: UnitOfWork, key: str) -> OutboxRow:
    row = uow.outbox.get(key)
    if row is None:
        raise LookupError(f"outbox row {key} vanished")
    return row


def _record(ports: Ports, attempt: Attempt, receipt: Receipt) -> None:
    with ports.uow() as uow:
        row = _row(uow, attempt.key)
        row.status = OutboxStatus.SENT
        row.sent_at = ports.clock.now()
        row.receipt_channel, row.receipt_ts = receipt.channel, receipt.ts
        extra: dict[str, Any] = dict(receipt.extra or {})
        row.receipt = {**row.receipt, "channel": receipt.channel, "ts": receipt.ts, **extra}
        row.last_error = ""
        completion.completed(ports, uow, attempt.effect, extra)


def _postpone(ports: Ports, attempt: Attempt, error: Retryable) -> None:
    now = ports.clock.now()
    with ports.uow() as uow:
        row = _row(uow, attempt.key)
        if row.attempts >= GIVE_UP_AFTER and not error.after:
            _fail(uow, row, attempt.effect, str(error))
            return
        row.status = OutboxStatus.DUE
        row.due_at = now + (timedelta(seconds=error.after) if error.after else _pause(row.attempts))
        row.last_error = str(error)
        if error.after and not error.uncertain:
            row.attempts -= 1  # a refused call had no effect: the next one is again a first attempt


def _pause(attempts: int) -> timedelta:
    doubled: timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 12)
    return min(doubled, LONGEST_PAUSE)


def _give_up(ports: Ports, attempt: Attempt, reason: str) -> None:
    with ports.uow() as uow:
        _fail(uow, _row(uow, attempt.key), attempt.effect, reason)


def _fail(uow: UnitOfWork, row: OutboxRow, effect: Effect, reason: str) -> None:
    row.status = OutboxStatus.FAILED
    row.last_error = reason
    uow.journal.write("bot", Action.DELIVERY_FAILED, row.key[:64], kind=effect.kind, reason=reason[:200])
    if effect.kind == "post" and effect.message.kind == "failure_card":
        return  # a failure card that cannot be posted must not breed another
    card = FailureCard(reference=row.key, what=effect.kind, detail=reason[:300])
    uow.outbox.put(f"failure:{row.key}", effects.Post(to="admins", message=card), lane="admins")


def next_due(ports: Ports) -> datetime | None:
    """Return when the outbox or the agenda next has something to do."""
    with ports.reading() as uow:
        instants = [instant for instant in (uow.outbox.next_due(), uow.agenda.next_due()) if instant]
        return min(instants, default=None)


def is_quiet(ports: Ports) -> bool:
    """Tell whether nothing is due now; a row on its way is due again when its lease runs out."""
    due = next_due(ports)
    return due is None or due > ports.clock.now()
