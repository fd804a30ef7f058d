"""Interactive Block Kit elements: what each holds at first, and what it holds once a person used it.

The *state* of an element is Slack's object in ``state.values``: its type and its value under the name that
belongs to the type (``value``, ``selected_option``, ``selected_date`` …).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.slack.model import Channel, ChannelKind, JsonObject, User
from sandbox.slack.service import SlackService

TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
OPTION_MENUS = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
OPTION_LISTS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})
STATELESS = frozenset({"button", "overflow", "workflow_button", "feedback_buttons", "icon_button"})

# The key of the state of each type, and the key under which the app gives the value at first.
STATE_KEYS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(TEXT_INPUTS, ("value", "initial_value")),
    **dict.fromkeys(OPTION_MENUS, ("selected_option", "initial_option")),
    **dict.fromkeys(OPTION_LISTS, ("selected_options", "initial_options")),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
_LISTS = frozenset({kind for kind in STATE_KEYS if kind.startswith("multi_")} | {"checkboxes", "file_input"})


class ActError(ValueError):
    """A person cannot do that; the sentence (in French) says why."""


@dataclass(frozen=True)
class Actor:
    """Who fills something in, in which workspace."""

    service: SlackService
    user: User


def has_state(element: JsonObject) -> bool:
    """Whether the element appears in ``state.values``."""
    return element["type"] in STATE_KEYS and element["type"] not in STATELESS


def initial_state(element: JsonObject) -> JsonObject:
    """The state of an element that nobody has touched yet."""
    kind = element["type"]
    key, initial_key = STATE_KEYS[kind]
    value = copy.deepcopy(element.get(initial_key))
    if value is None and kind in _LISTS:
        value = []
    state = {"type": kind, key: value}
    if kind == "timepicker" and element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def value_of(state: JsonObject) -> Any:
    """The value inside a state object."""
    return state[STATE_KEYS[state["type"]][0]]


def is_empty(state: JsonObject) -> bool:
    """Whether a required input with this state still misses its answer."""
    return value_of(state) in (None, "", [])


def filled_state(actor: Actor, element: JsonObject, answer: Any) -> JsonObject:
    """The state of an element after the person put ``answer`` in it; None or "" empties it.

    Options are named by their visible text (exactly, or by a beginning that fits only one) or by their value.
    Raises ActError when the element cannot hold that answer.
    """
    state = initial_state(element)
    key = STATE_KEYS[element["type"]][0]
    if answer is None or answer == "":
        state[key] = [] if element["type"] in _LISTS else None
    else:
        state[key] = _READERS[element["type"]](actor, element, answer)
    return state


def options_of(element: JsonObject) -> list[JsonObject]:
    """The options of a menu, those of its groups included."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def pick(candidates: Sequence[tuple[str, Any]], wanted: str, what: str) -> Any:
    """The candidate whose visible text is ``wanted``, or the only one that begins with it.

    Raises ActError when there is none, or more than one.
    """
    wanted = _plain(wanted)
    exact = [thing for text, thing in candidates if _plain(text) == wanted]
    found = exact or [thing for text, thing in candidates if wanted and _plain(text).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    seen = ", ".join(f"« {text} »" for text, _ in candidates) or "rien"
    problem = "Plusieurs choix commencent ainsi" if found else "Introuvable"
    raise ActError(f"{problem} : {what} « {wanted} ». À l’écran : {seen}.")


def same_text(seen: str, wanted: str) -> bool:
    """Whether two visible texts are the same to the eye."""
    return _plain(seen) == _plain(wanted)


def starts_with(seen: str, wanted: str) -> bool:
    """Whether a visible text begins with what is wanted."""
    return _plain(seen).startswith(_plain(wanted))


def _plain(text: str) -> str:
    """Visible text made comparable: spaces of any width are one space, case does not count."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def _option(element: JsonObject, answer: Any) -> JsonObject:
    options = options_of(element)
    by_value = [option for option in options if option.get("value") == str(answer)]
    found = by_value[0] if by_value else pick([(o["text"]["text"], o) for o in options], str(answer), "l’option")
    return copy.deepcopy(found)


def _as_list(answer: Any) -> list[Any]:
    return list(answer) if isinstance(answer, list | tuple) else [answer]


def _limited(element: JsonObject, chosen: list[Any]) -> list[Any]:
    limit = element.get("max_selected_items")
    if limit is not None and len(chosen) > limit:
        raise ActError(f"Cette liste accepte {limit} choix au plus.")
    return chosen


def _read_text(_: Actor, element: JsonObject, answer: Any) -> str:
    text = str(answer)
    limit = element.get("max_length")
    if element["type"] == "plain_text_input" and not element.get("multiline") and "\n" in text:
        raise ActError("Ce champ tient sur une seule ligne.")
    if limit is not None and len(text) > limit:
        raise ActError(f"Ce champ accepte {limit} caractères au plus ; la réponse en a {len(text)}.")
    return text


def _read_option(_: Actor, element: JsonObject, answer: Any) -> JsonObject:
    return _option(element, answer)


def _read_options(_: Actor, element: JsonObject, answer: Any) -> list[JsonObject]:
    return _limited(element, [_option(element, one) for one in _as_list(answer)])


def _read_date(_: Actor, __: JsonObject, answer: Any) -> str:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(str(answer), form).date().isoformat()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise ActError(f"« {answer} » n’est pas une date (2027-03-15 ou 15/03/2027).")


def _read_time(_: Actor, __: JsonObject, answer: Any) -> str:
    found = re.fullmatch(r"([01]?\d|2[0-3])[:h]([0-5]\d)", str(answer).replace(" ", ""))
    if found is None:
        raise ActError(f"« {answer} » n’est pas une heure (18:30).")
    return f"{int(found[1]):02d}:{found[2]}"


def _read_instant(_: Actor, __: JsonObject, answer: Any) -> int:
    if str(answer).isdecimal():
        return int(answer)
    try:
        instant = datetime.fromisoformat(str(answer))
    except ValueError as error:
        raise ActError(f"« {answer} » n’est pas un instant (2027-03-15T18:30+01:00).") from error
    if instant.tzinfo is None:
        raise ActError(f"« {answer} » n’a pas de fuseau horaire.")
    return int(instant.timestamp())


def _read_user(actor: Actor, _: JsonObject, answer: Any) -> str:
    user = actor.service.workspace.find_user(str(answer))
    if user is None or user.deleted:
        raise ActError(f"Personne ne s’appelle « {answer} ».")
    return user.id


def _read_conversation(actor: Actor, element: JsonObject, answer: Any) -> str:
    workspace = actor.service.workspace
    channel = workspace.find_channel(str(answer))
    if channel is None and (user := workspace.find_user(str(answer))):
        channel = workspace.im_between(actor.user.id, user.id)
    if channel is None or not workspace.sees(actor.user.id, channel) or not _offered(element, channel):
        raise ActError(f"Cette liste ne propose pas « {answer} ».")
    return channel.id


def _offered(element: JsonObject, channel: Channel) -> bool:
    if element["type"].endswith("channels_select"):
        return channel.kind is ChannelKind.PUBLIC
    wanted = (element.get("filter") or {}).get("include")
    names = {"public_channel": "public", "private_channel": "private"}
    return not wanted or names.get(channel.kind.value, channel.kind.value) in wanted


def _many(read: Callable[[Actor, JsonObject, Any], str]) -> Callable[[Actor, JsonObject, Any], list[str]]:
    def read_all(actor: Actor, element: JsonObject, answer: Any) -> list[str]:
        return _limited(element, [read(actor, element, one) for one in _as_list(answer)])

    return read_all


def _read_files(_: Actor, element: JsonObject, answer: Any) -> list[JsonObject]:
    """File objects, already uploaded by the caller."""
    files = _as_list(answer)
    limit = int(element.get("max_files") or 10)
    if len(files) > limit:
        raise ActError(f"Ce champ n’accepte pas plus de fichiers (maximum : {limit}).")
    allowed = element.get("filetypes")
    for file in files:
        if allowed and file["filetype"] not in allowed:
            raise ActError(f"Ce champ n’accepte pas « {file['name']} » : seulement {', '.join(allowed)}.")
    return files


_READERS: dict[str, Callable[[Actor, JsonObject, Any], Any]] = {
    **dict.fromkeys(TEXT_INPUTS, _read_text),
    **dict.fromkeys(OPTION_MENUS, _read_option),
    **dict.fromkeys(OPTION_LISTS, _read_options),
    "users_select": _read_user,
    "conversations_select": _read_conversation,
    "channels_select": _read_conversation,
    "multi_users_select": _many(_read_user),
    "multi_conversations_select": _many(_read_conversation),
    "multi_channels_select": _many(_read_conversation),
    "datepicker": _read_date,
    "timepicker": _read_time,
    "datetimepicker": _read_instant,
    "file_input": _read_files,
}
