"""A newcomer plays the six stories by hand, in two windows: what one person does appears in the other's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.demo.stage import Stage
from tests.browser.browsing import Faults, faults_of, picture
from tests.browser.person import Person

PROFILE = {"level": "6", "plan": "full"}
CLAIRE = PROFILE | {
    "first_name": "Claire",
    "last_name": "Martin",
    "address": "12 rue de Créqui",
    "place": "69003",
    "availability": "tue-evening thu-evening",
    "choice": "early",
}
SOPHIE = PROFILE | {
    "first_name": "Sophie",
    "last_name": "Le Gall",
    "address": "3 rue Nationale",
    "place": "59000",
    "availability": "sat-morning",
    "choice": "wait",
}
REMARKS = ("Votre situation est claire : dites aussi ce que vous faisiez la veille.", "Gardez cet exemple.")
ANSWER = "Merci, j’ajoute la veille du tournant."


@pytest.fixture
def windows(browser: Browser, stage: Stage) -> Iterator[tuple[Person, Person]]:
    """The member's window and the team's, which must stay without fault."""
    faults, contexts, people = Faults(stage.sandbox), [], []
    for width in (1280, 900):
        context = browser.new_context(base_url=stage.sandbox, viewport={"width": width, "height": 800}, locale="fr-FR")
        contexts.append(context)
        people.append(Person(faults.watch(context.new_page())))
    yield people[0], people[1]
    for context in contexts:
        context.close()
    assert faults.seen == []


def test_a_newcomer_plays_the_six_stories_by_hand(windows: tuple[Person, Person], stage: Stage) -> None:
    member, team = windows
    enrol(member, team)
    withdraw(member, team)
    form_a_group(member, team)
    live_a_week(member, team)
    get_a_document_reviewed(member, team)
    end_a_contract(member, team)
    calls = stage.api.record(service="slack")
    assert [call for call in calls if call["answer"].get("ok") is False] == []


def begin(person: Person, title: str) -> None:
    """Choose a story; its bar then says what to press."""
    person.go("Visite")
    person.page.get_by_role("button", name=f"Commencer : {title}").click()
    expect(person.page.locator("form.tour").first).to_contain_text(title)


def step(person: Person, act: str) -> None:
    """Use the bar of the tour: « C’est fait », or « Jouer l’étape » for what the others have to do."""
    person.rest()
    bar = person.page.locator("form.tour").last
    at = bar.locator(".muted").first.inner_text()
    bar.get_by_role("button", name=act).click()
    expect(person.page.locator("form.tour").last).not_to_contain_text(at)
    expect(person.page.locator("form.tour").last).not_to_contain_text("s’arrête ici")


def look(*people: Person) -> None:
    """What is on the screens can be used by everybody."""
    assert [fault for person in people for fault in faults_of(person.page)] == []


def prepare_the_order(person: Person, profile: dict[str, str]) -> None:
    """From the first letters of the command to the summary, with the keyboard where it is quicker."""
    person.page.locator("#text-main").press_sequentially("/bilan-ins")
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Enter")
    expect(person.dialog).to_be_visible()
    person.fill_in(profile, until="paiement")
    look(person)


def order_and_pay(person: Person, profile: dict[str, str]) -> None:
    person.decide("paiement")
    person.pay(f"{profile['first_name']} {profile['last_name']}")


def enrol(member: Person, team: Person) -> None:
    team.become("Élise Bernard")
    team.go("bilan-admin")
    member.become("Claire Martin")
    begin(member, "S’inscrire et payer")
    member.page.get_by_role("link", name="Y aller").click()
    member.rest()
    prepare_the_order(member, CLAIRE)
    picture(member.page, "inscription")
    order_and_pay(member, CLAIRE)
    member.received("Votre contrat est confirmé")
    look(member, team)


def withdraw(member: Person, team: Person) -> None:
    begin(member, "Se rétracter")
    member.become("Sophie Le Gall")
    prepare_the_order(member, SOPHIE)
    order_and_pay(member, SOPHIE)
    member.become("Sophie Le Gall")
    member.type("/bilan-retractation")
    member.decide("Confirmer la rétractation")
    member.received("accusé de réception")
    team.reads(r"Fin de contrat \(rétractation\)")
    team.press("Rembourser")
    look(member, team)
    team.become("Marc Dubois")
    team.go("bilan-admin")
    team.press("Confirmer le remboursement")
    team.wait_to_read("Remboursé.")
    member.become("Sophie Le Gall")
    member.received("remboursement")


def form_a_group(member: Person, team: Person) -> None:
    begin(team, "Former un groupe")
    step(team, "Jouer l’étape")
    team.go("bilan-admin")
    team.wait_for("Confirmer")
    team.press("Confirmer")
    step(team, "C’est fait")
    member.become("Claire Martin")
    member.wait_for("Accepter cette place")
    member.press("Accepter cette place")
    step(member, "Jouer l’étape")
    member.go("bilan-001")
    member.wait_for("Voter")
    member.press("Voter")
    look(member)
    step(member, "Jouer l’étape")
    member.wait_for("Signer la charte")
    member.press("Signer la charte")
    step(member, "Jouer l’étape")


def live_a_week(member: Person, team: Person) -> None:
    begin(member, "Vivre une semaine")
    member.go("bilan-001")
    member.wait_for("Signer ma présence")
    step(member, "C’est fait")
    member.press("Signer ma présence")
    step(member, "Jouer l’étape")
    member.press("J’atteste les signatures")
    look(member)
    step(member, "Jouer l’étape")
    member.press("Clore la séance")
    step(member, "C’est fait")
    member.wait_for("Répondre aux trois questions")
    member.press("Répondre aux trois questions")
    member.fill_in({})
    look(member)
    member.leave()
    step(member, "C’est fait")


def get_a_document_reviewed(member: Person, team: Person) -> None:
    begin(member, "Faire relire un document")
    member.become("Claire Martin")
    member.type("/bilan-document")
    member.dialog.get_by_role("button", name=re.compile("^Ouvrir")).first.click()
    member.rest()
    member.dialog.get_by_role("button", name="Remplir").click()
    member.rest()
    look(member)
    member.fill_in({})
    member.leave()
    team.become("Paul Girard")
    team.go("e-tutorat")
    team.press("Je prends")
    team.page.locator("#log a.replies").last.click()
    for remark in REMARKS:
        team.type(remark, "thread")
    team.press("Rendre les observations", "log")
    member.page.locator("#log a.replies").last.click()
    for remark in REMARKS:
        expect(member.page.locator("#thread-log")).to_contain_text(remark)
    member.type(ANSWER, "thread")
    expect(team.page.locator("#thread-log")).to_contain_text(ANSWER)
    look(member, team)


def end_a_contract(member: Person, team: Person) -> None:
    begin(member, "Finir un contrat avant son terme")
    team.become("Élise Bernard")
    team.go("bilan-admin")
    member.become("Claire Martin")
    member.type("/bilan-resiliation")
    member.fill_in({}, until="Notification de la résiliation")
    look(member)
    member.decide("Notification de la résiliation")
    member.received("résiliation")
    team.reads("Résiliation demandée")
    team.press("Voir les cas et décider")
    expect(team.dialog).to_contain_text("€")
    look(member, team)
    team.leave()
