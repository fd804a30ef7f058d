"""What a person does with the app's own things: commands, buttons and menus, shortcuts, the home."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from sandbox.slack.delivery import delivery_of
from sandbox.slack.elements import (
    OPTION_LISTS,
    STATE_KEYS,
    ActError,
    Actor,
    filled_state,
    initial_state,
    options_of,
    pick,
    same_text,
    starts_with,
)
from sandbox.slack.interactions import Outcome, run_command, use_element, use_message_shortcut, use_shortcut
from sandbox.slack.membership import open_im
from sandbox.slack.model import Channel, JsonObject, User
from sandbox.slack.objects import elements_of
from sandbox.slack.payloads import Place
from sandbox.slack.people_common import (
    Data,
    Watch,
    conversations_of,
    demand_writable,
    find_message,
    find_place,
    finished,
    names,
    need,
    seconds_to_wait,
    visible_messages,
)
from sandbox.slack.people_modals import Field, answered, close_modal, submit_modal
from sandbox.slack.reading import read_view, text_of
from sandbox.slack.service import SlackService
from sandbox.slack.view_stack import view_object

HOME_SECONDS = 3.0
ModalButton = Callable[[SlackService, User, Data], Awaitable[JsonObject]]


async def command(service: SlackService, user: User, data: Data) -> JsonObject:
    """Type a slash command in a conversation (by default the one with the app)."""
    typed, _, rest = str(need(data, "command")).strip().partition(" ")
    text = str(data.get("text") or rest).strip()
    if data.get("thread_ts"):
        raise ActError("Les commandes n’existent pas dans les fils de discussion.")
    entry = service.app.manifest.commands.get(typed)
    if entry is None:
        raise ActError(f"« {typed} » n’est pas une commande de cet espace.")
    channel = find_place(service, user, data if data.get("channel") else {"to_bot": True})
    if data.get("channel"):
        demand_writable(service, user, channel)
    if entry.get("should_escape"):
        text = escape_names(service, user, text)
    watch = Watch(service, user)
    return await finished(watch, await run_command(service, user, channel, typed, text), data)


def escape_names(service: SlackService, user: User, text: str) -> str:
    """``@someone`` and ``#channel`` as ``<@U…|name>`` and ``<#C…|name>``; a private channel comes without name."""

    def replaced(found: re.Match[str]) -> str:
        if found[1] == "@":
            other = service.workspace.find_user(found[2])
            return f"<@{other.id}|{other.name}>" if other else found[0]
        channel = service.workspace.find_channel(found[2])
        if channel is None or not service.workspace.sees(user.id, channel):
            return found[0]
        return f"<#{channel.id}|{channel.name if channel.is_public else ''}>"

    return re.sub(r"(?<![\w&])([@#])([\w.-]*\w)", replaced, text)


async def press(service: SlackService, user: User, data: Data) -> JsonObject:
    """Press a button or choose in a menu, found by ``action_id`` or visible ``label``.

    Without ``view`` or ``channel``: in the open modal; if none is open, in the last message that holds it, then
    in the home. A dialog that asks for confirmation is accepted unless ``confirm`` is false.
    """
    watch = Watch(service, user)
    modal_button = _modal_button(service, user, data)
    if modal_button is not None:
        return await modal_button(service, user, data)
    place, block, element, state = await _target(service, user, data)
    dialog = element.get("confirm")
    if dialog and data.get("confirm") is False:
        return {"result": "cancelled", "confirm": dialog, "ack": None, "error": None, **watch.screen()}
    silent = block["type"] == "input" and not block.get("dispatch_action")
    outcome = Outcome()
    if silent:
        _keep_answer(service, place, block, element, state)
    else:
        outcome = await use_element(service, place, block, element, state)
    answer = await finished(watch, outcome, {"wait": 0} if silent else data)
    extra = {"url": element["url"]} if element.get("url") else {}
    return answer | extra | ({"confirm": dialog} if dialog else {})


