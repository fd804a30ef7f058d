"""Worksheets as Slack forms: page after page, each saved when it is left, then what is about to be handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers.answers import notice, redraw, show
from handlers.ids import Action, Callback
from handlers.payloads import PageShown, action_value, form_values
from handlers.views import worksheets as views
from programme.content import Content
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import worksheets
from programme.usecases.document_pages import copy_of
from programme.usecases.worksheets import OpenWorksheet, RowChange, Shown, Submission


def register(app: App) -> None:
    """Listen to authors who fill in a worksheet."""
    app.action(Action.OPEN_WORKSHEET)(worksheet_opened)
    app.view(Callback.WORKSHEET)(page_submitted)
    app.action(Action.WORKSHEET_PAGE)(page_asked)
    app.action(Action.SAVE_WORKSHEET)(left_for_later)
    app.action(Action.ADD_ROW)(row_added)
    app.action(Action.REMOVE_ROW)(row_removed)
    app.view(Callback.WORKSHEET_SUMMARY)(worksheet_submitted)


def worksheet_opened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the form where it was left: from a receipt, from returned remarks, from the list."""
    ack()
    show(views.form(_opened(ports, caller, action_value(body)), ports.content), body=body, client=client)


def _opened(ports: Ports, caller: Caller, value: str) -> OpenWorksheet:
    key, copy_number = copy_of(value)
    return worksheets.open_worksheet(ports, caller=caller, worksheet=key, copy_number=copy_number)


def page_submitted(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Suivant »: save, and show the next page, or what is wrong under its question."""
    shown = _shown(view)
    opened = worksheets.save_page(ports, caller=caller, shown=shown, answers=_typed(view), to=shown.page + 1)
    if opened.problems and not opened.conflicts and not opened.is_summary:
        ack(response_action="errors", errors=_errors(ports.content, opened, view))
    else:
        ack(response_action="update", view=views.form(opened, ports.content).to_dict())


def page_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Go to another page, saving this one as it is."""
    ack()
    redraw(_left(body, ports, caller, to=int(action_value(body))), body=body, client=client)


def left_for_later(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Enregistrer et continuer plus tard »."""
    ack()
    shown = _shown(body["view"])
    opened = worksheets.save_page(
        ports, caller=caller, shown=shown, answers=_typed(body["view"]), to=shown.page, checked=False
    )
    left = notice(ports.content.sentence("worksheet_saved"), last=True)
    redraw(views.form(opened, ports.content) if opened.conflicts else left, body=body, client=client)


def row_added(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Ajouter une ligne »."""
    ack()
    redraw(_left(body, ports, caller, row=RowChange(action_value(body))), body=body, client=client)


def row_removed(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Retirer la ligne »."""
    ack()
    question, _, index = action_value(body).partition(":")
    redraw(_left(body, ports, caller, row=RowChange(question, int(index))), body=body, client=client)


def _left(body: Mapping[str, Any], ports: Ports, caller: Caller, *, to: int = -1, row: RowChange | None = None) -> Any:
    """Save the page unchecked and draw the one at ``to``, by default the same."""
    view = body["view"]
    shown = _shown(view)
    opened = worksheets.save_page(
        ports,
        caller=caller,
        shown=shown,
        answers=_typed(view),
        to=shown.page if row else to,
        checked=False,
        row=row,
    )
    return views.form(opened, ports.content)


def worksheet_submitted(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """« Rendre »: the draft becomes a version, unless something must be looked at first."""
    done = worksheets.hand_in_worksheet(ports, caller=caller, shown=_shown(view))
    if done.again is not None:
        ack(response_action="update", view=views.form(done.again, ports.content).to_dict())
        return
    ack(response_action="update", view=notice(ports.content.sentence(_outcome(done)), last=True).to_dict())


def _outcome(done: Submission) -> str:
    """The key of the sentence that closes the form."""
    if not done.new_version or done.document is None:
        return "worksheet_unchanged"
    return "worksheet_received" if done.document.handed_in == done.document.versions else "worksheet_kept"


def _shown(view: Mapping[str, Any]) -> Shown:
    facts = PageShown.model_validate_json(view["private_metadata"])
    return Shown(**facts.model_dump(), screen=str(view["id"]))


def _typed(view: Mapping[str, Any]) -> dict[str, Any]:
    """The answers by question; the cells of a table, each a field of its own, come together again as rows."""
    answers: dict[str, Any] = {}
    cells: dict[str, dict[int, dict[int, str]]] = {}
    for block_id, value in form_values(view).items():
        question, *place = block_id.split(".")
        if place:
            cells.setdefault(question, {}).setdefault(int(place[0]), {})[int(place[1])] = value
        else:
            answers[question] = value
    for question, rows in cells.items():
        answers[question] = [[row[column] for column in sorted(row)] for _, row in sorted(rows.items())]
    return answers


def _errors(content: Content, opened: OpenWorksheet, view: Mapping[str, Any]) -> dict[str, str]:
    """Each problem under its field; what concerns a whole table under its first cell."""
    fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    errors: dict[str, str] = {}
    for question, problems in opened.problems.items():
        for problem in problems:
            stem = f"{question}.{problem.row}.{problem.column}." if problem.row >= 0 else f"{question}."
            field = next((one for one in fields if f"{one}.".startswith(stem)), fields[0])
            errors.setdefault(field, content.sentence(problem.key, **problem.details))
    return errors
