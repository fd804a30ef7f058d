"""Every kind of element: what its control offers, and what the app is told when somebody uses it."""

from __future__ import annotations

import pytest

from tests.sandbox.page.window import CLAIRE, ELISE, GENERAL, one, plain

OPTIONS = [{"text": plain("Lundi"), "value": "mon"}, {"text": plain("Mardi"), "value": "tue"}]


def field(element, **more):
    block = {"type": "input", "block_id": "field", "label": plain("Champ"), "element": element | {"action_id": "a"}}
    return block | more


def actions(element):
    return {"type": "actions", "block_id": "field", "elements": [element | {"action_id": "a"}]}


def shown(window):
    return window.get(f"/page/{CLAIRE}/{GENERAL}")


def state(window):
    view = window.sandbox.slack.workspace.modals[CLAIRE][-1]
    return {key: value for key, value in view.state["field"]["a"].items() if key != "type"}


def change(window, value, **more):
    return window.post(
        "press", surface="modal", changed="field/a", asked="field/a", **{"answer/field/a": value}, **more
    )


def press_in_message(window, ts, **fields):
    return window.post("press", surface="message", channel=window.direct(), ts=ts, **fields)


def test_a_button_tells_the_app_its_value(window):
    ts = window.message(actions({"type": "button", "text": plain("Accepter"), "value": "oui", "style": "primary"}))
    page = window.get(f"/page/{CLAIRE}/{window.direct()}")
    assert one(r'<button class="(primary)" type="submit" name="press" value="field/a"', page)
    press_in_message(window, ts, press="field/a")
    assert window.app.actions()[0]["value"] == "oui"


def test_a_button_with_an_address_opens_it_and_tells_the_app(window):
    ts = window.message(actions({"type": "button", "text": plain("Payer"), "url": "http://127.0.0.1:9/payer"}))
    page = window.get(f"/page/{CLAIRE}/{window.direct()}")
    assert 'data-url="http://127.0.0.1:9/payer"' in page
    assert '<noscript><a href="http://127.0.0.1:9/payer"' in page
    press_in_message(window, ts, press="field/a")
    assert window.app.actions()[0]["type"] == "button"


def test_a_confirmation_comes_before_the_press(window):
    dialog = {
        "title": plain("Renoncer ?"),
        "text": plain("Sans retour."),
        "confirm": plain("Oui"),
        "deny": plain("Non"),
    }
    ts = window.message(actions({"type": "button", "text": plain("Renoncer"), "confirm": dialog}))
    page = press_in_message(window, ts, press="field/a")
    assert "Renoncer ?" in one(r'<dialog open class="modal small"(.*?)</dialog>', page)
    assert window.app.actions() == []
    assert "<dialog" not in window.post("confirm", answer="no")
    assert window.app.actions() == []
    press_in_message(window, ts, press="field/a")
    window.post("confirm", answer="yes")
    assert len(window.app.actions()) == 1


def test_the_app_that_does_not_answer_is_told_of(window):
    window.app.error = "operation_timeout"
    ts = window.message(actions({"type": "button", "text": plain("Accepter")}))
    assert "n’a pas répondu en trois secondes" in press_in_message(window, ts, press="field/a")


def test_a_menu_in_a_message_offers_its_options_only(window):
    ts = window.message(actions({"type": "static_select", "options": OPTIONS, "placeholder": plain("Quel jour ?")}))
    page = window.get(f"/page/{CLAIRE}/{window.direct()}")
    assert '<option value="">Quel jour ?</option>' in page
    press_in_message(window, ts, changed="field/a", **{"answer/field/a": "tue"})
    assert window.app.actions()[0]["selected_option"]["value"] == "tue"
    assert '<option value="tue" selected>Mardi</option>' in window.get(f"/page/{CLAIRE}/{window.direct()}")
    assert "Introuvable" in press_in_message(window, ts, changed="field/a", **{"answer/field/a": "sun"})
    assert len(window.app.actions()) == 1


def test_groups_of_options_have_their_labels(window):
    groups = [{"label": plain("Semaine"), "options": OPTIONS}]
    window.modal(field({"type": "static_select", "option_groups": groups}))
    assert '<optgroup label="Semaine"><option value="mon">Lundi</option>' in shown(window)


def test_an_overflow_menu_is_a_list_of_buttons(window):
    ts = window.message(actions({"type": "overflow", "options": OPTIONS}))
    assert 'value="field/a=tue"' in window.get(f"/page/{CLAIRE}/{window.direct()}")
    press_in_message(window, ts, press="field/a=tue")
    assert window.app.actions()[0]["selected_option"]["value"] == "tue"


def test_radio_buttons_and_checkboxes_in_a_message(window):
    ts = window.message(
        actions({"type": "radio_buttons", "options": OPTIONS}),
        {
            "type": "section",
            "block_id": "boxes",
            "text": plain("Quand ?"),
            "accessory": {"type": "checkboxes", "action_id": "b", "options": OPTIONS},
        },
    )
    press_in_message(window, ts, changed="field/a", **{"answer/field/a": "mon"})
    press_in_message(window, ts, changed="boxes/b", **{"answer/boxes/b": ["mon", "tue"]})
    press_in_message(window, ts, changed="boxes/b")
    radio, both, none = window.app.actions()
    assert radio["selected_option"]["value"] == "mon"
    assert [one["value"] for one in both["selected_options"]] == ["mon", "tue"]
    assert none["selected_options"] == []


