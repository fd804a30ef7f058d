"""The demo's checks say what is wrong: each is shown a fault that it must find."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.demo.cast import TOWNS, Part
from bot.demo.checks import SESSIONS, Evidence, verify
from bot.demo.person import Person
from bot.demo.programme import REMARKS, Company
from bot.demo.sandbox_api import Posted, SandboxApi
from programme.content import load_content
from programme.content.french import week_day

DAYS = [datetime(*day, 9, tzinfo=UTC) for day in ((2026, 11, 24), (2027, 1, 12), (2027, 2, 16))]
GROUP, DIRECT = "CGROUP", "DLEA"
BOARD = [{"type": "section", "fields": [{"type": "mrkdwn", "text": "*Séances tenues\u00a0:* 16 sur 16"}]}]


def post(key: str, channel: str = DIRECT, text: str = "") -> Posted:
    blocks = ({"type": "section", "text": {"type": "mrkdwn", "text": text}},)
    return Posted(number=1, channel=channel, ts="1.0", thread_ts="", blocks=blocks, key=key)


def calm() -> Evidence:
    """A programme of one member that went well."""
    guides = [post(f"guide:grp_1:{number:02d}", GROUP) for number in range(1, SESSIONS + 1)]
    dated = post("inst-dates:ord_1", text=", ".join(week_day(day.date()) for day in DAYS[1:]))
    told = [dated, post("confirmed:ord_1"), post("offer:mem_1"), post("charter:mem_1"), post("doc:1", text=REMARKS[0])]
    asked = [post(f"checkin:ses_{number}:mem_1") for number in range(SESSIONS)]
    board = {"service": "slack", "method": "chat.update", "arguments": {"blocks": BOARD}, "status": 200}
    mail = {
        "to": ["lea@example.fr", "max@exemple.fr"],
        "attachments": [{"name": "contrat.pdf"}, {"name": "attestation-P-1-1.pdf"}],
        "message_id": "<1>",
        "duplicate": False,
    }
    charges = [
        {"customer": "cus_1", "status": "succeeded", "amount": 15000, "created": day.timestamp()} for day in DAYS
    ]
    paid = {"payment_status": "paid", "amount_total": 15000, "client_reference_id": "ord_1"}
    paid["customer_email"] = "lea@example.fr"
    return Evidence(
        lines=[board | {"answer": {"ok": True, "channel": GROUP}}],
        posts=[*guides, *told, *asked],
        mails=[mail],
        account={
            "sums": {"captured": 45000, "refunded": 0, "disputed": 0, "kept": 45000},
            "customers": [{"id": "cus_1", "email": "lea@example.fr"}],
            "charges": charges,
        },
        sessions=[paid],
        group_channels=frozenset({GROUP}),
    )


@pytest.fixture
def company() -> Company:
    """One member, who has done everything once."""
    api = SandboxApi("http://127.0.0.1:9")
    lea = Person(api, "ULEA", "lea", "Léa Roy", "lea@example.fr")
    part = Part(lea, TOWNS[0], "69003", 1, ("tue-evening",), early=False, in_three=True)
    max_ = Person(api, "UMAX", "max", "Max Petit", "max@exemple.fr")
    leaver = Part(max_, TOWNS[0], "69003", 1, (), early=False, leaves=True)
    made = Company(api, load_content(), random.Random(1), [], [], [part, leaver])
    made.counts.update(groups=1, people=1, payments=1, documents=1)
    made._places = {DIRECT: [lea], GROUP: [lea, lea]}
    return made


def faults(evidence: Evidence, company: Company) -> list[str]:
    return [name for name, found in verify(evidence, company).items() if found]


def test_a_programme_that_went_well_has_no_fault(company: Company) -> None:
    assert faults(calm(), company) == []


def refused(evidence: Evidence) -> None:
    line: dict[str, Any] = {"service": "slack", "method": "chat.postMessage", "arguments": {}, "status": 200}
    evidence.lines.append(line | {"answer": {"ok": False, "error": "invalid_blocks"}})


def twice(evidence: Evidence) -> None:
    evidence.posts.append(post("confirmed:ord_1"))


def out_of_order(evidence: Evidence) -> None:
    evidence.posts[0], evidence.posts[1] = evidence.posts[1], evidence.posts[0]


def not_held(evidence: Evidence) -> None:
    evidence.lines.clear()


def no_contract(evidence: Evidence) -> None:
    evidence.mails[0]["attachments"] = []


def wrong_reader(evidence: Evidence) -> None:
    evidence.posts = [one for one in evidence.posts if one.key != "doc:1"]
    evidence.posts.append(post("doc:1", GROUP, REMARKS[0]))


def lost_sum(evidence: Evidence) -> None:
    evidence.account["sums"]["kept"] = 44999


def not_refunded(evidence: Evidence) -> None:
    paid = {"payment_status": "paid", "amount_total": 45000, "customer_email": "max@exemple.fr"}
    evidence.sessions.append(paid | {"client_reference_id": "ord_1"})


def not_collected(evidence: Evidence) -> None:
    evidence.account["charges"].pop()


def collected_too_soon(evidence: Evidence) -> None:
    evidence.account["charges"][2]["created"] -= 86_400


def indiscreet(evidence: Evidence) -> None:
    evidence.posts.append(post("board:grp_1", GROUP, "Le remboursement de Léa est parti."))


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        (refused, "aucun appel refusé"),
        (twice, "rien n’est dit deux fois"),
        (out_of_order, "chaque guide une fois par groupe, dans l’ordre"),
        (not_held, "toutes les séances sont tenues"),
        (no_contract, "chaque personne a reçu ce qui lui est dû"),
        (wrong_reader, "les observations ne vont qu’à leur destinataire"),
        (lost_sum, "les sommes se conservent"),
        (not_refunded, "les sommes se conservent"),
        (not_collected, "trois échéances font le prix, chacune à sa date"),
        (collected_too_soon, "trois échéances font le prix, chacune à sa date"),
        (indiscreet, "les groupes n’apprennent rien de privé"),
    ],
)
def test_each_fault_is_found(spoil: Any, check: str, company: Company) -> None:
    evidence = calm()
    spoil(evidence)
    assert faults(evidence, company) == [check]
