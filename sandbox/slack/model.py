"""What a Slack workspace is made of: plain dataclasses, no behaviour beyond look-ups.

Instants inside Slack objects are Slack's own: ``ts`` strings ("1764000000.000100") and integer epoch seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

JsonObject = dict[str, Any]

SLACKBOT = "USLACKBOT"
"""Slack's own user, in every workspace; it says ``is_bot`` false."""


class ChannelKind(StrEnum):
    """The four kinds of conversation; the values are Slack's ``types`` filter."""

    PUBLIC = "public_channel"
    PRIVATE = "private_channel"
    IM = "im"
    MPIM = "mpim"


@dataclass
class Team:
    """The workspace itself (T…)."""

    id: str
    name: str
    domain: str


@dataclass
class User:
    """A person or the bot user (U…). ``name`` is the handle; ``tz`` an IANA zone."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    display_name: str = ""
    title: str = ""
    tz: str = "Europe/Paris"
    locale: str = "fr-FR"
    is_bot: bool = False
    bot_id: str | None = None
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    updated: int = 0


@dataclass(frozen=True)
class Manifest:
    """What the app manifest grants: a thing that is not in it does not exist for the app."""

    name: str
    bot_display_name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: dict[str, JsonObject] = field(default_factory=dict)
    shortcuts: dict[str, JsonObject] = field(default_factory=dict)
    socket_mode: bool = True
    request_url: str | None = None
    interactivity_url: str | None = None
    home_tab: bool = True
    messages_tab: bool = True
    messages_tab_read_only: bool = False


@dataclass
class AppInstall:
    """The one app of this workspace: its identity, its secrets, its manifest."""

    app_id: str
    bot_user_id: str
    bot_id: str
    name: str
    manifest: Manifest
    bot_token: str = "xoxb-sandbox"  # noqa: S105 - a made-up token of a made-up workspace
    app_token: str = "xapp-sandbox"  # noqa: S105
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105
    verification_token: str = "sandbox-verification"  # noqa: S105


@dataclass
class Message:
    """A message; ``thread_ts`` is set on a parent with replies (== ts) and on each reply (!= ts).

    ``extra`` holds what a subtype adds (``inviter``, ``topic``, ``old_name`` …).
    """

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[JsonObject] = field(default_factory=list)
    attachments: list[JsonObject] = field(default_factory=list)
    metadata: JsonObject | None = None
    subtype: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    icons: JsonObject | None = None
    thread_ts: str | None = None
    reply_broadcast: bool = False
    edited: JsonObject | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    client_msg_id: str | None = None
    ephemeral_to: str | None = None
    extra: JsonObject = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether it lives inside somebody else's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Pin:
    """A pinned message."""

    ts: str
    created: int
    created_by: str


@dataclass
class Bookmark:
    """A link in a channel's header (Bk…)."""

    id: str
    channel_id: str
    title: str
    link: str
    emoji: str
    created: int
    updated: int
    created_by: str


@dataclass
class Channel:
    """A conversation. ``members`` keeps the order of joining; ``messages`` the order of ts."""

    id: str
    kind: ChannelKind
    name: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    topic: JsonObject = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: JsonObject = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    previous_names: list[str] = field(default_factory=list)
    is_general: bool = False
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)
    pins: list[Pin] = field(default_factory=list)
    bookmarks: dict[str, Bookmark] = field(default_factory=dict)
    last_read: dict[str, str] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether everybody (but guests) sees it without being a member."""
        return self.kind is ChannelKind.PUBLIC

    @property
    def is_direct(self) -> bool:
        """Whether it is an IM or a group IM."""
        return self.kind in {ChannelKind.IM, ChannelKind.MPIM}

    def replies(self, thread_ts: str) -> list[Message]:
        """The replies of one thread, oldest first, without the parent."""
        return [m for m in self.messages.values() if m.thread_ts == thread_ts and m.ts != thread_ts]


@dataclass
class SlackFile:
    """A file (F…): ``content`` is None between getUploadURLExternal and the upload."""

    id: str
    name: str
    title: str
    user: str
    created: int
    mimetype: str
    filetype: str
    declared_size: int
    content: bytes | None = None
    alt_text: str | None = None
    complete: bool = False
    deleted: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class View:
    """An open modal or a published home (V…). ``payload`` is the view as the app sent it, block_ids filled in.

    ``state`` is ``{block_id: {action_id: value object}}``, the shape of ``view.state.values``.
    """

    id: str
    type: str
    user: str
    payload: JsonObject
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    external_id: str = ""
    state: dict[str, dict[str, JsonObject]] = field(default_factory=dict)
