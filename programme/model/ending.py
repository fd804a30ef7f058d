"""How a contract ends before its time: the declaration, the sums, and the money on its way back (CGV 7 and 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from programme.errors import Refusal
from programme.rules.refunds import DueRule


class DeclarationSource(StrEnum):
    """By which door a declaration of withdrawal came: the button in Slack, the public page, a letter or a mail."""

    SLACK = "slack"
    WEB = "web"
    LETTER = "letter"


class DeclarationState(StrEnum):
    """RECEIVED waits for its author's confirmation or for an admin; then it is ACCEPTED or REJECTED."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass
class Declaration:
    """One declaration of withdrawal, kept for ever as it was sent (C. conso. L221-21, L221-22).

    ``sent_at`` decides whether it is in time; ``member_id`` and ``order_id`` are empty until a contract is found;
    ``token`` is that of the public page on which it was confirmed.
    """

    id: str
    source: DeclarationSource
    sent_at: datetime
    recorded_at: datetime
    name: str
    email: str
    contract: str
    state: DeclarationState = DeclarationState.RECEIVED
    member_id: str = ""
    order_id: str = ""
    in_time: bool = False
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    token: str | None = None
    version: int = 0


class EndKind(StrEnum):
    """Why a contract ends early (programme §7)."""

    WITHDRAWAL = "withdrawal"
    OPERATOR_FAILURE = "operator_failure"
    FORCE_MAJEURE = "force_majeure"
    ABANDONMENT = "abandonment"


class EndState(StrEnum):
    """PROPOSED waits for an admin, SECONDED for another admin, LEAVING may be undone until it leaves, SENT is with
    Stripe, SETTLED is over, FAILED waits for a human (other means, with the member's express agreement)."""

    PROPOSED = "proposed"
    SECONDED = "seconded"
    LEAVING = "leaving"
    SENT = "sent"
    SETTLED = "settled"
    FAILED = "failed"


_NEXT: dict[EndState, frozenset[EndState]] = {
    EndState.PROPOSED: frozenset({EndState.SECONDED, EndState.LEAVING, EndState.SETTLED}),
    EndState.SECONDED: frozenset({EndState.LEAVING, EndState.PROPOSED}),
    EndState.LEAVING: frozenset({EndState.SENT, EndState.PROPOSED}),
    EndState.SENT: frozenset({EndState.SETTLED, EndState.FAILED}),
    EndState.FAILED: frozenset({EndState.SETTLED}),
}


@dataclass
class ContractEnd:
    """One contract's early end and its sums in cents, frozen when decided; ``refund_due_on`` is L221-24's day."""

    id: str
    order_id: str
    kind: EndKind
    rule: DueRule
    declared_at: datetime
    informed_at: datetime
    delivered: int
    paid: int
    due: int
    refund: int
    still_owed: int
    cancelled: int
    refund_due_on: date
    state: EndState = EndState.PROPOSED
    reason: str = ""
    approved_by: str = ""
    seconded_by: str = ""
    leaves_at: datetime | None = None
    settled_at: datetime | None = None
    version: int = 0

    def move_to(self, state: EndState) -> None:
        """Change state along the drawn road; Refusal("end_state") for any other move."""
        if state not in _NEXT.get(self.state, frozenset()):
            raise Refusal("end_state")
        self.state = state


class RefundStatus(StrEnum):
    """DUE is ours; PENDING, SUCCEEDED and FAILED are Stripe's word (a cancelled refund has failed)."""

    DUE = "due"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass
class Refund:
    """What goes back on one charge; the split is stored before Stripe is called, which dates ``confirmed_at``."""

    id: str
    end_id: str
    order_id: str
    payment_id: str
    intent_id: str
    amount: int
    status: RefundStatus = RefundStatus.DUE
    stripe_id: str = ""
    confirmed_at: datetime | None = None
    version: int = 0
