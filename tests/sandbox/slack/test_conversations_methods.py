"""conversations.*: channels, people in and out, history, direct messages."""

from __future__ import annotations

import pytest

from sandbox.slack.membership import add_member, add_user, create_channel, deactivate_user
from sandbox.slack.messaging import Draft, post_message
from sandbox.slack.model import User

ADMIN, GENERAL, BOT = "CADMIN0001", "C0GENERAL1", "U0SANDBOT1"


def _create(world, name="groupe-1", private=True):
    return world.client.conversations_create(name=name, is_private=private)["channel"]


def test_a_created_channel_belongs_to_the_bot(world):
    channel = _create(world)
    assert channel["id"].startswith("C")
    assert (channel["is_private"], channel["is_channel"], channel["is_group"]) == (True, True, False)
    assert (channel["creator"], channel["is_member"], channel["created"]) == (BOT, True, 1772442000)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Groupe", "invalid_name_specials"),
        ("groupe é", "invalid_name_specials"),
        ("--__", "invalid_name_punctuation"),
        ("general", "name_taken"),
    ],
)
def test_names_are_judged(world, name, error):
    assert world.error("conversations.create", name=name) == error


def test_an_archived_channel_keeps_its_name_for_good(world):
    channel = _create(world)["id"]
    world.client.conversations_archive(channel=channel)
    assert world.error("conversations.create", name="groupe-1") == "name_taken"
    assert world.error("conversations.archive", channel=channel) == "already_archived"
    for method, more in (
        ("conversations.invite", {"users": world.user_id("claire.martin")}),
        ("conversations.rename", {"name": "b"}),
        ("conversations.setTopic", {"topic": "b"}),
        ("conversations.leave", {}),
    ):
        assert world.error(method, channel=channel, **more) == "is_archived", method
    assert world.error("conversations.unarchive", channel=channel) == "channel_not_found"
    assert world.error("conversations.unarchive", channel=_create(world, "autre")["id"]) == "not_archived"


def test_creating_needs_the_scope_of_its_kind(with_scopes):
    world = with_scopes(without=("groups:write",))
    assert _create(world, private=False)["is_private"] is False
    answer = world.refused("conversations.create", name="secret", is_private=True)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:write")


def test_only_the_creator_renames(world):
    channel = _create(world)["id"]
    renamed = world.client.conversations_rename(channel=channel, name="groupe-2")["channel"]
    assert (renamed["name"], renamed["previous_names"]) == ("groupe-2", ["groupe-1"])
    assert world.error("conversations.rename", channel=ADMIN, name="x") == "not_authorized"
    assert world.error("conversations.rename", channel=channel, name="general") == "name_taken"


def test_topic_and_purpose_are_set_up_to_250_characters(world):
    topic = world.client.conversations_setTopic(channel=ADMIN, topic="x" * 250)["channel"]["topic"]
    assert topic == {"value": "x" * 250, "creator": BOT, "last_set": 1772442000}
    assert world.error("conversations.setTopic", channel=ADMIN, topic="x" * 251) == "too_long"
    assert world.client.conversations_setPurpose(channel=ADMIN, purpose="p")["purpose"] == "p"
    assert world.error("conversations.setPurpose", channel=ADMIN, purpose="x" * 251) == "too_long"
    assert world.error("conversations.setTopic", channel=GENERAL, topic="x") == "not_in_channel"


def test_an_invitation_is_all_or_nothing_unless_forced(world):
    channel, claire = _create(world)["id"], world.user_id("claire.martin")
    answer = world.refused("conversations.invite", channel=channel, users=f"{claire},{BOT},U0NOBODY")
    assert answer["error"] == "cant_invite_self"
    assert [(e["user"], e["error"]) for e in answer["errors"]] == [
        (BOT, "cant_invite_self"),
        ("U0NOBODY", "user_not_found"),
    ]
    assert world.channel(channel).members == [BOT]
    forced = world.client.conversations_invite(channel=channel, users=[claire, "U0NOBODY"], force=True)
    assert [e["error"] for e in forced["errors"]] == ["user_not_found"]
    assert world.channel(channel).members == [BOT, claire]
    assert world.error("conversations.invite", channel=channel, users=claire, force=True) == "already_in_channel"
    assert world.error("conversations.invite", channel=channel, users="") == "no_user"
    many = ",".join(f"U{n}" for n in range(101))
    assert world.error("conversations.invite", channel=channel, users=many) == "invalid_arguments"


