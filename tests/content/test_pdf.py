"""Every document, printed from sample facts and read back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from bot.gateways.pdf import DOCUMENTS, TypstDocuments
from programme.content.printing import TEMPLATES, Contract, FullText, Signatory
from programme.content.texts import load_texts
from programme.content.trader import load_trader
from programme.content.worksheet_print import filled
from programme.content.worksheets import load_worksheets
from programme.errors import Permanent
from tests.usecases.tutoring import example_answers

TEXTS = ("cgv", "programme_annexe1", "fiche_information", "notice_retractation", "formulaire_retractation")
HASH = "0123456789abcdef" * 4
MEMBER = {
    "name": "Élise Bérard-N’Guyen",
    "address": ["4 rue de l’Invention", "69007 Lyon"],
    "email": "elise@courriel.example",
}
INSTALMENTS = [
    {"number": 1, "amount": 15000, "paid_on": "2026-11-23"},
    {"number": 2, "amount": 15000, "due_on": "2027-01-12"},
    {"number": 3, "amount": 15000, "due_on": "2027-02-16"},
]


def legal_texts() -> list[dict[str, Any]]:
    texts = load_texts()
    chosen = [text for key in TEXTS for text in texts if text.key == key]
    return [
        text.model_dump(include={"title", "version", "body"})
        | {"sha256": text.sha256, "writing_room": text.key == "formulaire_retractation"}
        for text in chosen
    ]


def worksheet() -> dict[str, Any]:
    sheet = load_worksheets(DOCUMENTS.parent).key("F06")
    printed = filled(
        sheet,
        example_answers(sheet),
        title=sheet.title,
        author=str(MEMBER["name"]),
        group="groupe 012 – Lyon",
        version=2,
        submitted_at=datetime(2026, 11, 23, 9, 10, tzinfo=UTC),
        sha256=HASH,
    )
    return printed.model_dump()


def contract() -> dict[str, Any]:
    texts = legal_texts()
    accepted = [
        {name: text[name] for name in ("title", "version", "sha256")} | {"accepted_at": "2026-11-23T09:02:11Z"}
        for text in texts
    ]
    return {
        "order_id": "ord_7KQ2M",
        "member": MEMBER,
        "concluded_at": "2026-11-23T09:04:05Z",
        "list_price": 45000,
        "price": 45000,
        "instalments": INSTALMENTS,
        "withdrawal_last_day": "2026-12-07",
        "start_by": "2027-02-15",
        "acceptances": accepted,
        "requests": [
            {
                "statement": "Je demande expressément que ma prestation commence avant la fin de mon délai.",
                "sha256": HASH,
                "accepted_at": "2026-11-23T09:03:00Z",
            }
        ],
        "texts": texts,
    }


def attended(number: int) -> dict[str, Any]:
    return {"number": number, "title": "Mes réalisations", "held_on": f"2027-03-{number:02d}", "minutes": 120}


TOTALS = {"ht": 37500, "vat": 7500, "ttc": 45000}
SAMPLES: dict[str, dict[str, Any]] = {
    "texte": legal_texts()[0],
    "contrat": contract(),
    "accuse_retractation": {
        "reference": "wdr_3F8",
        "member": MEMBER,
        "order_id": "ord_7KQ2M",
        "concluded_at": "2026-11-23T09:04:05Z",
        "sent_at": "2026-12-07T22:59:59Z",
        "channel": "page publique de rétractation",
        "content": "Je vous notifie par la présente ma rétractation du contrat ord_7KQ2M.",
        "refund_by": "2026-12-21",
    },
    "lettre_derogation": {
        "member": MEMBER,
        "asked_on": "2026-11-20",
        "decided_on": "2026-11-23",
        "granted": False,
        "reason": "Décrivez aussi vos fonctions d’encadrement, avec leurs dates.",
    },
    "attestation": {
        "reference": "P-7KQ2M0ABCDEF-2",
        "member": MEMBER,
        "groups": ["groupe 012 – Lyon", "groupe 015 – Lyon"],
        "first_day": "2026-12-08",
        "last_day": "2027-03-30",
        "sessions_attended": 15,
        "minutes_attended": 1800,
        "sessions": [attended(number) for number in range(1, 17) if number != 5],
        "issued_on": "2027-04-01",
        "replaces": "P-7KQ2M0ABCDEF-1",
    },
    "facture": {
        "number": "F2026-000001",
        "issued_on": "2026-11-23",
        "client": MEMBER,
        "order_id": "ord_7KQ2M",
        "ordered_on": "2026-11-23",
        "lines": [
            {
                "description": "Parcours Ensemble1job : bilan professionnel collaboratif, 16 séances en groupe",
                "quantity": 1,
                "unit_ht": 37500,
                "total_ht": 37500,
            }
        ],
        "totals": TOTALS,
        "vat_rate": 20,
        "instalments": INSTALMENTS,
    },
    "avoir": {
        "number": "A2026-000001",
        "issued_on": "2026-12-10",
        "client": MEMBER,
        "order_id": "ord_7KQ2M",
        "invoice_number": "F2026-000001",
        "invoice_issued_on": "2026-11-23",
        "reason": "Force majeure",
        "sessions_delivered": 3,
        "invoiced": TOTALS,
        "kept": {"ht": 7031, "vat": 1406, "ttc": 8437},
        "credited": {"ht": 30469, "vat": 6094, "ttc": 36563},
        "refunded": 6563,
        "cancelled": 30000,
        "vat_rate": 20,
    },
    "recu": {
        "reference": "pay_1",
        "paid_at": "2026-11-23T09:10:00Z",
        "client": MEMBER,
        "order_id": "ord_7KQ2M",
        "concluded_on": "2026-11-23",
        "number": 1,
        "of": 3,
        "amount": 15000,
        "paid_in_all": 15000,
        "remaining": 30000,
    },
    "emargement": {
        "group": "groupe 012 – Lyon",
        "number": 3,
        "title": "Mes réalisations",
        "day": "2026-12-22",
        "wall_time": "19:00",
        "minutes": 120,
        "lines": [
            {
                "name": "Élise Bérard-N’Guyen",
                "state": "présence signée",
                "recorded_at": "2026-12-22T20:05:00Z",
                "attested_by": ["Noé Exemple", "Ada Modèle"],
            },
            {"name": "Noé Exemple", "state": "absence"},
        ],
        "closed_at": "2026-12-23T08:00:00Z",
        "closed_by": "Ada Modèle",
        "hash": HASH,
    },
}
SAMPLES["emargements"] = {"group": "groupe 012 – Lyon", "sheets": [SAMPLES["emargement"]] * 3}
# Pages expected, and words that the reader must find (spaces and line ends do not count).
EXPECTED = {
    "texte": (range(4, 6), ["Article 1 – Objet", "Article 10", "450 € TTC", "Version 2026-01"]),
    "contrat": (
        range(12, 20),
        [
            "Commander avec obligation de paiement",
            "450,00 €",
            "7 décembre 2026",
            "15 février 2027",
            "Article 8 – Droit de rétractation et démarrage anticipé",
            "Je/Nous (*) vous notifie/notifions",
            "Annexe 1 – Le programme",
            "cases",
        ],
    ),
    "accuse_retractation": (
        range(1, 2),
        ["7 décembre 2026 à 23 h 59 min 59 s", "ma rétractation du contrat ord_7KQ2M", "21 décembre 2026"],
    ),
    "lettre_derogation": (
        range(1, 2),
        ["20 novembre 2026", "n’est pas acceptée", "fonctions d’encadrement", "nouvelle demande"],
    ),
    "attestation": (
        range(1, 3),
        [
            "Élise Bérard-N’Guyen",
            "bilan professionnel collaboratif",
            "30 h",
            "15 sur 16",
            "puis groupe 015",
            "remplace l’attestation P-7KQ2M0ABCDEF-1",
            "pas un diplôme",
        ],
    ),
    "facture": (
        range(1, 2),
        ["F2026-000001", "Prestations de services", "375,00 €", "75,00 €", "450,00 €", "TVA 20 %"],
    ),
    "avoir": (range(1, 2), ["A2026-000001", "F2026-000001", "365,63 €", "60,94 €", "84,37 €", "65,63 €", "300,00 €"]),
    "recu": (range(1, 2), ["150,00 €", "1 sur 3", "300,00 €", "23 novembre 2026 à 10 h 10"]),
    "emargements": (range(3, 4), ["Feuille de présence", "Noé Exemple, Ada Modèle", HASH[:8]]),
    "emargement": (range(1, 2), ["Noé Exemple, Ada Modèle", "absence", "22 décembre 2026 à 19 h 00"]),
}
SAMPLES["fiche"] = worksheet()
EXPECTED["fiche"] = (
    range(1, 4),
    ["Conditions de réussite", "Élise Bérard-N’Guyen", "Version 2, enregistrée le 23 novembre 2026", HASH[:32]],
)


@pytest.fixture
def printer() -> TypstDocuments:
    return TypstDocuments(load_trader())


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_every_model_has_a_template_and_the_other_way_round() -> None:
    files = {path.stem for path in DOCUMENTS.glob("*.typ")} - {"mise_en_page"}

    assert files == set(TEMPLATES) == set(SAMPLES) == set(EXPECTED)


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_document_says_what_it_must(printer: TypstDocuments, template: str) -> None:
    pdf = printer.render(template, SAMPLES[template])

    reader, (pages, sentences) = PdfReader(BytesIO(pdf)), EXPECTED[template]
    found = words(pdf)
    assert len(reader.pages) in pages
    assert [sentence for sentence in sentences if "".join(sentence.split()) not in found] == []
    assert f"Page1sur{len(reader.pages)}" in found
    assert "Ensemble&Compagnie" in found
    assert "SIREN123456789" in found


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_document_can_be_read_aloud(printer: TypstDocuments, template: str) -> None:
    reader = PdfReader(BytesIO(printer.render(template, SAMPLES[template])))

    assert str(reader.root_object["/Lang"]) == "fr-FR"
    assert "/StructTreeRoot" in reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title


def test_same_facts_give_the_same_bytes_and_no_date_of_printing(printer: TypstDocuments) -> None:
    first, second = (printer.render("recu", SAMPLES["recu"]) for _ in range(2))

    assert first == second
    assert b"/CreationDate" not in first


def test_what_a_person_typed_is_printed_and_never_run(printer: TypstDocuments) -> None:
    hostile = '#panic("x") $a$ *b* \\ "q" ]) #read("/etc/passwd") <l> @r // c /* d */ {{ trader.name }}'
    facts = SAMPLES["texte"] | {"body": f"# {hostile}\n\n- {hostile}\n\n`{hostile}`"}
    letter = SAMPLES["recu"] | {"client": MEMBER | {"name": hostile}}

    assert words(printer.render("texte", facts)).count('#panic("x")') == 3
    assert '#read("/etc/passwd")' in words(printer.render("recu", letter))


def test_a_late_declaration_is_examined_and_promises_no_date(printer: TypstDocuments) -> None:
    pdf = printer.render("accuse_retractation", SAMPLES["accuse_retractation"] | {"refund_by": None})

    assert "Unepersonnedenotreéquipel’examine" in words(pdf)
    assert "Nousvousremboursons" not in words(pdf)


def test_an_attestation_of_one_session_names_its_day_once(printer: TypstDocuments) -> None:
    one = {"first_day": "2027-03-02", "last_day": "2027-03-02", "sessions_attended": 1, "sessions": [attended(2)]}
    found = words(printer.render("attestation", SAMPLES["attestation"] | one))
    letterhead = dict.fromkeys(Signatory.model_fields, "x") | {"name": "Ancienne société", "representative": "Ada Née"}
    earlier = words(printer.render("attestation", SAMPLES["attestation"] | {"letterhead": letterhead}))

    assert "Ensemble1job,le2mars2027." in found
    assert "AnciennesociétéattestequeÉlise" in earlier
    assert "AdaNée" in earlier


def test_accounting_documents_keep_the_letterhead_of_their_day(printer: TypstDocuments) -> None:
    names = ("name", "legal_form", "address", "trade_register", "siren", "vat_number", "phone", "email")
    letterhead = dict.fromkeys(names, "x") | {"name": "Ancienne société", "vat_number": "FR00987654321"}

    found = words(printer.render("facture", SAMPLES["facture"] | {"letterhead": letterhead}))

    assert "Anciennesociété" in found
    assert "FR00987654321" in found
    assert "Ensemble&Compagnie" not in found


def test_a_payment_that_goes_back_is_no_deposit(printer: TypstDocuments) -> None:
    found = words(printer.render("recu", SAMPLES["recu"] | {"returned": True, "remaining": 0}))

    assert "arrivéaprèslafinducontrat" in found
    assert "acompte" not in found


def test_a_credit_note_says_only_the_sums_that_there_are(printer: TypstDocuments) -> None:
    found = words(printer.render("avoir", SAMPLES["avoir"] | {"cancelled": 0, "still_owed": 0}))
    owing = words(printer.render("avoir", SAMPLES["avoir"] | {"refunded": 0, "still_owed": 1875}))

    assert "jamaisdemandé" not in found
    assert "Resteàpayer" not in found
    assert "Resteàpayerpourlesséancestenues:18,75€" in owing


def test_contract_without_early_start_says_that_nothing_begins_before(printer: TypstDocuments) -> None:
    pdf = printer.render("contrat", SAMPLES["contrat"] | {"requests": []})

    assert "Vousavezchoisid’attendrelafindecedélai" in words(pdf)
    assert "encochantséparémentcescases" not in words(pdf)


@pytest.mark.parametrize(
    ("template", "data", "reason"),
    [
        ("inconnu", {}, "no document template"),
        ("recu", {"amount": "beaucoup"}, "do not fit"),
        ("recu", SAMPLES["recu"] | {"paid_at": "2026-11-23T09:10:00"}, "paid_at"),
    ],
)
def test_wrong_facts_are_refused_for_good(
    printer: TypstDocuments, template: str, data: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Permanent, match=re.escape(reason)):
        printer.render(template, data)


def test_facts_survive_an_outbox_row() -> None:
    facts = Contract.model_validate(SAMPLES["contrat"])

    assert Contract.model_validate(facts.model_dump()) == facts
    assert facts.model_dump()["price"] == 45000
    assert facts.model_dump(mode="json")["price"] == "450,00\u00a0€"


def test_markdown_is_kept_as_it_was_until_it_is_printed() -> None:
    text = FullText.model_validate(SAMPLES["texte"])

    assert text.model_dump()["body"] == SAMPLES["texte"]["body"]
    assert text.model_dump(mode="json")["body"].startswith("#heading(level: 1)[")


def test_a_sign_that_no_font_has_is_replaced_and_the_others_are_shown(printer: TypstDocuments) -> None:
    person = SAMPLES["recu"]["client"] | {"name": "Élise \U0001f600 مرحبا 你"}
    found = words(printer.render("recu", SAMPLES["recu"] | {"client": person}))

    assert "\U0001f600" in found
    assert "□" in found
    assert "你" not in found
