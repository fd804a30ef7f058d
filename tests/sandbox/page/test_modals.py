"""Modals: their errors, their stack, their closing."""

from __future__ import annotations

from tests.sandbox.page.window import CLAIRE, GENERAL, one, plain


def text_field(block_id="name", **more):
    element = {"type": "plain_text_input", "action_id": "a"}
    return {"type": "input", "block_id": block_id, "label": plain("Prénom"), "element": element} | more


def dialog(page):
    return one(r'<dialog open class="modal"(.*?)</dialog>', page)


def sent(window, value="", block_id="name"):
    key = f"{block_id}/a"
    return window.post("submit", surface="modal", asked=key, **{f"answer/{key}": value})


def test_a_modal_has_its_title_its_hints_and_its_buttons(window):
    window.modal(text_field(hint=plain("Comme sur vos papiers"), optional=True), close=plain("Plus tard"))
    shown = dialog(window.get(f"/page/{CLAIRE}/{GENERAL}"))
    for text in ("Profil", "Prénom", "(facultatif)", "Comme sur vos papiers", "Plus tard", "Valider"):
        assert text in shown
    assert 'aria-describedby="' in shown


def test_what_is_missing_is_said_under_its_field_and_sends_nothing(window):
    window.modal(text_field())
    shown = dialog(sent(window))
    assert "Ce champ est obligatoire." in one(r'<p class="error">(.*?)</p>', shown)
    assert 'aria-invalid="true"' in shown
    assert window.app.received == []
    assert "Ce champ est obligatoire." in dialog(window.get(f"/page/{CLAIRE}/{GENERAL}"))


def test_the_errors_of_the_app_are_said_under_their_fields(window):
    window.modal(text_field())
    window.app.answers["view_submission"] = {"response_action": "errors", "errors": {"name": "Ce prénom est pris."}}
    shown = dialog(sent(window, "Claire"))
    assert "Ce prénom est pris." in one(r'<p class="error">(.*?)</p>', shown)
    assert 'value="Claire"' in shown


def test_an_answer_that_is_accepted_closes_the_modal(window):
    window.modal(text_field())
    assert "<dialog" not in sent(window, "Claire")
    state = window.app.last("view_submission")["view"]["state"]["values"]
    assert state["name"]["a"]["value"] == "Claire"


def test_updates_and_pushes_take_the_place_of_the_modal(window):
    window.modal(text_field())
    view = {"type": "modal", "title": plain("Suite"), "submit": plain("Encore"), "blocks": [text_field("next")]}
    window.app.answers["view_submission"] = {"response_action": "update", "view": view}
    assert "Suite" in dialog(sent(window, "Claire"))
    window.app.answers["view_submission"] = {"response_action": "push", "view": view | {"title": plain("Dessus")}}
    shown = dialog(sent(window, "Martin", "next"))
    assert "Dessus" in shown
    assert "2 ·" in shown
    window.post("close", surface="modal")
    assert "Suite" in dialog(window.get(f"/page/{CLAIRE}/{GENERAL}"))


def test_the_cross_tells_the_app_that_asked_for_it(window):
    window.modal(text_field(), notify_on_close=True)
    assert "<dialog" not in window.post("close", surface="modal")
    assert window.app.last("view_closed")["view"]["title"]["text"] == "Profil"


def test_a_button_in_a_modal_keeps_what_was_typed_before(window):
    button = {"type": "button", "action_id": "b", "text": plain("Aide")}
    window.modal(text_field(), {"type": "actions", "block_id": "more", "elements": [button]})
    fields = {"surface": "modal", "asked": "name/a", "answer/name/a": "Claire", "press": "more/b"}
    assert 'value="Claire"' in dialog(window.post("press", **fields))
    state = window.app.last("block_actions")["view"]["state"]["values"]
    assert state["name"]["a"]["value"] == "Claire"


def test_a_submission_that_the_app_answers_badly_is_told_of(window):
    window.modal(text_field())
    window.app.answers["view_submission"] = {"response_action": "errors", "errors": {"nowhere": "Non"}}
    assert "L’application a mal répondu : invalid_arguments." in sent(window, "Claire")


def test_a_modal_is_closed_for_good_before_a_late_submission(window):
    window.modal(text_field())
    window.post("close", surface="modal")
    assert "Cette fenêtre est fermée." in sent(window, "Claire")
