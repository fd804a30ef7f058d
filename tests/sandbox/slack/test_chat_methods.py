"""chat.*: what is posted, what is refused."""

from __future__ import annotations

import pytest

from sandbox.slack.membership import archive_channel, create_channel, deactivate_user
from sandbox.slack.messaging import Draft, post_message

ADMIN = "CADMIN0001"


@pytest.fixture
def admin(world):
    return world.channel(ADMIN)


def _say(world, text="bonjour", channel=ADMIN, **more):
    return world.client.chat_postMessage(channel=channel, text=text, **more)


def test_a_posted_message_is_the_apps_own(world):
    answer = _say(world, "<!channel> & <b>")
    message = answer["message"]
    assert answer["channel"] == ADMIN
    assert message["text"] == "<!channel> & <b>", "stored as sent"
    identity = {key: message[key] for key in ("user", "bot_id", "app_id", "team", "type")}
    assert identity == {
        "user": "U0SANDBOT1",
        "bot_id": "B0SANDBOX1",
        "app_id": "A0SANDBOX1",
        "team": "T0SANDBOX1",
        "type": "message",
    }


def test_nameless_blocks_and_elements_get_ids(world):
    button = {"type": "button", "text": {"type": "plain_text", "text": "Oui"}}
    blocks = [{"type": "actions", "elements": [button, {**button, "action_id": "no"}]}, {"type": "divider"}]
    shown = _say(world, blocks=blocks)["message"]["blocks"]
    assert shown[0]["block_id"] != shown[1]["block_id"]
    assert shown[0]["elements"][0]["action_id"]
    assert shown[0]["elements"][1]["action_id"] == "no"


def test_ts_are_strictly_increasing_while_the_clock_stands_still(world):
    stamps = [_say(world)["ts"] for _ in range(3)]
    assert stamps == ["1772442000.000000", "1772442000.000100", "1772442000.000200"]


def test_a_message_to_a_person_opens_the_im(world):
    claire = world.user_id("claire.martin")
    answer = _say(world, channel=claire)
    assert answer["channel"].startswith("D")
    assert _say(world, channel=claire)["channel"] == answer["channel"]


def test_nobody_can_be_written_to_who_is_gone_or_a_bot(world):
    deactivate_user(world.service, world.service.user(world.user_id("claire.martin")))
    for user in (world.user_id("claire.martin"), "U0SANDBOT1", "USLACKBOT", "U0NOBODY"):
        assert world.error("chat.postMessage", channel=user, text="a") == "channel_not_found"


def test_the_bot_must_be_inside(world):
    assert world.error("chat.postMessage", channel="C0GENERAL1", text="a") == "not_in_channel"
    secret = create_channel(world.service, world.user_id("marc.dubois"), "secret", private=True)
    assert world.error("chat.postMessage", channel=secret.id, text="a") == "channel_not_found"
    assert world.error("chat.postMessage", channel="#secret", text="a") == "channel_not_found"
    assert _say(world, channel="#bilan-admin")["channel"] == ADMIN


def test_an_archived_channel_takes_nothing(world, admin):
    archive_channel(world.service, admin, world.user_id("marc.dubois"))
    assert world.error("chat.postMessage", channel=ADMIN, text="a") == "is_archived"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
        ({"markdown_text": "b" * 12_001}, "msg_too_long"),
        ({"text": "a", "blocks": ["x"]}, "invalid_blocks_format"),
        ({"text": "a", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "a", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "a", "metadata": {"event_type": "x", "event_payload": {"k": "v" * 8200}}}, "metadata_too_large"),
        ({"text": "a", "thread_ts": "1.1"}, "cannot_reply_to_message"),
        ({"text": "a", "username": "Somebody"}, "missing_scope"),
        ({"text": "a", "as_user": True}, "as_user_not_supported"),
    ],
)
def test_malformed_content_is_refused(world, arguments, error):
    assert world.error("chat.postMessage", channel=ADMIN, **arguments) == error


def test_invalid_blocks_come_with_pointers(world):
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    answer = world.refused("chat.postMessage", channel=ADMIN, text="a", blocks=blocks)
    complaint = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [complaint]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {complaint}"]


def test_a_very_long_text_is_cut(world):
    assert len(_say(world, "x" * 40_001)["message"]["text"]) == 40_000


def test_replies_belong_to_the_parent_and_not_to_another_reply(world):
    parent = _say(world)["ts"]
    reply = _say(world, "réponse", thread_ts=parent)
    assert (reply["message"]["thread_ts"], reply["message"]["parent_user_id"]) == (parent, "U0SANDBOT1")
    assert world.error("chat.postMessage", channel=ADMIN, text="a", thread_ts=reply["ts"]) == (
        "cannot_reply_to_message"
    )


