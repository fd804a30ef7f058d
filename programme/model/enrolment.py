"""Enrolment: the road from the first command to a paid contract, resumable at every step (programme §2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from programme.errors import Refusal
from programme.rules.eligibility import Level, is_sufficient


class EnrolmentStatus(StrEnum):
    """Where the contract stands as a whole; the steps inside ACTIVE are derived from facts."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    FINISHED = "finished"


class Step(StrEnum):
    """The next thing a person has to do to be enrolled."""

    TUTORIAL = "tutorial"
    PROFILE = "profile"
    EMAIL = "email"
    LEVEL = "level"
    EXEMPTION = "exemption"
    EXEMPTION_PENDING = "exemption_pending"
    TEXTS = "texts"
    CHOICE = "choice"
    ORDER = "order"
    PAYMENT = "payment"
    DONE = "done"


class ExemptionState(StrEnum):
    """CGV 3: a request to join without the level; decided by a human, with a reason."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Choice(StrEnum):
    """CGV 8, L221-25: wait for the withdrawal period to end, or ask for an early start; the right is never waived."""

    WAIT = "wait"
    EARLY = "early"


@dataclass
class Enrolment:
    """One attempt of one member to join the programme; facts are dated, the next step follows from them."""

    id: str
    member_id: str
    opened_at: datetime
    status: EnrolmentStatus = EnrolmentStatus.ACTIVE
    tutorial_seen_at: datetime | None = None
    level: str = ""
    level_declared_at: datetime | None = None
    exemption: ExemptionState | None = None
    exemption_round: int = 0
    exemption_request: str = ""
    exemption_experience: str = ""
    exemption_asked_at: datetime | None = None
    exemption_decided_at: datetime | None = None
    exemption_decided_by: str = ""
    exemption_reason: str = ""
    accepted_texts: dict[str, str] = field(default_factory=dict)
    choice: Choice | None = None
    early_start_valid: bool = False
    offer_id: str = ""
    code_tries: int = 0
    code_tries_since: datetime | None = None
    chosen_at: datetime | None = None
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0

    def next_step(self, *, profiled: bool, email_proved: bool, required_texts: dict[str, str]) -> Step:
        """Return the first step whose fact is missing.

        ``required_texts`` maps a text's key to the SHA-256 of the version that must be accepted now;
        once the order is placed, what was accepted stays accepted.
        """
        if self.paid_at:
            return Step.DONE
        if self.ordered_at:
            return Step.PAYMENT
        if not self.tutorial_seen_at:
            return Step.TUTORIAL
        if not profiled:
            return Step.PROFILE
        if not email_proved:
            return Step.EMAIL
        if not self.level_declared_at:
            return Step.LEVEL
        if not is_sufficient(Level(self.level)) and self.exemption is not ExemptionState.GRANTED:
            return Step.EXEMPTION_PENDING if self.exemption is ExemptionState.ASKED else Step.EXEMPTION
        if any(self.accepted_texts.get(key) != digest for key, digest in required_texts.items()):
            return Step.TEXTS
        return Step.ORDER if self.choice else Step.CHOICE

    def require_active(self) -> None:
        """Raise Refusal when the contract has ended."""
        if self.status is not EnrolmentStatus.ACTIVE:
            raise Refusal("enrolment_ended")
