"""``/bilan-retractation``, ``/bilan-resiliation``, and the admins' acts on early ends and refunds."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.models.views import View

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import acknowledged, answer, notice, show
from handlers.ids import Action, Callback, Command
from handlers.payloads import Subject, action_value, form_values
from handlers.views import ending_forms as views
from programme.errors import InvalidForm, Refusal
from programme.model.ending import EndKind
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import end_requests, refunds, termination, withdrawal
from programme.usecases.declarations import require_email

MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")


def register(app: App) -> None:
    """Listen to members who leave, and to admins who examine, decide and refund."""
    app.command(Command.WITHDRAW)(withdrawal_asked)
    app.action(Action.WITHDRAW)(withdrawal_asked)
    app.action(Action.CONFIRM_WITHDRAWAL)(withdrawal_confirmed)
    app.view(Callback.WITHDRAWAL)(acknowledged)
    app.action(Action.CHANGE_ACKNOWLEDGEMENT)(address_asked)
    app.view(Callback.ACKNOWLEDGEMENT_ADDRESS)(address_changed)
    app.action(Action.CONFIRM_DECLARATION)(declaration_confirmed)
    app.action(Action.DENY_DECLARATION)(declaration_denied)
    app.action(Action.ACCEPT_DECLARATION)(declaration_accepted)
    app.action(Action.REJECT_DECLARATION)(rejection_opened)
    app.view(Callback.WITHDRAWAL_ANSWER)(declaration_rejected)
    app.view(Callback.WITHDRAWAL_LETTER)(letter_recorded)
    app.command(Command.TERMINATE)(termination_asked)
    app.view(Callback.TERMINATION)(termination_filled)
    app.view(Callback.TERMINATION_SUMMARY)(acknowledged)
    app.action(Action.NOTIFY_TERMINATION)(termination_notified)
    app.action(Action.DECIDE_END)(cases_opened)
    app.view(Callback.END_CASE)(contract_ended)
    app.action(Action.SET_ASIDE_END)(setting_aside_opened)
    app.view(Callback.END_SET_ASIDE)(request_set_aside)
    app.action(Action.APPROVE_REFUND)(refund_approved)
    app.action(Action.UNDO_REFUND)(refund_undone)


def withdrawal_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Renoncer au contrat ici » : show the declaration, filled in."""
    ack()
    contract = withdrawal.own_contract(ports, caller=caller)
    show(views.withdrawal(contract, contract.email), body=body, client=client)


