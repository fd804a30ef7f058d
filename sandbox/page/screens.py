"""The parts of a window, drawn for its person: clock, sidebar, header, conversation or home, thread, modal."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from sandbox.page import clock_bar
from sandbox.page.look import Look
from sandbox.page.page import Page
from sandbox.page.spot import Spot, people_of
from sandbox.page.surface import Surface
from sandbox.slack import people_reading as reading
from sandbox.slack.delivery import delivery_of
from sandbox.slack.model import Channel, JsonObject, User, View
from sandbox.slack.people_common import find_place

TEMPLATES = Path(__file__).parent / "templates"
REGIONS = ("clock", "sidebar", "header", "main", "thread", "modal")
SHOWN_MESSAGES = 200
TOGETHER_SECONDS = 300.0
REACTIONS = ("thumbsup", "tada", "eyes", "heart", "white_check_mark", "raised_hands")


@cache
def environment() -> jinja2.Environment:
    """The templates of the page; everything is escaped unless it is Markup."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def render(template: str, **values: Any) -> str:
    """A template with these values."""
    return environment().get_template(template).render(**values)


def regions(page: Page, spot: Spot, user: User) -> dict[str, str]:
    """Every part of the window as HTML, by the name of its place."""
    values = _values(page, spot, user)
    return {name: render(f"{name}.html", **values) for name in REGIONS}


def window(page: Page, spot: Spot, user: User, *, notice: str = "", error: str = "") -> str:
    """The whole window."""
    values = _values(page, spot, user)
    parts = {name: render(f"{name}.html", **values) for name in REGIONS}
    return render("workspace.html", **values, regions=parts, notice=notice, error=error)


def _values(page: Page, spot: Spot, user: User) -> dict[str, Any]:
    service = page.service
    look = Look(service, user)
    values: dict[str, Any] = {
        "spot": spot,
        "look": look,
        "viewer": user,
        "people": people_of(service),
        "team": service.workspace.team.name,
        "app_name": service.app.name,
        "bar": clock_bar.bar(page),
        "reactions": REACTIONS,
        "commands": service.app.manifest.commands,
        "shortcuts": service.app.manifest.shortcuts,
    }
    return values | _conversation(page, spot, user, look) | sidebar(page, spot, user) | modal(page, user, look)


def sidebar(page: Page, spot: Spot, user: User) -> dict[str, Any]:
    """The person's conversations with their unread marks, and the channels that they could join."""
    service = page.service
    entries = reading.channels(service, user, {})["channels"]
    with_app = [entry for entry in entries if entry["with_bot"] and entry["kind"] == "im"]
    joined = {entry["id"] for entry in entries}
    others = [c for c in service.workspace.channels.values() if c.id not in joined and c.is_public]
    return {
        "channels": sorted((e for e in entries if e["kind"].endswith("channel")), key=lambda e: e["name"]),
        "directs": [entry for entry in entries if entry["kind"] in {"im", "mpim"} and entry not in with_app],
        "app_unread": sum(entry["unread"] for entry in with_app),
        "joinable": [c for c in others if service.workspace.sees(user.id, c) and not c.is_archived],
    }


def _conversation(page: Page, spot: Spot, user: User, look: Look) -> dict[str, Any]:
    service = page.service
    place = find_place(service, user, spot.conversation())
    values: dict[str, Any] = {"place": place, "is_member": user.id in place.members, "messages": [], "replies": []}
    values["members"] = [service.workspace.users[member] for member in place.members]
    values["home"] = None
    if spot.shows_home:
        home = service.workspace.homes.get(user.id)
        if home is not None:
            fields = spot.fields() | {"view": "home"}
            values["home"] = home
            values["surface"] = Surface("home", look, fields, home.state, offers=page.offers_at(home.id))
        return values
    shown = reading.read_conversation(service, user, spot.conversation())["messages"]
    entries = [_entry(page, spot, user, look, place, message) for message in shown]
    values["messages"] = _grouped([e for e in entries if _in_main(e["message"])])[-SHOWN_MESSAGES:]
    if spot.thread:
        values["replies"] = [e for e in entries if spot.thread in {e["message"]["ts"], e["message"]["thread_ts"]}]
    return values


def _in_main(message: JsonObject) -> bool:
    is_reply = message["thread_ts"] not in {None, message["ts"]}
    return not is_reply or message["subtype"] == "thread_broadcast"


def _entry(page: Page, spot: Spot, user: User, look: Look, place: Channel, message: JsonObject) -> dict[str, Any]:
    """A message with all that its template needs."""
    key = (user.id, place.id, message["ts"])
    fields = spot.fields() | {"place": place.id, "ts": message["ts"]}
    states = delivery_of(page.service).message_answers.get(key, {})
    return {
        "message": message,
        "raw": message["raw"],
        "surface": Surface("message", look, fields, states, offers=page.offers_at("-".join(key))),
        "notice": look.notice(message["raw"]),
        "follows": False,
    }


def _grouped(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages of one person shortly after each other share one portrait."""
    for before, entry in zip(entries, entries[1:], strict=False):
        first, second = before["message"], entry["message"]
        close = float(second["ts"]) - float(first["ts"]) < TOGETHER_SECONDS
        plain = not before["notice"] and not entry["notice"] and first["ephemeral"] == second["ephemeral"]
        entry["follows"] = close and plain and first["user"] == second["user"]
    return entries


def modal(page: Page, user: User, look: Look) -> dict[str, Any]:
    """The open modal, with the titles of those under it."""
    stack = page.service.workspace.modals.get(user.id) or []
    if not stack:
        return {"modal": None}
    view = stack[-1]
    return {
        "modal": view,
        "modal_surface": modal_surface(page, view, look),
        "under": [look.text(one.payload["title"]) for one in stack[:-1]],
    }


def modal_surface(page: Page, view: View, look: Look, extra: Mapping[str, str] | None = None) -> Surface:
    """The surface of a modal."""
    fields = {"view": "modal", **(extra or {})}
    return Surface("modal", look, fields, view.state, page.errors_of(view), page.offers_at(view.id))
