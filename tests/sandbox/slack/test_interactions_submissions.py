"""Submitting and closing modals: what the app gets, and what its answer does to the screen."""

from __future__ import annotations

from typing import Any

import pytest


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


@pytest.fixture
def filled(outside: Any, opened: Any, modal: Any) -> Any:
    """The small modal, open and filled in."""
    opened(modal(private_metadata='{"step": 1}'))
    outside.act("fill", values={"Prénom": "Zoé"})


def test_a_submission_carries_the_view_and_its_state(outside: Any, bot: Any, filled: Any) -> None:
    answer = outside.act("submit")
    assert (answer["result"], answer["view"]) == ("closed", None)
    [body] = bot.of("view")
    assert body["type"] == "view_submission"
    view = body["view"]
    assert (view["callback_id"], view["private_metadata"]) == ("profile", '{"step": 1}')
    assert view["state"]["values"] == {"name": {"first_name": {"type": "plain_text_input", "value": "Zoé"}}}
    assert {"hash", "root_view_id", "previous_view_id", "app_installed_team_id", "id", "team_id"} <= set(view)
    assert body["response_urls"] == []
    assert {"trigger_id", "user", "team", "api_app_id", "token", "is_enterprise_install"} <= set(body)


def test_errors_stand_under_their_fields_and_the_modal_stays(outside: Any, bot: Any, filled: Any) -> None:
    bot.on("view")(lambda ack, *_: ack(response_action="errors", errors={"name": "Trop court."}))
    answer = outside.act("submit")
    assert (answer["result"], answer["errors"]) == ("errors", {"name": "Trop court."})
    assert answer["errors_by_label"] == {"Prénom": "Trop court."}
    assert answer["view"]["title"] == "Profil"


@pytest.mark.parametrize(
    "reply",
    [
        {"response_action": "errors", "errors": {"unknown": "Non."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "shake"},
        {"response_action": "update"},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
        {"response_action": "push", "view": {"type": "home", "blocks": [{"type": "divider"}]}},
    ],
)
def test_an_invalid_answer_is_an_error_on_the_screen_and_in_the_record(
    outside: Any, bot: Any, filled: Any, reply: Any
) -> None:
    bot.on("view")(lambda ack, *_: ack(reply))
    answer = outside.act("submit")
    assert answer["result"] == "error"
    assert answer["refused"]
    assert answer["view"]["title"] == "Profil"
    [line] = outside.recorder.lines(method="ack view_submission")
    assert line["status"] == 400
    assert line["answer"]["error"] == answer["error"]


def test_update_push_and_clear(outside: Any, bot: Any, filled: Any, modal: Any) -> None:
    bot.on("view")(lambda ack, *_: ack(response_action="update", view=modal(title=plain("Étape 2"))))
    updated = outside.act("submit")
    assert (updated["result"], updated["view"]["title"]) == ("updated", "Étape 2")
    assert updated["view"]["blocks"][0]["elements"][0]["value"] == "Zoé"
    bot.on("view")(lambda ack, *_: ack(response_action="push", view=modal(title=plain("Étape 3"))))
    pushed = outside.act("submit")
    assert (pushed["result"], pushed["view"]["title"]) == ("pushed", "Étape 3")
    outside.act("fill", values={"Prénom": "Léa"})
    bot.on("view")(lambda ack, *_: ack())
    closed = outside.act("submit")
    assert (closed["result"], closed["view"]["title"]) == ("closed", "Étape 2")
    bot.on("view")(lambda ack, *_: ack(response_action="clear"))
    cleared = outside.act("submit")
    assert (cleared["result"], cleared["view"]) == ("cleared", None)


def test_a_fourth_modal_cannot_be_pushed(outside: Any, bot: Any, filled: Any, modal: Any) -> None:
    bot.on("view")(lambda ack, *_: ack(response_action="push", view=modal()))
    for _ in range(2):
        assert outside.act("submit")["result"] == "pushed"
        outside.act("fill", values={"Prénom": "Zoé"})
    assert outside.act("submit")["error"] == "push_limit_reached"


def test_a_submission_nobody_acknowledges_leaves_the_modal(
    outside: Any, bot: Any, filled: Any, short_ack: None
) -> None:
    bot.on("view")(lambda ack, *_: None)
    answer = outside.act("submit")
    assert (answer["result"], answer["error"]) == ("error", "operation_timeout")
    assert answer["view"]["title"] == "Profil"


def test_the_client_checks_required_fields_and_sends_nothing(outside: Any, bot: Any, opened: Any, modal: Any) -> None:
    opened(modal())
    answer = outside.act("submit")
    assert (answer["result"], answer["sent"]) == ("errors", False)
    assert answer["errors"] == {"name": "Ce champ est obligatoire."}
    assert bot.of("view") == []


@pytest.mark.parametrize(
    ("element", "answer", "problem"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "au moins 3"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "entier"),
        ({"type": "number_input", "is_decimal_allowed": True}, "douze", "nombre"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "10"}, "9", "10"),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "60"}, "61", "60"),
        ({"type": "email_text_input"}, "zoe@", "e-mail"),
        ({"type": "url_text_input"}, "exemple", "web"),
    ],
)
def test_the_client_checks_what_was_typed(
    outside: Any, bot: Any, opened: Any, modal: Any, fields: Any, element: Any, answer: str, problem: str
) -> None:
    opened(modal(fields("Réponse", element | {"action_id": "a"}, "b")))
    outside.act("fill", values={"Réponse": answer})
    assert problem in outside.act("submit")["errors"]["b"]
    assert bot.of("view") == []