def _modal_button(service: SlackService, user: User, data: Data) -> ModalButton | None:
    """The submit or close of the open modal, when the label is exactly theirs."""
    stack = service.workspace.modals.get(user.id) or []
    label = data.get("label")
    if not stack or not label or data.get("channel") or data.get("view", "modal") != "modal":
        return None
    buttons: list[tuple[str, ModalButton]] = [("submit", submit_modal), ("close", close_modal)]
    for key, act in buttons:
        shown = text_of(service, stack[-1].payload.get(key))
        if shown and same_text(shown, str(label)):
            return act
    return None


def _keep_answer(
    service: SlackService, place: Place, block: JsonObject, element: JsonObject, state: JsonObject
) -> None:
    if place.view is not None:
        place.view.state[block["block_id"]][element["action_id"]] = state
        return
    key = (place.user.id, place.channel.id if place.channel else "", place.message.ts if place.message else "")
    answers = delivery_of(service).message_answers.setdefault(key, {})
    answers.setdefault(block["block_id"], {})[element["action_id"]] = state


async def _target(service: SlackService, user: User, data: Data) -> tuple[Place, JsonObject, JsonObject, JsonObject]:
    """Where, in which block, which element, and what it then holds."""
    seen: list[str] = []
    for place in _places(service, user, data):
        found = await _found_in(service, place, data)
        if found is not None:
            return place, *found
        seen += [label for label, _ in _labels(service, place)]
    wanted = data.get("label") or need(data, "action_id")
    shown = names(dict.fromkeys(seen[:30]))
    raise ActError(f"{user.real_name} ne voit pas « {wanted} ». À l’écran : {shown}.")


def _places(service: SlackService, user: User, data: Data) -> Iterator[Place]:
    stack = service.workspace.modals.get(user.id) or []
    home = service.workspace.homes.get(user.id)
    if data.get("view") == "modal" or (stack and not data.get("channel") and data.get("view") != "home"):
        if stack:
            yield Place(user, view=stack[-1])
        return
    if data.get("view") != "home":
        yield from _messages(service, user, data)
    if home is not None and not data.get("channel"):
        yield Place(user, view=home)


def _messages(service: SlackService, user: User, data: Data) -> Iterator[Place]:
    if not data.get("channel"):
        found = [(m, c) for c in conversations_of(service, user) for m in visible_messages(c, user)]
        for message, channel in sorted(found, key=lambda pair: pair[0].ts, reverse=True):
            yield Place(user, channel=channel, message=message)
        return
    channel = find_place(service, user, data)
    if data.get("ts"):
        yield Place(user, channel=channel, message=find_message(channel, user, data["ts"]))
        return
    for message in reversed(visible_messages(channel, user)):
        yield Place(user, channel=channel, message=message)


async def _found_in(
    service: SlackService, place: Place, data: Data
) -> tuple[JsonObject, JsonObject, JsonObject] | None:
    if data.get("action_id"):
        fitting = [pair for pair in _elements(place) if _is_meant(pair, data)]
        if len(fitting) > 1:
            raise ActError("Plusieurs éléments portent cet « action_id » : précisez « block_id » ou « value ».")
        return (*fitting[0], await _chosen(service, place, fitting[0], data)) if fitting else None
    label = str(need(data, "label"))
    candidates = _labels(service, place)
    if not any(starts_with(text, label) for text, _ in candidates):
        return None
    block, element, option = pick(candidates, label, "le bouton")
    if option is None:
        return block, element, await _chosen(service, place, (block, element), data)
    return block, element, _with_option(service, place, block, element, option)


def _elements(place: Place) -> list[tuple[JsonObject, JsonObject]]:
    return [(block, element) for block in place.blocks for element in elements_of(block)]


def _is_meant(pair: tuple[JsonObject, JsonObject], data: Data) -> bool:
    block, element = pair
    if element["action_id"] != data["action_id"] or data.get("block_id") not in {None, block["block_id"]}:
        return False
    return element["type"] != "button" or data.get("value") in {None, element.get("value")}


