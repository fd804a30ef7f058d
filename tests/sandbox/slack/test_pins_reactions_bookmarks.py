"""pins.*, reactions.*, bookmarks.*."""

from __future__ import annotations

import pytest

ADMIN, GENERAL = "CADMIN0001", "C0GENERAL1"


@pytest.fixture
def ts(world):
    return world.client.chat_postMessage(channel=ADMIN, text="à retenir")["ts"]


def test_pins(world, ts):
    world.client.pins_add(channel=ADMIN, timestamp=ts)
    (item,) = world.client.pins_list(channel=ADMIN)["items"]
    assert (item["message"]["ts"], item["created_by"]) == (ts, "U0SANDBOT1")
    assert world.client.conversations_history(channel=ADMIN)["messages"][0]["pinned_to"] == [ADMIN]
    assert world.error("pins.add", channel=ADMIN, timestamp=ts) == "already_pinned"
    assert world.error("pins.add", channel=ADMIN) == "no_item_specified"
    assert world.error("pins.add", channel=ADMIN, timestamp="1.1") == "message_not_found"
    assert world.error("pins.add", channel=GENERAL, timestamp=ts) == "not_in_channel"
    world.client.pins_remove(channel=ADMIN, timestamp=ts)
    assert world.error("pins.remove", channel=ADMIN, timestamp=ts) == "no_pin"
    assert world.client.pins_list(channel=ADMIN)["items"] == []


def test_reactions(world, ts):
    world.client.reactions_add(channel=ADMIN, timestamp=ts, name=":+1::skin-tone-3:")
    world.client.reactions_add(channel=ADMIN, timestamp=ts, name="tada")
    shown = world.client.reactions_get(channel=ADMIN, timestamp=ts)["message"]["reactions"]
    assert [(r["name"], r["count"]) for r in shown] == [("+1::skin-tone-3", 1), ("tada", 1)]
    assert world.error("reactions.add", channel=ADMIN, timestamp=ts, name="tada") == "already_reacted"
    assert world.error("reactions.add", channel=ADMIN, timestamp=ts, name="Ta da") == "invalid_name"
    assert world.error("reactions.add", channel=ADMIN, timestamp="1.1", name="tada") == "message_not_found"
    world.client.reactions_remove(channel=ADMIN, timestamp=ts, name="tada")
    assert world.error("reactions.remove", channel=ADMIN, timestamp=ts, name="tada") == "no_reaction"
    assert world.error("reactions.remove", name="tada") == "no_item_specified"


def test_bookmarks(world):
    link = {"channel_id": ADMIN, "title": "Programme", "type": "link"}
    made = world.client.bookmarks_add(**link, link="https://example.fr", emoji=":books:")["bookmark"]
    assert (made["title"], made["emoji"], made["type"]) == ("Programme", ":books:", "link")
    edited = world.client.bookmarks_edit(channel_id=ADMIN, bookmark_id=made["id"], title="Calendrier")
    assert (edited["bookmark"]["title"], edited["bookmark"]["link"]) == ("Calendrier", "https://example.fr")
    assert [b["id"] for b in world.client.bookmarks_list(channel_id=ADMIN)["bookmarks"]] == [made["id"]]
    assert world.error("bookmarks.add", **link, link="ftp://x") == "invalid_link"
    assert world.error("bookmarks.add", **(link | {"type": "file"})) == "invalid_bookmark_type"
    assert world.error("bookmarks.add", **(link | {"channel_id": GENERAL}), link="https://x.fr") == "permission_denied"
    world.client.bookmarks_remove(channel_id=ADMIN, bookmark_id=made["id"])
    assert world.error("bookmarks.remove", channel_id=ADMIN, bookmark_id=made["id"]) == "not_found"
