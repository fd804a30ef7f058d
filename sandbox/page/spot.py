"""Where a window stands: who looks, at which conversation, thread or tab. It lives in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sandbox.slack.model import SLACKBOT, User
from sandbox.slack.people_common import conversations_of, find_person, find_place
from sandbox.slack.service import SlackService

APP = "app"
"""The ``channel`` of the app's own place: its home and its direct messages."""
TABS = ("home", "messages")


@dataclass(frozen=True)
class Spot:
    """A person's window. ``tab`` counts in the app's place only."""

    person: str
    channel: str
    thread: str | None = None
    tab: str = "home"

    @property
    def in_app(self) -> bool:
        """Whether the window shows the app's own place."""
        return self.channel == APP

    @property
    def shows_home(self) -> bool:
        """Whether the window shows the app's home."""
        return self.in_app and self.tab == "home"

    def fields(self) -> dict[str, str]:
        """The query (or the hidden fields of a form) that leads back here."""
        found = {"person": self.person, "channel": self.channel}
        found |= {"tab": self.tab} if self.in_app else {}
        return found | ({"thread": self.thread} if self.thread else {})

    def address(self, **changes: Any) -> str:
        """The address of this window, or of a neighbouring one."""
        return f"/?{urlencode(replace(self, **changes).fields())}"

    def conversation(self) -> dict[str, Any]:
        """How the people's controls name this conversation."""
        return {"to_bot": True} if self.in_app else {"channel": self.channel}


def find_spot(service: SlackService, query: Mapping[str, Any]) -> tuple[Spot, User]:
    """The window that the query asks for, and its person; what is left out is chosen.

    Raises ActError when the person does not exist or does not see the conversation.
    """
    user = find_person(service, query.get("person") or _first_person(service), active=False)
    tab = query.get("tab") if query.get("tab") in TABS else "home"
    channel = str(query.get("channel") or _first_channel(service, user))
    if channel != APP:
        found = find_place(service, user, {"channel": channel})
        channel = found.id
        if found.is_direct and service.app.bot_user_id in found.members:
            channel, tab = APP, "messages"
    thread = str(query["thread"]) if query.get("thread") else None
    return Spot(user.id, channel, thread, str(tab)), user


def people_of(service: SlackService) -> list[User]:
    """Everybody whose hat can be worn."""
    users = service.workspace.users.values()
    return [user for user in users if not user.is_bot and not user.deleted and user.id != SLACKBOT]


def _first_person(service: SlackService) -> str:
    return people_of(service)[0].id


def _first_channel(service: SlackService, user: User) -> str:
    channels = [channel for channel in conversations_of(service, user) if not channel.is_direct]
    return channels[0].id if channels else APP
