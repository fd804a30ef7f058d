"""What the bot says, as meaning: one model a message, drawn in French by ``handlers/views/messages.py``.

A message carries the facts it tells (names, dates, sums), frozen when it was decided; long texts stay in the content.
Dates are local wall time; sums are integer cents. Class names stand in ``kind`` so that a row can be read back.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from programme.model.document import DocumentState

Decision = Literal["", "confirmed", "rejected"]
OfferAnswer = Literal["", "accepted", "declined", "expired", "withdrawn"]
OfferEnd = Literal["accepted", "declined", "expired"]
Stage = Literal["voting", "gated", "running", "finished"]
Awaited = Literal["vote", "charter", "confirmation", "legal_delay", "seat"]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PaymentLink(_Message):
    """To the member: the Checkout link of their order."""

    kind: Literal["payment_link"] = "payment_link"
    order_id: str
    price: int
    first_amount: int
    instalments: int
    url: str
    expires_at: datetime


class PaymentLinkExpired(_Message):
    """To the member: the link has expired, a new one is one tap away."""

    kind: Literal["payment_link_expired"] = "payment_link_expired"
    order_id: str


class OrderConfirmed(_Message):
    """To the member: paid; what was bought, until when one may withdraw, what follows."""

    kind: Literal["order_confirmed"] = "order_confirmed"
    order_id: str
    first_name: str
    paid: int
    price: int
    withdrawal_last_day: date
    early_start: bool
    email: str


class TutorChoice(BaseModel):
    """A tutor who may be given a group: Slack user, name, how many groups they follow now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str
    name: str
    groups: int


class GroupProposalCard(_Message):
    """To the admins: a proposal of the matching, to confirm or reject; ``decision`` closes the card."""

    kind: Literal["group_proposal_card"] = "group_proposal_card"
    group_id: str
    label: str
    members: tuple[str, ...]
    worst_km: float
    total_km: float
    common_slots: tuple[str, ...]
    tutors: tuple[TutorChoice, ...] = ()
    decision: Decision = ""
    decided_by: str = ""
    tutor_user: str = ""
    reason: str = ""


class SeatOffer(_Message):
    """To a member: a place in a group; accept or decline; ``answer`` closes the message.

    With ``size`` three, accepting is the agreement to start with three (CGV 8).
    """

    kind: Literal["seat_offer"] = "seat_offer"
    group_id: str
    size: int
    place: str
    worst_km: float
    common_slots: tuple[str, ...]
    expires_at: datetime
    zone: str = "Europe/Paris"
    reminder: bool = False
    answer: OfferAnswer = ""


class OfferWithdrawn(_Message):
    """To a member who had accepted or not yet answered: the group will not form, you are first in the queue."""

    kind: Literal["offer_withdrawn"] = "offer_withdrawn"
    place: str


class GroupOutcome(_Message):
    """To the admins: what became of an offered group (formed, or dissolved and why)."""

    kind: Literal["group_outcome"] = "group_outcome"
    label: str
    formed: bool
    detail: OfferEnd


class GroupAlert(_Message):
    """To the admins: who could not be invited to a group's channel, with Slack's word for it, or who has left it."""

    kind: Literal["group_alert"] = "group_alert"
    label: str
    what: Literal["not_invited", "left"]
    users: dict[str, str]


class GroupWelcome(_Message):
    """In the group's channel: who is here, the tutor, what happens next."""

    kind: Literal["group_welcome"] = "group_welcome"
    group_id: str
    label: str
    member_users: tuple[str, ...]
    tutor_user: str
    place: str


class SlotVote(_Message):
    """In the group's channel: vote for the weekly appointment; ``votes`` maps a slot to its number of votes."""

    kind: Literal["slot_vote"] = "slot_vote"
    group_id: str
    votes: dict[str, int]
    voters: int
    size: int
    closes_at: datetime
    zone: str
    chosen: str = ""


class CharterRequest(_Message):
    """To a member: sign the confidentiality undertaking and the charter of the group."""

    kind: Literal["charter_request"] = "charter_request"
    group_id: str
    signed: bool = False


class PlanPublished(_Message):
    """In the group's channel: the sixteen dates."""

    kind: Literal["plan_published"] = "plan_published"
    group_id: str
    starts: tuple[datetime, ...]
    zone: str
    minutes: int
    slack_weeks: int
    last_allowed_day: date


