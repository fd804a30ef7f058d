"""What a form of the page does: each becomes one or more acts of the people's controls, and then the page again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import FormData

from sandbox.page import tour
from sandbox.page.answers import answer_in, files_in, find_element, holds
from sandbox.page.desk import Desk, Notice, Pending
from sandbox.page.markup import emoji_character
from sandbox.page.stories import SENT
from sandbox.slack.elements import ActError, initial_state
from sandbox.slack.model import JsonObject, User, View
from sandbox.slack.people import ACTS
from sandbox.slack.people_common import find_message, find_place

REACHED = {
    "operation_timeout": "L’application n’a pas répondu en trois secondes.",
    "dispatch_failed": "L’application n’est pas connectée : elle n’a rien reçu.",
}
Act = Callable[[Desk, User, FormData], Awaitable[str]]
"""Does what the form says; answers the address to go to, or "" to stay. Raises ActError."""


async def do(desk: Desk, user: User, act: str, /, **data: Any) -> JsonObject:
    """One act of the people's controls; what the app did wrong is said on the page."""
    answer = await ACTS[act](desk.service, user, data)
    if answer.get("error"):
        desk.notices[user.id] = Notice(_said(answer))
    return answer


def _said(answer: JsonObject) -> str:
    error = str(answer["error"])
    refused = "; ".join(answer.get("refused") or [])
    return REACHED.get(error, f"L’application a mal répondu : {error}.") + (f" ({refused})" if refused else "")


async def write(desk: Desk, user: User, form: FormData) -> str:
    """Send what is in the composer: a message, files, or a command."""
    text = str(form.get("text") or "").replace("\r\n", "\n").strip()
    files = await files_in(form, "files")
    place = {"channel": str(form["channel"])} | ({"thread_ts": str(form["thread_ts"])} if form.get("thread_ts") else {})
    if text.startswith("/") and not files:
        await do(desk, user, "command", command=text, wait=desk.patience, **place)
    else:
        broadcast = form.get("reply_broadcast") == "yes"
        await do(desk, user, "message", text=text, files=files, reply_broadcast=broadcast, **place)
    return ""


async def press(desk: Desk, user: User, form: FormData) -> str:
    """Press a button or choose in a menu, in a message, a modal or the home."""
    await keep_answers(desk, user, form)
    key, _, value = str(form.get("press") or form.get("changed") or "").partition("=")
    blocks, place = _surface(desk, user, form)
    found = find_element(blocks, key)
    if found is None:
        raise ActError("Cet élément n’est plus à l’écran.")
    block, element = found
    data: dict[str, Any] = {
        **place,
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "wait": desk.patience,
    }
    if element["type"] == "button":
        data["value"] = element.get("value")
    else:
        data["selected"] = value if element["type"] == "overflow" else await answer_in(form, key, element, user)
    if element.get("confirm") and not form.get("confirmed"):
        desk.pending[user.id] = _pending(element["confirm"], form)
        return ""
    if element.get("confirm"):
        data["confirm"] = form["confirmed"] == "yes"
    _show_error(desk, user, block, "")
    try:
        await do(desk, user, "press", **data)
        desk.tour.by_hand.add((user.id, element["action_id"]))
    except ActError as refusal:
        if form.get("surface") != "modal" or block["type"] != "input":
            raise
        _show_error(desk, user, block, str(refusal))
    return ""


def _pending(dialog: JsonObject, form: FormData) -> Pending:
    return Pending(dialog, [(name, value) for name, value in form.multi_items() if isinstance(value, str)], "press")


def _surface(desk: Desk, user: User, form: FormData) -> tuple[list[JsonObject], dict[str, Any]]:
    """The blocks that the form stood on, and how the people's controls call the place."""
    surface = form.get("surface")
    if surface == "modal":
        return _modal(desk, user).payload["blocks"], {"view": "modal"}
    if surface == "home":
        home = desk.service.workspace.homes.get(user.id)
        return (home.payload["blocks"] if home else []), {"view": "home"}
    channel = find_place(desk.service, user, {"channel": str(form.get("channel") or "")})
    message = find_message(channel, user, form.get("ts"))
    return message.blocks, {"channel": channel.id, "ts": message.ts}


def _modal(desk: Desk, user: User) -> View:
    stack = desk.service.workspace.modals.get(user.id) or []
    if not stack:
        raise ActError("Cette fenêtre est fermée.")
    return stack[-1]