def address_asked(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """« Changer d’adresse »."""
    ack()
    email = Subject.model_validate_json(body["view"]["private_metadata"]).id
    client.views_update(view_id=body["view"]["id"], view=views.acknowledgement_address(email))


def address_changed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Back to the declaration, with the new address."""
    email = str(form_values(view)["email"]).strip()
    require_email(email)
    contract = withdrawal.own_contract(ports, caller=caller)
    ack(response_action="update", view=views.withdrawal(contract, email).to_dict())


def withdrawal_confirmed(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Confirmer la rétractation » : the declaration is made."""
    ack()
    email = Subject.model_validate_json(body["view"]["private_metadata"]).id
    declaration = withdrawal.declare(ports, caller=caller, order_id=action_value(body), email=email)
    sentence = ports.content.sentence("withdrawal_declared", reference=declaration.id)
    client.views_update(view_id=body["view"]["id"], view=notice(sentence))


def declaration_confirmed(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The author confirms what came by the public page; the message changes."""
    ack()
    withdrawal.confirm(ports, caller=caller, declaration_id=action_value(body))


def declaration_denied(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Ce n’est pas moi » ; the message changes."""
    ack()
    withdrawal.deny(ports, caller=caller, declaration_id=action_value(body))


def declaration_accepted(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """An admin accepts a late or doubtful declaration; the card changes."""
    ack()
    withdrawal.decide(ports, caller=caller, declaration_id=action_value(body), accepted=True)


def rejection_opened(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """Ask for the answer that goes to the person."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=views.rejection(action_value(body)))


def declaration_rejected(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Send the answer, and close the card."""
    declaration_id = Subject.model_validate_json(view["private_metadata"]).id
    reason = str(form_values(view)["reason"])
    withdrawal.decide(ports, caller=caller, declaration_id=declaration_id, accepted=False, reason=reason)
    ack()


def letter_recorded(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Write down what came by letter or mail."""
    user = Subject.model_validate_json(view["private_metadata"]).id
    sent_on = date.fromisoformat(form_values(view)["sent_on"])
    declaration = withdrawal.record_letter(ports, caller=caller, member_user=user, sent_on=sent_on)
    sentence = ports.content.sentence("withdrawal_declared", reference=declaration.id)
    ack(response_action="update", view=notice(sentence).to_dict())


def termination_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Résilier votre contrat » : inside the withdrawal period, the withdrawal comes first."""
    ack()
    show(views.termination(withdrawal.own_contract(ports, caller=caller)), body=body, client=client)


def termination_filled(ack: Ack, view: dict[str, Any]) -> None:
    """Show the summary."""
    form = form_values(view)
    if not form["ground"]:
        raise InvalidForm({"ground": "ground_missing"})
    order_id = Subject.model_validate_json(view["private_metadata"]).id
    summary = views.termination_summary(
        order_id, force_majeure=form["ground"] == "force_majeure", reason=str(form["reason"] or "")
    )
    ack(response_action="update", view=summary.to_dict())


def termination_notified(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Notification de la résiliation » : it is made."""
    ack()
    _, _, reason = Subject.model_validate_json(body["view"]["private_metadata"]).id.partition("\n")
    majeure = action_value(body) == "majeure"
    email = termination.ask_to_end(ports, caller=caller, force_majeure=majeure, reason=reason)
    sentence = ports.content.sentence("termination_notified", email=email)
    client.views_update(view_id=body["view"]["id"], view=notice(sentence))


def cases_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show an admin the guided cases, to the cent."""
    ack()
    show(_cases(ports, caller, action_value(body)), body=body, client=client)


def _cases(ports: Ports, caller: Caller, user: str) -> View:
    order_id, offered = termination.cases_of(ports, caller=caller, member_user=user)
    return views.cases(order_id, user, offered)


def contract_ended(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """An admin ends a contract."""
    form = form_values(view)
    order_id = Subject.model_validate_json(view["private_metadata"]).id
    if not form["kind"]:
        raise InvalidForm({"kind": "choice_missing"})
    termination.end_as(
        ports, caller=caller, order_id=order_id, kind=EndKind(form["kind"]), reason=str(form["reason"] or "")
    )
    ack(response_action="update", view=notice(ports.content.sentence("end_done")).to_dict())


def setting_aside_opened(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """« Écarter » : ask for the reason that goes to the member."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=views.setting_aside(action_value(body)))


def request_set_aside(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Set the request aside; the card changes."""
    order_id = Subject.model_validate_json(view["private_metadata"]).id
    reason = str(form_values(view)["reason"] or "")
    done = end_requests.set_aside(ports, caller=caller, order_id=order_id, reason=reason)
    key = "set_aside_done" if done else "set_aside_decided"
    ack(response_action="update", view=notice(ports.content.sentence(key)).to_dict())


def refund_approved(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Rembourser » ; the card changes."""
    ack()
    refunds.approve(ports, caller=caller, end_id=action_value(body))
    answer(ports.content.sentence("refund_approved"), body=body, client=client, respond=respond)


def refund_undone(ack: Ack, body: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Annuler l’envoi » ; the card changes."""
    ack()
    refunds.undo(ports, caller=caller, end_id=action_value(body))


def _named(request: AdminRequest) -> str:
    found = MENTION.search(request.words)
    if found is None:
        raise Refusal("member_not_named")
    return found[1]


def end_member(request: AdminRequest) -> None:
    """``/bilan-admin fin @personne``."""
    show(_cases(request.ports, request.caller, _named(request)), body=request.body, client=request.client)


def withdraw_member(request: AdminRequest) -> None:
    """``/bilan-admin retractation @personne``."""
    show(views.letter(_named(request)), body=request.body, client=request.client)


ADMIN = (
    Subcommand("fin", "@personne", "mettre fin à un contrat : les trois cas, au centime", end_member),
    Subcommand("retractation", "@personne", "noter une rétractation reçue par courrier ou e-mail", withdraw_member),
)
