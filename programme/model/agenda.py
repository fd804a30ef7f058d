"""Deadlines: every instant at which the programme must do something, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeadlineKind(StrEnum):
    """What happens at the instant; each kind has one handler in ``usecases/agenda.py``."""

    MATCHING = "matching"
    WEEKLY_REPORT = "weekly_report"
    CHECKOUT_EXPIRY = "checkout_expiry"
    WAITING_ROOM = "waiting_room"
    WAITING_WORD = "waiting_word"
    PROPOSAL_EXPIRY = "proposal_expiry"
    OFFER_REMINDER = "offer_reminder"
    OFFER_EXPIRY = "offer_expiry"
    VOTE_CLOSE = "vote_close"
    GATE = "gate"
    GUIDE = "guide"
    ATTENDANCE_OPEN = "attendance_open"
    ATTENDANCE_CLOSE = "attendance_close"
    LIVE_TICK = "live_tick"
    CHECK_IN = "check_in"
    CHECK_IN_REMINDER = "check_in_reminder"
    CHECK_IN_ESCALATION = "check_in_escalation"
    REVIEW_NAG = "review_nag"
    REVIEW_UNCLAIMED = "review_unclaimed"
    REVIEW_WARNING = "review_warning"
    REVIEW_DUE = "review_due"
    TUTOR_AWAY = "tutor_away"
    TUTOR_MORNING = "tutor_morning"
    TUTOR_DIGEST = "tutor_digest"
    PROGRAMME_END = "programme_end"
    CHANNEL_ARCHIVE = "channel_archive"
    ATTESTATION = "attestation"
    LAST_STEPS = "last_steps"
    SURVEY = "survey"
    SURVEY_REMINDER = "survey_reminder"
    MATERIAL_REMINDER = "material_reminder"
    CONSENT_REMINDER = "consent_reminder"
    CONSENT_EXPIRY = "consent_expiry"
    PAUSE_END = "pause_end"
    INSTALMENT_NOTICE = "instalment_notice"
    INSTALMENT_DUE = "instalment_due"
    INSTALMENT_LINK_EXPIRY = "instalment_link_expiry"
    NUDGES = "nudges"
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENT_COPY = "announcement_copy"
    DISPUTE_EVIDENCE = "dispute_evidence"
    CARD_CLAIM_OVER = "card_claim_over"
    REFUND_LEAVES = "refund_leaves"
    REFUND_ALERT = "refund_alert"
    COMPLAINT_REMINDER = "complaint_reminder"
    COMPLAINT_CLOSE = "complaint_close"
    EXPORT_EXPIRY = "export_expiry"
    ERASURE = "erasure"
    RETENTION = "retention"
    EVIDENCE_ANCHOR = "evidence_anchor"


@dataclass
class Deadline:
    """One instant, unique by kind and subject; moving an appointment moves its rows, doing it dates ``done_at``."""

    id: str
    kind: DeadlineKind
    subject: str
    due_at: datetime
    done_at: datetime | None = None
    attempts: int = 0
    last_error: str = ""
