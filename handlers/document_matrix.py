"""The matrix member × document, for the admins (``/bilan-admin documents``) and for a group's tutor (App Home)."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import show
from handlers.ids import Action
from handlers.views.document_matrix import matrix_modal
from programme.errors import Refusal
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import document_matrix


def register(app: App) -> None:
    """Listen to tutors who ask where their groups stand."""
    app.action(Action.DOCUMENT_MATRIX)(groups_asked)


def groups_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Show every group that this tutor follows."""
    ack()
    matrices = document_matrix.of_tutor(ports, caller=caller)
    client.views_open(trigger_id=body["trigger_id"], view=matrix_modal(matrices))


def group_asked(request: AdminRequest) -> None:
    """Show the group whose number was typed."""
    if not (request.words.isascii() and request.words.isdigit()):
        raise Refusal("matrix_usage")
    matrix = document_matrix.of_group(request.ports, caller=request.caller, number=int(request.words))
    show(matrix_modal([matrix]), body=request.body, client=request.client)


ADMIN = (Subcommand("documents", "12", "où en est chaque document des membres du groupe 12", group_asked),)
