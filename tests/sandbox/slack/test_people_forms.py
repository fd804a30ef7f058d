"""Filling in a modal: every kind of field, by label, block_id or action_id."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from sandbox.slack.elements import ActError, pick


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


DAYS = [option("Lundi matin"), option("Lundi soir"), option("Mardi soir")]


@pytest.mark.parametrize(
    ("element", "answer", "key", "value"),
    [
        ({"type": "plain_text_input", "multiline": True}, "a\nb", "value", "a\nb"),
        ({"type": "number_input", "is_decimal_allowed": True}, 12.5, "value", "12.5"),
        ({"type": "email_text_input"}, "zoe@example.fr", "value", "zoe@example.fr"),
        ({"type": "url_text_input"}, "https://example.fr", "value", "https://example.fr"),
        ({"type": "datepicker"}, "15/03/2027", "selected_date", "2027-03-15"),
        ({"type": "timepicker"}, "9h05", "selected_time", "09:05"),
        ({"type": "datetimepicker"}, "2027-03-15T18:30+01:00", "selected_date_time", 1805131800),
        ({"type": "users_select"}, "Thomas Nguyen", "selected_user", "U0THOMAS01"),
        ({"type": "channels_select"}, "#general", "selected_channel", "C0GENERAL1"),
        (
            {"type": "multi_users_select"},
            ["thomas.nguyen", "aicha.benali"],
            "selected_users",
            ["U0THOMAS01", "U0AICHA001"],
        ),
        ({"type": "multi_conversations_select"}, ["general"], "selected_conversations", ["C0GENERAL1"]),
    ],
)
def test_simple_fields(
    outside: Any, bot: Any, opened: Any, modal: Any, fields: Any, element: Any, answer: Any, key: str, value: Any
) -> None:
    opened(modal(fields("Réponse", element | {"action_id": "a"}, "b")))
    outside.act("fill", values={"Réponse": answer})
    assert outside.act("submit")["result"] == "closed"
    state = bot.of("view")[0]["view"]["state"]["values"]["b"]["a"]
    assert state == {"type": element["type"], key: value}


@pytest.mark.parametrize("kind", ["static_select", "radio_buttons"])
def test_one_option_by_its_text_or_value(
    outside: Any, bot: Any, opened: Any, modal: Any, fields: Any, kind: str
) -> None:
    opened(modal(fields("Créneau", {"type": kind, "action_id": "a", "options": DAYS}, "b")))
    sentence = outside.refused("fill", values={"Créneau": "Lundi"})
    assert "« Lundi matin »" in sentence
    assert "« Lundi soir »" in sentence
    assert "Introuvable" in outside.refused("fill", values={"Créneau": "Dimanche"})
    for answer, value in (("mardi", "mardi soir"), ("lundi soir", "lundi soir")):
        outside.act("fill", values={"Créneau": answer})
        assert outside.read("view")["modal"]["raw"]["state"]["values"]["b"]["a"]["selected_option"]["value"] == value


@pytest.mark.parametrize("kind", ["multi_static_select", "checkboxes"])
def test_several_options_by_a_list(outside: Any, bot: Any, opened: Any, modal: Any, fields: Any, kind: str) -> None:
    limit = {"max_selected_items": 2} if kind.startswith("multi") else {}
    opened(modal(fields("Créneaux", {"type": kind, "action_id": "a", "options": DAYS} | limit, "b")))
    outside.act("fill", values={"Créneaux": ["Mardi soir", "Lundi matin"]})
    outside.act("submit")
    state = bot.of("view")[0]["view"]["state"]["values"]["b"]["a"]
    assert [chosen["value"] for chosen in state["selected_options"]] == ["mardi soir", "lundi matin"]


def test_more_choices_than_allowed(outside: Any, bot: Any, opened: Any, modal: Any, fields: Any) -> None:
    element = {"type": "multi_static_select", "action_id": "a", "options": DAYS, "max_selected_items": 1}
    opened(modal(fields("Créneaux", element, "b")))
    assert "1 choix" in outside.refused("fill", values={"Créneaux": ["Mardi soir", "Lundi matin"]})


@pytest.mark.parametrize(
    ("element", "answer"),
    [
        ({"type": "plain_text_input"}, "a\nb"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd"),
        ({"type": "datepicker"}, "31/02/2027"),
        ({"type": "timepicker"}, "25:00"),
        ({"type": "datetimepicker"}, "2027-03-15T18:30"),
        ({"type": "users_select"}, "personne"),
        ({"type": "channels_select"}, "e-tutorat"),
        ({"type": "conversations_select"}, "e-tutorat"),
    ],
)
def test_what_a_field_does_not_take(
    outside: Any, bot: Any, opened: Any, modal: Any, fields: Any, element: Any, answer: str
) -> None:
    opened(modal(fields("Réponse", element | {"action_id": "a"}, "b")))
    assert outside.refused("fill", values={"Réponse": answer})


def test_fields_are_found_by_label_block_or_action(
    outside: Any, bot: Any, opened: Any, modal: Any, fields: Any
) -> None:
    def text(action_id: str) -> dict[str, Any]:
        return {"type": "plain_text_input", "action_id": action_id}

    opened(modal(*(fields(f"Champ {n}", text(f"a{n}"), f"b{n}") for n in (1, 2, 3))))
    outside.act("fill", values={"Champ 1": "un", "b2": "deux", "a3": "trois"})
    assert [b["elements"][0]["value"] for b in outside.read("view")["modal"]["blocks"]] == ["un", "deux", "trois"]
    assert "Plusieurs" in outside.refused("fill", values={"Champ": "?"})
    outside.act("fill", values={"Champ 1": ""})
    assert outside.read("view")["modal"]["blocks"][0]["elements"][0]["value"] is None


def test_initial_values_are_there_from_the_start(outside: Any, bot: Any, opened: Any, modal: Any, fields: Any) -> None:
    element = {"type": "static_select", "action_id": "a", "options": DAYS, "initial_option": DAYS[1]}
    shown = opened(modal(fields("Créneau", element, "b")))
    assert shown["blocks"][0]["elements"][0]["value"] == "Lundi soir"
    outside.act("submit")
    state = bot.of("view")[0]["view"]["state"]["values"]["b"]["a"]
    assert state["selected_option"]["value"] == "lundi soir"


def test_a_field_that_dispatches_tells_the_app(outside: Any, bot: Any, opened: Any, modal: Any, fields: Any) -> None:
    element = {"type": "static_select", "action_id": "a", "options": DAYS}
    opened(modal(fields("Créneau", element, "b", dispatch_action=True)))
    outside.act("fill", values={"Créneau": "Mardi soir"}, wait=0)
    [body] = bot.of("action")
    assert body["actions"][0]["selected_option"]["value"] == "mardi soir"
    assert body["view"]["state"]["values"]["b"]["a"]["selected_option"]["value"] == "mardi soir"


def test_a_menu_beside_a_section_always_tells_the_app(outside: Any, bot: Any, opened: Any, modal: Any) -> None:
    menu = {"type": "static_select", "action_id": "a", "options": DAYS}
    section = {"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": "*Créneau*"}, "accessory": menu}
    opened(modal(section))
    outside.act("fill", values={"Créneau": "Mardi soir"}, wait=0)
    assert bot.of("action")[0]["actions"][0]["type"] == "static_select"


def test_files_are_uploaded_and_readable_by_the_app(
    outside: Any, bot: Any, opened: Any, modal: Any, fields: Any
) -> None:
    element = {"type": "file_input", "action_id": "a", "filetypes": ["pdf"], "max_files": 1}
    opened(modal(fields("Document", element, "b")))
    content = {"content_base64": base64.b64encode("%PDF é".encode()).decode()}
    assert "pdf" in outside.refused("fill", values={"Document": {"name": "photo.png", **content}})
    assert "base 64" in outside.refused("fill", values={"Document": {"name": "cv.pdf", "content_base64": "é"}})
    outside.act("fill", values={"Document": {"name": "cv.pdf", **content}})
    outside.act("submit")
    [file] = bot.of("view")[0]["view"]["state"]["values"]["b"]["a"]["files"]
    assert (file["name"], file["filetype"], file["size"]) == ("cv.pdf", "pdf", 7)
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    assert httpx.get(file["url_private_download"], headers=headers, trust_env=False).content == "%PDF é".encode()


def test_nothing_to_fill_in(outside: Any, bot: Any) -> None:
    assert "Aucune fenêtre" in outside.refused("fill", values={"x": "y"})
    assert "Aucune fenêtre" in outside.refused("submit")


def test_an_exact_text_wins_over_a_beginning() -> None:
    candidates = [("Lundi soir", 1), ("Lundi", 2), ("Mardi\u00a0soir", 3)]
    assert pick(candidates, "lundi", "le jour") == 2
    assert pick(candidates, "Mardi soir", "le jour") == 3
    with pytest.raises(ActError):
        pick(candidates, "", "le jour")


@pytest.mark.parametrize("wait", ["3", -1, 61, True])
def test_a_strange_wait_is_refused_before_the_act(outside: Any, bot: Any, wait: Any) -> None:
    assert "wait" in outside.refused("command", command="/demo", wait=wait)
    assert bot.of("command") == []