@pytest.mark.parametrize(
    ("element", "answer", "held"),
    [
        ({"type": "plain_text_input"}, "Claire", {"value": "Claire"}),
        ({"type": "plain_text_input", "multiline": True}, "un\r\ndeux", {"value": "un\ndeux"}),
        ({"type": "email_text_input"}, "claire@exemple.fr", {"value": "claire@exemple.fr"}),
        ({"type": "url_text_input"}, "https://exemple.fr", {"value": "https://exemple.fr"}),
        ({"type": "number_input", "is_decimal_allowed": False}, "12", {"value": "12"}),
        ({"type": "datepicker"}, "2026-03-15", {"selected_date": "2026-03-15"}),
        ({"type": "timepicker"}, "18:30", {"selected_time": "18:30"}),
        ({"type": "datetimepicker"}, "2026-03-15T18:30", {"selected_date_time": 1773595800}),
        ({"type": "users_select"}, ELISE, {"selected_user": ELISE}),
        ({"type": "channels_select"}, GENERAL, {"selected_channel": GENERAL}),
        ({"type": "conversations_select"}, GENERAL, {"selected_conversation": GENERAL}),
        ({"type": "multi_users_select"}, [ELISE, CLAIRE], {"selected_users": [ELISE, CLAIRE]}),
        ({"type": "multi_channels_select"}, [GENERAL], {"selected_channels": [GENERAL]}),
        ({"type": "multi_conversations_select"}, [GENERAL], {"selected_conversations": [GENERAL]}),
    ],
)
def test_a_field_holds_what_is_put_in_it_and_shows_it(window, element, answer, held):
    window.modal(field(element))
    assert 'name="answer/field/a"' in shown(window)
    change(window, answer)
    assert state(window) == held
    assert window.app.actions() == []
    page = shown(window)
    for value in answer if isinstance(answer, list) else [answer.replace("\r", "")]:
        assert value in one(r'<dialog open class="modal"(.*?)</dialog>', page)


@pytest.mark.parametrize("kind", ["radio_buttons", "static_select", "checkboxes", "multi_static_select"])
def test_fields_of_options_hold_the_option_and_mark_it(window, kind):
    window.modal(field({"type": kind, "options": OPTIONS}))
    change(window, "tue")
    held = next(iter(state(window).values()))
    assert (held if isinstance(held, dict) else held[0])["value"] == "tue"
    assert one(r'value="tue" (checked|selected)', shown(window))


def test_a_limit_of_choices_is_said_under_the_field(window):
    window.modal(field({"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 1}))
    page = change(window, ["mon", "tue"])
    assert "Cette liste accepte 1 choix au plus." in one(r'<p class="error">(.*?)</p>', page)
    assert state(window) == {"selected_options": []}


def test_an_external_select_searches_and_then_chooses(window):
    options = [{"text": plain("69003 Lyon 3e"), "value": "69003"}, {"text": plain("69006 Lyon 6e"), "value": "69006"}]
    window.app.answers["block_suggestion"] = {"options": options}
    window.modal(field({"type": "external_select", "min_query_length": 2}))
    found = window.client.post(f"/page/{CLAIRE}/suggest", data={"action_id": "a", "value": "690"}).json()
    assert found["options"] == ["69003 Lyon 3e", "69006 Lyon 6e"]
    change(window, "69006 Lyon 6e", **{"query/field/a": "690"})
    assert window.app.last("block_suggestion")["value"] == "690"
    assert state(window)["selected_option"]["value"] == "69006"
    assert 'value="69006 Lyon 6e"' in shown(window)
    assert "Introuvable" in change(window, "Paris", **{"query/field/a": "690"})
    assert window.client.post(f"/page/{CLAIRE}/suggest", data={"action_id": "a", "value": "6"}).json()["error"]


def test_a_file_field_takes_files_of_its_types(window):
    window.modal(field({"type": "file_input", "filetypes": ["pdf"], "max_files": 1}))
    assert 'accept=".pdf"' in shown(window)
    name = "answer/field/a"
    fields = {"surface": "modal", "changed": "field/a"}
    page = window.post("press", files={name: ("note.txt", b"non", "text/plain")}, **fields)
    assert "n’accepte pas « note.txt »" in page
    window.post("press", files={name: ("note.pdf", b"%PDF-1.7", "application/pdf")}, **fields)
    assert state(window)["files"][0]["name"] == "note.pdf"
    assert "note.pdf" in one(r'<dialog open class="modal"(.*?)</dialog>', shown(window))


def test_a_field_that_dispatches_its_action_tells_the_app_at_once(window):
    window.modal(field({"type": "static_select", "options": OPTIONS}, dispatch_action=True))
    change(window, "mon")
    assert window.app.actions()[0]["selected_option"]["value"] == "mon"


def test_an_element_that_is_gone_is_said_to_be_gone(window):
    ts = window.message(actions({"type": "button", "text": plain("Accepter")}))
    assert "Cet élément n’est plus à l’écran." in press_in_message(window, ts, press="other/a")
    assert window.app.actions() == []


def test_the_home_is_pressed_too(window):
    window.home(actions({"type": "button", "text": plain("Mon planning")}))
    assert "Mon planning" in window.get(f"/page/{CLAIRE}/home")
    window.post("press", surface="home", press="field/a")
    assert window.app.last("block_actions")["view"]["type"] == "home"
