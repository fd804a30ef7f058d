"""The exemption asked and decided, and the code that proves an e-mail address."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice, show
from handlers.enrolment import screen
from handlers.ids import Action, Callback
from handlers.payloads import ExemptionShown, action_value, form_values
from handlers.views import exemptions as views
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import email_proofs, enrolment, exemptions
from programme.usecases.files import SharedFile


def register(app: App) -> None:
    """Listen to requests, decisions and codes."""
    app.view(Callback.EXEMPTION)(asked)
    app.action(Action.GRANT_EXEMPTION)(decision_opened)
    app.action(Action.REFUSE_EXEMPTION)(decision_opened)
    app.view(Callback.EXEMPTION_DECISION)(decided)
    app.view(Callback.EMAIL_CODE)(code_typed)
    app.action(Action.RESEND_CODE)(code_asked_again)


def asked(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The request goes to the admins."""
    form = form_values(view)
    files = [SharedFile(file["id"], file.get("name") or "", file.get("size")) for file in form.get("files") or ()]
    standing = exemptions.ask(
        ports,
        caller=caller,
        request=form["request"],
        experience=form["experience"],
        files=files,
        source=f"view:{view['id']}",
    )
    ack(response_action="update", view=screen(ports, standing).to_dict())


def decision_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Accepter » or « Refuser »: ask for the reason."""
    ack()
    enrolment_id, _, turn = action_value(body).partition(":")
    granted = body["actions"][0]["action_id"] == Action.GRANT_EXEMPTION
    card = exemptions.pending(ports, caller=caller, enrolment_id=enrolment_id, turn=int(turn))
    show(views.decision_form(card, granted=granted), body=body, client=client)


def decided(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The reasoned decision leaves."""
    shown = ExemptionShown.model_validate_json(view["private_metadata"])
    exemptions.decide(
        ports,
        caller=caller,
        enrolment_id=shown.enrolment_id,
        turn=shown.turn,
        granted=shown.granted,
        reason=form_values(view)["reason"],
    )
    ack(response_action="update", view=notice(ports.content.sentence("exemption_done")).to_dict())


def code_typed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """The six digits."""
    standing = email_proofs.prove_address(ports, caller=caller, code=form_values(view)["code"])
    ack(response_action="update", view=screen(ports, standing).to_dict())


def code_asked_again(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Recevoir un nouveau code »: the same screen says whether one left."""
    ack()
    sent = email_proofs.send_again(ports, caller=caller)
    member = enrolment.resume(ports, caller=caller).member
    said = ports.content.sentence("code_sent", email=member.email) if sent else ports.content.sentence("code_wait")
    client.views_update(view_id=body["view"]["id"], view=views.email_code(member, said))
