"""``response_url``: five answers in thirty minutes of the sandbox's clock, to where a person acted.

An answer is ephemeral unless it says ``in_channel``; it may replace or delete the message that was acted upon.
It needs no membership and no scope. The same rules read the body of a command's acknowledgement.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.slack.block_kit import check_message
from sandbox.slack.messaging import Draft, delete_message, edit_message, post_ephemeral, post_message
from sandbox.slack.model import Channel, JsonObject, Message
from sandbox.slack.objects import fill_ids
from sandbox.slack.service import SlackService

MAX_USES = 5
LIFETIME = timedelta(minutes=30)
FLAGS = ("replace_original", "delete_original", "mrkdwn", "unfurl_links", "unfurl_media", "parse", "link_names")


class ResponseRefused(Exception):
    """The answer is refused: ``code`` is the body's ``error``, ``status`` the HTTP status."""

    def __init__(self, code: str, status: int = 400, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.messages = messages or []


@dataclass
class ResponseTarget:
    """Where an answer goes: to this person in this channel, about this message (None: a command)."""

    user_id: str
    channel_id: str
    message_ts: str | None
    issued: datetime
    uses: int = 0


class ResponseUrls:
    """The URLs handed out so far, by the secret at their end."""

    def __init__(self) -> None:
        self._targets: dict[str, ResponseTarget] = {}

    def issue(self, service: SlackService, user_id: str, channel_id: str, message_ts: str | None = None) -> str:
        """A fresh URL for this act."""
        key = secrets.token_urlsafe(18)
        self._targets[key] = ResponseTarget(user_id, channel_id, message_ts, service.now)
        return f"{service.base_url}/response/{key}"

    def find(self, key: str, now: datetime) -> ResponseTarget:
        """The target of a URL that may still be used; raises ResponseRefused expired_url or used_url."""
        target = self._targets.get(key)
        if target is None or now - target.issued > LIFETIME:
            raise ResponseRefused("expired_url", 404)
        if target.uses >= MAX_USES:
            raise ResponseRefused("used_url", 404)
        return target


def respond(service: SlackService, target: ResponseTarget, body: Any) -> Message | None:
    """Do what an answer says and give the message that stands now; raises ResponseRefused."""
    _check(body)
    channel = service.workspace.channels[target.channel_id]
    original = _original(channel, target)
    if body.get("delete_original") or body.get("replace_original"):
        if original is None and target.message_ts is not None:
            raise ResponseRefused("message_not_found", 404)
        if original is not None:
            return _change(service, channel, original, body)
    return _post(service, channel, target, original, body)


def _check(body: Any) -> None:
    if not isinstance(body, dict):
        raise ResponseRefused("invalid_payload")
    if body.get("response_type", "ephemeral") not in {"ephemeral", "in_channel"}:
        raise ResponseRefused("invalid_response_type")
    if any(not isinstance(body.get(flag, False), bool) for flag in FLAGS[:2]):
        raise ResponseRefused("invalid_payload")
    messages = check_message(body)
    if messages:
        raise ResponseRefused("invalid_blocks", messages=messages)
    if not any(body.get(key) for key in ("text", "blocks", "attachments", "delete_original")):
        raise ResponseRefused("no_text")


def _original(channel: Channel, target: ResponseTarget) -> Message | None:
    if target.message_ts is None:
        return None
    hidden = (m for m in channel.ephemerals if m.ts == target.message_ts and m.ephemeral_to == target.user_id)
    return channel.messages.get(target.message_ts) or next(hidden, None)


def _change(service: SlackService, channel: Channel, message: Message, body: JsonObject) -> Message | None:
    if body.get("delete_original"):
        if message.ephemeral_to is None:
            delete_message(service, channel, message)
        else:
            channel.ephemerals.remove(message)
        return None
    text, blocks = body.get("text", ""), body.get("blocks") or []
    if message.ephemeral_to is None:
        return edit_message(service, channel, message, text=text, blocks=blocks)
    message.text, message.blocks = text, fill_ids(service.workspace, blocks)
    return message


def _post(
    service: SlackService, channel: Channel, target: ResponseTarget, original: Message | None, body: JsonObject
) -> Message:
    thread_ts = body.get("thread_ts")
    if thread_ts is None and original is not None and original.is_reply:
        thread_ts = original.thread_ts
    draft = Draft(
        text=body.get("text", ""),
        blocks=body.get("blocks") or [],
        attachments=body.get("attachments") or [],
        thread_ts=thread_ts,
    )
    author = service.app.bot_user_id
    if body.get("response_type") == "in_channel":
        return post_message(service, channel, author, draft)
    return post_ephemeral(service, channel, author, target.user_id, draft)


def response_routes(service: SlackService, urls: Callable[[], ResponseUrls]) -> list[BaseRoute]:
    """The route of the URLs; ``urls`` gives the present ones."""

    async def answer(request: Request) -> Response:
        started = time.perf_counter()
        body = _parse(await request.body(), request.headers.get("content-type", ""))
        response = await _broken(service) or _answer(service, urls(), request.path_params["key"], body)
        service.recorder.record(
            service="response_url",
            method="POST",
            arguments=body if isinstance(body, dict) else {"body": body},
            status=response.status_code,
            answer=bytes(response.body).decode(),
            ms=(time.perf_counter() - started) * 1000,
        )
        return response

    return [Route("/response/{key}", answer, methods=["POST"])]


def _answer(service: SlackService, urls: ResponseUrls, key: str, body: Any) -> Response:
    try:
        target = urls.find(key, service.now)
        respond(service, target, body)
    except ResponseRefused as refusal:
        answer: JsonObject = {"ok": False, "error": refusal.code}
        if refusal.messages:
            answer["response_metadata"] = {"messages": refusal.messages}
        return JSONResponse(answer, refusal.status)
    target.uses += 1
    return PlainTextResponse("ok")


async def _broken(service: SlackService) -> Response | None:
    """The answer that a fault of ``slack`` on ``response_url`` gives, if one is switched on."""
    for fault in service.faults.take("slack", "response_url"):
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds or 1)
        elif fault.kind == "429":
            return PlainTextResponse("rate_limited", 429, {"Retry-After": str(int(fault.seconds or 1))})
        else:
            return PlainTextResponse("fatal_error", 500)
    return None


def _parse(body: bytes, content_type: str) -> Any:
    """The JSON of the body, or of the form field ``payload``; None when there is none."""
    try:
        text = body.decode()
        if content_type.startswith("application/x-www-form-urlencoded"):
            text = parse_qs(text).get("payload", [""])[0]
        return json.loads(text)
    except ValueError:
        return None
