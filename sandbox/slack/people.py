"""The people's controls, ``/control/slack/…``: act as any person, read what that person sees.

Input and output are JSON. An act that Slack would not offer that person is refused: 400 and a sentence.
Acts that reach the app answer once it acknowledged (or three seconds passed), with what the person sees then;
``wait`` in an act's body says for how many seconds it waits for the first change on the screen (default 0.5).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.slack import people_acts as acts
from sandbox.slack import people_messages as messages
from sandbox.slack import people_modals as modals
from sandbox.slack import people_reading as reading
from sandbox.slack.delivery import delivery_of
from sandbox.slack.elements import ActError
from sandbox.slack.http_requests import VerificationError
from sandbox.slack.model import JsonObject, User
from sandbox.slack.people_common import Data, find_person, need, seconds_to_wait
from sandbox.slack.service import SlackService

PersonAct = Callable[[SlackService, User, Data], Awaitable[JsonObject]]
Act = Callable[[SlackService, Data], Awaitable[JsonObject]]
Reading = Callable[[SlackService, User, Data], JsonObject]

ACTS: dict[str, PersonAct] = {
    "command": acts.command,
    "press": acts.press,
    "shortcut": acts.shortcut,
    "home": acts.open_home,
    "fill": modals.fill,
    "submit": modals.submit_modal,
    "close": modals.close_modal,
    "suggest": modals.suggest_options,
    "message": messages.write,
    "edit": messages.edit,
    "delete": messages.delete,
    "react": messages.react,
    "join": messages.join,
    "leave": messages.leave,
    "invite": messages.invite,
    "kick": messages.kick,
    "create": messages.create,
    "rename": messages.rename,
    "archive": messages.archive,
    "topic": messages.topic,
    "unarchive": messages.unarchive,
    "deactivate": messages.deactivate,
    "profile": messages.change_profile,
}
READINGS: dict[str, Reading] = {
    "inbox": reading.inbox,
    "messages": reading.read_conversation,
    "channels": reading.channels,
    "view": reading.view,
}


async def delivery_mode(service: SlackService, data: Data) -> JsonObject:
    """Choose Socket Mode or HTTP: {"socket_mode": true} or {"request_url": …, "interactivity_url"?: …}."""
    delivery = delivery_of(service)
    if data.get("socket_mode"):
        delivery.use_socket_mode()
    else:
        await delivery.use_http(str(need(data, "request_url")), data.get("interactivity_url"))
    return connections(service)


async def disconnect(service: SlackService, data: Data) -> JsonObject:
    """End the Socket Mode connections: {"reason": "warning" | "refresh_requested" | "link_disabled" | "lost"}."""
    socket, reason = delivery_of(service).socket, data.get("reason", "refresh_requested")
    told = len(socket.connections)
    if reason == "lost":
        await socket.close()
    elif reason in {"warning", "refresh_requested", "link_disabled"}:
        told = await socket.disconnect(reason)
    else:
        raise ActError(f"« {reason} » n’est pas une raison de déconnexion.")
    return {"told": told}


def connections(service: SlackService) -> JsonObject:
    """How the app is reached now."""
    delivery = delivery_of(service)
    return {
        "socket_mode": delivery.socket.enabled,
        "connections": len(delivery.socket.connections),
        "connections_made": delivery.socket.made,
        "request_url": delivery.request_url,
        "interactivity_url": delivery.interactivity_url,
    }


def people_routes(service: SlackService, prefix: str = "/control/slack") -> list[BaseRoute]:
    """All routes of the people's controls."""
    posts: dict[str, Act] = {name: _by_person(act) for name, act in ACTS.items()}
    posts |= {"add_user": messages.add_user, "mode": delivery_mode, "disconnect": disconnect}
    routes: list[BaseRoute] = [
        Route(f"{prefix}/{name}", _posted(service, act), methods=["POST"]) for name, act in posts.items()
    ]
    routes += [Route(f"{prefix}/{name}", _read(service, read)) for name, read in READINGS.items()]
    routes.append(Route(f"{prefix}/files/{{file_id}}", _file(service)))
    routes.append(Route(f"{prefix}/users", _answered(lambda _: reading.users(service))))
    routes.append(Route(f"{prefix}/connections", _answered(lambda _: connections(service))))
    return routes


def _by_person(act: PersonAct) -> Act:
    async def acted(service: SlackService, data: Data) -> JsonObject:
        seconds_to_wait(data)  # refused before anything is done
        return await act(service, find_person(service, need(data, "person")), data)

    return acted


def _posted(service: SlackService, act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await act(service, await _body(request)))
        except (ActError, VerificationError) as refusal:
            return JSONResponse({"error": str(refusal)}, 400)

    return answer


def _read(service: SlackService, read: Reading) -> Callable[[Request], Awaitable[Response]]:
    def readable(query: Data) -> JsonObject:
        person = find_person(service, need(query, "person"), active=False)
        return read(service, person, query)

    return _answered(readable)


def _answered(read: Callable[[Data], JsonObject]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(read(request.query_params))
        except ActError as refusal:
            return JSONResponse({"error": str(refusal)}, 400)

    return answer


def _file(service: SlackService) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            person = find_person(service, need(request.query_params, "person"), active=False)
            return reading.file_bytes(service, person, request.path_params["file_id"])
        except ActError as refusal:
            return JSONResponse({"error": str(refusal)}, 400)

    return answer


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise ActError("Le corps de la requête n’est pas du JSON.") from error
    if not isinstance(body, dict):
        raise ActError("Le corps de la requête est un objet JSON.")
    return body