async def keep_answers(desk: Desk, user: User, form: FormData) -> dict[str, str]:
    """Put what the form holds into the silent fields of the modal; answers what the client refuses, by block_id."""
    if form.get("surface") != "modal":
        return {}
    refused: dict[str, str] = {}
    for key in [str(key) for key in form.getlist("asked")]:
        blocks = _modal(desk, user).payload["blocks"]
        found = find_element(blocks, key)
        if found is None or found[0]["type"] != "input" or found[0].get("dispatch_action"):
            continue
        block, element = found
        answer = await answer_in(form, key, element, user)
        state = _modal(desk, user).state[block["block_id"]].get(element["action_id"]) or initial_state(element)
        if holds(state, element, answer):
            continue
        ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
        try:
            await do(desk, user, "press", view="modal", selected=answer, wait=0, **ids)
        except ActError as refusal:
            refused[block["block_id"]] = str(refusal)
    return refused


def _show_error(desk: Desk, user: User, block: JsonObject, text: str) -> None:
    """Put a sentence under a field of the modal, or take the one there away."""
    stack = desk.service.workspace.modals.get(user.id) or []
    if stack:
        errors = {key: one for key, one in desk.errors_of(stack[-1]).items() if key != block["block_id"]}
        desk.show_errors(stack[-1], errors | ({block["block_id"]: text} if text else {}))


async def submit(desk: Desk, user: User, form: FormData) -> str:
    """Send the modal; errors stay under their fields."""
    view = _modal(desk, user)
    refused = await keep_answers(desk, user, form)
    if refused:
        desk.show_errors(view, refused)
        return ""
    sent = await do(desk, user, "submit", wait=desk.patience)
    desk.show_errors(view, sent["errors"])
    desk.tour.by_hand.add((user.id, SENT))
    return ""


async def close(desk: Desk, user: User, _: FormData) -> str:
    """Close the modal by its cross or its second button."""
    await do(desk, user, "close", wait=desk.patience)
    return ""


async def confirm(desk: Desk, user: User, form: FormData) -> str:
    """Answer the confirmation dialog: the press is done, or nothing is."""
    pending = desk.pending.pop(user.id, None)
    if pending is None:
        raise ActError("Cette confirmation n’est plus demandée.")
    again = FormData([*pending.fields, ("confirmed", "yes" if form.get("answer") == "yes" else "no")])
    return await press(desk, user, again)


async def open_home(desk: Desk, user: User, _: FormData) -> str:
    """Open the app's home, which the app then draws."""
    await do(desk, user, "home", tab="home")
    return f"/page/{user.id}/home"


async def shortcut(desk: Desk, user: User, form: FormData) -> str:
    """Use a shortcut of the app: a message's or a global one."""
    names = ("callback_id", "channel", "ts")
    await do(desk, user, "shortcut", wait=desk.patience, **{name: str(form[name]) for name in names if form.get(name)})
    return ""


async def react(desk: Desk, user: User, form: FormData) -> str:
    """Add one's reaction to a message, or take it back."""
    channel = find_place(desk.service, user, {"channel": str(form["channel"])})
    message = find_message(channel, user, form["ts"])
    name = str(form["name"]).strip().strip(":")
    if not emoji_character(name):
        raise ActError(f"Aucun emoji ne s’appelle « {name} ».")
    remove = user.id in message.reactions.get(name, [])
    await do(desk, user, "react", channel=channel.id, ts=message.ts, name=name, remove=remove)
    return ""


async def create(desk: Desk, user: User, form: FormData) -> str:
    """Create a channel and go into it."""
    made = await do(desk, user, "create", name=str(form.get("name") or ""), private=form.get("private") == "yes")
    return f"/page/{user.id}/{made['channel']}"


def simple(name: str, *fields: str) -> Act:
    """An act whose form has exactly the fields that the people's control takes."""

    async def act(desk: Desk, user: User, form: FormData) -> str:
        await do(desk, user, name, **{field: str(form.get(field) or "") for field in fields})
        return ""

    return act


async def dismiss(desk: Desk, user: User, _: FormData) -> str:
    """Close the notice: every act does."""
    return ""


async def clock(desk: Desk, user: User, form: FormData) -> str:
    """Use the clock."""

    def tell(sentence: str, wrong: bool) -> None:
        desk.notices[user.id] = Notice(sentence, wrong)
        desk.changes.note()

    desk.fired_since = desk.sandbox.recorder.count
    await desk.mover.act(str(form.get("move") or ""), tell)
    return ""


FORMS: dict[str, Act] = {
    "write": write,
    "press": press,
    "submit": submit,
    "close": close,
    "confirm": confirm,
    "open-home": open_home,
    "shortcut": shortcut,
    "react": react,
    "create": create,
    "edit": simple("edit", "channel", "ts", "text"),
    "delete": simple("delete", "channel", "ts"),
    "join": simple("join", "channel"),
    "leave": simple("leave", "channel"),
    "invite": simple("invite", "channel", "user"),
    "topic": simple("topic", "channel", "topic"),
    "archive": simple("archive", "channel"),
    "unarchive": simple("unarchive", "channel"),
    "dismiss": dismiss,
    "clock": clock,
    "tour": tour.act,
}
