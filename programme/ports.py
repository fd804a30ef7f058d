"""What the programme needs from outside, as Protocols; ``store`` and ``bot/gateways`` provide them.

Every use case takes ``ports`` first. ``ports.uow()`` opens the one transaction of the act: it commits on a clean exit
and rolls back on an exception. No call to Slack, Stripe or mail happens while it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from programme.content import Content
from programme.effects import Effect
from programme.journal import Action, JournalEntry
from programme.messages import Message
from programme.model.agenda import Deadline, DeadlineKind
from programme.model.channel import ChannelSight
from programme.model.email_proof import EmailProof
from programme.model.enrolment import Enrolment
from programme.model.evidence import Evidence
from programme.model.member import Member
from programme.model.order import Order, Payment
from programme.model.outbox import OutboxRow
from programme.model.people import SlackPerson
from programme.payment_provider import PaymentProvider
from programme.repositories import (
    Accounting,
    Announcements,
    Attestations,
    Complaints,
    Disputes,
    Documents,
    Endings,
    Groups,
    Material,
    Nudges,
    Offers,
    Overview,
    People,
    PersonalData,
    Questions,
    Retention,
    Sessions,
    Surveys,
    Tutors,
)
from programme.rules.sketch import Sketch


class Clock(Protocol):
    """The only source of the present."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...


class Members(Protocol):
    """Members and prospects."""

    def add(self, member: Member) -> None: ...
    def get(self, member_id: str) -> Member: ...
    def by_slack(self, slack_user_id: str) -> Member | None: ...
    def all(self) -> list[Member]: ...
    def add_email_proof(self, proof: EmailProof) -> None: ...
    def email_proof(self, member_id: str) -> EmailProof | None: ...


class Enrolments(Protocol):
    """Enrolments, and the evidence chain of what was accepted and declared."""

    def add(self, enrolment: Enrolment) -> None: ...
    def get(self, enrolment_id: str) -> Enrolment: ...
    def current(self, member_id: str) -> Enrolment | None: ...
    def waiting(self) -> list[Enrolment]:
        """Return the active, paid enrolments whose member sits in no live group, oldest payment first."""
        ...

    def record(self, *, enrolment_id: str, kind: str, at: datetime, facts: Mapping[str, Any]) -> Evidence:
        """Append a link to the evidence chain."""
        ...

    def evidence(self, enrolment_id: str | None = None) -> list[Evidence]: ...
    def last_evidence(self) -> Evidence | None: ...


class Orders(Protocol):
    """Orders and their instalments."""

    def add(self, order: Order, payments: Sequence[Payment]) -> None: ...
    def get(self, order_id: str) -> Order: ...
    def of_enrolment(self, enrolment_id: str) -> Order | None: ...
    def by_checkout(self, checkout_id: str) -> Order | None: ...
    def payments(self, order_id: str) -> list[Payment]: ...
    def payment(self, payment_id: str) -> Payment: ...
    def by_intent(self, intent_id: str) -> Payment | None: ...
    def awaiting_payment(self) -> list[Order]: ...
    def in_flight(self) -> list[Payment]:
        """Return the unpaid instalments that have a charge or a page at Stripe."""
        ...


class Agenda(Protocol):
    """Deadlines, unique by kind and subject."""

    def put(self, kind: DeadlineKind, subject: str, due_at: datetime) -> None:
        """Set or move the deadline; one already done stays done."""
        ...

    def reopen(self, kind: DeadlineKind, subject: str, due_at: datetime) -> None:
        """Set, move or bring back the deadline: what was done may have to be looked at again."""
        ...

    def cancel(self, kind: DeadlineKind, subject: str) -> None: ...
    def due(self, now: datetime, limit: int = 50) -> list[Deadline]: ...
    def open_at(self, kind: DeadlineKind, subject: str) -> datetime | None:
        """Return when this will happen; None when nothing is set, or when it was done."""
        ...

    def get(self, deadline_id: str) -> Deadline: ...
    def next_due(self) -> datetime | None: ...