def test_an_optional_field_may_stay_empty(outside: Any, bot: Any, opened: Any, modal: Any, fields: Any) -> None:
    opened(modal(fields("Mail", {"type": "email_text_input", "action_id": "mail"}, "mail_block", optional=True)))
    assert outside.act("submit")["result"] == "closed"
    assert bot.of("view")[0]["view"]["state"]["values"]["mail_block"]["mail"]["value"] is None


def test_closing_tells_the_app_only_if_it_asked(outside: Any, bot: Any, opened: Any, modal: Any) -> None:
    opened(modal())
    assert outside.act("close")["modal"] is None
    assert bot.of("view_closed") == []
    opened(modal(notify_on_close=True))
    outside.act("press", label="Annuler")
    [body] = bot.of("view_closed")
    assert (body["type"], body["is_cleared"], body["view"]["callback_id"]) == ("view_closed", False, "profile")
    assert "Claire" in outside.refused("close")


def test_a_modal_that_clears_on_close_takes_the_stack_along(outside: Any, bot: Any, opened: Any, modal: Any) -> None:
    opened(modal(notify_on_close=True))
    outside.act("fill", values={"Prénom": "Zoé"})
    second = modal(notify_on_close=True, clear_on_close=True)
    bot.on("view")(lambda ack, *_: ack(response_action="push", view=second))
    outside.act("submit")
    assert outside.act("close")["modal"] is None
    assert [body["is_cleared"] for body in bot.of("view_closed")] == [True, True]


def test_a_conversation_may_come_with_a_response_url(
    outside: Any, bot: Any, opened: Any, modal: Any, fields: Any
) -> None:
    element = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    opened(modal(fields("Canal", element, "channel_block")))
    outside.act("fill", values={"Canal": "general"})
    outside.act("submit")
    [url] = bot.of("view")[0]["response_urls"]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("channel_block", "where", "C0GENERAL1")
    assert url["response_url"].startswith(outside.base_url)


def test_a_modal_without_submit_cannot_be_submitted(outside: Any, bot: Any, opened: Any, modal: Any) -> None:
    view = modal({"type": "divider"})
    del view["submit"]
    opened(view)
    assert outside.refused("submit")
