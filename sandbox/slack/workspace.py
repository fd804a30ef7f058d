"""The state of the one workspace: everything in memory, and the pure look-ups and counters over it."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.slack.model import AppInstall, Channel, ChannelKind, SlackFile, Team, User, View

__all__ = ["Workspace"]

_DIGITS = string.digits + string.ascii_uppercase


@dataclass
class Workspace:
    """Team, app, people, conversations, files and views of one workspace."""

    team: Team
    app: AppInstall
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, SlackFile] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    last_ts: int = 0
    last_number: int = 0

    @property
    def bot(self) -> User:
        """The bot user of the app."""
        return self.users[self.app.bot_user_id]

    def new_id(self, prefix: str) -> str:
        """A fresh id of Slack's shape: the prefix letter(s), then base 36, e.g. ``C0SBX00000A``."""
        self.last_number += 1
        number, digits = self.last_number, ""
        while number:
            number, rest = divmod(number, 36)
            digits = _DIGITS[rest] + digits
        return f"{prefix}0SBX{digits:0>6}"

    def new_ts(self, now: datetime) -> str:
        """The ts of a new message: the clock's microseconds, strictly increasing in the workspace."""
        micros = round(now.timestamp() * 1_000_000)
        self.last_ts = max(micros, self.last_ts + 100)
        seconds, rest = divmod(self.last_ts, 1_000_000)
        return f"{seconds}.{rest:06d}"

    def find_user(self, reference: str) -> User | None:
        """A user by id, handle (with or without @), real name or e-mail; None when nobody answers to it."""
        if reference in self.users:
            return self.users[reference]
        wanted = reference.removeprefix("@").casefold()
        for user in self.users.values():
            known = {user.name, user.real_name, user.display_name, user.email or ""} - {""}
            if wanted in {name.casefold() for name in known}:
                return user
        return None

    def find_channel(self, reference: str) -> Channel | None:
        """A conversation by id or by channel name (with or without #)."""
        if reference in self.channels:
            return self.channels[reference]
        name = reference.removeprefix("#")
        named = (c for c in self.channels.values() if not c.is_direct and c.name == name)
        return next(named, None)

    def im_between(self, first: str, second: str) -> Channel | None:
        """The IM of two users, if it was ever opened."""
        return self._direct(ChannelKind.IM, {first, second})

    def mpim_of(self, users: set[str]) -> Channel | None:
        """The group IM of exactly these users, if it was ever opened."""
        return self._direct(ChannelKind.MPIM, users)

    def _direct(self, kind: ChannelKind, users: set[str]) -> Channel | None:
        found = (c for c in self.channels.values() if c.kind is kind and set(c.members) == users)
        return next(found, None)

    def name_taken(self, name: str) -> bool:
        """Whether a channel has this name: archived channels keep theirs."""
        return any(not c.is_direct and c.name == name for c in self.channels.values())

    def channels_of(self, user_id: str) -> list[Channel]:
        """Every conversation that the user is a member of."""
        return [c for c in self.channels.values() if user_id in c.members]

    def sees(self, user_id: str, channel: Channel) -> bool:
        """Whether the user can see the conversation: a member, or a full member before a public channel."""
        if user_id in channel.members:
            return True
        user = self.users.get(user_id)
        guest = user is None or user.is_restricted or user.is_ultra_restricted
        return channel.is_public and not guest

    def file_is_seen(self, user_id: str, file: SlackFile) -> bool:
        """Whether the user owns the file or sees a conversation in which it is shared."""
        shared_in = (self.channels[channel_id] for channel_id in file.shares)
        return file.user == user_id or any(self.sees(user_id, channel) for channel in shared_in)
