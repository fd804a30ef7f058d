"""``/bilan-admin annonce``: written, seen as it will be read, confirmed, and called back from its card."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.admin import AdminRequest, Subcommand
from handlers.answers import answer, notice, show
from handlers.ids import Action, Callback
from handlers.payloads import AnnouncementShown, action_value, form_values
from handlers.views import announcements as views
from programme.errors import InvalidForm
from programme.model.announcement import Audience
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import announcements
from programme.usecases.announcements import Draft


def register(app: App) -> None:
    """Listen to admins who write to many."""
    app.view(Callback.ANNOUNCEMENT)(written)
    app.view(Callback.ANNOUNCEMENT_SEEN)(confirmed)
    app.action(Action.CALL_BACK_ANNOUNCEMENT)(called_back)


def form_asked(request: AdminRequest) -> None:
    """``/bilan-admin annonce``."""
    groups = announcements.groups_to_write_to(request.ports, caller=request.caller)
    show(views.form(groups), body=request.body, client=request.client)


ADMIN = (Subcommand("annonce", "", "écrire à tout le monde, à un groupe, à qui attend : vu avant l’envoi", form_asked),)


def written(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Voir avant d’envoyer »."""
    form = form_values(view)
    if not form["audience"]:
        raise InvalidForm({"audience": "choice_missing"})
    draft = Draft(Audience(form["audience"]), form.get("group") or "", form["text"])
    seen = announcements.preview(ports, caller=caller, draft=draft)
    shown = AnnouncementShown(audience=draft.audience, group_id=draft.group_id, text=draft.text, people=seen.people)
    ack(response_action="update", view=views.preview_view(seen, shown, ports.content).to_dict())


def confirmed(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Envoyer l’annonce »."""
    shown = AnnouncementShown.model_validate_json(view["private_metadata"])
    draft = Draft(Audience(shown.audience), shown.group_id, shown.text)
    announcements.confirm(ports, caller=caller, draft=draft, people=shown.people, source=f"view:{view['id']}")
    ack(response_action="update", view=notice(ports.content.sentence("announcement_confirmed")).to_dict())


def called_back(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Rappeler l’annonce » ; the card changes."""
    ack()
    reached = announcements.call_back(ports, caller=caller, announcement_id=action_value(body))
    key = "announcement_called_back_late" if reached else "announcement_called_back"
    answer(ports.content.sentence(key, reached=reached), body=body, client=client, respond=respond)