class Board(_Message):
    """The living board of a group, edited in place: nothing on it tells who has not paid, signed or answered."""

    kind: Literal["board"] = "board"
    group_id: str
    label: str
    member_users: tuple[str, ...]
    tutor_user: str
    stage: Stage
    awaited: tuple[Awaited, ...] = ()
    next_number: int | None = None
    next_start: datetime | None = None
    zone: str = "Europe/Paris"
    held: int = 0
    documents: dict[str, int] = Field(default_factory=dict)
    weeks_left: int | None = None


class SessionGuide(_Message):
    """In the group's channel: the guide of a session, two days before."""

    kind: Literal["session_guide"] = "session_guide"
    group_id: str
    number: int
    starts_at: datetime
    zone: str
    minutes: int
    roles: dict[str, str]
    part: int = 1
    parts: int = 1


class AttendanceSheet(_Message):
    """In the group's channel, at the hour of the session: sign, declare an absence, close the session."""

    kind: Literal["attendance_sheet"] = "attendance_sheet"
    session_id: str
    number: int
    starts_at: datetime
    zone: str
    signed_users: tuple[str, ...] = ()
    attested_users: tuple[str, ...] = ()
    late_users: tuple[str, ...] = ()
    absent_users: tuple[str, ...] = ()
    awaited_users: tuple[str, ...] = ()
    closed: bool = False
    held: bool = False


class SessionMissed(_Message):
    """To the tutors: a sheet closed with too few signatures, so the session does not count as held.

    ``recovered`` tells that late signatures have made it count after all.
    """

    kind: Literal["session_missed"] = "session_missed"
    group_label: str
    tutor_user: str
    number: int
    starts_at: datetime
    zone: str
    present: int
    size: int
    recovered: bool = False


class AbsenceAlert(_Message):
    """To the tutors: a member was absent from two held sessions in a row."""

    kind: Literal["absence_alert"] = "absence_alert"
    group_label: str
    tutor_user: str
    member_user: str
    numbers: tuple[int, ...]


class CheckInRequest(_Message):
    """To a member, two days after a session: three questions."""

    kind: Literal["check_in_request"] = "check_in_request"
    check_in_id: str
    number: int
    reminder: int = 0
    answered: bool = False


class CheckInSummary(_Message):
    """In the group's channel: the group's week without names or judgements."""

    kind: Literal["check_in_summary"] = "check_in_summary"
    number: int
    answered: int
    asked: int
    average_progress: float
    work_done: dict[str, int]


class CheckInSilence(_Message):
    """To the tutor's channel: a member has not answered two reminders; a human takes over."""

    kind: Literal["check_in_silence"] = "check_in_silence"
    group_label: str
    member_user: str
    number: int
    tutor_user: str


class CheckInObstacle(_Message):
    """To the tutors, never to the group: what holds a member back; edited when the member changes the answer."""

    kind: Literal["check_in_obstacle"] = "check_in_obstacle"
    group_label: str
    tutor_user: str
    member_user: str
    number: int
    obstacle: str
    note: str = ""


class NamedFile(BaseModel):
    """A file as people see it: its name and its size in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int


class DocumentReceipt(_Message):
    """To the author: what arrived, and until when it will be read.

    The first one is the root of the document's thread; ``in_thread`` tells the short ones of later versions.
    ``kept`` is a worksheet that stays with its owner: nobody reads it, so ``due_at`` is empty.
    """

    kind: Literal["document_receipt"] = "document_receipt"
    document_id: str
    title: str
    worksheet: str = ""
    copy_number: int = 1
    version: int
    files: tuple[NamedFile, ...] = ()
    due_at: datetime | None
    state: DocumentState = DocumentState.RECEIVED
    in_thread: bool = False


class DocumentCard(_Message):
    """In the tutors' channel: one card a document, edited as it moves."""

    kind: Literal["document_card"] = "document_card"
    document_id: str
    title: str
    worksheet: str
    author_user: str
    group_label: str
    version: int
    state: DocumentState
    proposed_tutor: str = ""
    tutor_user: str = ""
    due_at: datetime | None = None


