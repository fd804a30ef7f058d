"""Every mail can be written from the facts that its use case gives, in careful French, with nothing left unfilled."""

from __future__ import annotations

from typing import Any

import pytest

from bot.gateways.mail_templates import FOLDER, TEXT, MailTemplates
from programme.content import CONTENT_ROOT, load_content
from programme.content.checks import text_faults

ORDER = {"order_id": "ord_7kq2m", "first_name": "Léa"}
CONTRACT = ORDER | {"price": 45000, "withdrawal_last_day": "2026-12-07"}
RECEIVED = {"reference": "wdr_1", "name": "Léa Marchand", "sent_at": "2026-12-07T22:59:59+00:00", "content": "Je…"}
TERMINATION = ORDER | {"notified_at": "2026-12-07T22:59:59+00:00"}
ENDED = ORDER | {"ended_at": "2027-01-08T12:00:00+00:00", "delivered": 3, "due": 8437, "refund_due_on": "2027-01-22"}
COMPLAINT = {"first_name": "Léa", "number": "REC2026-0001"}
ATTESTED = {"first_name": "Léa", "reference": "P-1-2", "length": "30\u00a0h"}
INSTALMENTS = [{"number": 2, "amount": 15000, "due_on": "2027-01-12"}]
INSTALMENT = ORDER | {"number": 2, "amount": 15000, "card": "Visa 4242"}
SAMPLES: list[tuple[str, dict[str, Any]]] = [
    *(("confirmation", CONTRACT | {"early_start": early}) for early in (True, False)),
    ("email_code", {"first_name": "Léa", "code": "123456", "minutes": 30}),
    ("text_copy", {"first_name": "Léa", "title": "Conditions générales", "version": "2026-01"}),
    *(
        ("exemption_answer", {"first_name": "Léa", "granted": ok, "reason": "Vingt ans de métier."})
        for ok in (True, False)
    ),
    *(
        ("accounting_document", ORDER | {"kind": kind, "number": "F2026-000001", "amount": 45000})
        for kind in ("invoice", "receipt", "credit_note")
    ),
    *(("attestation", ATTESTED | {"sessions": count, "replaces": old}) for count, old in ((1, ""), (15, "P-1-1"))),
    (
        "complaint_received",
        COMPLAINT | {"opened_at": "2026-12-07T22:59:59+00:00", "answer_by": "2027-01-06", "text": "Je…"},
    ),
    ("complaint_answer", COMPLAINT | {"opened_on": "2026-12-07", "answer": "Nous sommes désolés."}),
    ("contract_copy", CONTRACT | {"early_start": False}),
    ("withdrawal_received", RECEIVED | {"refund_by": "2026-12-21", "to_examine": False, "work_until": "2027-01-06"}),
    ("withdrawal_received", RECEIVED | {"refund_by": "", "to_examine": False}),
    ("withdrawal_received", RECEIVED | {"refund_by": "", "to_examine": True}),
    ("withdrawal_answer", {"reference": "wdr_1", "name": "Léa Marchand", "reason": "Le délai est passé."}),
    *(("refund_sent", ORDER | {"amount": 36563, "late_payment": late}) for late in (True, False)),
    ("instalments_dated", ORDER | {"card": "Visa 4242", "instalments": INSTALMENTS}),
    ("instalments_dated", ORDER | {"card": "", "instalments": INSTALMENTS}),
    ("instalment_notice", INSTALMENT | {"count": 3, "due_on": "2027-01-12"}),
    *(("instalment_refused", INSTALMENT | {"next_on": day}) for day in ("2027-01-15", None)),
    ("instalment_refused", INSTALMENT | {"next_on": None, "card_gone": True}),
    *(("termination_received", TERMINATION | {"force_majeure": force, "reason": ""}) for force in (True, False)),
    *(
        ("termination_set_aside", ORDER | {"first_name": "Léa", "reason": "Comme convenu au téléphone.", "resumes": on})
        for on in (True, False)
    ),
    ("contract_ended", ENDED | {"kind": "force_majeure", "refund": 36563, "still_owed": 0}),
    ("contract_ended", ENDED | {"kind": "abandonment", "refund": 0, "still_owed": 1875, "work_until": "2027-01-06"}),
    ("contract_ended", ENDED | {"kind": "operator_failure", "refund": 0, "still_owed": 0}),
]


@pytest.fixture(scope="module")
def mails() -> MailTemplates:
    return MailTemplates(CONTENT_ROOT, load_content().trader)


@pytest.mark.parametrize(("name", "facts"), SAMPLES)
def test_a_mail_says_all_it_has_to_say(mails: MailTemplates, name: str, facts: dict[str, Any]) -> None:
    written = mails.write(name, facts)
    assert text_faults(written.subject + "\n" + written.text) == []
    assert "{{" not in written.text + written.html
    assert all(line.strip() != "." for line in written.text.splitlines())


def test_every_mail_has_a_sample() -> None:
    names = {path.name.removesuffix(TEXT) for path in (CONTENT_ROOT / FOLDER).glob(f"*{TEXT}")}
    assert {name for name in names if not name.startswith("_")} == {name for name, _ in SAMPLES}
