"""What a person has before their eyes: sidebar, conversation, thread, home, modal, and the bar above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.page.clock_bar import ClockBar
from sandbox.page.desk import Desk, Pending
from sandbox.page.fields import Fields
from sandbox.page.markup import Markings
from sandbox.slack import people_reading as reading
from sandbox.slack.delivery import delivery_of
from sandbox.slack.elements import ActError
from sandbox.slack.model import SLACKBOT, Channel, JsonObject, User, View
from sandbox.slack.people_common import demand_writable, find_place
from sandbox.slack.reading import user_name

TOGETHER = timedelta(minutes=5)
"""Messages of one author within this time stand under one name."""
SHOWN_MESSAGES = 150
FEED = re.compile(r"(?:https?|webcal)://[^\s<>|\"'`\\]+\.ics\b")


@dataclass(frozen=True)
class Line:
    """One message of a conversation, ready to draw."""

    body: JsonObject
    at: datetime
    author: str
    fields: Fields
    new_day: bool
    continues: bool

    @property
    def raw(self) -> JsonObject:
        """Slack's own object."""
        return dict(self.body["raw"])


def feeds_in(text: str) -> list[str]:
    """The addresses of calendars in a text."""
    return FEED.findall(text)


class Screen:
    """The person's screen at ``here``, the address of the page that is drawn."""

    def __init__(self, desk: Desk, user: User, here: str) -> None:
        self.desk = desk
        self.service = desk.service
        self.user = user
        self.here = here
        self.marks = Markings(self.service, user)
        self.zone = ZoneInfo(user.tz)
        self.bar = ClockBar(desk, user)
        self.tour = desk.tour
        if self.modal is not None:
            desk.feeds.setdefault(user.id, set()).update(feeds_in(str(self.modal.payload["blocks"])))

    def name_of(self, user_id: str) -> str:
        """The name under which somebody is shown."""
        return user_name(self.service, user_id)

    @cached_property
    def sidebar(self) -> dict[str, list[JsonObject]]:
        """The conversations by section, archived ones left out."""
        sections: dict[str, list[JsonObject]] = {"channels": [], "direct": [], "apps": []}
        for entry in reading.channels(self.service, self.user, {})["channels"]:
            if not entry["is_archived"]:
                sections[_section(entry)].append(entry)
        for entries in sections.values():
            entries.sort(key=lambda entry: entry["name"].casefold())
        return sections

    @cached_property
    def people(self) -> list[User]:
        """Every human of the workspace, those without an account left out."""
        everybody = self.service.workspace.users.values()
        humans = [one for one in everybody if not one.is_bot and one.id != SLACKBOT and not one.deleted]
        return sorted(humans, key=lambda one: (not one.is_admin, not one.title, one.real_name.casefold()))

    @property
    def joinable(self) -> list[Channel]:
        """Public channels that the person may join."""
        channels = self.service.workspace.channels.values()
        return [
            c for c in channels if c.is_public and not c.is_archived and self.user.id not in c.members and self._sees(c)
        ]

    def _sees(self, channel: Channel) -> bool:
        return self.service.workspace.sees(self.user.id, channel)

    @property
    def commands(self) -> list[JsonObject]:
        """The slash commands, with their hints."""
        return list(self.service.app.manifest.commands.values())

    @property
    def shortcuts(self) -> list[JsonObject]:
        """The app's global shortcuts."""
        return [entry for entry in self.service.app.manifest.shortcuts.values() if entry["type"] == "global"]

    @property
    def message_shortcuts(self) -> list[JsonObject]:
        """The app's shortcuts in a message's menu."""
        return [entry for entry in self.service.app.manifest.shortcuts.values() if entry["type"] == "message"]

    @property
    def modal(self) -> View | None:
        """The visible modal."""
        stack = self.service.workspace.modals.get(self.user.id) or []
        return stack[-1] if stack else None

    @property
    def depth(self) -> int:
        """How many modals are open, one on the other."""
        return len(self.service.workspace.modals.get(self.user.id) or [])

    @property
    def home(self) -> View | None:
        """The app's home as last published."""
        return self.service.workspace.homes.get(self.user.id)

    def fields_of(self, view: View) -> Fields:
        """The controls of a modal or of the home."""
        return Fields(self.service, self.user, view.state)

    @property
    def errors(self) -> dict[str, str]:
        """The errors under the fields of the visible modal."""
        return self.desk.errors_of(self.modal) if self.modal else {}

    @property
    def pending(self) -> Pending | None:
        """The confirmation that is asked for."""
        return self.desk.pending.get(self.user.id)

    @property
    def notice(self) -> Any:
        """The sentence that answers the last act, if there is one."""
        return self.desk.notices.get(self.user.id)

    def picture(self, element: JsonObject) -> str:
        """Where an image of this workspace is, or "": the page asks nothing of other addresses."""
        file = element.get("slack_file") or {}
        address = str(file.get("url") or element.get("image_url") or "")
        for known in self.service.workspace.files.values():
            if known.id == file.get("id") or (address and f"-{known.id}/" in address):
                return f"/page/{self.user.id}/files/{known.id}"
        return ""

    def open(self, channel_id: str, thread_ts: str = "") -> Conversation:
        """A conversation and one of its threads; raises ActError when the person does not see it."""
        channel = find_place(self.service, self.user, {"channel": channel_id})
        return Conversation(self, channel, thread_ts)


