"""The hosted page, as a payer's browser uses it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest


class Fields(HTMLParser):
    """Labels and the ids they belong to, ids of inputs, and every address of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.labelled: set[str] = set()
        self.inputs: set[str] = set()
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "label":
            self.labelled.add(found["for"])
        if tag == "input":
            self.inputs.add(found["id"])
        self.addresses += [found[name] for name in ("href", "src", "action") if name in found]


def open_page(shop, session):
    return shop.http.get(f"/checkout/{session.id}")


def send(shop, session, **form):
    return shop.http.post(f"/checkout/{session.id}", data=form, follow_redirects=True)


def test_the_form(shop):
    session = shop.session(
        allow_promotion_codes=True,
        consent_collection={"terms_of_service": "required"},
        custom_text={"submit": {"message": "Commande avec obligation de paiement"}},
        cancel_url="https://shop.example/retour",
    )
    page = open_page(shop, session)
    assert page.status_code == 200
    for text in ("450,00\u00a0€", "Parcours en groupe", "Commande avec obligation de paiement", "Code promotionnel"):
        assert text in page.text
    assert '<html lang="fr">' in page.text
    fields = Fields(page.text)
    assert fields.inputs == fields.labelled == {"promotion_code", "email", "name", "card", "terms"}
    assert fields.addresses == ["data:,", "https://shop.example/retour"]


def test_nothing_is_fetched_from_outside(shop):
    text = open_page(shop, shop.session()).text
    assert not re.search(r"https?://|//[a-z]|<script|@import|url\(", text)


def test_paying_leads_to_the_shop(shop):
    session = shop.session()
    page = send(shop, session, act="pay", card="4242 4242 4242 4242", email="claire@example.fr", name="Claire")
    assert page.status_code == 200
    assert "Paiement reçu" in page.text
    assert f"https://shop.example/merci?s={session.id}" in Fields(page.text).addresses
    assert shop.retrieve(session.id).customer_details.email == "claire@example.fr"


def test_a_refusal_is_said_and_the_form_stays(shop):
    session = shop.session()
    page = send(shop, session, act="pay", card="4000000000009995", email="claire@example.fr")
    assert page.status_code == 422
    assert re.search(r'role="alert"[^>]*>[^<]*provision insuffisante', page.text)
    assert 'value="claire@example.fr"' in page.text


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"act": "pay", "card": "1234"}, "moyen de paiement d’essai"),
        ({"act": "apply_code", "promotion_code": "RIEN"}, "n’est pas valable"),
        ({"act": "authenticate"}, "Aucune authentification"),
    ],
)
def test_errors_are_said_in_french(shop, form, text):
    page = send(shop, shop.session(allow_promotion_codes=True), **form)
    assert page.status_code == 422
    assert text in page.text


def test_terms_have_to_be_ticked(shop):
    session = shop.session(consent_collection={"terms_of_service": "required"})
    assert "Cochez la case" in send(shop, session, act="pay", card="4242424242424242").text
    assert "Paiement reçu" in send(shop, session, act="pay", card="4242424242424242", terms="yes").text


def test_a_code_is_applied_and_taken_away(shop):
    shop.code("LYON10")
    session = shop.session(allow_promotion_codes=True)
    page = send(shop, session, act="apply_code", promotion_code="lyon10")
    assert "−45,00\u00a0€" in page.text
    assert "Payer 405,00\u00a0€" in page.text
    assert "Payer 450,00\u00a0€" in send(shop, session, act="remove_code").text


def test_a_free_order_asks_for_no_card(shop):
    shop.code("GRATUIT", coupon={"percent_off": 100})
    session = shop.session(allow_promotion_codes=True)
    page = send(shop, session, act="apply_code", promotion_code="GRATUIT")
    assert "card" not in Fields(page.text).inputs
    assert "Rien n’était à payer" in send(shop, session, act="pay", email="a@example.fr").text


def test_the_bank_asks_for_authentication(shop):
    session = shop.session()
    page = send(shop, session, act="pay", card="4000002500003155", email="a@example.fr")
    assert "Votre banque vous demande de confirmer" in page.text
    assert "Paiement reçu" in send(shop, session, act="authenticate").text


def test_authentication_can_be_refused(shop):
    session = shop.session()
    send(shop, session, act="pay", card="4000002500003155")
    page = send(shop, session, act="refuse")
    assert "n’a pas pu vous authentifier" in page.text
    assert shop.retrieve(session.id, "payment_intent").payment_intent.status == "requires_payment_method"
    assert "Numéro de carte" in open_page(shop, session).text


def test_an_expired_page(shop):
    session = shop.session()
    shop.move(86_400)
    page = open_page(shop, session)
    assert page.status_code == 410
    assert "a expiré" in page.text
    assert "card" not in Fields(page.text).inputs
    assert send(shop, session, act="pay", card="4242424242424242").status_code == 410
    assert shop.retrieve(session.id).payment_status == "unpaid"


def test_an_unknown_page(shop):
    assert shop.http.get("/checkout/cs_test_none").status_code == 404


def test_a_bank_debit_is_announced(shop):
    page = send(shop, shop.session(), act="pay", card="AT611904300234573201")
    assert "Prélèvement demandé" in page.text


def test_what_the_shop_wrote_is_escaped(shop):
    product = shop.client.v1.products.create({"name": "<b>Parcours</b>"})
    price = shop.client.v1.prices.create({"product": product.id, "currency": "eur", "unit_amount": 100})
    session = shop.session(line_items=[{"price": price.id, "quantity": 1}])
    assert "&lt;b&gt;Parcours&lt;/b&gt;" in open_page(shop, session).text


def test_the_bank_s_page_of_a_payment_without_checkout(shop):
    intent = shop.client.v1.payment_intents.create(
        {"amount": 1000, "currency": "eur", "payment_method": "pm_card_authenticationRequired", "confirm": True}
    )
    url = intent.next_action.redirect_to_url.url
    assert "10,00\u00a0€" in shop.http.get(url).text
    assert "Paiement confirmé" in shop.http.post(url, data={"act": "authenticate"}).text
    assert shop.client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_the_receipt(shop):
    charge = shop.client.v1.charges.list({"payment_intent": shop.paid().payment_intent}).data[0]
    shop.client.v1.refunds.create({"charge": charge.id, "amount": 5000})
    text = shop.http.get(charge.receipt_url).text
    assert "450,00\u00a0€" in text
    assert "50,00\u00a0€" in text
