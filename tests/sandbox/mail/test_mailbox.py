"""The mail server, as a sender's smtplib sees it, and the mail as the control routes show it."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import httpx
import pytest

from sandbox.background import RunningSandbox, running_sandbox
from sandbox.settings import Settings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def box() -> Iterator[RunningSandbox]:
    with running_sandbox(Settings(port=0, smtp_port=0, start=START)) as running:
        yield running


@pytest.fixture
def http(box) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box.base_url, trust_env=False) as client:
        client.post("/control/reset")
        client.post("/control/clock/freeze")
        client.post("/control/clock/set", json={"now": "2026-03-02T09:00:00Z"})
        yield client


def letter(to="claire@example.fr", message_id="<order-1@ensemble.example>"):
    message = EmailMessage()
    message["From"] = "Ensemble <bonjour@ensemble.example>"
    message["To"] = to
    message["Subject"] = "Votre inscription est confirmée"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message["Message-ID"] = message_id
    message.set_content("Bonjour Claire,\nvoici votre contrat.\n")
    message.add_alternative("<p>Bonjour Claire</p>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="contrat – é.pdf")
    return message


def send(box, *messages):
    with smtplib.SMTP("127.0.0.1", box.sandbox.smtp_port, timeout=10) as smtp:
        for message in messages:
            smtp.send_message(message)


def fail(http, kind, **more):
    assert http.post("/control/faults", json={"service": "smtp", "kind": kind, **more}).status_code == 200


def inbox(http, **query):
    return http.get("/control/mail", params=query).json()["mail"]


def test_a_mail_is_kept_whole(box, http):
    send(box, letter())
    (mail,) = inbox(http)
    assert mail.pop("size") > 500
    assert mail == {
        "n": 1,
        "received": "2026-03-02T09:00:00Z",
        "from": "Ensemble <bonjour@ensemble.example>",
        "to": ["claire@example.fr"],
        "envelope_from": "bonjour@ensemble.example",
        "reply_to": None,
        "subject": "Votre inscription est confirmée",
        "date": "Mon, 02 Mar 2026 10:00:00 +0100",
        "message_id": "<order-1@ensemble.example>",
        "duplicate": False,
        "text": "Bonjour Claire,\nvoici votre contrat.\n",
        "html": "<p>Bonjour Claire</p>\n",
        "attachments": [{"name": "contrat – é.pdf", "content_type": "application/pdf", "size": 8}],
    }


def test_one_mail_with_its_source_and_attachment(box, http):
    send(box, letter())
    assert "Message-ID: <order-1@ensemble.example>" in http.get("/control/mail/1").json()["source"]
    attachment = http.get("/control/mail/1/attachments/0")
    assert (attachment.content, attachment.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")


@pytest.mark.parametrize("path", ["/control/mail/1", "/control/mail/0", "/control/mail/1/attachments/0"])
def test_what_is_not_there(http, path):
    assert http.get(path).status_code == 400


def test_mail_is_found_by_recipient(box, http):
    send(box, letter(), letter("marc@example.fr", "<2@ensemble.example>"))
    assert [mail["n"] for mail in inbox(http, to="MARC@example.fr")] == [2]


def test_the_same_message_id_twice_is_visible(box, http):
    send(box, letter(), letter(message_id="<2@ensemble.example>"), letter())
    assert [mail["duplicate"] for mail in inbox(http)] == [False, False, True]


@pytest.mark.parametrize(("kind", "code"), [("5xx", 550), ("429", 451)])
def test_a_mail_is_refused_by_fault(box, http, kind, code):
    fail(http, kind, times=1)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(box, letter())
    assert refusal.value.smtp_code == code
    send(box, letter())
    assert len(inbox(http)) == 1


def test_a_mail_is_accepted_and_lost(box, http):
    fail(http, "drop", times=1)
    send(box, letter())
    assert inbox(http) == []


def test_the_line_goes_dead(box, http):
    fail(http, "disconnect", times=1)
    with pytest.raises((smtplib.SMTPServerDisconnected, smtplib.SMTPDataError)):
        send(box, letter())
    assert inbox(http) == []


def test_mail_is_recorded(box, http):
    send(box, letter())
    (line,) = http.get("/control/record", params={"service": "smtp"}).json()["lines"]
    assert (line["method"], line["status"]) == ("DATA", 250)
    assert line["arguments"]["to"] == ["claire@example.fr"]
    assert line["arguments"]["message_id"] == "<order-1@ensemble.example>"


def test_a_mail_without_the_usual_headers(box, http):
    with smtplib.SMTP("127.0.0.1", box.sandbox.smtp_port, timeout=10) as smtp:
        smtp.sendmail("a@example.fr", ["b@example.fr"], b"\r\njust text\r\n")
    (mail,) = inbox(http)
    assert (mail["from"], mail["subject"], mail["message_id"]) == ("a@example.fr", None, None)
    assert mail["text"].strip() == "just text"
