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
    EARLY_START_TAKEN_BACK = "early_start:taken_back"
    CHECKOUT_OPENED = "checkout:opened"
    PAYMENT_RECEIVED = "payment:received"
    CONFIRMATION_SENT = "confirmation:sent"
    WISHES_WIDENED = "wishes:widened"
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
    DOCUMENT_SUBMITTED = "document:submitted"
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
    DOCUMENT_RETURNED = "document:returned"
    DOCUMENT_VALIDATED = "document:validated"
    REPORT_POSTED = "report:posted"
    GROUP_FINISHED = "group:finished"
    CHANNEL_ARCHIVED = "channel:archived"
    ROLE_CHANGED = "role:changed"
    DELIVERY_FAILED = "delivery:failed"
    DEADLINE_SKIPPED = "deadline:skipped"


@dataclass
class JournalEntry:
    """Who (a Slack user id, or ``bot``) did what, to which of our ids, when; ``data`` holds no message text."""

    id: str
    at: datetime
    actor: str
    action: Action
    subject: str
    data: dict[str, Any] = field(default_factory=dict)
