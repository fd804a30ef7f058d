"""Filling in, submitting and closing modals as a person does, with the checks of a Slack client."""

from __future__ import annotations

import base64
import re
from typing import Any

from sandbox.slack.elements import (
    ActError,
    Actor,
    filled_state,
    is_empty,
    pick,
    value_of,
)
from sandbox.slack.interactions import Outcome, close, submit, suggest, use_element
from sandbox.slack.membership import open_im
from sandbox.slack.model import JsonObject, SlackFile, User, View
from sandbox.slack.objects import elements_of, file_object
from sandbox.slack.payloads import Place
from sandbox.slack.people_common import Data, Watch, finished, need, seconds_to_wait
from sandbox.slack.reading import text_of
from sandbox.slack.service import SlackService
from sandbox.slack.sharing import new_file

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://\S+")
DEFAULT_QUERY_LENGTH = 3
Field = tuple[JsonObject, JsonObject]


async def fill(service: SlackService, user: User, data: Data) -> JsonObject:
    """Fill in fields of the open modal; a field that dispatches its action tells the app."""
    values = need(data, "values")
    if not isinstance(values, dict):
        raise ActError("« values » associe chaque champ à sa réponse.")
    watch, outcome = Watch(service, user), None
    for name, answer in values.items():
        view = open_modal_of(service, user)
        block, element = find_field(service, view, str(name))
        place = Place(user, view=view)
        state = await answered(service, place, (block, element), answer)
        if block["type"] == "input" and not block.get("dispatch_action"):
            view.state[block["block_id"]][element["action_id"]] = state
            continue
        outcome = await use_element(service, place, block, element, state)
    if outcome is None:
        return {"ack": None, "error": None, **watch.screen()}
    return await finished(watch, outcome, data)


async def submit_modal(service: SlackService, user: User, data: Data) -> JsonObject:
    """Press the submit button; the client's own checks come first and send nothing."""
    view = open_modal_of(service, user)
    if not view.payload.get("submit"):
        raise ActError("Cette fenêtre n’a pas de bouton d’envoi.")
    problems = problems_of(view)
    watch = Watch(service, user)
    if problems:
        return _submitted(view, watch, "errors", problems) | {"sent": False}
    _give_files(service, user, view)
    done = await submit(service, user)
    if done.result in {"closed", "cleared"}:
        await watch.changed(seconds_to_wait(data, 0.0), lambda: bool(watch.news()))
    body = _submitted(view, watch, done.result, done.errors)
    return body | {"sent": True, "error": done.error, "refused": done.messages}


async def close_modal(service: SlackService, user: User, data: Data) -> JsonObject:
    """Press the cross (or the cancel button) of the visible modal."""
    open_modal_of(service, user)
    watch = Watch(service, user)
    return await finished(watch, await close(service, user), {"wait": 0} | dict(data))


async def suggest_options(service: SlackService, user: User, data: Data) -> JsonObject:
    """Type in an external select and read what the app offers."""
    view = open_modal_of(service, user)
    block, element = find_field(service, view, str(data.get("action_id") or need(data, "label")))
    text = str(data.get("value", ""))
    options, outcome = await _suggestions(service, Place(user, view=view), (block, element), text)
    shown = [text_of(service, option["text"]) for option in options]
    return {"options": shown, "raw": options, "error": outcome.error}


def open_modal_of(service: SlackService, user: User) -> View:
    """The visible modal; raises ActError when none is open."""
    stack = service.workspace.modals.get(user.id) or []
    if not stack:
        raise ActError(f"Aucune fenêtre n’est ouverte devant {user.real_name}.")
    return stack[-1]


def find_field(service: SlackService, view: View, name: str) -> Field:
    """The field with this block_id, action_id or visible label."""
    fields = [
        (block, element)
        for block in view.payload["blocks"]
        for element in elements_of(block)
        if element["type"] != "button"
    ]
    for block, element in fields:
        if name in {block["block_id"], element["action_id"]}:
            return block, element
    labelled = [(_label(service, *field), field) for field in fields]
    return tuple(pick(labelled, name, "le champ"))


def _label(service: SlackService, block: JsonObject, element: JsonObject) -> str:
    if block["type"] == "input":
        return str(block["label"]["text"])
    if block.get("text"):
        return text_of(service, block["text"])
    return str((element.get("placeholder") or {}).get("text") or element["action_id"])


