"""The page in a real browser: keyboard, focus, live windows, narrow windows, no JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.browsing import faults_of
from tests.sandbox.page.window import CLAIRE, ELISE, GENERAL, START, TUTORS, plain

BUTTON = {"type": "button", "action_id": "a", "text": plain("Accepter"), "style": "primary"}
OPTIONS = [{"text": plain("Lundi"), "value": "mon"}, {"text": plain("Mardi"), "value": "tue"}]


def field(label, element, block_id, **more):
    element = element | {"action_id": "a"}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def actions(*elements, block_id="acts"):
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def test_what_one_writes_is_read_at_once_in_other_windows(open_page):
    claire, elise = open_page(), open_page(f"/page/{ELISE}/{GENERAL}")
    elise.locator("#text-main").fill("Je suis en train d’écrire")
    claire.locator("#text-main").fill("Bonjour à tous")
    claire.keyboard.press("Enter")
    expect(elise.locator("#log").get_by_text("Bonjour à tous").first).to_be_visible()
    expect(elise.locator("#text-main")).to_have_value("Je suis en train d’écrire")
    expect(elise.locator("#text-main")).to_be_focused()
    expect(claire.locator("#text-main")).to_have_value("")
    expect(elise.locator("#log")).to_have_attribute("aria-live", "polite")


def test_a_draft_waits_in_its_conversation(open_page):
    page = open_page(f"/page/{ELISE}/{GENERAL}")
    page.locator("#text-main").fill("Pas encore")
    page.get_by_role("link", name="e-tutorat").click()
    expect(page).to_have_url(re.compile(TUTORS))
    expect(page.locator("#text-main")).to_have_value("")
    page.go_back()
    expect(page.locator("#text-main")).to_have_value("Pas encore")


def test_commands_are_completed_by_keyboard(open_page, window):
    page = open_page()
    page.locator("#text-main").press_sequentially("/d")
    expect(page.get_by_role("option").filter(has_text="/demo")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(page.locator("#text-main")).to_have_value("/demo ")
    page.locator("#text-main").press_sequentially("aide")
    page.keyboard.press("Enter")
    expect(page.locator("#completions")).to_have_count(0)
    expect(page.locator("#text-main")).to_have_value("")
    expect(page.locator("html[aria-busy]")).to_have_count(0)
    assert window.app.last("/demo")["text"] == "aide"


def test_a_modal_opens_by_itself_takes_the_focus_and_closes_with_escape(open_page, window):
    page = open_page()
    page.locator("#text-main").focus()
    window.modal(field("Prénom", {"type": "plain_text_input"}, "name"), notify_on_close=True)
    window.on_loop(window.desk.changes.note)
    expect(page.get_by_role("dialog", name="Profil")).to_be_visible()
    expect(page.get_by_label("Prénom")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Profil")).to_have_count(0)
    assert window.app.last("view_closed")


def test_errors_stand_under_their_fields_and_take_the_focus(open_page, window):
    window.modal(
        field("Prénom", {"type": "plain_text_input"}, "name"),
        field("Nom", {"type": "plain_text_input"}, "surname"),
    )
    window.app.answers["view_submission"] = {"response_action": "errors", "errors": {"surname": "Ce nom est pris."}}
    page = open_page()
    page.get_by_label("Prénom").fill("Claire")
    page.get_by_role("textbox", name="Nom", exact=True).fill("Martin")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ce nom est pris.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Nom", exact=True)).to_be_focused()
    expect(page.get_by_role("textbox", name="Nom", exact=True)).to_have_accessible_description(
        re.compile("Ce nom est pris.")
    )
    expect(page.get_by_label("Prénom")).to_have_value("Claire")


def test_what_is_typed_in_one_field_survives_the_news_of_another(open_page, window):
    window.modal(
        field("Jour", {"type": "static_select", "options": OPTIONS}, "day", dispatch_action=True),
        field("Prénom", {"type": "plain_text_input"}, "name"),
    )
    page = open_page()
    page.get_by_label("Prénom").fill("Clai")
    page.get_by_label("Jour").select_option("tue")
    page.get_by_label("Prénom").focus()
    expect(page.locator("html[aria-busy]")).to_have_count(0)
    expect(page.get_by_label("Prénom")).to_have_value("Clai")
    expect(page.get_by_label("Jour")).to_have_value("tue")
    assert window.app.actions()[0]["selected_option"]["value"] == "tue"


def test_a_confirmation_is_a_dialog_that_the_keyboard_answers(open_page, window):
    dialog = {
        "title": plain("Renoncer ?"),
        "text": plain("Sans retour."),
        "confirm": plain("Oui"),
        "deny": plain("Non"),
    }
    window.message(actions(BUTTON | {"confirm": dialog}))
    page = open_page(f"/page/{CLAIRE}/{window.direct()}")
    page.get_by_role("button", name="Accepter").press("Enter")
    expect(page.get_by_role("dialog", name="Renoncer ?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Renoncer ?")).to_have_count(0)
    assert window.app.actions() == []
    page.get_by_role("button", name="Accepter").press("Enter")
    page.get_by_role("button", name="Oui").press("Enter")
    expect(page.get_by_role("dialog", name="Renoncer ?")).to_have_count(0)
    assert len(window.app.actions()) == 1


def test_an_external_select_offers_what_the_app_answers(open_page, window):
    options = [{"text": plain("69003 Lyon 3e"), "value": "69003"}, {"text": plain("69006 Lyon 6e"), "value": "69006"}]
    window.app.answers["block_suggestion"] = {"options": options}
    window.modal(field("Commune", {"type": "external_select", "min_query_length": 2}, "place"))
    page = open_page()
    page.get_by_label("Commune").press_sequentially("690")
    expect(page.locator("datalist option")).to_have_count(2)
    page.get_by_label("Commune").fill("69006 Lyon 6e")
    page.get_by_label("Commune").blur()
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    state = window.app.last("view_submission")["view"]["state"]["values"]
    assert state["place"]["a"]["selected_option"]["value"] == "69006"


def test_files_are_attached_to_messages_and_fields(open_page, window):
    window.modal(field("Document", {"type": "file_input", "filetypes": ["pdf"]}, "doc"))
    page = open_page()
    file = {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.get_by_label("Document").set_input_files(file)
    expect(page.locator("dialog .file")).to_contain_text("cv.pdf")
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    files = window.app.last("view_submission")["view"]["state"]["values"]["doc"]["a"]["files"]
    assert [one["name"] for one in files] == ["cv.pdf"]
    page.get_by_label("Joindre").set_input_files(file)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#log .file")).to_contain_text("cv.pdf")


def test_a_thread_opens_beside_and_the_narrow_window_shows_it_alone(open_page, window):
    ts = window.message(text="Question", channel=GENERAL)
    page = open_page()
    page.locator("#log .text").filter(has_text="Question").hover()
    page.get_by_role("link", name="Répondre dans un fil").click()
    page.locator("#text-thread").fill("Réponse")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-log")).to_contain_text("Réponse")
    expect(page.locator("#log")).to_contain_text("1 réponse")
    narrow = open_page(f"/page/{CLAIRE}/{GENERAL}?thread={ts}", width=390, height=780)
    expect(narrow.locator("#thread-log")).to_be_visible()
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_narrow_window_keeps_the_conversations_behind_a_button(open_page):
    page = open_page(width=390, height=780)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#sidebar")).to_be_hidden()
    page.get_by_role("button", name="Conversations").click()
    expect(page.locator("#sidebar")).to_be_visible()
    page.get_by_role("link", name="Ensemble1job").or_(page.locator("#sidebar a").first).first.click()
    expect(page.locator("#sidebar")).to_be_hidden()


def test_a_link_to_a_message_leads_to_it_in_its_conversation(open_page, window):
    ts = window.message(text="La carte", channel=GENERAL)
    for number in range(30):
        window.message(text=f"Ensuite {number}", channel=GENERAL)
    url = f"https://ensemble1job.slack.com/archives/{GENERAL}/p{ts.replace('.', '')}"
    window.message(actions({"type": "button", "action_id": "open", "text": plain("Ouvrir la carte"), "url": url}))
    page = open_page(f"/page/{CLAIRE}/{window.direct()}")
    page.get_by_role("button", name="Ouvrir la carte").click()
    expect(page).to_have_url(re.compile(GENERAL))
    expect(page.locator("#log").get_by_text("La carte").first).to_be_in_viewport()


def test_a_button_says_at_once_what_it_would_do_next(open_page):
    """The one that was pressed has the focus, and is drawn again all the same."""
    page = open_page()
    page.locator("#move-run").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#move-run")).to_have_text("Arrêter")
    page.keyboard.press("Enter")
    expect(page.locator("#move-run")).to_have_text("Temps réel")


def test_another_hat_is_on_at_once(open_page):
    page = open_page(width=900)
    page.locator("#hat-button").click()
    page.locator("#hats").get_by_role("link", name="Marc Dubois").first.click()
    expect(page.get_by_role("button", name="Vous êtes Marc Dubois")).to_be_visible()
    assert faults_of(page) == []


def test_the_clock_is_moved_and_every_window_sees_it(open_page, window):
    window.client.post("/control/clock/set", json={"now": START.isoformat()})
    claire, elise = open_page(), open_page(f"/page/{ELISE}/{GENERAL}")
    claire.get_by_role("button", name="+1 h").click()
    for page in (claire, elise):
        expect(page.locator("#now")).to_have_text("lun. 2 mars 2026, 11:00")


def test_everything_works_without_javascript(open_page, window):
    window.message(actions(BUTTON))
    page = open_page(f"/page/{CLAIRE}/{window.direct()}", java_script_enabled=False)

    def press(name):
        with page.expect_navigation():
            page.get_by_role("button", name=name).click()

    press("Accepter")
    assert len(window.app.actions()) == 1
    window.modal(field("Prénom", {"type": "plain_text_input"}, "name"))
    page.goto(f"/page/{CLAIRE}/{window.direct()}")
    page.get_by_label("Prénom").fill("Claire")
    press("Valider")
    state = window.app.last("view_submission")["view"]["state"]["values"]
    assert state["name"]["a"]["value"] == "Claire"
    page.locator("#text-main").fill("Bonjour sans script")
    press("Envoyer")
    expect(page.locator("#log")).to_contain_text("Bonjour sans script")


def every_block():
    """A message with most of what the app sends."""
    text = {"type": "mrkdwn", "text": f"*Gras* et <@{ELISE}>, <https://exemple.fr|lien>"}
    cell = {"type": "raw_text", "text": "Cellule"}
    return [
        {"type": "header", "text": plain("Titre")},
        {"type": "section", "text": text, "accessory": {"type": "overflow", "action_id": "o", "options": OPTIONS}},
        {"type": "section", "fields": [text, text]},
        {"type": "divider"},
        {"type": "table", "rows": [[cell, cell], [cell, cell]]},
        {"type": "context", "elements": [text]},
        actions(
            BUTTON,
            {"type": "static_select", "action_id": "s", "options": OPTIONS},
            {"type": "datepicker", "action_id": "d"},
            {"type": "radio_buttons", "action_id": "r", "options": OPTIONS},
            {"type": "checkboxes", "action_id": "c", "options": OPTIONS},
        ),
    ]


def every_field():
    """A modal with every kind of field."""
    kinds = ("plain_text_input", "email_text_input", "url_text_input", "datepicker", "timepicker", "datetimepicker")
    typed = [field(f"Champ {kind}", {"type": kind}, kind, hint=plain("Une aide")) for kind in kinds]
    listed = ("static_select", "radio_buttons", "checkboxes", "multi_static_select")
    chosen = [field(f"Choix {kind}", {"type": kind, "options": OPTIONS}, kind) for kind in listed]
    people = [field(f"Gens {kind}", {"type": kind}, kind) for kind in ("users_select", "multi_users_select")]
    others = [
        field("Nombre", {"type": "number_input", "is_decimal_allowed": False}, "number"),
        field("Recherche", {"type": "external_select"}, "external"),
        field("Fichier", {"type": "file_input"}, "file"),
    ]
    return [*typed, *chosen, *people, *others]


def test_axe_finds_no_serious_fault_on_any_screen(open_page, window):
    direct = window.direct()
    ts = window.message(*every_block())
    window.message(text="Dans le fil", thread_ts=ts)
    window.ephemeral("Pour vous")
    window.home(*[block for block in every_block() if block["type"] != "table"])
    place = f"/page/{CLAIRE}"
    paths = (
        "/page",
        f"{place}/{direct}?thread={ts}",
        *(f"{place}/{one}" for one in ("home", "mail", "around", "wire")),
    )
    page = open_page("/page")
    for path in paths:
        page.goto(path)
        assert faults_of(page) == [], path
    page.goto(f"{place}/{direct}")
    page.get_by_role("button", name="Claire Martin").click()
    assert faults_of(page) == []


def test_axe_finds_no_serious_fault_in_a_modal_with_its_errors(open_page, window):
    window.modal(*every_field())
    page = open_page()
    expect(page.get_by_role("dialog", name="Profil")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_text("Ce champ est obligatoire.").first).to_be_visible()
    assert faults_of(page) == []