def test_some_people_cannot_be_invited(world):
    channel = _create(world)["id"]
    guest = add_user(world.service, User("U0GUEST001", "guest", "Guest", is_ultra_restricted=True))
    assert world.client.conversations_invite(channel=channel, users=guest.id)["ok"]
    other = _create(world, "groupe-2")["id"]
    assert world.error("conversations.invite", channel=other, users=guest.id) == "ura_max_channels"
    deactivate_user(world.service, world.service.user(world.user_id("karim.haddad")))
    assert world.error("conversations.invite", channel=other, users=world.user_id("karim.haddad")) == "cant_invite"


def test_kicking(world):
    channel, claire = _create(world)["id"], world.user_id("claire.martin")
    world.client.conversations_invite(channel=channel, users=claire)
    world.client.conversations_kick(channel=channel, user=claire)
    assert world.channel(channel).members == [BOT]
    assert world.error("conversations.kick", channel=channel, user=claire) == "not_in_channel"
    assert world.error("conversations.kick", channel=channel, user=BOT) == "cant_kick_self"
    assert world.error("conversations.kick", channel=channel, user="U0NOBODY") == "user_not_found"
    world.client.conversations_join(channel=GENERAL)
    assert world.error("conversations.kick", channel=GENERAL, user=claire) == "cant_kick_from_general"


def test_joining_and_leaving(world):
    public = create_channel(world.service, world.user_id("marc.dubois"), "annonces", private=False)
    assert world.client.conversations_join(channel=public.id)["channel"]["is_member"] is True
    assert world.client.conversations_join(channel=public.id)["warning"] == "already_in_channel"
    world.client.conversations_leave(channel=public.id)
    assert world.client.conversations_leave(channel=public.id)["not_in_channel"] is True
    assert world.error("conversations.join", channel=ADMIN) == "method_not_supported_for_channel_type"
    assert world.error("conversations.leave", channel=_create(world)["id"]) == "last_member"
    world.client.conversations_join(channel=GENERAL)
    assert world.error("conversations.leave", channel=GENERAL) == "cant_leave_general"
    assert world.error("conversations.archive", channel=GENERAL) == "cant_archive_general"


def test_a_private_channel_without_the_bot_does_not_exist_for_it(world):
    secret = create_channel(world.service, world.user_id("marc.dubois"), "secret", private=True)
    assert world.form_error("conversations.info", channel=secret.id) == "channel_not_found"
    assert world.form_error("conversations.members", channel=secret.id) == "channel_not_found"
    listed = world.client.conversations_list(types="public_channel,private_channel")["channels"]
    assert [c["name"] for c in listed] == ["general", "e-tutorat", "bilan-admin"]
    add_member(world.service, secret, BOT, inviter_id=world.user_id("marc.dubois"))
    assert world.client.conversations_info(channel=secret.id, include_num_members=True)["channel"]["num_members"] == 2


def test_lists_are_filtered_and_paged(world):
    for number in range(5):
        _create(world, f"g{number}", private=False)
    pages, cursor = [], None
    while cursor != "":
        answer = world.client.conversations_list(limit=2, cursor=cursor)
        pages.append([c["name"] for c in answer["channels"]])
        cursor = answer["response_metadata"]["next_cursor"]
    assert pages == [["general", "g0"], ["g1", "g2"], ["g3", "g4"]]
    world.client.conversations_archive(channel=world.channel("g0").id)
    left = world.client.conversations_list(exclude_archived=True)["channels"]
    assert [c["name"] for c in left] == ["general", "g1", "g2", "g3", "g4"]
    assert world.form_error("conversations.list", cursor="bm9uc2Vuc2U=") == "invalid_cursor"
    assert world.form_error("conversations.list", types="rooms") == "invalid_types"
    assert world.form_error("conversations.list", limit="1001") == "invalid_limit"


def test_listing_a_kind_needs_its_scope(with_scopes):
    world = with_scopes(without=("groups:read",))
    assert world.form_error("conversations.list", types="private_channel") == "missing_scope"
    assert world.form_error("conversations.info", channel=ADMIN) == "missing_scope"


def test_members_are_paged(world):
    first = world.client.conversations_members(channel=GENERAL, limit=8)
    cursor = first["response_metadata"]["next_cursor"]
    second = world.client.conversations_members(channel=GENERAL, limit=8, cursor=cursor)
    assert first["members"] + second["members"] == world.channel(GENERAL).members
    assert second["response_metadata"]["next_cursor"] == ""


