"""The links above a channel (Slack: bookmarks), known by their titles."""

from __future__ import annotations

from bot.gateways.slack_api import SlackApi


class SlackLinks:
    """The bookmarks of one workspace."""

    def __init__(self, api: SlackApi) -> None:
        """Use the token and the pacing of ``api``."""
        self._api = api

    def put(self, channel: str, *, title: str, url: str, emoji: str) -> None:
        """Add the link, or change the one of that title; without a url, take it away.

        Asking first what is there makes a second attempt harmless.
        """
        known = [one for one in self._api.call("bookmarks.list", channel_id=channel)["bookmarks"] if _is(one, title)]
        if not url:
            for one in known:
                self._api.call("bookmarks.remove", channel_id=channel, bookmark_id=str(one["id"]))
        elif not known:
            self._api.call("bookmarks.add", channel_id=channel, title=title, type="link", link=url, emoji=emoji or None)
        elif known[0].get("link") != url:
            self._api.call("bookmarks.edit", channel_id=channel, bookmark_id=str(known[0]["id"]), link=url)


def _is(bookmark: dict[str, object], title: str) -> bool:
    return bookmark.get("title") == title
