"""``SlackService``: what every part of the Slack side hangs on — state, clock, events, visibility.

The acts themselves (posting, joining, sharing a file …) are functions that take the service first:
``messaging``, ``membership`` and ``sharing``. Methods of the Web API and the people of the control API
call the same acts, so that a human's act and the app's act leave the same traces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sandbox.slack.errors import SlackError
from sandbox.slack.events import event_is_granted, subscription_name
from sandbox.slack.model import AppInstall, Channel, JsonObject, User
from sandbox.slack.rates import RateLimits
from sandbox.slack.workspace import Workspace


class ClockLike(Protocol):
    """The sandbox clock, as far as Slack needs it."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""


class EventSink(Protocol):
    """Where events go: the delivery over Socket Mode or signed HTTP."""

    def send_event(self, event: JsonObject) -> None:
        """Take a whole ``event_callback`` payload and deliver it to the app."""


class RecorderLike(Protocol):
    """The record of every call received."""

    def record(
        self, *, service: str, method: str, arguments: Mapping[str, Any], status: int, answer: Any, ms: float
    ) -> object:
        """Keep one call; tokens are masked by the recorder."""


class FaultLike(Protocol):
    """A switched-on fault: ``kind`` is drop, delay, 5xx, 429, …; ``seconds`` where a time belongs to it."""

    @property
    def kind(self) -> str:
        """Which fault."""

    @property
    def seconds(self) -> float | None:
        """How long, for a delay or a Retry-After."""


class FaultsLike(Protocol):
    """The switches for faults."""

    def take(self, service: str, method: str) -> Sequence[FaultLike]:
        """The faults that hit this call."""


class SlackService:
    """One workspace with one app in it.

    ``base_url`` is where the sandbox answers: upload and download addresses are built on it.
    """

    def __init__(
        self,
        clock: ClockLike,
        recorder: RecorderLike,
        faults: FaultsLike,
        workspace: Workspace,
        delivery: EventSink,
        *,
        base_url: str = "http://127.0.0.1:8700",
    ) -> None:
        self.clock = clock
        self.recorder = recorder
        self.faults = faults
        self.workspace = workspace
        self.delivery = delivery
        self.base_url = base_url
        self.rates = RateLimits()

    def reset(self, workspace: Workspace) -> None:
        """Start again from a fresh workspace, with all rate windows empty."""
        self.workspace = workspace
        self.rates = RateLimits()

    @property
    def app(self) -> AppInstall:
        """The app installed in the workspace."""
        return self.workspace.app

    @property
    def now(self) -> datetime:
        """The sandbox clock's present instant."""
        return self.clock.now()

    @property
    def epoch(self) -> int:
        """The sandbox clock in whole epoch seconds, as Slack's ``created`` and ``updated`` want it."""
        return int(self.now.timestamp())

    def new_ts(self) -> str:
        """A fresh ts, later than every other of the workspace."""
        return self.workspace.new_ts(self.now)

    def user(self, user_id: str) -> User:
        """The user; raises ``SlackError("user_not_found")``."""
        user = self.workspace.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        return user

    def channel_seen_by(self, user_id: str, channel_id: str) -> Channel:
        """The conversation if the user sees it; raises ``channel_not_found`` otherwise, as Slack does."""
        channel = self.workspace.channels.get(channel_id)
        if channel is None or not self.workspace.sees(user_id, channel):
            raise SlackError("channel_not_found")
        return channel

    def channel_of_member(self, user_id: str, channel_id: str) -> Channel:
        """The conversation if the user is in it; ``channel_not_found`` or ``not_in_channel`` otherwise."""
        channel = self.channel_seen_by(user_id, channel_id)
        if user_id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def emit(self, event: JsonObject, channel: Channel | None = None) -> bool:
        """Send an event to the app if it may have it: subscribed, in scope, and the bot in ``channel``.

        ``channel`` None means an event of the whole workspace. Answers whether the event was sent.
        """
        manifest = self.app.manifest
        if subscription_name(event, channel) not in manifest.events:
            return False
        if channel is not None and self.workspace.bot.id not in channel.members:
            return False
        if not event_is_granted(event, channel, manifest.scopes):
            return False
        self.delivery.send_event(self.event_callback(event))
        return True

    def event_callback(self, event: JsonObject) -> JsonObject:
        """The whole Events API payload around an inner event."""
        team_id = self.workspace.team.id
        authorization = {
            "enterprise_id": None,
            "team_id": team_id,
            "user_id": self.app.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        if "event_ts" not in event:
            event["event_ts"] = self.new_ts()
        return {
            "token": self.app.verification_token,
            "team_id": team_id,
            "api_app_id": self.app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self.workspace.new_id("Ev"),
            "event_time": self.epoch,
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": self.workspace.new_id("4-"),
        }
