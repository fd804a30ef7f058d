"""The demonstration's stories in a real browser, with the real bot: played by themselves, and one by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.demo.player import BEGINNING
from bot.demo.stage import Stage
from bot.demo.stories import read_stories
from tests.browser.browsing import Faults, faults_of, picture
from tests.sandbox.page.window import CLAIRE

STORY_MILLISECONDS = 300_000
KARIM = "U0KARIM001"
NADIA = "U0TUTRICE1"
HUGO = "U0HUGO0001"
ELISE = "U0ADMIN001"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    built = Stage(tmp_path_factory.mktemp("stage"))
    try:
        built.start(BEGINNING)
        built.api.let_time_pass()
        yield built
    finally:
        built.stop()


@pytest.fixture
def page(browser: Browser, stage: Stage) -> Iterator[Page]:
    """A window on the demonstration, which must stay without fault."""
    faults = Faults(stage.sandbox)
    context = browser.new_context(base_url=stage.sandbox, viewport={"width": 1280, "height": 800}, locale="fr-FR")
    opened = faults.watch(context.new_page())
    yield opened
    context.close()
    assert faults.seen == []


def begin(page: Page, title: str) -> None:
    page.goto(f"/page/{CLAIRE}/tour")
    page.get_by_role("button", name=f"Commencer : {title}").click()
    expect(page.locator("form.tour").first).to_contain_text(title)


def test_the_six_stories_play_themselves_to_their_end(page: Page, stage: Stage) -> None:
    for story in read_stories():
        begin(page, story["title"])
        page.locator("form.tour").get_by_role("button", name="Tout jouer").first.click()
        bar = page.locator("form.tour").last
        expect(bar).to_contain_text(re.compile("terminée|s’arrête ici"), timeout=STORY_MILLISECONDS)
        expect(bar).to_contain_text("terminée")
        assert faults_of(page) == [], story["title"]
    page.get_by_role("button", name="Quitter la visite").click()
    expect(page.locator("form.tour")).to_have_count(0)
    show(page)
    refused = stage.api.record(service="slack")
    assert [line for line in refused if line["answer"].get("ok") is False] == []


def show(page: Page) -> None:
    """Walk through what the stories have left, and take the pictures of the README."""
    page.goto(f"/page/{CLAIRE}")
    page.get_by_role("link", name=re.compile("bilan-001")).click()
    expect(page.locator("main h1")).to_contain_text("bilan-001")
    picture(page, "groupe")
    page.goto(f"/page/{NADIA}/e-tutorat")
    page.locator("a.replies").last.click()
    expect(page.locator("#thread-log")).to_contain_text("veille du tournant")
    picture(page, "fil")
    page.goto(f"/page/{CLAIRE}/wire?show=envelope")
    page.locator(".wire summary").nth(1).click()
    expect(page.locator(".wire details[open] pre").first).to_be_visible()
    picture(page, "echanges")


def test_somebody_enrols_and_pays_by_hand(page: Page, stage: Stage) -> None:
    enrol(page, KARIM)


def test_somebody_withdraws_by_hand_and_the_team_sees_it_at_once(page: Page, browser: Browser, stage: Stage) -> None:
    """Two windows: what one person does in theirs appears in the other, and nothing of it in a channel."""
    enrol(page, HUGO)
    other = browser.new_context(base_url=stage.sandbox, viewport={"width": 900, "height": 800}, locale="fr-FR")
    team = other.new_page()
    team.goto(f"/page/{ELISE}/bilan-admin")
    page.goto(f"/page/{HUGO}")
    page.locator("#text-main").fill("/bilan-retractation")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[data-drawing]")
    dialog.get_by_role("button", name="Confirmer la rétractation").click()
    expect(team.locator("main")).to_contain_text("Fin de contrat (rétractation)")
    page.goto(f"/page/{HUGO}/mail")
    expect(page.locator(".mails")).to_contain_text(re.compile("accusé de réception", re.IGNORECASE))
    other.close()


def enrol(page: Page, user: str) -> None:
    """From the command to the contract in the mailbox, with the keyboard and the mouse."""
    page.goto(f"/page/{user}")
    page.locator("#text-main").press_sequentially("/bilan-ins")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[data-drawing]")
    for _ in range(15):
        expect(dialog).to_be_visible()
        expect(page.locator("html[aria-busy]")).to_have_count(0)
        order = dialog.locator("button[id*='enrolment']", has_text="paiement")
        if order.count():
            break
        fill_in(dialog)
        drawing = dialog.get_attribute("data-drawing")
        dialog.locator("[data-default]").click()
        expect(page.locator(f"dialog[data-drawing='{drawing}']")).to_have_count(0)
    picture(page, "inscription")
    assert faults_of(page) == []
    order.first.click()
    expect(page.locator("html[aria-busy]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Paiements et liens").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Page de paiement").first.click()
    checkout = opened.value
    checkout.get_by_label("Nom sur la carte").fill("Karim Haddad")
    checkout.get_by_label("Numéro de carte").fill("4242424242424242")
    checkout.get_by_role("button", name=re.compile("Payer")).click()
    expect(checkout.locator("body")).to_contain_text(re.compile("payé|reçu|merci", re.IGNORECASE))
    page.get_by_role("link", name="Courrier").click()
    expect(page.locator(".mails")).to_contain_text("Votre contrat est confirmé")


def fill_in(dialog) -> None:
    """Answer what is asked on this screen, as a person of level 6 in Nantes would."""
    for box in dialog.locator("input[type=checkbox]").all():
        box.check()
    texts = {"first_name": "Karim", "last_name": "Haddad", "address": "12 rue Crébillon"}
    for name, text in texts.items():
        field = dialog.locator(f"[name^='answer/{name}/']")
        if field.count():
            field.fill(text)
    place = dialog.locator("[data-suggest]")
    if place.count():
        place.press_sequentially("44000")
        expect(dialog.locator("datalist option")).not_to_have_count(0)
        place.fill(str(dialog.locator("datalist option").first.get_attribute("value")))
    level = dialog.locator("input[type=radio][value='6']")
    if level.count():
        level.check()
    wait = dialog.locator("input[type=radio][value='wait'], input[type=radio][value='full']")
    for choice in wait.all():
        choice.check()
    for menu in dialog.locator("select").all():
        if not menu.input_value():
            menu.select_option(index=1)
