"""Around Slack: the clock, the mail, the payments, the links, the wire, and the live windows."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from email.message import EmailMessage

import pytest
import stripe
from slack_sdk import WebClient

from tests.sandbox.page.window import CLAIRE, ELISE, GENERAL, START, TUTORS, one

ADDRESS = "claire.martin@example.fr"
TOKEN = {"authorization": "Bearer xoxb-sandbox"}


@pytest.fixture
def standing(window):
    """Time stands still at the start."""
    window.client.post("/control/clock/set", json={"now": START.isoformat()})
    return window


def now(window):
    return window.sandbox.clock.now()


def post(window, text="Bonjour"):
    WebClient("xoxb-sandbox", base_url=f"{window.running.base_url}/api/").chat_postMessage(channel=TUTORS, text=text)


def send_mail(window, html=""):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "bot@example.fr", ADDRESS, "Votre contrat"
    mail.set_content("Bonjour, voici http://127.0.0.1:9/calendrier/secret.ics")
    if html:
        mail.add_alternative(html, subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="contrat.pdf")
    with smtplib.SMTP("127.0.0.1", window.sandbox.smtp_port) as server:
        server.send_message(mail)


@pytest.mark.parametrize(("move", "hours"), [("hour", 1), ("day", 24), ("week", 168)])
def test_the_clock_moves_by_its_buttons(standing, move, hours):
    standing.post("clock", move=move)
    assert now(standing) == START + timedelta(hours=hours)


def test_the_clock_is_shown_where_the_person_lives(standing):
    assert "lun. 2 mars 2026, 10:00" in standing.get(f"/page/{CLAIRE}/{GENERAL}")
    assert "lun. 2 mars 2026, 13:00" in standing.get(f"/page/U0MARIEP01/{GENERAL}")


def test_the_clock_goes_to_what_comes_next_and_says_when_nothing_does(standing):
    assert "Rien n’est prévu" in standing.post("clock", move="next")
    due = START + timedelta(hours=5)
    version = standing.client.get("/clock").json()["version"]
    settled = {"name": "bilan", "version": version, "next_due": due.isoformat()}
    standing.client.post("/clock/settled", json=settled)
    assert "Prochaine chose prévue : lun. 2 mars 2026, 15:00" in standing.get(f"/page/{CLAIRE}/{GENERAL}")
    standing.client.post("/clock/leave", json={"name": "bilan"})


def test_the_clock_runs_and_stops(standing):
    assert "Arrêter l’horloge" in standing.post("clock", move="run")
    assert standing.sandbox.clock.running
    assert "Laisser passer le temps réel" in standing.post("clock", move="freeze")
    assert not standing.sandbox.clock.running
    assert "ne connaît pas ce bouton" in standing.post("clock", move="backwards")


def test_what_has_happened_since_is_listed(standing):
    post(standing, "Avant")
    standing.post("clock", move="hour")
    post(standing, "Après")
    send_mail(standing)
    fired = one(r'id="fired"(.*?)</div>', standing.get(f"/page/{ELISE}/{GENERAL}"))
    assert fired.count("message dans #e-tutorat") == 1
    assert f'href="/page/{ELISE}/{TUTORS}"' in fired
    assert f"e-mail à {ADDRESS} : Votre contrat" in fired
    assert f"/{TUTORS}" not in one(r'id="fired"(.*?)</div>', standing.get(f"/page/{CLAIRE}/{GENERAL}"))


def test_the_mail_of_a_person_and_of_everybody(window):
    send_mail(window, "<h1>Contrat</h1><script>alert(1)</script>")
    assert "Aucun e-mail." in window.get(f"/page/{ELISE}/mail")
    assert "Votre contrat" in window.get(f"/page/{ELISE}/mail?all=1")
    letter = one(r'<article class="letter"(.*?)</article>', window.get(f"/page/{CLAIRE}/mail?n=1"))
    assert "contrat.pdf" in letter
    assert "Bonjour, voici" in letter
    assert window.client.get(one(r'href="(/control/mail/[^"]+)"', letter)).content == b"%PDF"
    body = window.client.get(one(r'<iframe class="letter-body" src="([^"]+)"', letter))
    assert "sandbox" in body.headers["content-security-policy"]
    assert window.client.get("/page/mail/99").status_code == 404


def test_payments_pages_and_feeds_are_one_click_away(window):
    client = stripe.StripeClient("sk_test_sandbox", base_addresses={"api": f"{window.running.base_url}/stripe"})
    price = {"currency": "eur", "unit_amount": 45000, "product_data": {"name": "Bilan"}}
    client.v1.checkout.sessions.create(
        params={
            "mode": "payment",
            "customer_email": ADDRESS,
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": "https://exemple.fr/merci",
        }
    )
    links = [{"label": "Renoncer au contrat", "url": "http://127.0.0.1:9/retractation"}]
    assert window.client.post("/control/page/links", json={"links": links}).json() == {"links": 1}
    send_mail(window)
    page = window.get(f"/page/{CLAIRE}/around")
    assert "450,00 €" in page
    assert window.client.get(one(r'href="(/checkout/[^"]+)"', page)).status_code == 200
    assert 'href="http://127.0.0.1:9/retractation"' in page
    assert 'href="http://127.0.0.1:9/calendrier/secret.ics"' in page
    assert "Aucune page de paiement pour cette personne" in window.get(f"/page/{ELISE}/around")


def test_the_feed_that_a_modal_has_shown_stays_one_click_away(window):
    text = {"type": "mrkdwn", "text": "*Votre lien personnel* :\n`http://127.0.0.1:9/calendrier/montre.ics`"}
    window.modal({"type": "section", "text": text})
    window.get(f"/page/{CLAIRE}/home")
    window.post("close", surface="modal")
    assert 'href="http://127.0.0.1:9/calendrier/montre.ics"' in window.get(f"/page/{CLAIRE}/around")
    assert "montre.ics" not in window.get(f"/page/{ELISE}/around")


@pytest.mark.parametrize("links", [None, [{"label": "x"}], [{"label": "x", "url": "javascript:alert(1)"}]])
def test_links_that_lead_nowhere_are_refused(window, links):
    assert window.client.post("/control/page/links", json={"links": links}).status_code == 400


def test_the_wire_shows_calls_envelopes_and_refusals(window):
    post(window, "Bonjour à tous")
    window.post("write", channel=GENERAL, text="/demo aide")
    page = window.get(f"/page/{ELISE}/wire")
    assert "<code>chat.postMessage</code>" in page
    assert "<code>slash_commands /demo</code>" in page
    assert "xoxb-sandbox" not in page
    only = window.get(f"/page/{ELISE}/wire?show=envelope")
    assert "chat.postMessage" not in only
    assert "/demo" in only
    assert "Bonjour à tous" in window.get(f"/page/{ELISE}/wire?q=bonjour")
    assert "Aucun échange." in window.get(f"/page/{ELISE}/wire?q=absent-partout")


def test_a_refused_call_stands_out_with_its_reason(window):
    window.client.post("/api/chat.postMessage", json={"channel": "C0NOWHERE0", "text": "Perdu"}, headers=TOKEN)
    page = window.get(f"/page/{ELISE}/wire?show=refused")
    assert "channel_not_found" in one(r'<details [^>]*class="refused">(.*?)</details>', page)


def test_an_open_window_is_told_of_every_change(window):
    with window.client.stream("GET", "/page/live") as live:
        lines = live.iter_lines()
        first = next(line for line in lines if line.startswith("data:"))
        post(window)
        assert next(line for line in lines if line.startswith("data:")) != first
        before = window.desk.changes.count
        send_mail(window)
        assert window.desk.changes.count > before


def test_the_library_that_the_page_brings_along_has_its_licence(window):
    assert "Idiomorph" in window.client.get("/page/static/idiomorph.min.js").text
    assert "Zero-Clause BSD" in window.client.get("/page/static/idiomorph.LICENSE.txt").text
