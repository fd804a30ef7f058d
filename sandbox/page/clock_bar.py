"""The clock above the pages: what time it is, what comes next, and what has happened since it was last moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox.slack.model import User
from sandbox.slack.people_common import conversation_name

if TYPE_CHECKING:
    from sandbox.page.desk import Desk

SHOWN = 40
TOLD = {
    "chat.postMessage": "message dans {place}",
    "chat.postEphemeral": "message éphémère dans {place}",
    "chat.update": "message mis à jour dans {place}",
    "chat.delete": "message effacé dans {place}",
    "chat.scheduleMessage": "message programmé dans {place}",
    "conversations.create": "canal créé : {place}",
    "conversations.invite": "invitation dans {place}",
    "conversations.archive": "canal archivé : {place}",
    "conversations.setTopic": "sujet écrit dans {place}",
    "files.completeUploadExternal": "fichier déposé",
    "views.publish": "accueil de l’application redessiné",
    "pins.add": "message épinglé dans {place}",
    "reactions.add": "réaction dans {place}",
    "DATA": "e-mail à {to} : {subject}",
}
"""The calls that somebody notices, as sentences."""


@dataclass(frozen=True)
class Fired:
    """Something that happened: when, what, and in which conversation."""

    at: datetime
    text: str
    channel: str = ""


class ClockBar:
    """The clock as one person reads it."""

    def __init__(self, desk: Desk, user: User) -> None:
        self.desk = desk
        self.user = user
        self.zone = ZoneInfo(user.tz)

    @property
    def now(self) -> datetime:
        """The present instant, where the person lives."""
        return self.desk.sandbox.clock.now().astimezone(self.zone)

    @property
    def running(self) -> bool:
        """Whether time passes by itself."""
        return self.desk.sandbox.clock.running

    @property
    def playing(self) -> bool:
        """Whether the clock goes from one event to the next by itself."""
        return self.desk.mover.playing

    @property
    def moving(self) -> bool:
        """Whether a move is still on its way."""
        return self.desk.mover.moving

    @property
    def next_due(self) -> datetime | None:
        """When the next thing will happen, as far as the programs on this clock have told."""
        due = self.desk.sandbox.followers.next_due()
        return due.astimezone(self.zone) if due else None

    @property
    def fired(self) -> list[Fired]:
        """What has happened since the clock was last moved, newest first."""
        lines = self.desk.sandbox.recorder.lines(since=self.desk.fired_since)
        found = [fired for line in reversed(lines) if (fired := self._fired(line)) is not None]
        return found[:SHOWN]

    def _fired(self, line: Mapping[str, Any]) -> Fired | None:
        if line["method"] not in TOLD or line["status"] >= 400 or _refused(line["answer"]):
            return None
        at = datetime.fromisoformat(line["at"]).astimezone(self.zone)
        channel = _channel_id(line)
        place = self._place(channel)
        arguments = line["arguments"]
        to = ", ".join(arguments["to"]) if line["method"] == "DATA" else ""
        text = TOLD[line["method"]].format(place=place, to=to, subject=arguments.get("subject", ""))
        return Fired(at, text, channel if self._sees(channel) else "")

    def _place(self, channel_id: str) -> str:
        channel = self.desk.service.workspace.channels.get(channel_id)
        if channel is None:
            return channel_id
        name = conversation_name(self.desk.service, channel, self.desk.service.workspace.bot)
        return f"la conversation avec {name}" if channel.is_direct else f"#{name}"

    def _sees(self, channel_id: str) -> bool:
        channel = self.desk.service.workspace.channels.get(channel_id)
        return channel is not None and self.desk.service.workspace.sees(self.user.id, channel)


def _refused(answer: Any) -> bool:
    return isinstance(answer, dict) and answer.get("ok") is False


def _channel_id(line: Mapping[str, Any]) -> str:
    answer = line["answer"] if isinstance(line["answer"], dict) else {}
    for source in (answer, line["arguments"]):
        channel = source.get("channel")
        found = channel.get("id") if isinstance(channel, dict) else channel
        if isinstance(found, str):
            return found
    return ""
