"""A Slack channel as it is found when one looks at it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChannelSight:
    """A channel as it is found. ``gone`` says that the bot sees it no more: it was removed, or the channel deleted."""

    name: str = ""
    topic: str = ""
    archived: bool = False
    gone: bool = False
    members: tuple[str, ...] = ()
    """Slack users, without the bot."""
