"""What hangs above a group's channel: its topic, and the links to the board, the dates and the video room."""

from __future__ import annotations

from programme.effects import DescribeChannel, SetBookmark
from programme.model.group import Group
from programme.model.ids import new_id
from programme.ports import UnitOfWork

TOPIC_LENGTH = 250
BOARD_LINK = "Tableau de bord"
PLAN_LINK = "Planning : les seize dates"
VIDEO_LINK = "Lien vidéo de la séance"


def channel_topic(group: Group) -> str:
    """Return the topic that Slack shows above the channel, 250 characters at most."""
    place = group.place[:100]
    return f"Ensemble1job – groupe {group.number:03d}, {place} – le tableau de bord est épinglé"[:TOPIC_LENGTH]


def describe(uow: UnitOfWork, group: Group) -> None:
    """Write the group's topic above its channel."""
    topic = DescribeChannel(group_id=group.id, topic=channel_topic(group))
    uow.outbox.put(f"topic:{group.id}:{new_id('top')}", topic, lane=_lane(group))


def bookmark(uow: UnitOfWork, group: Group, title: str, *, url: str = "", post_key: str = "", emoji: str = "") -> None:
    """Put a link above the group's channel in place of the one of the same title; nothing before the channel exists.

    Call it again with the new address when a link changes, or with none to take it away.
    """
    if not group.channel_id:
        return
    effect = SetBookmark(group_id=group.id, title=title, url=url, post_key=post_key, emoji=emoji)
    uow.outbox.put(f"bookmark:{group.id}:{new_id('bkm')}", effect, lane=_lane(group))


def _lane(group: Group) -> str:
    """A lane of its own: Slack is slow to take links, and what is said must not wait for them."""
    return f"links:{group.id}"