def test_an_ephemeral_message_is_for_one_member_only(world, admin):
    elise = world.user_id("elise.bernard")
    answer = world.client.chat_postEphemeral(channel=ADMIN, user=elise, text="à vous seule")
    assert [(m.ts, m.ephemeral_to) for m in admin.ephemerals] == [(answer["message_ts"], elise)]
    assert admin.messages == {}
    outsider = world.user_id("claire.martin")
    assert world.error("chat.postEphemeral", channel=ADMIN, user=outsider, text="a") == "user_not_in_channel"
    assert world.error("chat.update", channel=ADMIN, ts=answer["message_ts"], text="b") == "message_not_found"


def test_update_replaces_what_is_given_and_keeps_the_rest(world):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "un"}}]
    ts = _say(world, "un", blocks=blocks, metadata={"event_type": "e", "event_payload": {}})["ts"]
    answer = world.client.chat_update(channel=ADMIN, ts=ts, text="deux")
    assert answer["text"] == "deux"
    assert answer["message"]["blocks"][0]["text"]["text"] == "un"
    assert answer["message"]["metadata"]["event_type"] == "e"
    assert answer["message"]["edited"]["user"] == "U0SANDBOT1"
    assert "blocks" not in world.client.chat_update(channel=ADMIN, ts=ts, text="deux", blocks=[])["message"]


def test_update_refuses_what_slack_refuses(world, admin):
    mine = _say(world)["ts"]
    theirs = post_message(world.service, admin, world.user_id("elise.bernard"), Draft("à moi")).ts
    assert world.error("chat.update", channel=ADMIN, ts=theirs, text="a") == "cant_update_message"
    assert world.error("chat.update", channel=ADMIN, ts="1.1", text="a") == "message_not_found"
    assert world.error("chat.update", channel=ADMIN, ts=mine, text="x" * 4001) == "msg_too_long"
    assert world.error("chat.update", channel=ADMIN, ts=mine) == "no_text"
    assert world.error("chat.update", channel="C0NOWHERE", ts=mine, text="a") == "channel_not_found"


def test_rich_text_cannot_become_something_else(world):
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "un"}]}
    ts = _say(world, "un", blocks=[{"type": "rich_text", "elements": [section]}])["ts"]
    assert world.error("chat.update", channel=ADMIN, ts=ts, text="a", blocks=[{"type": "divider"}]) == "block_mismatch"


def test_delete_takes_own_messages_only_and_leaves_a_tombstone_over_replies(world, admin):
    parent, theirs = (
        _say(world)["ts"],
        post_message(world.service, admin, world.user_id("elise.bernard"), Draft("à moi")),
    )
    reply = post_message(world.service, admin, theirs.user, Draft("réponse", thread_ts=parent))
    assert world.error("chat.delete", channel=ADMIN, ts=theirs.ts) == "cant_delete_message"
    world.client.chat_delete(channel=ADMIN, ts=parent)
    assert list(admin.messages) == [parent, theirs.ts, reply.ts]
    assert admin.messages[parent].subtype == "tombstone"
    assert world.error("chat.delete", channel=ADMIN, ts=parent) == "message_not_found"


def test_a_permalink_of_a_reply_names_its_thread(world):
    parent = _say(world)["ts"]
    reply = _say(world, thread_ts=parent)["ts"]
    address = world.client.chat_getPermalink(channel=ADMIN, message_ts=parent)["permalink"]
    assert address == f"https://ensemble1job.slack.com/archives/{ADMIN}/p{parent.replace('.', '')}"
    in_thread = world.client.chat_getPermalink(channel=ADMIN, message_ts=reply)["permalink"]
    assert in_thread.endswith(f"?thread_ts={parent}&cid={ADMIN}")
    assert world.form_error("chat.getPermalink", channel=ADMIN, message_ts="1.1") == "message_not_found"


def test_a_public_channel_may_be_written_to_from_outside_with_its_scope(with_scopes):
    world = with_scopes("chat:write", "chat:write.public")
    assert _say(world, channel="C0GENERAL1")["ok"]
    assert world.error("chat.postMessage", channel="C0GENERAL1", text="a", icon_emoji=":x:") == "missing_scope"


def test_another_name_needs_its_scope(with_scopes):
    world = with_scopes("chat:write", "chat:write.customize")
    message = _say(world, username="Le programme", icon_emoji=":books:")["message"]
    assert (message["username"], message["icons"]) == ("Le programme", {"emoji": ":books:"})


def test_an_archived_message_cannot_be_changed(world, admin):
    ts = _say(world)["ts"]
    archive_channel(world.service, admin, world.user_id("marc.dubois"))
    assert world.error("chat.update", channel=ADMIN, ts=ts, text="b") == "is_inactive"


def test_markdown_text_becomes_a_markdown_block(world):
    message = world.client.api_call("chat.postMessage", json={"channel": ADMIN, "markdown_text": "**a**"})["message"]
    assert [(block["type"], block["text"]) for block in message["blocks"]] == [("markdown", "**a**")]
