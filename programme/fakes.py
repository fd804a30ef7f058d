"""Stand-ins for the outside world, with switches: used by tests and by nothing else that runs in production.

They keep what they were asked, and fail when told to, with the same errors as the real gateways.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from programme.errors import Permanent, ProgrammeError, Unreadable
from programme.messages import Message
from programme.model.channel import ChannelSight
from programme.model.people import SlackPerson
from programme.ports import Kept, Receipt
from programme.rules.sketch import Sketch


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    instant: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the instant that was set."""
        return self.instant

    def move(self, **delta: float) -> None:
        """Move forward by ``timedelta(**delta)``."""
        self.instant += timedelta(**delta)


@dataclass
class Posted:
    """One message as the fake workspace received it."""

    channel: str
    ts: str
    message: Message
    key: str
    thread_ts: str


@dataclass
class FakeWorkspace:
    """A Slack workspace in memory; ``fail_next`` holds the errors that the next calls raise, in order."""

    posts: list[Posted] = field(default_factory=list)
    edits: list[tuple[str, str, Message]] = field(default_factory=list)
    channels: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    people: dict[str, SlackPerson] = field(default_factory=dict)
    homes: dict[str, object] = field(default_factory=dict)
    pins: list[tuple[str, str]] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)
    topics: dict[str, str] = field(default_factory=dict)
    bookmarks: dict[str, dict[str, str]] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    shared: list[tuple[str, str, bytes, str]] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    alts: dict[str, str] = field(default_factory=dict)
    pictures: list[tuple[str, str, str]] = field(default_factory=list)
    appeared: set[tuple[str, str]] = field(default_factory=set)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    uninvitable: dict[str, str] = field(default_factory=dict)
    fail_next: list[Exception] = field(default_factory=list)
    lose_answer: list[ProgrammeError] = field(default_factory=list)

    def _enter(self) -> None:
        if self.fail_next:
            raise self.fail_next.pop(0)

    def _leave(self) -> None:
        if self.lose_answer:
            raise self.lose_answer.pop(0)

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> Receipt:
        """Keep the message and answer where it stands."""
        self._enter()
        self._demand_open(channel)
        ts = f"{1_800_000_000 + len(self.posts)}.000100"
        self.posts.append(Posted(channel, ts, message, key, thread_ts))
        self._leave()
        return Receipt(channel, ts)

    def find_posted(self, channel: str, key: str, thread_ts: str = "") -> Receipt | None:
        """Return the post that carries the key."""
        found = [post for post in self.posts if post.channel == channel and post.key == key]
        return Receipt(channel, found[0].ts) if found else None

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Keep the edit."""
        self._enter()
        self._demand_open(channel)
        self.edits.append((channel, ts, message))

    def delete(self, channel: str, ts: str) -> None:
        """Take the post away."""
        self._enter()
        self._demand_open(channel)
        self.posts = [post for post in self.posts if (post.channel, post.ts) != (channel, ts)]

    def pin(self, channel: str, ts: str) -> None:
        """Keep the pin."""
        self.pins.append((channel, ts))

    def direct_channel(self, slack_user_id: str) -> str:
        """Return a stable channel id for the person."""
        return "D" + slack_user_id[1:]

    def create_channel(self, name: str) -> tuple[str, str]:
        """Open a channel; a taken name gets a suffix."""
        self._enter()
        taken = name in self.channels.values()
        channel = f"C{len(self.channels) + 1:04d}"
        self.channels[channel] = f"{name}-2" if taken else name
        self.members[channel] = []
        return channel, self.channels[channel]

    def _demand_open(self, channel: str) -> None:
        if channel in self.closed:
            raise Permanent(self.closed[channel])

    def describe(self, channel: str, *, topic: str) -> None:
        """Keep the topic."""
        self._demand_open(channel)
        self.topics[channel] = topic

    def bookmark(self, channel: str, *, title: str, url: str, emoji: str = "") -> None:
        """Keep the link, or forget it."""
        self._demand_open(channel)
        links = self.bookmarks.setdefault(channel, {})
        links.pop(title, None)
        if url:
            links[title] = url

    def permalink(self, channel: str, ts: str) -> str:
        """Return an address made of both."""
        return f"https://slack.example/archives/{channel}/p{ts.replace('.', '')}"

    def kick(self, channel: str, user: str) -> None:
        """Take the person out."""
        self.members[channel] = [one for one in self.members.get(channel, ()) if one != user]

    def look(self, channel: str) -> ChannelSight:
        """Return the channel as it stands; ``closed`` holds Slack's word for those that are archived or gone."""
        self._enter()
        trouble = self.closed.get(channel, "")
        return ChannelSight(
            name=self.renamed.get(channel, self.channels.get(channel, "")),
            topic=self.topics.get(channel, ""),
            archived=trouble == "is_archived",
            gone=trouble in {"channel_not_found", "not_in_channel"},
            members=tuple(self.members.get(channel, ())),
        )

    def invite(self, channel: str, users: Sequence[str]) -> Mapping[str, str]:
        """Add the people who can be invited; answer the errors of the others."""
        self._enter()
        self.members.setdefault(channel, []).extend(user for user in users if user not in self.uninvitable)
        return {user: self.uninvitable[user] for user in users if user in self.uninvitable}

    def archive(self, channel: str) -> None:
        """Keep the archived channel."""
        self.archived.append(channel)

    def publish_home(self, slack_user_id: str, home: object) -> None:
        """Keep the latest Home."""
        self.homes[slack_user_id] = home

    def person(self, slack_user_id: str) -> SlackPerson:
        """Return the person as set, or an anonymous one."""
        return self.people.get(slack_user_id, SlackPerson(slack_user_id))

    def channel_members(self, channel: str) -> list[str]:
        """Return who is in the channel."""
        return list(self.members.get(channel, ()))

    def upload_file(self, name: str, content: bytes, *, alt: str = "") -> str:
        """Keep the bytes, unseen."""
        self._enter()
        self.uploads[f"FUP{len(self.uploads) + 1}"] = content
        if alt:
            self.alts[f"FUP{len(self.uploads)}"] = alt
        return f"FUP{len(self.uploads)}"

    def share_files(self, channel: str, files: Mapping[str, str], *, thread_ts: str = "") -> None:
        """Keep what was shared; a picture that we drew is kept with its text, apart from people's files."""
        self._enter()
        own = [file_id for file_id in files if file_id not in self.alts]
        self.shared += [(channel, files[file_id], self.uploads[file_id], thread_ts) for file_id in own]
        self.pictures += [(channel, thread_ts, self.alts[file_id]) for file_id in files if file_id in self.alts]
        self.appeared |= {(file_id, channel) for file_id in files}
        self._leave()

    def is_shared(self, file_id: str, channel: str) -> bool:
        """Tell what was shared."""
        return (file_id, channel) in self.appeared

    def delete_file(self, file_id: str) -> None:
        """Take an upload back, wherever it appeared."""
        self._enter()
        gone = self.uploads.pop(file_id, None)
        self.shared = [one for one in self.shared if one[2] is not gone]

    def fetch_file(self, slack_file_id: str) -> tuple[str, Iterable[bytes]]:
        """Return the file as set; Unreadable otherwise."""
        self._enter()
        if slack_file_id not in self.files:
            raise Unreadable("file_unreadable")
        name, content = self.files[slack_file_id]
        return name, [content]

    def said(self, kind: type[Message], channel: str = "") -> list[Any]:
        """Return the messages of one kind, optionally of one channel, oldest first."""
        return [p.message for p in self.posts if isinstance(p.message, kind) and channel in ("", p.channel)]