def _labels(service: SlackService, place: Place) -> list[tuple[str, tuple[JsonObject, JsonObject, Any]]]:
    """Every visible label: of buttons, and of the options of menus."""
    found: list[tuple[str, tuple[JsonObject, JsonObject, Any]]] = []
    for block, element in _elements(place):
        if isinstance(element.get("text"), dict):
            found.append((text_of(service, element["text"]), (block, element, None)))
        for option in options_of(element):
            found.append((text_of(service, option["text"]), (block, element, option)))
    return found


async def _chosen(service: SlackService, place: Place, field: Field, data: Data) -> JsonObject:
    """The state after choosing what ``selected`` (or ``value``) says; {} for a button."""
    if field[1]["type"] not in STATE_KEYS:
        return {}
    if "selected" not in data and "value" not in data:
        raise ActError("Que choisir ? Précisez « selected ».")
    return await answered(service, place, field, data.get("selected", data.get("value")))


def _with_option(
    service: SlackService, place: Place, block: JsonObject, element: JsonObject, option: JsonObject
) -> JsonObject:
    """The state after a click on an option: chosen, or ticked and unticked in a list."""
    actor = Actor(service, place.user)
    if element["type"] not in OPTION_LISTS:
        return filled_state(actor, element, option["value"])
    before = _held(service, place, block, element)["selected_options"]
    values = [one["value"] for one in before]
    without = [value for value in values if value != option["value"]]
    chosen = without if len(without) < len(values) else [*values, option["value"]]
    return filled_state(actor, element, chosen or None)


def _held(service: SlackService, place: Place, block: JsonObject, element: JsonObject) -> JsonObject:
    if place.view is not None:
        return place.view.state[block["block_id"]][element["action_id"]]
    key = (place.user.id, place.channel.id if place.channel else "", place.message.ts if place.message else "")
    states = delivery_of(service).message_answers.get(key, {}).get(block["block_id"], {})
    return states.get(element["action_id"]) or initial_state(element)


async def shortcut(service: SlackService, user: User, data: Data) -> JsonObject:
    """Use a shortcut: of a message (``channel``, ``ts``) or global."""
    callback_id = str(need(data, "callback_id"))
    entry = service.app.manifest.shortcuts.get(callback_id)
    if entry is None:
        raise ActError(f"Cette application n’a pas de raccourci « {callback_id} ».")
    watch = Watch(service, user)
    if entry["type"] == "global":
        return await finished(watch, await use_shortcut(service, user, callback_id), data)
    channel: Channel = find_place(service, user, data)
    message = find_message(channel, user, need(data, "ts"))
    if message.ephemeral_to is not None:
        raise ActError("Un message éphémère n’a pas de raccourcis.")
    place = Place(user, channel=channel, message=message)
    return await finished(watch, await use_message_shortcut(service, place, callback_id), data)


async def open_home(service: SlackService, user: User, data: Data) -> JsonObject:
    """Open the app's home (or its ``messages`` tab); waits up to three seconds for the app to publish."""
    tab = str(data.get("tab", "home"))
    if tab not in {"home", "messages"}:
        raise ActError("Les onglets sont « home » et « messages ».")
    home = service.workspace.homes.get(user.id)
    direct = open_im(service, user.id, service.app.bot_user_id)
    event: JsonObject = {"type": "app_home_opened", "user": user.id, "channel": direct.id, "tab": tab}
    if home is not None and tab == "home":
        event["view"] = view_object(service, home)
    before = home.hash if home else None
    sent = service.emit(event) and delivery_of(service).reachable
    await delivery_of(service).flush()
    if sent and tab == "home":
        now = service.workspace.homes
        watch = Watch(service, user)
        seconds = seconds_to_wait(data, HOME_SECONDS)
        await watch.changed(seconds, lambda: user.id in now and now[user.id].hash != before)
    home = service.workspace.homes.get(user.id)
    return {"view": read_view(service, home) if home else None}