class Outbox(Protocol):
    """Effects on their way out."""

    def put(self, key: str, effect: Effect, *, lane: str, due_at: datetime | None = None) -> bool:
        """Write the effect unless its key was written before; tells whether it was new."""
        ...

    def get(self, key: str) -> OutboxRow | None: ...
    def posted_at(self, channel: str, ts: str) -> OutboxRow | None: ...
    def claim(self, now: datetime, lease_until: datetime) -> OutboxRow | None:
        """Take the next due row whose lane has nothing earlier unsent; it becomes SENDING."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the next row may be claimed: when it is due, or when the lease of a lost attempt runs out."""
        ...


class Inbox(Protocol):
    """Events that were handled."""

    def claim(self, source: str, event_id: str) -> None:
        """Record the event in this transaction; AlreadyHandled if it was recorded before."""
        ...


class Journal(Protocol):
    """The journal."""

    def write(self, actor: str, action: Action, subject: str, **data: object) -> None: ...
    def of(self, subject: str) -> list[JournalEntry]: ...
    def about(self, subjects: Sequence[str]) -> list[JournalEntry]:
        """Return the lines about any of these ids, newest first."""
        ...


class UnitOfWork(Protocol):
    """One transaction and the repositories that live in it."""

    @property
    def members(self) -> Members: ...
    @property
    def enrolments(self) -> Enrolments: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def offers(self) -> Offers: ...
    @property
    def endings(self) -> Endings: ...
    @property
    def accounting(self) -> Accounting: ...
    @property
    def attestations(self) -> Attestations: ...
    @property
    def disputes(self) -> Disputes: ...
    @property
    def complaints(self) -> Complaints: ...
    @property
    def groups(self) -> Groups: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def questions(self) -> Questions: ...
    @property
    def material(self) -> Material: ...
    @property
    def surveys(self) -> Surveys: ...
    @property
    def tutors(self) -> Tutors: ...
    @property
    def people(self) -> People: ...
    @property
    def personal_data(self) -> PersonalData: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def agenda(self) -> Agenda: ...
    @property
    def nudges(self) -> Nudges: ...
    @property
    def announcements(self) -> Announcements: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def overview(self) -> Overview: ...


@dataclass(frozen=True)
class Receipt:
    """Where a message went: channel and ts; ``extra`` keeps what else the outside answered."""

    channel: str = ""
    ts: str = ""
    extra: Mapping[str, Any] | None = None


class Workspace(Protocol):
    """The Slack workspace. Every method raises Retryable or Permanent."""

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> Receipt: ...
    def find_posted(self, channel: str, key: str, thread_ts: str = "") -> Receipt | None:
        """Look for the post that carries our key, after an uncertain outcome."""
        ...

    def edit(self, channel: str, ts: str, message: Message) -> None: ...
    def delete(self, channel: str, ts: str) -> None: ...
    def pin(self, channel: str, ts: str) -> None: ...
    def direct_channel(self, slack_user_id: str) -> str: ...
    def create_channel(self, name: str) -> tuple[str, str]:
        """Create a private channel; returns its id and the name it got (a suffix is added when it was taken)."""
        ...

    def describe(self, channel: str, *, topic: str) -> None: ...
    def bookmark(self, channel: str, *, title: str, url: str, emoji: str = "") -> None:
        """Put a link above the channel, once for each title; without a url, take it away."""
        ...

    def permalink(self, channel: str, ts: str) -> str: ...
    def kick(self, channel: str, user: str) -> None:
        """Take somebody out of a channel; somebody who is not in it is no error."""
        ...

    def look(self, channel: str) -> ChannelSight:
        """Tell how a channel is found: its name, its topic, who is in it."""
        ...

    def invite(self, channel: str, users: Sequence[str]) -> Mapping[str, str]:
        """Invite people; returns Slack's error per user who could not be invited."""
        ...

    def archive(self, channel: str) -> None: ...
    def publish_home(self, slack_user_id: str, home: object) -> None: ...
    def person(self, slack_user_id: str) -> SlackPerson: ...
    def channel_members(self, channel: str) -> list[str]: ...
    def upload_file(self, name: str, content: bytes, *, alt: str = "") -> str:
        """Send a file's bytes and return its id; nobody sees it until it is shared. ``alt`` describes a picture."""
        ...

    def share_files(self, channel: str, files: Mapping[str, str], *, thread_ts: str = "") -> None:
        """Let uploaded files (id → title) appear together, in one message."""
        ...

    def is_shared(self, file_id: str, channel: str) -> bool:
        """Tell whether an uploaded file appeared in the channel, after an uncertain outcome."""
        ...

    def delete_file(self, file_id: str) -> None:
        """Delete a file that we uploaded; already gone is fine."""
        ...

    def fetch_file(self, slack_file_id: str) -> tuple[str, Iterable[bytes]]:
        """Return the name of a file that a person shared with us, and its content piece by piece.

        Unreadable when it never can be read. Reading the pieces raises Retryable or Unreadable too.
        """
        ...


