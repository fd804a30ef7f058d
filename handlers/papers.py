"""``/bilan-contrat``: the buyer's own papers, each sent again with one press; and the accounts, for the admins."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import answer, show
from handlers.ids import Action, Command
from handlers.payloads import action_value
from handlers.views.papers import papers_modal
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import accounts, attestations, contract, papers


def register(app: App) -> None:
    """Listen to what is asked about papers."""
    app.command(Command.CONTRACT)(papers_asked)
    app.action(Action.SHOW_CONTRACT)(papers_asked)
    app.action(Action.SEND_CONTRACT)(contract_asked)
    app.action(Action.SEND_PAPER)(paper_asked)
    app.action(Action.ASK_ATTESTATION)(attestation_asked)
    app.action(Action.SEND_ATTESTATION)(attestation_sent_again)


def papers_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show the list."""
    ack()
    show(papers_modal(papers.own_papers(ports, caller=caller)), body=body, client=client)


def contract_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Send the contract again by e-mail, with every accepted text."""
    ack()
    address = contract.resend(ports, caller=caller, request=body["trigger_id"])
    _say(ports.content.sentence("contract_resent", email=address), body, client, ports, caller)


def paper_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Send one document again by e-mail."""
    ack()
    number = action_value(body)
    address = papers.resend(ports, caller=caller, number=number, request=body["trigger_id"])
    _say(ports.content.sentence("paper_resent", number=number, email=address), body, client, ports, caller)


def attestation_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Issue the attestation of what was followed, and send it."""
    ack()
    reference, address = attestations.ask(ports, caller=caller, request=body["trigger_id"])
    sentence = ports.content.sentence("attestation_resent", reference=reference, email=address)
    _say(sentence, body, client, ports, caller)


def attestation_sent_again(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """Send an attestation again as it was issued; from the list, or from the last steps."""
    ack()
    reference = action_value(body)
    address = attestations.resend(ports, caller=caller, reference=reference, request=body["trigger_id"])
    sentence = ports.content.sentence("attestation_resent", reference=reference, email=address)
    if (body.get("view") or {}).get("type") == "modal":
        _say(sentence, body, client, ports, caller)
    else:
        answer(sentence, body=body, client=client, respond=respond)


def _say(sentence: str, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Say it above the list, which stays open for the next one."""
    view = papers_modal(papers.own_papers(ports, caller=caller), said=sentence)
    client.views_update(view_id=body["view"]["id"], view=view)


def accounts_asked(request: AdminRequest) -> None:
    """Send the accounts of a month to the admin's direct messages."""
    month = accounts.read_month(request.words)
    made = accounts.send(request.ports, caller=request.caller, month=month, request=request.body["trigger_id"])
    sentence = request.ports.content.sentence
    wrong = ", ".join((*made.altered, *made.missing)[:5])
    check = sentence("accounts_wrong", numbers=wrong) if wrong else sentence("accounts_intact")
    request.respond(text=sentence("accounts_sent", month=month.words, lines=made.lines, check=check))


def copy_asked(request: AdminRequest) -> None:
    """Send the PDF of one document to the admin's direct messages."""
    number = request.words.upper()
    papers.copy_for_admin(request.ports, caller=request.caller, number=number, request=request.body["trigger_id"])
    request.respond(text=request.ports.content.sentence("paper_copied", number=number))


ADMIN = (
    Subcommand("comptes", "2026-11", "les comptes du mois et l’e-reporting, en CSV", accounts_asked),
    Subcommand("piece", "F2026-000001", "recevoir une facture, un reçu ou un avoir en PDF", copy_asked),
)