class DocumentContent(_Message):
    """In the card's thread: what the member wrote, question by question, or the names of the files."""

    kind: Literal["document_content"] = "document_content"
    document_id: str
    title: str
    worksheet: str
    version: int
    answers: tuple[tuple[str, str], ...] = ()
    files: tuple[NamedFile, ...] = ()
    part: int = 1
    parts: int = 1


class RemarksReturned(_Message):
    """To the author, in the receipt's thread: the tutor's remarks on one version; long ones take several parts."""

    kind: Literal["remarks_returned"] = "remarks_returned"
    document_id: str
    title: str
    worksheet: str = ""
    copy_number: int = 1
    version: int
    tutor_user: str
    remarks: tuple[str, ...]
    validated: bool = False
    part: int = 1
    parts: int = 1


class AuthorReply(_Message):
    """In the tutor's thread: what the author answered to the remarks; ``withdrawn`` once the author deleted it."""

    kind: Literal["author_reply"] = "author_reply"
    author_user: str
    text: str
    files: tuple[NamedFile, ...] = ()
    withdrawn: bool = False


class NotReceived(_Message):
    """To whoever sent a file or a reply: it went to nobody; ``reason`` names the sentence, ``name`` the file if any."""

    kind: Literal["not_received"] = "not_received"
    reason: str
    name: str = ""


class ReviewHandedOver(_Message):
    """In the card's thread: a document was given to another tutor, who is told there."""

    kind: Literal["review_handed_over"] = "review_handed_over"
    title: str
    tutor_user: str
    by_user: str


class ReviewAlert(_Message):
    """In the tutors' channel: a document nears or passes its promised date (75 % or the end)."""

    kind: Literal["review_alert"] = "review_alert"
    document_id: str
    title: str
    author_user: str
    tutor_user: str
    due_at: datetime
    late: bool


class RiskLine(BaseModel):
    """One risk with the figure that explains it; no ``member_user`` when it concerns the whole group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    member_user: str = ""
    count: int


class GroupWeek(BaseModel):
    """One group's line of the Monday report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    stage: str
    held: int
    planned: int
    present: int
    expected: int
    documents: dict[str, int]
    check_ins_answered: int
    check_ins_asked: int
    weeks_left: int | None
    slack_weeks: int | None
    risks: tuple[RiskLine, ...] = ()


class WeeklyReport(_Message):
    """Monday 08:00, to the admins: every group, and how many people wait (CGV 4, weekly follow-up)."""

    kind: Literal["weekly_report"] = "weekly_report"
    week: str
    waiting: int
    groups: tuple[GroupWeek, ...]
    part: int = 1
    parts: int = 1


class GroupWeekPage(_Message):
    """Monday 08:00, to the tutors: the page of one group (CGV 4, weekly follow-up)."""

    kind: Literal["group_week_page"] = "group_week_page"
    week: str
    tutor_user: str
    group: GroupWeek


class ProgrammeEnded(_Message):
    """In the group's channel after session 16: thanks, what members keep, when the channel closes."""

    kind: Literal["programme_ended"] = "programme_ended"
    label: str
    held: int
    closes_on: date


class Notice(_Message):
    """To one person: a short sentence worth keeping; ``text_key`` names it in ``content/messages.toml``."""

    kind: Literal["notice"] = "notice"
    text_key: str
    details: dict[str, str] = Field(default_factory=dict)


class FailureCard(_Message):
    """To the admins: something unknown failed, with its reference and what to do."""

    kind: Literal["failure_card"] = "failure_card"
    reference: str
    what: str
    detail: str


Message = Annotated[
    PaymentLink
    | PaymentLinkExpired
    | OrderConfirmed
    | GroupProposalCard
    | SeatOffer
    | OfferWithdrawn
    | GroupOutcome
    | GroupAlert
    | GroupWelcome
    | SlotVote
    | CharterRequest
    | PlanPublished
    | Board
    | SessionGuide
    | AttendanceSheet
    | SessionMissed
    | AbsenceAlert
    | CheckInRequest
    | CheckInSummary
    | CheckInSilence
    | CheckInObstacle
    | DocumentReceipt
    | DocumentCard
    | DocumentContent
    | RemarksReturned
    | AuthorReply
    | NotReceived
    | ReviewHandedOver
    | ReviewAlert
    | WeeklyReport
    | GroupWeekPage
    | ProgrammeEnded
    | Notice
    | FailureCard,
    Field(discriminator="kind"),
]