class Mailer(Protocol):
    """E-mail. Raises Retryable or Permanent."""

    def send(
        self,
        *,
        to: str,
        template: str,
        data: Mapping[str, Any],
        attachments: Sequence[tuple[str, bytes]],
        message_id: str,
    ) -> None: ...


class DocumentPrinter(Protocol):
    """PDF from a template of ``content/documents``; worksheets as DOCX too."""

    def render(self, template: str, data: Mapping[str, Any]) -> bytes: ...
    def render_word(self, data: Mapping[str, Any]) -> bytes: ...


@dataclass(frozen=True)
class Kept:
    """A content of our own store: its digest, its bytes counted, and the type that its first bytes tell."""

    sha256: str
    size: int
    mimetype: str


class Files(Protocol):
    """Contents by SHA-256 under DATA_DIR."""

    def store(self, content: bytes) -> str:
        """Keep the content and return its SHA-256."""
        ...

    def keep(self, pieces: Iterable[bytes]) -> Kept:
        """Keep a content as it comes; an error of ``pieces`` passes and leaves nothing behind."""
        ...

    def read(self, sha256: str) -> bytes: ...
    def erase(self, sha256: str) -> None:
        """Delete a content for good; one that is not there is no error."""
        ...


class Pictures(Protocol):
    """PNG pictures."""

    def group_map(self, *, title: str, sketch: Sketch, slots: str) -> bytes: ...
    def share_chart(
        self, *, title: str, labels: Sequence[str], bars: Sequence[str], shares: Sequence[Sequence[int | None]]
    ) -> bytes:
        """Draw percentages: a row of ``bars`` for each label; None where nothing is known."""
        ...

    def bar_chart(self, *, title: str, labels: Sequence[str], lengths: Sequence[int], captions: Sequence[str]) -> bytes:
        """Draw one bar for each label, first label on top, with its caption at its end."""
        ...


@dataclass(frozen=True)
class Config:
    """The few facts of the installation that rules and texts need."""

    admin_channel: str = ""
    tutor_channel: str = ""
    public_url: str = ""
    mail_domain: str = "ensemble1job.example"
    second_admin_above: int = 30_000
    """Cents above which a refund needs two admins."""
    payment_in_three: bool = False
    """Whether an order may be paid in three instalments."""


@dataclass(frozen=True, repr=False)
class Ports:
    """Everything a use case may touch."""

    clock: Clock
    uow: Callable[[], AbstractContextManager[UnitOfWork]]
    reading: Callable[[], AbstractContextManager[UnitOfWork]]
    workspace: Workspace
    payments: PaymentProvider
    mailer: Mailer
    printer: DocumentPrinter
    files: Files
    content: Content
    config: Config
    pictures: Pictures
