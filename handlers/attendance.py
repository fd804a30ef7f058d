"""``/bilan-presence`` and the buttons of the attendance sheet."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import answer, notice
from handlers.ids import Action, Callback, Command
from handlers.payloads import Subject, action_value, form_values
from handlers.views.attendance import absence_modal, own_sheets_blocks, own_sheets_text
from handlers.views.french import plural
from programme.errors import Refusal
from programme.model.people import Caller
from programme.model.session import AttendanceState, SessionState
from programme.ports import Ports
from programme.usecases import attendance, attendance_export
from programme.usecases.files import SharedFile


def register(app: App) -> None:
    """Listen to every act on attendance."""
    app.command(Command.ATTENDANCE)(sheets_asked)
    app.action(Action.SIGN_ATTENDANCE)(presence_signed)
    app.action(Action.ATTEST)(signatures_attested)
    app.action(Action.DECLARE_ABSENCE)(absence_opened)
    app.view(Callback.ABSENCE)(absence_declared)
    app.action(Action.CLOSE_SESSION)(session_closed)


def sheets_asked(ack: Ack, respond: Respond, ports: Ports, caller: Caller) -> None:
    """Show the person's own line of the current sheet, with what they can still do."""
    ack()
    sheets = attendance.own_sheets(ports, caller=caller)
    respond(text=own_sheets_text(sheets), blocks=own_sheets_blocks(sheets))


def presence_signed(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """Sign for oneself."""
    ack()
    state = attendance.sign(ports, caller=caller, session_id=action_value(body))
    key = "sheet_signed_late" if state is AttendanceState.LATE else "sheet_signed"
    answer(ports.content.sentence(key), body=body, client=client, respond=respond)


def signatures_attested(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """Attest the signatures of the others."""
    ack()
    count = attendance.attest(ports, caller=caller, session_id=action_value(body))
    sentence = ports.content.sentence("sheet_attested", count=plural(count, "signature"))
    answer(sentence, body=body, client=client, respond=respond)


def absence_opened(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """Ask for the reason."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=absence_modal(action_value(body)))


def absence_declared(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Declare one's own absence."""
    session_id = Subject.model_validate_json(view["private_metadata"]).id
    answers = form_values(view)
    proofs = [SharedFile(file["id"], file.get("name", ""), file.get("size")) for file in answers.get("proofs", ())]
    attendance.declare_absence(ports, caller=caller, session_id=session_id, reason=answers["reason"], proofs=proofs)
    ack(response_action="update", view=notice(ports.content.sentence("absence_declared")).to_dict())


def session_closed(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """Close the session once everybody has answered."""
    ack()
    state = attendance.close_session(ports, caller=caller, session_id=action_value(body))
    key = "sheet_held" if state is SessionState.HELD else "sheet_missed"
    answer(ports.content.sentence(key), body=body, client=client, respond=respond)


def export_asked(request: AdminRequest) -> None:
    """Send the attendance of a group, as a sealed CSV and as printed sheets, to the admin's direct messages."""
    if not (request.words.isascii() and request.words.isdigit()):
        raise Refusal("attendance_usage")
    made = attendance_export.send(
        request.ports, caller=request.caller, number=int(request.words), request=request.body["trigger_id"]
    )
    facts = {"label": made.label, "altered": made.altered, "last_hash": made.last_hash[:16]}
    request.respond(text=request.ports.content.sentence("attendance_sent", **facts))


ADMIN = (Subcommand("emargement", "12", "recevoir les feuilles de présence du groupe 12", export_asked),)
