"""The Slack workspace as the programme needs it (``programme.ports.Workspace``).

A post carries its outbox key in the message's metadata: after an uncertain outcome it can be found again. Acts that
Slack finds already done (pinned, archived, invited, a channel made by a lost attempt) succeed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from html import unescape
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.views import View

from bot.gateways.slack_api import SlackApi, SlackRefusal
from bot.gateways.slack_files import SlackFiles
from bot.gateways.slack_links import SlackLinks
from handlers.views.kit import Drawn
from programme.errors import Permanent, Retryable
from programme.messages import Message
from programme.model.channel import ChannelSight
from programme.model.people import SlackPerson
from programme.ports import Clock, Receipt
from programme.usecases.home import Home

EVENT_TYPE: Final = "bilan_post"
SEARCHED: Final = timedelta(days=30)
"""How far back a post is looked for: longer than any attempt can have been lost."""
PAGE = 200
PEOPLE_PAGE = 1000
TOPIC_LENGTH, NAME_LENGTH = 250, 80
INVITED_AT_ONCE = 100
NAMES_TRIED = 20


class SlackWorkspace:
    """One workspace, through its Web API; every method raises Retryable or Permanent. Safe for several threads."""

    def __init__(
        self,
        client: WebClient,
        clock: Clock,
        *,
        draw: Callable[[Message], Drawn],
        draw_home: Callable[[Home], View],
    ) -> None:
        """Speak with the token of ``client``; ``draw`` and ``draw_home`` put meaning into blocks at the last moment."""
        self._api = SlackApi(client, clock)
        self._files = SlackFiles(self._api)
        self._links = SlackLinks(self._api)
        self._clock = clock
        self._draw = draw
        self._draw_home = draw_home
        self._direct_channels: dict[str, str] = {}
        self._taken_names: set[str] = set()
        self._own_id = ""

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> Receipt:
        """Say a message in a channel or one of its threads, marked with ``key``."""
        answer = self._api.call(
            "chat.postMessage",
            channel=channel,
            thread_ts=thread_ts or None,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
            **self._payload(message),
        )
        return Receipt(str(answer["channel"]), str(answer["ts"]))

    def find_posted(self, channel: str, key: str, thread_ts: str = "") -> Receipt | None:
        """Look for the post that carries ``key``, newest first in a channel, among the replies in a thread."""
        for message in self._messages(channel, thread_ts):
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT_TYPE and payload.get("key") == key:
                return Receipt(channel, str(message["ts"]))
        return None

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Redraw a post; its key stays with it."""
        self._api.call("chat.update", channel=channel, ts=ts, **self._payload(message))

    def delete(self, channel: str, ts: str) -> None:
        """Delete a post of ours; already gone is fine."""
        try:
            self._api.call("chat.delete", channel=channel, ts=ts)
        except SlackRefusal as refusal:
            if refusal.code != "message_not_found":
                raise

    def pin(self, channel: str, ts: str) -> None:
        """Pin a post; already pinned is fine.

        Every failure is uncertain: the post that is pinned stands already, and must be found rather than made again.
        """
        try:
            self._api.call("pins.add", channel=channel, timestamp=ts)
        except SlackRefusal as refusal:
            if refusal.code != "already_pinned":
                raise
        except Retryable as error:
            raise Retryable(str(error), after=error.after, uncertain=True) from error

    def direct_channel(self, slack_user_id: str) -> str:
        """Return the direct message channel with a person; asked once a process."""
        known = self._direct_channels.get(slack_user_id)
        if known is None:
            answer = self._api.call("conversations.open", users=[slack_user_id])
            known = self._direct_channels[slack_user_id] = str(answer["channel"]["id"])
        return known

    def create_channel(self, name: str) -> tuple[str, str]:
        """Create a private channel and return its id and name; a taken name gets -2, -3 … up to -20.

        A channel of that name which a lost attempt of ours left empty is taken over instead. Archived channels keep
        their names, so that a name once found taken is not tried again.
        """
        left: dict[str, str] | None = None
        for candidate in _candidates(name):
            if candidate in self._taken_names:
                continue
            try:
                channel = self._api.call("conversations.create", name=candidate, is_private=True)["channel"]
            except SlackRefusal as refusal:
                if refusal.code != "name_taken":
                    raise
            else:
                return str(channel["id"]), str(channel["name"])
            left = self._own_channels() if left is None else left
            if candidate in left and self._is_empty(left[candidate]):
                return left[candidate], candidate
            self._taken_names.add(candidate)
        raise Permanent(f"name_taken ({name}, and every suffix up to {NAMES_TRIED})")

    def describe(self, channel: str, *, topic: str) -> None:
        """Set the topic, cut at Slack's 250 characters."""
        shown = topic if len(topic) <= TOPIC_LENGTH else topic[: TOPIC_LENGTH - 1].rstrip() + "…"
        self._api.call("conversations.setTopic", channel=channel, topic=shown)

    def bookmark(self, channel: str, *, title: str, url: str, emoji: str = "") -> None:
        """Put a link above a channel, in place of the one of the same title; without a url, take it away."""
        self._links.put(channel, title=title, url=url, emoji=emoji)

    def permalink(self, channel: str, ts: str) -> str:
        """Return the address of a post."""
        return str(self._api.call("chat.getPermalink", channel=channel, message_ts=ts)["permalink"])

    def kick(self, channel: str, user: str) -> None:
        """Take somebody out of a channel; somebody who is not in it is no error."""
        try:
            self._api.call("conversations.kick", channel=channel, user=user)
        except SlackRefusal as refusal:
            if refusal.code != "not_in_channel":
                raise

    def look(self, channel: str) -> ChannelSight:
        """Tell how a channel is found; one that the bot sees no more is gone."""
        try:
            info = self._api.call("conversations.info", channel=channel)["channel"]
            if info.get("is_archived"):
                return ChannelSight(name=str(info["name"]), archived=True)
            return ChannelSight(
                name=str(info["name"]),
                topic=unescape(str((info.get("topic") or {}).get("value") or "")),
                gone=not info.get("is_member", True),
                members=tuple(self.channel_members(channel)),
            )
        except SlackRefusal as refusal:
            if refusal.code not in {"channel_not_found", "not_in_channel"}:
                raise
            return ChannelSight(gone=True)

    def invite(self, channel: str, users: Sequence[str]) -> Mapping[str, str]:
        """Invite people; those already there are no error. Returns Slack's error for each who could not be."""
        failures: dict[str, str] = {}
        people = list(dict.fromkeys(users))
        for start in range(0, len(people), INVITED_AT_ONCE):
            failures |= self._invite(channel, people[start : start + INVITED_AT_ONCE])
        return failures

    def _invite(self, channel: str, users: list[str]) -> dict[str, str]:
        try:
            answer = self._api.call("conversations.invite", channel=channel, users=users, force=True)
        except SlackRefusal as refusal:
            if refusal.code == "already_in_channel":
                return {}
            answer = refusal.answer
            if not answer.get("errors"):
                raise
        errors = {str(entry["user"]): str(entry["error"]) for entry in answer.get("errors") or []}
        return {user: code for user, code in errors.items() if code != "already_in_channel"}

    def archive(self, channel: str) -> None:
        """Archive a channel for ever; already archived is fine."""
        try:
            self._api.call("conversations.archive", channel=channel)
        except SlackRefusal as refusal:
            if refusal.code != "already_archived":
                raise

    def publish_home(self, slack_user_id: str, home: object) -> None:
        """Redraw a person's App Home from a ``Home``."""
        assert isinstance(home, Home)
        try:
            view = self._draw_home(home).to_dict()
        except SlackObjectFormationError as error:
            raise Permanent(f"the home cannot be drawn: {error}") from error
        self._api.call("views.publish", user_id=slack_user_id, view=view)

    def person(self, slack_user_id: str) -> SlackPerson:
        """Ask who a person is; a deactivated one has no time zone and keeps the usual one."""
        user = self._api.call("users.info", user=slack_user_id, include_locale=True)["user"]
        profile = user.get("profile") or {}
        return SlackPerson(
            slack_user_id=slack_user_id,
            display_name=str(profile.get("display_name") or profile.get("real_name") or user.get("name") or ""),
            email=str(profile.get("email") or ""),
            time_zone=str(user.get("tz") or "Europe/Paris"),
            active=not user.get("deleted", False),
            refreshed_at=self._clock.now(),
        )

    def channel_members(self, channel: str) -> list[str]:
        """Return who is in a channel, without the bot itself."""
        own = self._bot_user()
        return [member for member in self._members(channel) if member != own]

    def upload_file(self, name: str, content: bytes, *, alt: str = "") -> str:
        """Send a file's bytes and return its id; it stays unseen until it is shared."""
        return self._files.upload(name, content, alt)

    def share_files(self, channel: str, files: Mapping[str, str], *, thread_ts: str = "") -> None:
        """Let uploaded files (id → title) appear together in a channel or one of its threads."""
        self._files.share(channel, files, thread_ts)

    def is_shared(self, file_id: str, channel: str) -> bool:
        """Tell whether an uploaded file appeared in the channel."""
        return self._files.is_shared(file_id, channel)

    def delete_file(self, file_id: str) -> None:
        """Delete a file that we uploaded; already gone is fine."""
        try:
            self._api.call("files.delete", file=file_id)
        except SlackRefusal as refusal:
            if refusal.code not in {"file_not_found", "file_deleted"}:
                raise

    def fetch_file(self, slack_file_id: str) -> tuple[str, Iterator[bytes]]:
        """Return the name of a shared file and its content piece by piece, 50 MB at most."""
        return self._files.fetch(slack_file_id)

    def _payload(self, message: Message) -> dict[str, Any]:
        try:
            return self._draw(message).payload()
        except SlackObjectFormationError as error:
            raise Permanent(f"{message.kind} cannot be drawn: {error}") from error

    def _messages(self, channel: str, thread_ts: str) -> Iterator[Mapping[str, Any]]:
        oldest = str(int((self._clock.now() - SEARCHED).timestamp()))
        asked = {"channel": channel, "include_all_metadata": True, "oldest": oldest, "limit": PAGE}
        if not thread_ts:
            yield from self._pages("conversations.history", "messages", **asked)
            return
        try:
            yield from self._pages("conversations.replies", "messages", ts=thread_ts, **asked)
        except SlackRefusal as refusal:
            if refusal.code != "thread_not_found":
                raise

    def _members(self, channel: str) -> list[str]:
        return list(self._pages("conversations.members", "members", channel=channel, limit=PEOPLE_PAGE))

    def _own_channels(self) -> dict[str, str]:
        """The private channels that the bot created and is in: name → id."""
        own = self._bot_user()
        channels = self._pages(
            "users.conversations", "channels", types="private_channel", exclude_archived=True, limit=PEOPLE_PAGE
        )
        return {str(channel["name"]): str(channel["id"]) for channel in channels if channel.get("creator") == own}

    def _is_empty(self, channel: str) -> bool:
        return self._members(channel) == [self._bot_user()]

    def _bot_user(self) -> str:
        if not self._own_id:
            self._own_id = str(self._api.call("auth.test")["user_id"])
        return self._own_id

    def _pages(self, method: str, field: str, **arguments: Any) -> Iterator[Any]:
        cursor = ""
        while True:
            answer = self._api.call(method, cursor=cursor or None, **arguments)
            yield from answer[field]
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return


def _candidates(name: str) -> Iterator[str]:
    """The name, then the name with a suffix, each within Slack's 80 characters."""
    yield name[:NAME_LENGTH]
    for number in range(2, NAMES_TRIED + 1):
        suffix = f"-{number}"
        yield name[: NAME_LENGTH - len(suffix)] + suffix
