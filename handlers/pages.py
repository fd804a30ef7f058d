"""``/bilan-admin membre`` and ``/bilan-admin groupe``: where somebody or a group stands, and the help at hand."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import answer, show
from handlers.endings import MENTION
from handlers.ids import Action
from handlers.payloads import action_value, plain
from handlers.views import group_page as group_views
from handlers.views import member_page as member_views
from programme.errors import Refusal
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import group_page, member_page


def register(app: App) -> None:
    """Listen to the help that admins give."""
    app.action(Action.SEND_LINK_FOR)(link_sent)
    app.action(Action.SEND_CONTRACT_FOR)(contract_sent)


def member_asked(request: AdminRequest) -> None:
    """``/bilan-admin membre @personne``, or a name."""
    named = MENTION.search(request.words)
    user = named[1] if named else ""
    if not user:
        found = member_page.find(request.ports, caller=request.caller, name=plain(request.words))
        if len(found) > 1:
            show(member_views.choice(found), body=request.body, client=request.client)
            return
        user = found[0].user
    facts = member_page.look(request.ports, caller=request.caller, user=user)
    show(member_views.page(facts), body=request.body, client=request.client)


def group_asked(request: AdminRequest) -> None:
    """``/bilan-admin groupe 12``."""
    if not (request.words.isascii() and request.words.isdigit()):
        raise Refusal("group_usage")
    facts = group_page.look(request.ports, caller=request.caller, number=int(request.words))
    show(group_views.page(facts), body=request.body, client=request.client)


ADMIN = (
    Subcommand("membre", "@personne", "où en est une personne (ou un nom), et comment l’aider", member_asked),
    Subcommand("groupe", "12", "où en est le groupe 12, ses membres, ses actes", group_asked),
)


def link_sent(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Envoyer un nouveau lien »."""
    ack()
    sent = member_page.send_link(ports, caller=caller, user=action_value(body))
    key = "link_sent_for" if sent else "link_valid_for"
    answer(ports.content.sentence(key), body=body, client=client, respond=respond)


def contract_sent(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Renvoyer le contrat »."""
    ack()
    member_page.send_contract(ports, caller=caller, user=action_value(body), request=body["trigger_id"])
    answer(ports.content.sentence("contract_sent_for"), body=body, client=client, respond=respond)
