"""The few payload fields that we read, and the typed metadata that our modals carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from pydantic import BaseModel, ConfigDict


class TextShown(BaseModel):
    """Which text a modal shows: its key and the digest of the exact bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    sha256: str


class ExemptionShown(BaseModel):
    """The request that an admin is deciding, and which way."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enrolment_id: str
    turn: int
    granted: bool


class SummaryShown(BaseModel):
    """The fingerprint of everything that an order summary shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fingerprint: str


class Subject(BaseModel):
    """The id of ours that a modal is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


class MoveAsked(BaseModel):
    """A move as it was previewed, and the dates on which the preview stood."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session_id: str
    day: date
    wall: time
    following: bool = False
    fingerprint: str


class WeeksAsked(BaseModel):
    """Weeks to keep free as they were previewed, and the dates on which the preview stood."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mondays: tuple[date, ...]
    fingerprint: str


class RiskShown(BaseModel):
    """One risk of one Monday's report, on its button and in the form that the button opens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    week: str
    group_id: str
    kind: str
    member_user: str = ""


class AnnouncementShown(BaseModel):
    """An announcement as it was previewed, and to how many people it would go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    audience: str
    group_id: str
    text: str
    people: int


class CompositionShown(BaseModel):
    """Which proposal a form is about, and who was in it when the form was opened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group_id: str
    fingerprint: str


class PageShown(BaseModel):
    """A page of a worksheet as it was drawn; ``revision`` is that of the draft."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    worksheet: str
    copy_number: int
    page: int
    revision: int


class FilesOffered(BaseModel):
    """Files of a message that are about to be handed in: id, name and size of each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    files: tuple[tuple[str, str, int | None], ...]
    note: str


def action_value(body: Mapping[str, Any]) -> str:
    """Return the value of the pressed button, or the chosen option of a select; "" when nothing is chosen."""
    action = body["actions"][0]
    option = action.get("selected_option") or {}
    chosen = action.get("selected_user") or option.get("value")
    return str(chosen or action.get("value") or "")


def form_values(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers of a modal by block id: text, number as text, chosen value, or list of chosen values."""
    answers: dict[str, Any] = {}
    for block_id, elements in view["state"]["values"].items():
        for element in elements.values():
            answers[block_id] = _answer(element)
    return answers


def _answer(element: Mapping[str, Any]) -> Any:
    match element["type"]:
        case "checkboxes" | "multi_static_select" | "multi_external_select":
            return tuple(option["value"] for option in element.get("selected_options") or ())
        case "radio_buttons" | "static_select" | "external_select":
            return (element.get("selected_option") or {}).get("value", "")
        case "multi_users_select":
            return tuple(element.get("selected_users") or ())
        case "users_select":
            return element.get("selected_user") or ""
        case "file_input":
            return tuple(element.get("files") or ())
        case "datepicker":
            return element.get("selected_date") or ""
        case "timepicker":
            return element.get("selected_time") or ""
        case _:
            return element.get("value") or ""


def plain(text: str) -> str:
    """Return a text that Slack has escaped as it was typed; mentions stay as Slack writes them."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def traces(body: Mapping[str, Any]) -> dict[str, str]:
    """Return Slack's own traces of an act, for the evidence record: who, where, which button, when.

    ``hash`` tells the state of the view that was answered; a submission has no action time of its own.
    """
    view = body.get("view") or {}
    actions = body.get("actions") or [{}]
    label = actions[0].get("text") or view.get("submit") or {}
    return {
        "team": str((body.get("team") or {}).get("id", "")),
        "user": str((body.get("user") or {}).get("id", "")),
        "button": str(label.get("text", "")),
        "hash": str(view.get("hash", "")),
        "trigger": str(body.get("trigger_id", "")),
        "view": str(view.get("id", "")),
        "action": str(actions[0].get("action_id", view.get("callback_id", ""))),
        "action_ts": str(actions[0].get("action_ts", "")),
    }
