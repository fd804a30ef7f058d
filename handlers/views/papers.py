"""The list of a buyer's papers, each with its button."""

from __future__ import annotations

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from handlers.ids import Action
from handlers.views.complaints import complain_button
from handlers.views.french import plural
from handlers.views.kit import actions, button, context, escape, modal, section
from programme.content.french import length, long_day
from programme.model.accounting import AccountingDocument, AccountingKind
from programme.model.attestation import Attestation
from programme.rules.instants import day_in
from programme.rules.money import euros
from programme.usecases.papers import Papers

PAPERS = "papers"
SHOWN = 40
SHOWN_ATTESTATIONS = 10
WORDS = {
    AccountingKind.INVOICE: "Facture",
    AccountingKind.RECEIPT: "Reçu",
    AccountingKind.CREDIT_NOTE: "Avoir",
}


def papers_modal(papers: Papers, *, said: str = "") -> View:
    """The contract first, then the newest documents; ``said`` tells what has just been sent."""
    blocks: list[Block] = [section(escape(said))] if said else []
    if papers.order_id:
        again = button("Recevoir", Action.SEND_CONTRACT, accessible="Recevoir le contrat par e-mail")
        blocks.append(section(f"*Contrat* {papers.order_id}\navec tous les textes acceptés", again))
    blocks += _attestations(papers)
    blocks += [_line(document) for document in papers.documents[:SHOWN]]
    blocks.append(actions(complain_button()))
    blocks.append(context("Chaque pièce part en PDF à votre adresse e-mail. Conservez-la : elle ne change jamais."))
    return modal(PAPERS, "Mes papiers", blocks)


def _attestations(papers: Papers) -> list[Block]:
    """Those issued, the newest first, and the way to ask for one."""
    overtaken = {one.replaces: one.reference for one in papers.attestations}
    shown = papers.attestations[:SHOWN_ATTESTATIONS]
    blocks = [_attestation(one, overtaken.get(one.reference, "")) for one in shown]
    if papers.may_ask_attestation:
        ask = button("Demander", Action.ASK_ATTESTATION, accessible="Demander mon attestation de participation")
        blocks.append(section("*Attestation de participation*\npour les séances que vous avez suivies", ask))
    return blocks


def _attestation(one: Attestation, replaced_by: str) -> Block:
    name = f"Attestation de participation {one.reference}"
    followed = f"{plural(one.sessions, 'séance suivie', 'séances suivies')}, {length(one.minutes)}"
    standing = f"\nremplacée par {replaced_by}" if replaced_by else ""
    again = button("Recevoir", Action.SEND_ATTESTATION, one.reference, accessible=f"Recevoir par e-mail : {name}")
    return section(f"*{name}*\n{long_day(day_in(one.issued_at))}, {followed}{standing}", again)


def _line(document: AccountingDocument) -> Block:
    name = f"{WORDS[document.kind]} {document.number}"
    again = button("Recevoir", Action.SEND_PAPER, document.number, accessible=f"Recevoir par e-mail : {name}")
    return section(f"*{name}*\n{long_day(day_in(document.issued_at))}, {euros(document.amounts.ttc)}", again)
