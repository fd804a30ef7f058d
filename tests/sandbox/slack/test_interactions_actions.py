"""Buttons and menus in messages, homes and modals; shortcuts; suggestions."""

from __future__ import annotations

from typing import Any

import pytest

CLAIRE = "U0CLAIRE01"


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


BUTTON = {"type": "button", "action_id": "go", "text": plain("Continuer"), "value": "42", "style": "primary"}
DANGER = {
    "type": "button",
    "action_id": "stop",
    "text": plain("Renoncer"),
    "confirm": {"title": plain("Sûr ?"), "text": plain("Vraiment ?"), "confirm": plain("Oui"), "deny": plain("Non")},
}
MENU = {
    "type": "static_select",
    "action_id": "day",
    "placeholder": plain("Jour"),
    "options": [option("Lundi"), option("Mardi")],
}
BOXES = {"type": "checkboxes", "action_id": "topics", "options": [option("Projet"), option("Bilan")]}
OVERFLOW = {"type": "overflow", "action_id": "more", "options": [option("Aide"), option("Quitter")]}
ACTIONS = {"type": "actions", "block_id": "acts", "elements": [BUTTON, DANGER, MENU, BOXES, OVERFLOW]}


@pytest.fixture
def posted(outside: Any, bot: Any) -> dict[str, Any]:
    """A message with elements in Claire's conversation with the app."""
    client = outside.client()
    channel = client.conversations_open(users=CLAIRE)["channel"]["id"]
    ts = client.chat_postMessage(channel=channel, text="Choisissez", blocks=[ACTIONS])["ts"]
    return {"channel": channel, "ts": ts}


def test_a_button_in_a_message_tells_everything(outside: Any, bot: Any, posted: Any) -> None:
    answer = outside.act("press", label="Continuer", wait=0, **posted)
    assert answer["error"] is None
    [body] = bot.of("action")
    assert body["type"] == "block_actions"
    assert body["user"] == {"id": CLAIRE, "username": "claire.martin", "name": "claire.martin", "team_id": "T0SANDBOX1"}
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": posted["channel"],
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": posted["channel"], "name": "directmessage"}
    assert body["message"]["ts"] == posted["ts"]
    assert body["enterprise"] is None
    assert body["is_enterprise_install"] is False
    assert {"api_app_id", "token", "trigger_id", "team", "response_url"} <= set(body)
    [action] = body["actions"]
    assert action.pop("action_ts")
    expected = {"type": "button", "action_id": "go", "block_id": "acts", "value": "42", "style": "primary"}
    assert action == expected | {"text": BUTTON["text"]}


def test_the_state_of_a_message_keeps_what_each_person_chose(outside: Any, bot: Any, posted: Any) -> None:
    outside.act("press", label="Mardi", wait=0)
    outside.act("press", label="Bilan", wait=0)
    outside.act("press", label="Projet", wait=0)
    outside.act("press", label="Bilan", wait=0)
    bodies = bot.of("action")
    assert bodies[0]["actions"][0]["selected_option"]["value"] == "mardi"
    chosen = [[o["value"] for o in body["actions"][0]["selected_options"]] for body in bodies[1:]]
    assert chosen == [["bilan"], ["bilan", "projet"], ["projet"]]
    values = bodies[-1]["state"]["values"]["acts"]
    assert values["day"]["selected_option"]["value"] == "mardi"
    assert set(values) == {"day", "topics"}


def test_an_overflow_entry_is_pressed_by_its_text(outside: Any, bot: Any, posted: Any) -> None:
    outside.act("press", label="Aide", wait=0)
    assert bot.of("action")[0]["actions"][0]["selected_option"]["value"] == "aide"


def test_a_confirmation_may_be_declined(outside: Any, bot: Any, posted: Any) -> None:
    declined = outside.act("press", label="Renoncer", confirm=False)
    assert (declined["result"], declined["confirm"]["confirm"]["text"]) == ("cancelled", "Oui")
    assert bot.of("action") == []
    outside.act("press", label="Renoncer", wait=0)
    assert bot.of("action")[0]["actions"][0]["confirm"]["title"]["text"] == "Sûr ?"


def test_only_what_is_on_the_screen_can_be_pressed(outside: Any, bot: Any, posted: Any) -> None:
    assert "Continuer" in outside.refused("press", label="Valider")
    assert outside.refused("press", "thomas.nguyen", label="Continuer")
    assert outside.refused("press", "thomas.nguyen", channel=posted["channel"], label="Continuer")
    assert outside.refused("press", label="Continuer", channel=posted["channel"], ts="1.000000")
    assert bot.of("action") == []


def test_an_ephemeral_message_has_no_message_in_its_payload(outside: Any, bot: Any) -> None:
    outside.client().conversations_join(channel="C0GENERAL1")
    outside.client().chat_postEphemeral(channel="C0GENERAL1", user=CLAIRE, text="x", blocks=[ACTIONS])
    outside.act("press", label="Continuer", wait=0)
    [body] = bot.of("action")
    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body
    assert outside.refused("press", "thomas.nguyen", label="Continuer")


def test_a_payload_in_the_acknowledgement_of_a_button_is_refused(outside: Any, bot: Any, posted: Any) -> None:
    bot.on("action")(lambda ack, *_: ack("perdu"))
    answer = outside.act("press", label="Continuer", wait=0)
    assert answer["error"] is None
    assert answer["messages"] == []
    assert outside.recorder.lines(method="ack block_actions")[0]["answer"]["error"] == "unexpected_payload"


