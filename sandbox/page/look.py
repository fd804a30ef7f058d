"""What templates ask while they draw: texts, names, times and addresses as one person sees them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from markupsafe import Markup, escape

from sandbox.page.mrkdwn import render, safe_address
from sandbox.page.rich_text import markdown, rich_text
from sandbox.slack.model import Channel, JsonObject, User
from sandbox.slack.people_common import conversation_name
from sandbox.slack.reading import instant_of, user_name
from sandbox.slack.service import SlackService

COLOURS = 8
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_NOTICES = {
    "channel_join": "a rejoint le canal",
    "channel_leave": "a quitté le canal",
    "channel_archive": "a archivé le canal",
    "channel_unarchive": "a rouvert le canal",
}


class Look:
    """The eyes of one person."""

    def __init__(self, service: SlackService, user: User) -> None:
        self.service = service
        self.viewer = user

    @property
    def zone(self) -> ZoneInfo:
        """Where the person lives."""
        return ZoneInfo(self.viewer.tz)

    def user(self, user_id: str) -> str:
        """The name of somebody."""
        return user_name(self.service, user_id)

    def channel(self, channel_id: str, label: str = "") -> tuple[str, str | None]:
        """The name and the address of a channel; a private one of others stays unnamed."""
        channel = self.service.workspace.channels.get(channel_id)
        if channel is None:
            return f"#{label or channel_id}", None
        if not self.service.workspace.sees(self.viewer.id, channel):
            return "🔒 canal privé", None
        return f"#{channel.name}", f"/?{urlencode({'person': self.viewer.id, 'channel': channel.id})}"

    def text(self, text: JsonObject | None) -> Markup:
        """A text object as HTML."""
        if not text:
            return Markup("")
        if text["type"] == "mrkdwn":
            return self.mrkdwn(text["text"])
        return self.plain(text["text"])

    def plain(self, text: str) -> Markup:
        """Plain text with its line breaks."""
        return Markup("<br>").join(escape(line) for line in text.split("\n"))

    def mrkdwn(self, text: str) -> Markup:
        """Slack's markup as HTML."""
        return render(text, self)

    def markdown(self, text: str) -> Markup:
        """A markdown block as HTML."""
        return markdown(text)

    def rich_text(self, block: JsonObject) -> Markup:
        """A rich_text block as HTML."""
        return rich_text(block, self)

    def cell(self, cell: JsonObject) -> Markup:
        """A cell of a table as HTML."""
        if cell["type"] == "rich_text":
            return self.rich_text(cell)
        return self.plain(str(cell.get("text") or cell.get("value", "")))

    def initials(self, user_id: str) -> str:
        """Two letters in place of a portrait."""
        words = re.findall(r"\w+", self.user(user_id))
        return "".join(word[0] for word in words[:2]).upper() or "?"

    def colour(self, user_id: str) -> int:
        """Which of the portrait colours is theirs."""
        return sum(map(ord, user_id)) % COLOURS

    def is_app(self, user_id: str) -> bool:
        """Whether it is the app's bot."""
        return user_id == self.service.app.bot_user_id

    def instant(self, ts: str) -> datetime:
        """The instant of a ts where the person lives."""
        return instant_of(ts).astimezone(self.zone)

    def time(self, ts: str) -> str:
        """The time of day of a ts."""
        return self.instant(ts).strftime("%H:%M")

    def day(self, ts: str) -> str:
        """The day of a ts in full."""
        return str(format_datetime(self.instant(ts), "EEEE d MMMM y", locale="fr")).capitalize()

    def conversation(self, channel: Channel) -> str:
        """The name of a conversation in the person's sidebar."""
        return conversation_name(self.service, channel, self.viewer)

    def notice(self, message: JsonObject) -> str | None:
        """What a message of Slack itself (somebody came, left …) says in French; None for other messages."""
        subtype = message.get("subtype")
        if subtype in _NOTICES:
            return _NOTICES[str(subtype)]
        if subtype == "channel_name":
            return f"a renommé le canal en « {message.get('name', '')} »"
        if subtype in {"channel_topic", "channel_purpose"}:
            what = "sujet" if subtype == "channel_topic" else "objet"
            return f"a changé le {what} du canal : {message.get(what_key(str(subtype)), '')}"
        return None

    def image(self, image: JsonObject) -> str | None:
        """Where an image can be shown from without leaving this machine; None for images of elsewhere."""
        file = image.get("slack_file")
        if file:
            return self._file(file)
        address = str(image.get("image_url", ""))
        return address if urlsplit(address).hostname in LOOPBACK and safe_address(address) else None

    def _file(self, file: JsonObject) -> str | None:
        known = self.service.workspace.files
        found = file.get("id") or next((one for one in known if one in str(file.get("url", ""))), None)
        return self.file(found) if found in known else None

    def file(self, file_id: str) -> str:
        """The address of a file's bytes for this person."""
        return f"/control/slack/files/{file_id}?{urlencode({'person': self.viewer.id})}"

    def is_picture(self, file: JsonObject) -> bool:
        """Whether a browser can show the file."""
        return file.get("mimetype") in {"image/png", "image/jpeg", "image/gif", "image/webp"}

    def size(self, count: int) -> str:
        """A number of bytes in French."""
        if count < 1024:
            return f"{count} octets"
        if count < 1024 * 1024:
            return f"{count / 1024:.0f} Ko"
        return f"{count / 1024 / 1024:.1f} Mo".replace(".", ",")

    def link(self, address: Any) -> str | None:
        """An address of the app if a browser may follow it."""
        return safe_address(str(address))


def what_key(subtype: str) -> str:
    """The field of a notice that holds the new topic or purpose."""
    return subtype.removeprefix("channel_")
