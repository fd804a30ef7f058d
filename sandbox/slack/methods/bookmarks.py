"""bookmarks.add, edit, list, remove: the links in a channel's header."""

from __future__ import annotations

from sandbox.slack.errors import SlackError
from sandbox.slack.methods.registry import Answer, Args, Caller, Method, table
from sandbox.slack.model import Bookmark, Channel
from sandbox.slack.objects import bookmark_object
from sandbox.slack.service import SlackService

BOOKMARKS = 100


def bookmarks_add(service: SlackService, caller: Caller, args: Args) -> Answer:
    """bookmarks.add: links only."""
    channel = _channel(service, caller, args)
    if args["type"] != "link":
        raise SlackError("invalid_bookmark_type")
    if len(channel.bookmarks) >= BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    bookmark = Bookmark(
        id=service.workspace.new_id("Bk"),
        channel_id=channel.id,
        title=args["title"],
        link=_link(args.get("link", "")),
        emoji=args.get("emoji", ""),
        created=service.epoch,
        updated=0,
        created_by=caller.user_id,
    )
    channel.bookmarks[bookmark.id] = bookmark
    return {"bookmark": bookmark_object(bookmark)}


def bookmarks_edit(service: SlackService, caller: Caller, args: Args) -> Answer:
    """bookmarks.edit: what is not given stays."""
    bookmark = _bookmark(_channel(service, caller, args), args)
    bookmark.link = _link(args["link"]) if "link" in args else bookmark.link
    bookmark.title = args.get("title", bookmark.title)
    bookmark.emoji = args.get("emoji", bookmark.emoji)
    bookmark.updated = service.epoch
    return {"bookmark": bookmark_object(bookmark)}


def bookmarks_list(service: SlackService, caller: Caller, args: Args) -> Answer:
    """bookmarks.list."""
    channel = _channel(service, caller, args)
    return {"bookmarks": [bookmark_object(bookmark) for bookmark in channel.bookmarks.values()]}


def bookmarks_remove(service: SlackService, caller: Caller, args: Args) -> Answer:
    """bookmarks.remove."""
    channel = _channel(service, caller, args)
    del channel.bookmarks[_bookmark(channel, args).id]
    return {}


def _channel(service: SlackService, caller: Caller, args: Args) -> Channel:
    channel = service.channel_seen_by(caller.user_id, args["channel_id"])
    if caller.user_id not in channel.members:
        raise SlackError("permission_denied")
    return channel


def _bookmark(channel: Channel, args: Args) -> Bookmark:
    bookmark = channel.bookmarks.get(args["bookmark_id"])
    if bookmark is None:
        raise SlackError("not_found")
    return bookmark


def _link(link: str) -> str:
    if not link.startswith(("https://", "http://")):
        raise SlackError("invalid_link")
    return link


METHODS = table(
    Method("bookmarks.add", bookmarks_add),
    Method("bookmarks.edit", bookmarks_edit),
    Method("bookmarks.list", bookmarks_list),
    Method("bookmarks.remove", bookmarks_remove),
)
