"""Which events exist, under which name an app subscribes to them, and which scope each needs."""

from __future__ import annotations

from sandbox.slack.model import Channel, ChannelKind, JsonObject

CHANNEL_TYPES = {
    ChannelKind.PUBLIC: "channel",
    ChannelKind.PRIVATE: "group",
    ChannelKind.IM: "im",
    ChannelKind.MPIM: "mpim",
}
_FAMILIES = {
    ChannelKind.PUBLIC: "channels",
    ChannelKind.PRIVATE: "groups",
    ChannelKind.IM: "im",
    ChannelKind.MPIM: "mpim",
}

# The name of a subscription and the scopes of which the manifest must hold at least one.
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_rate_limited": (),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_deleted": ("files:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read", "mpim:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}


def family(kind: ChannelKind) -> str:
    """The scope family of a kind of conversation: ``channels``, ``groups``, ``im`` or ``mpim``."""
    return _FAMILIES[kind]


def subscription_name(event: JsonObject, channel: Channel | None) -> str:
    """What the manifest must list for this event: its type, or ``message.<family>`` for messages."""
    if event["type"] == "message" and channel is not None:
        return f"message.{family(channel.kind)}"
    return str(event["type"])


def event_is_granted(event: JsonObject, channel: Channel | None, scopes: frozenset[str]) -> bool:
    """Whether the scopes let the app have the event; membership events need the scope of the channel's kind."""
    if event["type"] in {"member_joined_channel", "member_left_channel"} and channel is not None:
        return f"{family(channel.kind)}:read" in scopes
    needed = EVENT_SCOPES.get(subscription_name(event, channel), ())
    return not needed or bool(scopes.intersection(needed))
