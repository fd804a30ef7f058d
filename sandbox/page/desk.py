"""``Desk``: what the page's handlers share — the sandbox, and what browsers would otherwise have to remember."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.clock import show_instant
from sandbox.page.live import Changes
from sandbox.page.mover import Mover
from sandbox.page.tour import Tour
from sandbox.record import masked
from sandbox.slack.envelope import Ack, Envelope
from sandbox.slack.model import JsonObject, View
from sandbox.slack.service import SlackService

if TYPE_CHECKING:
    from sandbox.server import Sandbox

MAX_ENVELOPES = 2000


@dataclass
class Notice:
    """A sentence shown to a person until they act again; ``wrong`` when something was refused."""

    text: str
    wrong: bool = True


@dataclass(frozen=True)
class Link:
    """An address that the sandbox was told of: the withdrawal page, for example."""

    label: str
    url: str


@dataclass
class Pending:
    """A press that waits for its confirmation: the dialog, and the form to send again."""

    dialog: JsonObject
    fields: list[tuple[str, str]]
    action: str


@dataclass
class Desk:
    """The sandbox, with the notices, errors and dialogs that each person has before their eyes."""

    sandbox: Sandbox
    changes: Changes = field(default_factory=Changes)
    patience: float = 0.5
    """Seconds that an act waits for a first change on the screen; live windows see what comes later too."""
    notices: dict[str, Notice] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    envelopes: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MAX_ENVELOPES))
    fired_since: int = 0
    feeds: dict[str, set[str]] = field(default_factory=dict)
    """The addresses of calendars that modals have shown, by person."""
    mover: Mover = field(init=False)
    tour: Tour = field(init=False)
    _errors: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    _sent: int = 0

    def __post_init__(self) -> None:
        """Listen to the clock, the calls and the envelopes."""
        self.mover = Mover(self.sandbox)
        self.tour = Tour(self)
        self.sandbox.clock.subscribe(self.changes.note)
        self.sandbox.recorder.subscribe(self.changes.note)
        self.sandbox.delivery.watchers.append(self._keep)

    @property
    def service(self) -> SlackService:
        """The Slack side."""
        return self.sandbox.slack

    def errors_of(self, view: View) -> dict[str, str]:
        """The errors under the fields of a modal, by block_id, until it is sent or drawn again."""
        drawing, errors = self._errors.get(view.id, ("", {}))
        return errors if drawing == view.hash else {}

    def show_errors(self, view: View, errors: dict[str, str]) -> None:
        """Show these errors in the modal, in place of those before."""
        self._errors[view.id] = (view.hash, errors)

    def reset(self) -> None:
        """The workspace starts again."""
        self.mover.stop()
        self.tour.reset()
        self.notices.clear()
        self.pending.clear()
        self.feeds.clear()
        self._errors.clear()
        self.envelopes.clear()
        self.fired_since = self.sandbox.recorder.count
        self.changes.note()

    def _keep(self, envelope: Envelope, ack: Ack) -> None:
        self._sent += 1
        sent = {
            "n": self._sent,
            "at": show_instant(self.sandbox.clock.now()),
            "kind": envelope.kind,
            "name": _name(envelope.payload),
            "retry": envelope.retry_attempt,
            "payload": masked(envelope.payload),
            "answer": masked(ack.payload),
            "error": ack.error,
        }
        self.envelopes.append(sent)
        self.changes.note()


def _name(payload: JsonObject) -> str:
    inner = payload.get("event") or payload
    return str(inner.get("command") or inner.get("type") or "")
