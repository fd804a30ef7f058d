"""Writing, reading, coming and going: what people do among themselves, and what the app hears of it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.sandbox.slack.conftest import until

BOT = "U0SANDBOT1"


def names(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] if "subtype" not in event else event["subtype"] for event in events]


def heard(bot: Any) -> list[dict[str, Any]]:
    return [body["event"] for body in bot.of("event")]


def test_a_message_to_the_app_is_an_im_event(outside: Any, bot: Any) -> None:
    answer = outside.act("message", to_bot=True, text="1 < 2 & @thomas.nguyen dans #general")
    [event] = bot.events("message")
    assert event["text"] == "1 &lt; 2 &amp; <@U0THOMAS01> dans <#C0GENERAL1|general>"
    assert (event["channel_type"], event["ts"], event["channel"]) == ("im", answer["ts"], answer["channel"])
    assert answer["message"]["text"] == "1 < 2 & @Thomas Nguyen dans #general"


def test_the_app_hears_only_the_channels_it_is_in(outside: Any, bot: Any) -> None:
    outside.act("message", channel="general", text="entre nous")
    assert heard(bot) == []
    outside.act("message", "nadia.roux", channel="e-tutorat", text="avec le robot")
    assert [event["channel_type"] for event in bot.events("message")] == ["group"]


def test_a_reply_edit_reaction_and_deletion(outside: Any, bot: Any) -> None:
    first = outside.act("message", "nadia.roux", channel="e-tutorat", text="un")
    place = {"channel": "e-tutorat", "ts": first["ts"]}
    outside.act("message", "paul.girard", channel="e-tutorat", text="deux", thread_ts=first["ts"])
    outside.act("edit", "nadia.roux", **place, text="une")
    assert outside.act("react", "paul.girard", **place, name=":eyes:")["changed"] is True
    assert outside.act("react", "paul.girard", **place, name="eyes", remove=True)["changed"] is True
    outside.act("delete", "nadia.roux", **place)
    expected = ["message", "message", "message_changed", "reaction_added", "reaction_removed", "message_deleted"]
    assert names(heard(bot)) == expected
    assert heard(bot)[1]["thread_ts"] == first["ts"]
    assert "paul" in outside.refused("edit", "paul.girard", channel="e-tutorat", ts=first["ts"], text="x").casefold()


def test_a_file_is_shared_with_its_bytes(outside: Any, bot: Any) -> None:
    file = {"name": "cv.txt", "content_base64": base64.b64encode(b"mon cv").decode()}
    answer = outside.act("message", to_bot=True, text="voici", files=[file])
    assert names(heard(bot)) == ["file_share", "file_shared"]
    assert bot.events("message")[0]["files"][0]["name"] == "cv.txt"
    file_id = answer["message"]["files"][0]["id"]
    assert outside.control.get(f"files/{file_id}", params={"person": "claire.martin"}).content == b"mon cv"
    refused = outside.control.get(f"files/{file_id}", params={"person": "thomas.nguyen"})
    assert refused.status_code == 400


def test_people_meet_in_private(outside: Any, bot: Any) -> None:
    outside.act("message", to="Thomas Nguyen", text="salut")
    shown = outside.read("messages", "thomas.nguyen", channel="claire.martin")
    assert [message["text"] for message in shown["messages"]] == ["salut"]
    assert shown["channel"]["name"] == "Claire Martin"
    assert heard(bot) == []


def test_coming_and_going(outside: Any, bot: Any) -> None:
    outside.act("create", "thomas.nguyen", name="projets")
    outside.act("invite", "thomas.nguyen", channel="projets", user="bot")
    assert outside.act("join", channel="projets")["changed"] is True
    outside.act("leave", channel="projets")
    outside.act("invite", "thomas.nguyen", channel="projets", user="Claire Martin")
    outside.act("kick", "thomas.nguyen", channel="projets", user="claire.martin")
    assert "créé" in outside.refused("kick", "nadia.roux", channel="e-tutorat", user="bot")
    assert "général" in outside.refused("leave", channel="general")
    assert "public" in outside.refused("join", "nadia.roux", channel="e-tutorat")
    moves = [(e["type"], e["user"]) for e in heard(bot) if e["type"].startswith("member_")]
    assert moves[-4:] == [
        ("member_joined_channel", "U0CLAIRE01"),
        ("member_left_channel", "U0CLAIRE01"),
        ("member_joined_channel", "U0CLAIRE01"),
        ("member_left_channel", "U0CLAIRE01"),
    ]


def test_channels_are_made_renamed_and_archived_by_people_who_may(outside: Any, bot: Any) -> None:
    outside.act("create", name="entraide", private=True)
    outside.act("invite", channel="entraide", user="bot")
    assert "créé" in outside.refused("rename", "thomas.nguyen", channel="general", name="autre")
    outside.act("rename", channel="entraide", name="coup-de-main")
    outside.act("archive", channel="coup-de-main")
    assert "archivé" in outside.refused("message", channel="coup-de-main", text="encore ?")
    outside.act("unarchive", channel="coup-de-main")
    kinds = [event["type"] for event in heard(bot)]
    assert {"group_rename", "group_archive", "group_unarchive"} <= set(kinds)
    assert "pris" in outside.refused("create", name="general")
    assert outside.refused("create", name="Majuscules")


def test_people_write_the_topic_of_channels_they_are_in(outside: Any, bot: Any) -> None:
    outside.act("topic", "nadia.roux", channel="e-tutorat", topic="Relectures & questions")
    [event] = until(lambda: bot.events("message"))
    assert (event["subtype"], event["topic"]) == ("channel_topic", "Relectures &amp; questions")
    assert "ne voit" in outside.refused("topic", "thomas.nguyen", channel="e-tutorat", topic="x")
    outside.act("create", name="fini")
    outside.act("archive", channel="fini")
    assert "archivé" in outside.refused("topic", channel="fini", topic="x")


def test_accounts_come_change_and_go(outside: Any, bot: Any) -> None:
    outside.act("add_user", name="zoe.petit", real_name="Zoé Petit", tz="Europe/Paris")
    outside.act("profile", "zoe.petit", tz="America/Cayenne")
    outside.act("deactivate", "zoe.petit")
    assert [event["type"] for event in heard(bot)] == ["team_join", "user_change", "user_change"]
    assert bot.events("user_change")[0]["user"]["tz"] == "America/Cayenne"
    assert "désactivé" in outside.refused("message", "zoe.petit", to_bot=True, text="?")
    assert "existe déjà" in outside.refused("add_user", name="zoe.petit")
    users = outside.control.get("users").json()["users"]
    assert {"zoe.petit": True}.items() <= {user["name"]: user["deleted"] for user in users}.items()


@pytest.mark.parametrize("person", ["sandbox", "slackbot", "nobody", ""])
def test_nobody_acts_under_such_a_name(outside: Any, bot: Any, person: str) -> None:
    assert outside.refused("message", person, to_bot=True, text="x")


def test_a_person_is_found_by_the_beginning_of_the_name(outside: Any, bot: Any) -> None:
    assert outside.act("message", "Aïcha", to_bot=True, text="x")["message"]["from"] == "Aïcha Benali"


def test_reading_marks_as_read(outside: Any, bot: Any) -> None:
    outside.act("message", to="thomas.nguyen", text="un")
    outside.act("message", to="thomas.nguyen", text="deux")

    def entry() -> Any:
        inbox = outside.read("inbox", "thomas.nguyen")["channels"]
        return next(channel for channel in inbox if channel["name"] == "Claire Martin")

    assert entry()["unread"] == 2
    assert [message["text"] for message in entry()["messages"]] == ["un", "deux"]
    outside.read("messages", "thomas.nguyen", channel="claire.martin")
    assert entry()["unread"] == 0


def test_a_thread_is_read_apart(outside: Any, bot: Any) -> None:
    first = outside.act("message", channel="general", text="sujet")["ts"]
    outside.act("message", "thomas.nguyen", channel="general", text="réponse", thread_ts=first)
    thread = outside.read("messages", channel="general", thread_ts=first)["messages"]
    assert [message["text"] for message in thread] == ["sujet", "réponse"]
    assert thread[0]["replies"] == 1


def test_a_sidebar_shows_no_foreign_channel(outside: Any, bot: Any) -> None:
    assert [c["name"] for c in outside.read("channels")["channels"]] == ["general"]
    assert (
        outside.control.get("messages", params={"person": "claire.martin", "channel": "e-tutorat"}).status_code == 400
    )


def test_blocks_are_read_as_the_eye_reads_them(outside: Any, bot: Any) -> None:
    client = outside.client()
    channel = client.conversations_open(users="U0CLAIRE01")["channel"]["id"]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Séance 3"}},
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": "*Bonjour* <@U0CLAIRE01>, _à_ <!date^1^{date}|mardi> &amp; <https://a.fr|le lien>",
            },
        },
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "plain_text", "text": "petit"}]},
        {
            "type": "actions",
            "elements": [{"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Aller"}}],
        },
    ]
    client.chat_postMessage(channel=channel, text="Votre séance 3", blocks=blocks)
    [message] = outside.read("messages", channel=channel)["messages"]
    assert (
        message["text"] == "# Séance 3\nBonjour @Claire Martin, à mardi & le lien (https://a.fr)\n---\npetit\n[Aller]"
    )
    assert message["notification"] == "Votre séance 3"
    assert message["from"] == "sandbox"
    assert message["raw"]["blocks"][0]["type"] == "header"


def test_nonsense_in_the_body_is_a_sentence(outside: Any) -> None:
    for body in (b"not json", b"[1]", b"{}"):
        response = outside.control.post("message", content=body)
        assert response.status_code == 400
        assert response.json()["error"]