@dataclass
class FakeMailer:
    """A mailbox in memory."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    fail_next: list[ProgrammeError] = field(default_factory=list)

    def send(
        self,
        *,
        to: str,
        template: str,
        data: Mapping[str, Any],
        attachments: Sequence[tuple[str, bytes]],
        message_id: str,
    ) -> None:
        """Keep the mail."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        self.sent.append(
            {"to": to, "template": template, "data": data, "attachments": attachments, "message_id": message_id}
        )


@dataclass
class FakePrinter:
    """Prints nothing: keeps what was asked and returns a few bytes."""

    printed: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def render(self, template: str, data: Mapping[str, Any]) -> bytes:
        """Keep the facts."""
        self.printed.append((template, data))
        return b"%PDF-" + template.encode()

    def render_word(self, data: Mapping[str, Any]) -> bytes:
        """Keep the facts."""
        self.printed.append(("docx", data))
        return b"PK docx"


@dataclass
class FakePictures:
    """Draws nothing: keeps what was asked and returns a few bytes."""

    maps: list[tuple[str, Sketch, str]] = field(default_factory=list)
    charts: list[tuple[Any, ...]] = field(default_factory=list)

    def group_map(self, *, title: str, sketch: Sketch, slots: str) -> bytes:
        """Keep the facts."""
        self.maps.append((title, sketch, slots))
        return b"PNG " + title.encode()

    def share_chart(
        self, *, title: str, labels: Sequence[str], bars: Sequence[str], shares: Sequence[Sequence[int | None]]
    ) -> bytes:
        """Keep the facts."""
        self.charts.append((title, tuple(labels), tuple(bars), tuple(tuple(row) for row in shares)))
        return b"PNG " + title.encode()

    def bar_chart(self, *, title: str, labels: Sequence[str], lengths: Sequence[int], captions: Sequence[str]) -> bytes:
        """Keep the facts."""
        self.charts.append((title, tuple(labels), tuple(lengths), tuple(captions)))
        return b"PNG " + title.encode()


@dataclass
class FakeFiles:
    """Contents by SHA-256 in memory."""

    contents: dict[str, bytes] = field(default_factory=dict)

    def store(self, content: bytes) -> str:
        """Keep the content."""
        digest = hashlib.sha256(content).hexdigest()
        self.contents[digest] = content
        return digest

    def keep(self, pieces: Iterable[bytes]) -> Kept:
        """Keep the pieces together."""
        content = b"".join(pieces)
        mimetype = "application/pdf" if content.startswith(b"%PDF") else "text/plain"
        return Kept(self.store(content), len(content), mimetype)

    def read(self, sha256: str) -> bytes:
        """Return the content; KeyError if unknown."""
        return self.contents[sha256]

    def erase(self, sha256: str) -> None:
        """Forget the content."""
        self.contents.pop(sha256, None)