async def answered(service: SlackService, place: Place, field: Field, answer: Any) -> JsonObject:
    """The state of a field with this answer: external options are asked for, files are uploaded."""
    element = field[1]
    if element["type"] == "file_input" and answer:
        files = [upload(service, place.user, entry) for entry in _as_list(answer)]
        answer = [file_object(service, file) for file in files]
    elif element["type"].endswith("external_select") and answer:
        searched = [_typed_and_chosen(one) for one in _as_list(answer)]
        options: list[JsonObject] = []
        for text, _ in searched:
            found, outcome = await _suggestions(service, place, field, text)
            if outcome.error:
                raise ActError(f"La liste ne répond pas : {outcome.error}.")
            options += found
        element = element | {"options": options}
        chosen = [choice for _, choice in searched]
        answer = chosen if element["type"].startswith("multi_") else chosen[0]
    return filled_state(Actor(service, place.user), element, answer)


def _typed_and_chosen(answer: Any) -> tuple[str, str]:
    """What is typed to search, and what is chosen of that: {"query", "choose"}, or one text for both."""
    if isinstance(answer, dict):
        return str(answer.get("query", "")), str(answer.get("choose", ""))
    return str(answer), str(answer)


async def _suggestions(
    service: SlackService, place: Place, field: Field, text: str
) -> tuple[list[JsonObject], Outcome]:
    block, element = field
    if not element["type"].endswith("external_select"):
        raise ActError("Cette liste n’est pas alimentée par l’application.")
    shortest = element.get("min_query_length", DEFAULT_QUERY_LENGTH)
    if len(text) < shortest:
        raise ActError(f"La liste s’ouvre à partir de {shortest} caractères.")
    return await suggest(service, place, block, element, text)


def upload(service: SlackService, user: User, entry: Any) -> SlackFile:
    """A file from this person's machine: {"name", "content_base64"}."""
    if not isinstance(entry, dict):
        raise ActError('Un fichier s’écrit {"name": …, "content_base64": …}.')
    try:
        content = base64.b64decode(need(entry, "content_base64"), validate=True)
    except (ValueError, TypeError) as error:
        raise ActError("Le contenu du fichier n’est pas en base 64.") from error
    return new_file(service, user.id, str(need(entry, "name")), len(content), content)


def _give_files(service: SlackService, user: User, view: View) -> None:
    """Let the app read the files of a submission, as its ``files:read`` scope promises."""
    direct = open_im(service, user.id, service.app.bot_user_id)
    for states in view.state.values():
        for state in states.values():
            for file in value_of(state) if state["type"] == "file_input" else []:
                service.workspace.files[file["id"]].shares.setdefault(direct.id, [])


def problems_of(view: View) -> dict[str, str]:
    """What a Slack client says before it sends anything, by block_id."""
    found = {}
    for block in view.payload["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = view.state[block["block_id"]][element["action_id"]]
        problem = _problem(element, value_of(state)) if not is_empty(state) else _missing(block)
        if problem:
            found[block["block_id"]] = problem
    return found


def _missing(block: JsonObject) -> str | None:
    return None if block.get("optional") else "Ce champ est obligatoire."


def _problem(element: JsonObject, value: Any) -> str | None:
    kind = element["type"]
    if kind == "number_input":
        return _number_problem(element, str(value))
    if kind == "email_text_input" and not EMAIL.fullmatch(value):
        return "Saisissez une adresse e-mail valide."
    if kind == "url_text_input" and not URL.fullmatch(value):
        return "Saisissez une adresse web valide."
    shortest, longest = element.get("min_length"), element.get("max_length")
    if kind == "plain_text_input" and shortest and len(value) < shortest:
        return f"Saisissez au moins {shortest} caractères."
    if kind == "plain_text_input" and longest and len(value) > longest:
        return f"Saisissez {longest} caractères au plus."
    return None


def _number_problem(element: JsonObject, value: str) -> str | None:
    whole = not element.get("is_decimal_allowed")
    if not re.fullmatch(r"-?\d+" if whole else r"-?\d+(\.\d+)?", value):
        return "Saisissez un nombre entier." if whole else "Saisissez un nombre."
    smallest, largest = element.get("min_value"), element.get("max_value")
    if smallest is not None and float(value) < float(smallest):
        return f"Le nombre doit être supérieur ou égal à {smallest}."
    if largest is not None and float(value) > float(largest):
        return f"Le nombre doit être inférieur ou égal à {largest}."
    return None


def _submitted(view: View, watch: Watch, result: str, errors: dict[str, str]) -> JsonObject:
    labels = {b["block_id"]: b["label"]["text"] for b in view.payload["blocks"] if b["type"] == "input"}
    screen = watch.screen()
    by_label = {labels.get(block_id, block_id): text for block_id, text in errors.items()}
    return {"result": result, "errors": errors, "errors_by_label": by_label, "view": screen["modal"], **screen}


def _as_list(answer: Any) -> list[Any]:
    return list(answer) if isinstance(answer, list | tuple) else [answer]