@pytest.fixture
def talk(world):
    """Five messages a minute apart, the second with two replies, one of them broadcast."""
    admin, elise = world.channel(ADMIN), world.user_id("elise.bernard")
    posted = []
    for number in range(5):
        posted.append(post_message(world.service, admin, elise, Draft(f"m{number}")))
        world.move(60)
    thread = posted[1].ts
    post_message(world.service, admin, BOT, Draft("r0", thread_ts=thread, metadata={"event_type": "e"}))
    post_message(world.service, admin, elise, Draft("r1", thread_ts=thread, reply_broadcast=True))
    return posted


def _texts(answer):
    return [message["text"] for message in answer["messages"]]


def test_history_is_newest_first_without_replies(world, talk):
    history = world.client.conversations_history(channel=ADMIN)
    assert _texts(history) == ["r1", "m4", "m3", "m2", "m1", "m0"]
    parent = history["messages"][4]
    assert (parent["reply_count"], parent["reply_users_count"], parent["thread_ts"]) == (2, 2, parent["ts"])
    assert history["messages"][0]["subtype"] == "thread_broadcast"


def test_history_is_bounded_exclusively_or_inclusively(world, talk):
    bounds = {"channel": ADMIN, "oldest": talk[1].ts, "latest": talk[3].ts}
    assert _texts(world.client.conversations_history(**bounds)) == ["m2"]
    assert _texts(world.client.conversations_history(**bounds, inclusive=True)) == ["m3", "m2", "m1"]
    assert world.form_error("conversations.history", channel=ADMIN, oldest="hier") == "invalid_ts_oldest"


def test_history_pages_stay_true_while_new_messages_come(world, talk):
    first = world.client.conversations_history(channel=ADMIN, limit=2)
    assert first["has_more"] is True
    world.client.chat_postMessage(channel=ADMIN, text="nouveau")
    cursor = first["response_metadata"]["next_cursor"]
    second = world.client.conversations_history(channel=ADMIN, limit=10, cursor=cursor)
    assert _texts(first) + _texts(second) == ["r1", "m4", "m3", "m2", "m1", "m0"]
    assert second["has_more"] is False


def test_replies_start_with_the_parent_and_hide_metadata_unless_asked(world, talk):
    replies = world.client.conversations_replies(channel=ADMIN, ts=talk[1].ts)
    assert _texts(replies) == ["m1", "r0", "r1"]
    assert "metadata" not in replies["messages"][1]
    full = world.client.conversations_replies(channel=ADMIN, ts=talk[1].ts, include_all_metadata=True)
    assert full["messages"][1]["metadata"] == {"event_type": "e"}
    assert world.form_error("conversations.replies", channel=ADMIN, ts="1.1") == "thread_not_found"


def test_history_is_for_members_with_the_scope(with_scopes):
    world = with_scopes(without=("groups:history",))
    assert world.form_error("conversations.history", channel=GENERAL) == "not_in_channel"
    assert world.form_error("conversations.history", channel=ADMIN) == "missing_scope"


def test_opening_direct_messages(world):
    claire, marc = world.user_id("claire.martin"), world.user_id("marc.dubois")
    first = world.client.conversations_open(users=claire)
    again = world.client.conversations_open(users=claire, return_im=True)
    assert first["channel"] == {"id": again["channel"]["id"]}
    assert (again["already_open"], again["channel"]["user"], again["channel"]["is_im"]) == (True, claire, True)
    group = world.client.conversations_open(users=[claire, marc])["channel"]
    assert group["is_mpim"] is True
    assert world.client.conversations_open(users=[marc, claire])["channel"]["id"] == group["id"]
    assert world.client.conversations_close(channel=first["channel"]["id"])["ok"]
    assert world.error("conversations.close", channel=ADMIN) == "method_not_supported_for_channel_type"


def test_who_cannot_be_opened(world):
    assert world.error("conversations.open") == "users_list_not_supplied"
    assert world.error("conversations.open", users="U0NOBODY") == "user_not_found"
    assert world.error("conversations.open", users=",".join(f"U{n}" for n in range(9))) == "too_many_users"
    marc = world.service.user(world.user_id("marc.dubois"))
    assert world.error("conversations.open", users=marc.id, prevent_creation=True) == "channel_not_found"
    deactivate_user(world.service, marc)
    assert world.error("conversations.open", users=marc.id) == "user_disabled"
