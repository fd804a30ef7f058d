"""What the people's controls share: who acts, where, what that person sees, and what changed for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.slack.elements import ActError, pick
from sandbox.slack.interactions import Outcome
from sandbox.slack.membership import open_im
from sandbox.slack.model import SLACKBOT, Channel, ChannelKind, JsonObject, Message, User
from sandbox.slack.reading import read_message, read_view, user_name
from sandbox.slack.service import SlackService

POLL_SECONDS = 0.02
WAIT_SECONDS = 0.5
MAX_WAIT_SECONDS = 60
Data = Mapping[str, Any]


def need(data: Data, key: str) -> Any:
    """A field that must be there; raises ActError."""
    if data.get(key) in (None, ""):
        raise ActError(f"Il manque le champ « {key} ».")
    return data[key]


def seconds_to_wait(data: Data, default: float = WAIT_SECONDS) -> float:
    """How long the person watches the screen after the act (``wait``); raises ActError."""
    wait = data.get("wait", default)
    if isinstance(wait, bool) or not isinstance(wait, int | float) or not 0 <= wait <= MAX_WAIT_SECONDS:
        raise ActError(f"« wait » est un nombre de secondes entre 0 et {MAX_WAIT_SECONDS}.")
    return float(wait)


def find_person(service: SlackService, reference: Any, *, active: bool = True) -> User:
    """A human of the workspace by id, handle, name, e-mail, or a beginning of the name that fits only one."""
    workspace = service.workspace
    humans = [user for user in workspace.users.values() if not user.is_bot and user.id != SLACKBOT]
    user = workspace.find_user(str(reference))
    if user is None:
        user = pick([(human.real_name, human) for human in humans], str(reference), "la personne")
    if user not in humans:
        raise ActError("Les robots n’agissent pas par ici.")
    if active and user.deleted:
        raise ActError(f"Le compte de {user.real_name} est désactivé.")
    return user


def find_place(service: SlackService, user: User, data: Data) -> Channel:
    """The conversation meant by ``channel`` (id, name or person) or ``to_bot``; it must be visible.

    A direct conversation is opened on the way.
    """
    if data.get("to_bot"):
        return open_im(service, user.id, service.app.bot_user_id)
    reference = str(need(data, "channel"))
    channel = service.workspace.find_channel(reference)
    if channel is None:
        other = service.workspace.find_user(reference)
        channel = open_im(service, user.id, other.id) if other else None
    if channel is None or not service.workspace.sees(user.id, channel):
        raise ActError(f"{user.real_name} ne voit aucune conversation « {reference} ».")
    return channel


def demand_writable(service: SlackService, user: User, channel: Channel) -> None:
    """Refuse to write where Slack shows no composer: outside, archived, or a read-only Messages tab."""
    if user.id not in channel.members:
        raise ActError(f"{user.real_name} n’est pas membre de « {channel.name} ».")
    if channel.is_archived:
        raise ActError(f"Le canal « {channel.name} » est archivé.")
    manifest = service.app.manifest
    with_bot = channel.kind is ChannelKind.IM and service.app.bot_user_id in channel.members
    if with_bot and (manifest.messages_tab_read_only or not manifest.messages_tab):
        raise ActError("Cette application n’accepte pas de messages.")


def visible_messages(channel: Channel, user: User) -> list[Message]:
    """The messages of a conversation as this person sees them: with their own ephemerals, in order."""
    own = [message for message in channel.ephemerals if message.ephemeral_to == user.id]
    return sorted([*channel.messages.values(), *own], key=lambda message: message.ts)


def find_message(channel: Channel, user: User, ts: Any) -> Message:
    """A message that this person sees; raises ActError."""
    for message in visible_messages(channel, user):
        if message.ts == str(ts):
            return message
    raise ActError(f"{user.real_name} ne voit pas de message « {ts} » dans cette conversation.")


def conversations_of(service: SlackService, user: User) -> list[Channel]:
    """The conversations in this person's sidebar."""
    return service.workspace.channels_of(user.id)


def conversation_name(service: SlackService, channel: Channel, user: User) -> str:
    """The name of a conversation in this person's sidebar."""
    if not channel.is_direct:
        return channel.name
    others = [member for member in channel.members if member != user.id] or [user.id]
    return ", ".join(user_name(service, member) for member in others)


class Watch:
    """What a person sees from now on: waits for a first change and tells what is new."""

    def __init__(self, service: SlackService, user: User) -> None:
        self.service = service
        self.user = user
        self._since = f"{service.workspace.last_ts // 1_000_000}.{service.workspace.last_ts % 1_000_000:06d}"
        self._views = self._view_marks()

    async def changed(self, seconds: float, done: Callable[[], bool] | None = None) -> None:
        """Return at the first change on the screen (or when ``done`` says so), or after ``seconds``."""
        until = time.monotonic() + seconds
        while not (done() if done else self._has_changed()) and time.monotonic() < until:
            await asyncio.sleep(POLL_SECONDS)

    def news(self) -> list[tuple[Channel, Message]]:
        """Messages posted or edited since, in the conversations that this person sees."""
        return [
            (channel, message)
            for channel in conversations_of(self.service, self.user)
            for message in visible_messages(channel, self.user)
            if self._is_new(message)
        ]

    def screen(self) -> JsonObject:
        """The open modal, whether the home changed, and the new messages, readable."""
        stack = self.service.workspace.modals.get(self.user.id) or []
        home = self.service.workspace.homes.get(self.user.id)
        return {
            "modal": read_view(self.service, stack[-1]) if stack else None,
            "home_changed": home is not None and f"{home.id} {home.hash}" not in self._views,
            "messages": [self._shown(channel, message) for channel, message in self.news()],
        }

    def _shown(self, channel: Channel, message: Message) -> JsonObject:
        name = conversation_name(self.service, channel, self.user)
        return {"channel": channel.id, "channel_name": name, **read_message(self.service, message)}

    def _is_new(self, message: Message) -> bool:
        edited = (message.edited or {}).get("ts", "")
        return max(message.ts, edited) > self._since and message.user != self.user.id

    def _has_changed(self) -> bool:
        return self._view_marks() != self._views or bool(self.news())

    def _view_marks(self) -> list[str]:
        workspace = self.service.workspace
        home = workspace.homes.get(self.user.id)
        views = [*(workspace.modals.get(self.user.id) or []), *([home] if home else [])]
        return [f"{view.id} {view.hash}" for view in views]


async def finished(watch: Watch, outcome: Outcome, data: Data) -> JsonObject:
    """The answer of an act: its acknowledgement or error, and the screen once it changed (or ``wait`` passed)."""
    if outcome.error is None:
        await watch.changed(seconds_to_wait(data))
    body: JsonObject = {"ack": outcome.payload, "error": outcome.error, **watch.screen()}
    return body | ({"refused": outcome.messages} if outcome.messages else {})


def names(things: Iterable[str]) -> str:
    """French enumeration for sentences."""
    return ", ".join(f"« {thing} »" for thing in things) or "rien"
