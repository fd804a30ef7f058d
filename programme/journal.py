"""The journal: one line for each thing done, by whom, to what; the programme's memory, beside the evidence chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """Acts as ``subject:verb``; a new act is added here and nowhere else."""

    ENROLMENT_OPENED = "enrolment:opened"
    TUTORIAL_SEEN = "tutorial:seen"
    PROFILE_SAVED = "profile:saved"
    EMAIL_CODE_SENT = "email_code:sent"
    EMAIL_PROVED = "email:proved"
    LEVEL_DECLARED = "level:declared"
    EXEMPTION_ASKED = "exemption:asked"
    EXEMPTION_DECIDED = "exemption:decided"
    TEXT_ACCEPTED = "text:accepted"
    TEXT_SENT = "text:sent"
    START_CHOSEN = "start:chosen"
    ORDER_PLACED = "order:placed"
    OFFER_GRANTED = "offer:granted"
    OFFER_CLOSED = "offer:closed"
    OFFER_ENTERED = "offer:entered"
    OFFER_LEFT = "offer:left"
    EARLY_START_TAKEN_BACK = "early_start:taken_back"
    CHECKOUT_OPENED = "checkout:opened"
    PAYMENT_RECEIVED = "payment:received"
    INSTALMENTS_DATED = "instalments:dated"
    INSTALMENT_ANNOUNCED = "instalment:announced"
    INSTALMENT_SUSPENDED = "instalment:suspended"
    INSTALMENT_TRIED = "instalment:tried"
    INSTALMENT_REFUSED = "instalment:refused"
    INSTALMENT_PAGE_ASKED = "instalment:page_asked"
    ACCOUNTING_ISSUED = "accounting:issued"
    ACCOUNTING_SENT = "accounting:sent"
    ACCOUNTS_EXPORTED = "accounts:exported"
    FIGURES_EXPORTED = "figures:exported"
    CONFIRMATION_SENT = "confirmation:sent"
    WISHES_WIDENED = "wishes:widened"
    WITHDRAWAL_DECLARED = "withdrawal:declared"
    WITHDRAWAL_DECIDED = "withdrawal:decided"
    TERMINATION_NOTIFIED = "termination:notified"
    TERMINATION_SET_ASIDE = "termination:set_aside"
    CONTRACT_ENDED = "contract:ended"
    DISPUTE_OPENED = "dispute:opened"
    DISPUTE_CLOSED = "dispute:closed"
    COMPLAINT_FILED = "complaint:filed"
    COMPLAINT_ANSWERED = "complaint:answered"
    COMPLAINT_CLOSED = "complaint:closed"
    COMPLAINTS_EXPORTED = "complaints:exported"
    REFUND_APPROVED = "refund:approved"
    REFUND_UNDONE = "refund:undone"
    REFUND_SENT = "refund:sent"
    REFUND_SETTLED = "refund:settled"
    LATE_PAYMENT = "payment:late"
    CARD_RELEASED = "card:released"
    EXPORT_ASKED = "export:asked"
    EXPORT_MADE = "export:made"
    PROFILE_CORRECTED = "profile:corrected"
    CORRECTION_ASKED = "correction:asked"
    ERASURE_ASKED = "erasure:asked"
    ERASURE_CANCELLED = "erasure:cancelled"
    ERASURE_DONE = "erasure:done"
    RETENTION_RUN = "retention:run"
    GROUP_PROPOSED = "group:proposed"
    GROUP_RECOMPOSED = "group:recomposed"
    GROUP_CONFIRMED = "group:confirmed"
    GROUP_REJECTED = "group:rejected"
    SEAT_ANSWERED = "seat:answered"
    CONSENT_ASKED = "consent:asked"
    CONSENT_ANSWERED = "consent:answered"
    CONSENT_CANCELLED = "consent:cancelled"
    SEAT_TAKEN = "seat:taken"
    SEAT_FREED = "seat:freed"
    PLACE_FREED = "place:freed"
    GROUP_PAUSED = "group:paused"
    GROUP_RESUMED = "group:resumed"
    GROUPS_MERGED = "groups:merged"
    GROUP_DISSOLVED = "group:dissolved"
    CHANNEL_OPENED = "channel:opened"
    CHANNEL_LEFT = "channel:left"
    CHANNEL_CHANGED = "channel:changed"
    CHANNEL_MENDED = "channel:mended"
    PERSON_CHANGED = "person:changed"
    SLOT_VOTED = "slot:voted"
    SLOT_CHOSEN = "slot:chosen"
    CHARTER_SIGNED = "charter:signed"
    GROUP_STARTED = "group:started"
    SESSIONS_MOVED = "sessions:moved"
    WEEKS_OFF_CHOSEN = "weeks_off:chosen"
    ATTENDANCE_EXPORTED = "attendance:exported"
    KIT_SENT = "kit:sent"
    KIT_RECEIVED = "kit:received"
    CALENDAR_LINKED = "calendar:linked"
    CALENDAR_SENT = "calendar:sent"
    GROUP_SETTINGS_CHANGED = "group:settings_changed"
    GUIDE_POSTED = "guide:posted"
    GUIDE_SENT = "guide:sent"
    SHEET_OPENED = "sheet:opened"
    LIVE_STARTED = "live:started"
    LIVE_STEPPED = "live:stepped"
    LIVE_ENDED = "live:ended"
    ATTENDANCE_SIGNED = "attendance:signed"
    ATTENDANCE_ATTESTED = "attendance:attested"
    ABSENCE_DECLARED = "absence:declared"
    SESSION_CLOSED = "session:closed"
    CHECK_IN_ASKED = "check_in:asked"
    CHECK_IN_REMINDED = "check_in:reminded"
    CHECK_IN_ESCALATED = "check_in:escalated"
    CHECK_IN_SUMMARISED = "check_in:summarised"
    CHECK_IN_ANSWERED = "check_in:answered"
    DRAFT_SAVED = "draft:saved"
    DOCUMENT_SUBMITTED = "document:submitted"
    WORKSHEET_PRINTED = "worksheet:printed"
    DOCUMENT_SHARED = "document:shared"
    SHARE_REVOKED = "share:revoked"
    DOCUMENT_TAKEN = "document:taken"
    DOCUMENT_REASSIGNED = "document:reassigned"
    FILES_ANNOUNCED = "files:announced"
    FILES_RECEIVED = "files:received"
    REMARK_DRAFTED = "remark:drafted"
    REMARK_CHANGED = "remark:changed"
    REMARK_DELETED = "remark:deleted"
    REPLY_RELAYED = "reply:relayed"
    REPLY_CHANGED = "reply:changed"
    REPLY_WITHDRAWN = "reply:withdrawn"
    REVIEW_ALERTED = "review:alerted"
    DOCUMENT_CHECKED = "document:checked"
    DOCUMENT_RETURNED = "document:returned"
    DOCUMENT_VALIDATED = "document:validated"
    QUIET_CHOSEN = "quiet:chosen"
    REVIEW_NAGGED = "review:nagged"
    TUTOR_AWAY = "tutor:away"
    TUTOR_BACK = "tutor:back"
    TUTOR_CHOSE = "tutor:chose"
    TUTOR_DIGEST_SENT = "tutor:digest_sent"
    QUESTION_ASKED = "question:asked"
    QUESTION_ANSWERED = "question:answered"
    QUESTION_CLOSED = "question:closed"
    REPORT_POSTED = "report:posted"
    RISK_HANDLED = "risk:handled"
    GROUP_FINISHED = "group:finished"
    CHANNEL_ARCHIVED = "channel:archived"
    ATTESTATION_ISSUED = "attestation:issued"
    ATTESTATION_SENT = "attestation:sent"
    MATERIAL_REMINDED = "material:reminded"
    MATERIAL_DECLARED = "material:declared"
    SURVEY_ASKED = "survey:asked"
    SURVEY_REMINDED = "survey:reminded"
    SURVEY_ANSWERED = "survey:answered"
    ROLE_CHANGED = "role:changed"
    DELIVERY_FAILED = "delivery:failed"
    MEMBER_LOOKED_AT = "member:looked_at"
    GROUP_LOOKED_AT = "group:looked_at"
    LINK_SENT_FOR = "checkout:sent_for"
    CONTRACT_SENT_FOR = "contract:sent_for"
    DELIVERY_RETRIED = "delivery:retried"
    DELIVERY_SET_ASIDE = "delivery:set_aside"
    DEADLINE_SKIPPED = "deadline:skipped"


TEAM_ACTS = frozenset(
    {
        Action.MEMBER_LOOKED_AT,
        Action.GROUP_LOOKED_AT,
        Action.LINK_SENT_FOR,
        Action.CONTRACT_SENT_FOR,
        Action.EXEMPTION_DECIDED,
        Action.INSTALMENT_PAGE_ASKED,
        Action.INSTALMENT_TRIED,
        Action.CONTRACT_ENDED,
        Action.TERMINATION_SET_ASIDE,
        Action.REFUND_APPROVED,
    }
)
"""Looks and acts of the team in one person's file, of which that person is told."""


@dataclass
class JournalEntry:
    """Who (a Slack user id, or ``bot``) did what, to which of our ids, when; ``data`` holds no message text."""

    id: str
    at: datetime
    actor: str
    action: Action
    subject: str
    data: dict[str, Any] = field(default_factory=dict)
