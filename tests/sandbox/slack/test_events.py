"""Which events an act leaves, and which of them the app gets."""

from __future__ import annotations

import pytest

from sandbox.slack import membership, messaging
from sandbox.slack.messaging import Draft
from sandbox.slack.model import User

ADMIN, TUTORS, GENERAL, BOT = "CADMIN0001", "CTUTORS01", "C0GENERAL1", "U0SANDBOT1"


@pytest.fixture
def elise(world):
    return world.user_id("elise.bernard")


def test_an_event_travels_in_a_callback(world, elise):
    messaging.post_message(world.service, world.channel(ADMIN), elise, Draft("bonjour"))
    (payload,) = world.events.payloads
    assert (payload["type"], payload["team_id"], payload["api_app_id"]) == (
        "event_callback",
        "T0SANDBOX1",
        "A0SANDBOX1",
    )
    assert payload["event_id"].startswith("Ev")
    assert payload["event_time"] == 1772442000
    assert payload["authorizations"][0]["user_id"] == BOT
    event = payload["event"]
    facts = [event[key] for key in ("type", "channel", "channel_type", "user", "text")]
    assert facts == ["message", ADMIN, "group", elise, "bonjour"]
    assert event["ts"] == event["event_ts"]
    assert "bot_id" not in event


def test_event_ids_differ(world, elise):
    for text in ("un", "deux"):
        messaging.post_message(world.service, world.channel(ADMIN), elise, Draft(text))
    first, second = world.events.payloads
    assert first["event_id"] != second["event_id"]


def test_what_the_bot_cannot_see_is_not_told(world, elise):
    messaging.post_message(world.service, world.channel(GENERAL), elise, Draft("sans le robot"))
    im = membership.open_im(world.service, elise, world.user_id("marc.dubois"))
    messaging.post_message(world.service, im, elise, Draft("entre nous"))
    assert world.events.payloads == []


def test_an_event_needs_its_subscription_and_its_scope(with_scopes):
    world = with_scopes(without=("groups:history",))
    elise = world.user_id("elise.bernard")
    messaging.post_message(world.service, world.channel(ADMIN), elise, Draft("a"))
    assert world.events.of("message") == []
    im = membership.open_im(world.service, elise, BOT)
    messaging.post_message(world.service, im, elise, Draft("b"))
    assert [event["channel_type"] for event in world.events.of("message")] == ["im"]


def test_a_mention_is_an_event_of_its_own(world, elise):
    messaging.post_message(world.service, world.channel(ADMIN), elise, Draft(f"<@{BOT}> aide"))
    assert [event["type"] for event in (p["event"] for p in world.events.payloads)] == ["message", "app_mention"]


def test_edits_and_deletions_carry_the_message_before(world, elise):
    admin = world.channel(ADMIN)
    message = messaging.post_message(world.service, admin, elise, Draft("un"))
    messaging.edit_message(world.service, admin, message, text="deux", by_person=True)
    messaging.delete_message(world.service, admin, message)
    _, changed, deleted = world.events.of("message")
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "deux")
    assert (changed["previous_message"]["text"], changed["hidden"]) == ("un", True)
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", message.ts)
    assert deleted["previous_message"]["text"] == "deux"


def test_reactions_and_pins(world, elise):
    admin = world.channel(ADMIN)
    message = messaging.post_message(world.service, admin, elise, Draft("un"))
    messaging.add_reaction(world.service, admin, message, elise, "tada")
    messaging.remove_reaction(world.service, admin, message, elise, "tada")
    messaging.pin_message(world.service, admin, message, elise)
    added, removed = world.events.of("reaction_added")[0], world.events.of("reaction_removed")[0]
    assert (added["reaction"], added["item"]["ts"], added["item_user"]) == ("tada", message.ts, elise)
    assert removed["user"] == elise
    assert world.events.of("pin_added")[0]["channel_id"] == ADMIN


def test_people_in_and_out(world, elise):
    claire, tutors = world.user_id("claire.martin"), world.channel(TUTORS)
    membership.add_member(world.service, tutors, claire, inviter_id=elise)
    membership.remove_member(world.service, tutors, claire, actor_id=elise)
    joined, left = world.events.of("member_joined_channel")[0], world.events.of("member_left_channel")[0]
    assert (joined["user"], joined["inviter"], joined["channel_type"]) == (claire, elise, "G")
    assert left["user"] == claire
    assert [e["subtype"] for e in world.events.of("message")] == ["channel_join", "channel_leave"]


def test_the_bots_own_removal_is_told_once(world, elise):
    membership.remove_member(world.service, world.channel(TUTORS), BOT, actor_id=elise)
    (event,) = [payload["event"] for payload in world.events.payloads]
    assert (event["type"], event["channel"], event["actor_id"]) == ("group_left", TUTORS, elise)


def test_channels_change(world, elise):
    tutors = world.channel(TUTORS)
    membership.rename_channel(world.service, tutors, elise, "tutorat")
    membership.archive_channel(world.service, tutors, elise)
    assert world.events.of("group_rename")[0]["channel"]["name"] == "tutorat"
    assert world.events.of("group_archive")[0]["user"] == elise
    public = membership.create_channel(world.service, elise, "annonces", private=False)
    membership.archive_channel(world.service, public, elise)
    assert world.events.of("channel_created")[0]["channel"]["id"] == public.id
    assert world.events.of("channel_archive")[0]["channel"] == public.id


def test_new_and_changed_people(world):
    membership.add_user(world.service, User("U0NEW00001", "zoe", "Zoé Petit", "zoe@example.fr"))
    joined = world.events.of("team_join")[0]["user"]
    assert (joined["profile"]["email"], joined["locale"]) == ("zoe@example.fr", "fr-FR")
    assert "U0NEW00001" in world.channel(GENERAL).members
    membership.change_user(world.service, world.service.user("U0NEW00001"), tz="Indian/Reunion")
    assert world.events.of("user_change")[0]["user"]["tz"] == "Indian/Reunion"
    with pytest.raises(AttributeError, match="no colour"):
        membership.change_user(world.service, world.service.user("U0NEW00001"), colour="red")