class Conversation:
    """A conversation on a screen; reading it makes it read."""

    def __init__(self, screen: Screen, channel: Channel, thread_ts: str) -> None:
        self.screen = screen
        self.channel = channel
        self.thread_ts = thread_ts
        messages = self._read()
        whole = [body for body in messages if not _is_reply(body) or _is_broadcast(body)]
        self.hidden = max(0, len(whole) - SHOWN_MESSAGES)
        self.lines = list(self._lines(whole[self.hidden :]))
        self.thread = list(self._lines(self._read(thread_ts))) if thread_ts else []
        self.entry = next(
            (one for one in reading.channels(screen.service, screen.user, {})["channels"] if one["id"] == channel.id),
            None,
        )

    def _read(self, thread_ts: str = "") -> list[JsonObject]:
        query = {"channel": self.channel.id, "thread_ts": thread_ts}
        found = reading.read_conversation(self.screen.service, self.screen.user, query)
        return list(found["messages"])

    def _lines(self, messages: list[JsonObject]) -> Iterator[Line]:
        before: Line | None = None
        for body in messages:
            at = datetime.fromisoformat(body["at"]).astimezone(self.screen.zone)
            line = Line(
                body=body,
                at=at,
                author=body["from"],
                fields=self._fields(body),
                new_day=before is None or before.at.date() != at.date(),
                continues=_continues(before, body, at),
            )
            before = line
            yield line

    def _fields(self, body: JsonObject) -> Fields:
        screen = self.screen
        answers = delivery_of(screen.service).message_answers
        states = answers.get((screen.user.id, self.channel.id, body["ts"])) or {}
        return Fields(screen.service, screen.user, states)

    @property
    def name(self) -> str:
        """Its name in the person's sidebar."""
        return str(self.entry["name"]) if self.entry else self.channel.name

    @property
    def refusal(self) -> str:
        """Why the person cannot write here, or ""."""
        try:
            demand_writable(self.screen.service, self.screen.user, self.channel)
        except ActError as refusal:
            return str(refusal)
        return ""

    @property
    def may_join(self) -> bool:
        """Whether a button offers to join."""
        joined = self.screen.user.id in self.channel.members
        return self.channel.is_public and not self.channel.is_archived and not joined

    @property
    def with_app(self) -> bool:
        """Whether this is the conversation with the app."""
        return self.channel.is_direct and self.screen.service.app.bot_user_id in self.channel.members

    @property
    def pinned(self) -> list[JsonObject]:
        """The pinned messages, as short texts."""
        kept = [self.channel.messages[pin.ts] for pin in self.channel.pins if pin.ts in self.channel.messages]
        return [{"ts": message.ts, "text": message.text} for message in kept]


def _section(entry: JsonObject) -> str:
    if entry["with_bot"]:
        return "apps"
    return "direct" if entry["kind"] in {"im", "mpim"} else "channels"


def _is_reply(body: JsonObject) -> bool:
    return body["thread_ts"] is not None and body["thread_ts"] != body["ts"]


def _is_broadcast(body: JsonObject) -> bool:
    return bool(body["subtype"] == "thread_broadcast")


def _continues(before: Line | None, body: JsonObject, at: datetime) -> bool:
    if before is None or before.at.date() != at.date() or body["subtype"] or before.body["subtype"]:
        return False
    same = before.body["user"] == body["user"] and before.body["ephemeral"] == body["ephemeral"]
    return bool(same) and at - before.at < TOGETHER