def test_a_press_in_the_home_has_the_view_and_can_change_it(outside: Any, bot: Any) -> None:
    client = outside.client()
    client.views_publish(user_id=CLAIRE, view={"type": "home", "blocks": [ACTIONS]})

    @bot.on("action")
    def _(ack: Any, body: Any, client: Any, _respond: Any) -> None:
        ack()
        blocks = [{"type": "header", "text": plain("Merci")}]
        client.views_publish(user_id=body["user"]["id"], view={"type": "home", "blocks": blocks})

    answer = outside.act("press", view="home", action_id="go", wait=5)
    assert answer["home_changed"] is True
    [body] = bot.of("action")
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert not {"message", "response_url", "channel"} & set(body)
    assert outside.read("view")["home"]["text"] == "# Merci"


def test_a_press_in_a_modal_may_push_another(outside: Any, bot: Any, opened: Any, modal: Any) -> None:
    opened(modal(ACTIONS))

    @bot.on("action")
    def _(ack: Any, body: Any, client: Any, _respond: Any) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=modal(title=plain("Suite")))

    answer = outside.act("press", label="Continuer", wait=5)
    assert answer["modal"]["title"] == "Suite"
    assert outside.act("press", label="Annuler")["modal"]["title"] == "Profil"


def test_opening_the_home_waits_for_what_the_app_publishes(outside: Any, bot: Any) -> None:
    @bot.on("event")
    def _(_ack: Any, body: Any, client: Any, _respond: Any) -> None:
        blocks = [{"type": "header", "text": plain(body["event"]["tab"])}]
        client.views_publish(user_id=body["event"]["user"], view={"type": "home", "blocks": blocks})

    assert outside.act("home")["view"]["text"] == "# home"
    assert "view" not in bot.events("app_home_opened")[0]
    outside.act("home")
    assert bot.events("app_home_opened")[1]["view"]["type"] == "home"


def test_shortcuts_carry_a_trigger_and_their_message(outside: Any, bot: Any, posted: Any) -> None:
    outside.act("shortcut", callback_id="start_here", wait=0)
    outside.act("shortcut", callback_id="note_message", wait=0, **posted)
    first, second = bot.of("shortcut")
    assert (first["type"], first["callback_id"]) == ("shortcut", "start_here")
    assert (second["type"], second["message_ts"]) == ("message_action", posted["ts"])
    assert second["message"]["text"] == "Choisissez"
    assert {"response_url", "trigger_id", "channel", "action_ts"} <= set(second)
    assert outside.refused("shortcut", callback_id="unknown")
    assert outside.refused("shortcut", "thomas.nguyen", callback_id="note_message", **posted)


def test_an_external_select_asks_the_app(outside: Any, bot: Any, opened: Any, modal: Any, fields: Any) -> None:
    element = {"type": "external_select", "action_id": "town", "min_query_length": 2}
    opened(modal(fields("Commune", element, "town_block")))
    bot.on("options")(lambda ack, *_: ack(options=[option("Lyon"), option("Lyons-la-Forêt")]))
    answer = outside.act("suggest", label="Commune", value="ly")
    assert answer["options"] == ["Lyon", "Lyons-la-Forêt"]
    body = bot.of("options")[0]
    assert (body["type"], body["value"], body["action_id"]) == ("block_suggestion", "ly", "town")
    outside.act("fill", values={"Commune": "Lyon"})
    outside.act("submit")
    state = bot.of("view")[0]["view"]["state"]["values"]["town_block"]["town"]
    assert state["selected_option"]["value"] == "lyon"


def test_a_short_query_is_not_sent(outside: Any, bot: Any, opened: Any, modal: Any, fields: Any) -> None:
    opened(modal(fields("Commune", {"type": "external_select", "action_id": "town"}, "town_block")))
    assert "3" in outside.refused("suggest", label="Commune", value="ly")
    assert bot.of("options") == []


def test_more_than_a_hundred_suggestions_are_refused(
    outside: Any, bot: Any, opened: Any, modal: Any, fields: Any
) -> None:
    opened(modal(fields("Commune", {"type": "external_select", "action_id": "town"}, "town_block")))
    bot.on("options")(lambda ack, *_: ack(options=[option(f"Ville {number}") for number in range(101)]))
    assert outside.act("suggest", label="Commune", value="ville")["error"] == "invalid_options"
    assert outside.recorder.lines(method="ack block_suggestion")


def test_an_external_select_of_a_message_asks_the_app_too(outside: Any, bot: Any) -> None:
    client = outside.client()
    channel = client.conversations_open(users=CLAIRE)["channel"]["id"]
    menu = {"type": "external_select", "action_id": "town", "min_query_length": 1, "placeholder": plain("Commune")}
    client.chat_postMessage(channel=channel, text="x", blocks=[{"type": "actions", "elements": [menu]}])
    bot.on("options")(lambda ack, *_: ack(option_groups=[{"label": plain("Rhône"), "options": [option("Lyon")]}]))
    outside.act("press", action_id="town", selected="Lyon", wait=0)
    assert "message" in bot.of("options")[0]
    assert bot.of("action")[0]["actions"][0]["selected_option"]["value"] == "lyon"


def test_one_action_id_on_two_buttons_needs_the_value(outside: Any, bot: Any) -> None:
    client = outside.client()
    channel = client.conversations_open(users=CLAIRE)["channel"]["id"]
    blocks = [{"type": "actions", "elements": [BUTTON | {"value": value}]} for value in ("1", "2")]
    client.chat_postMessage(channel=channel, text="x", blocks=blocks)
    assert "action_id" in outside.refused("press", action_id="go")
    outside.act("press", action_id="go", value="2", wait=0)
    assert bot.of("action")[0]["actions"][0]["value"] == "2"
