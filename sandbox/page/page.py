"""What the page remembers between two requests: errors in modals, options found, the last move of the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.clock_control import ClockControl
from sandbox.page.watched_delivery import WatchedDelivery
from sandbox.slack.model import JsonObject, View
from sandbox.slack.service import SlackService

if TYPE_CHECKING:
    from sandbox.server import Sandbox

OfferKey = tuple[str, str]


@dataclass(frozen=True)
class ModalErrors:
    """The errors under the inputs of one view, as it was when they came."""

    view_id: str
    view_hash: str
    errors: Mapping[str, str]


@dataclass
class Page:
    """The page of one sandbox."""

    sandbox: Sandbox
    modal_errors: dict[str, ModalErrors] = field(default_factory=dict)
    offers: dict[str, dict[OfferKey, list[JsonObject]]] = field(default_factory=dict)
    acts: int = 0
    moved_at: str = ""
    first_record: int = 0
    last_record: int = 0

    @property
    def service(self) -> SlackService:
        """The Slack side of the sandbox."""
        return self.sandbox.slack

    @property
    def delivery(self) -> WatchedDelivery | None:
        """The delivery if it keeps its envelopes."""
        delivery = self.sandbox.delivery
        return delivery if isinstance(delivery, WatchedDelivery) else None

    @property
    def ended(self) -> bool:
        """Whether the sandbox is about to stop."""
        return self.delivery is not None and self.delivery.ended

    @property
    def clock(self) -> ClockControl:
        """The controls of the clock."""
        return ClockControl(self.sandbox.clock, self.sandbox.followers, self.sandbox.stripe.webhooks)

    def errors_of(self, view: View) -> Mapping[str, str]:
        """The errors to show in a modal."""
        known = self.modal_errors.get(view.user)
        current = known is not None and (known.view_id, known.view_hash) == (view.id, view.hash)
        return known.errors if known is not None and current else {}

    def keep_errors(self, view: View, errors: Mapping[str, str]) -> None:
        """Show these errors in a modal until it changes."""
        self.modal_errors[view.user] = ModalErrors(view.id, view.hash, dict(errors))

    def offers_at(self, place: str) -> dict[OfferKey, list[JsonObject]]:
        """The options found in external selects of a view (its id) or of a message (user, channel and ts)."""
        return self.offers.setdefault(place, {})

    def count_records(self) -> int:
        """The number of the last call in the record."""
        lines = self.sandbox.recorder.lines(since=self.last_record)
        if lines:
            self.last_record = lines[-1]["n"]
        return self.last_record

    def mark(self) -> tuple[object, ...]:
        """Differs whenever something visible may have changed."""
        workspace = self.service.workspace
        sent = self.delivery.envelopes_sent if self.delivery else 0
        version, records = self.sandbox.clock.version, self.count_records()
        return (id(workspace), workspace.last_ts, workspace.last_number, version, records, self.acts, sent)
