"""``/api/{method}``: token, then scope, then rate, then arguments, then the method, then the record."""

from __future__ import annotations

import asyncio
import inspect
import time
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.slack.arguments import MethodSpec, Raw, load_specs, parse_arguments, read_arguments, token_of
from sandbox.slack.broken import BrokenResponse
from sandbox.slack.errors import SlackError
from sandbox.slack.files import file_routes
from sandbox.slack.methods.registry import Answer, Caller, Method
from sandbox.slack.methods.tables import METHODS
from sandbox.slack.service import FaultLike, SlackService


def slack_routes(service: SlackService) -> list[BaseRoute]:
    """The routes of the Web API and of the files."""
    api = WebApi(service)
    return [Route("/api/{method}", api.answer, methods=["GET", "POST"]), *file_routes(service)]


@dataclass
class _Outcome:
    """What a call came to: the body, its status, the headers, and whether the answer gets through."""

    body: Answer
    status: int = 200
    headers: dict[str, str] | None = None
    lost: bool = False


class WebApi:
    """Answers every call of the Web API for one service."""

    def __init__(self, service: SlackService) -> None:
        self.service = service
        self.specs = load_specs()

    async def answer(self, request: Request) -> Response:
        """One call, with the faults that are switched on for it; every call is recorded."""
        started = time.perf_counter()
        name = request.path_params["method"]
        raw: Raw = {}
        outcome = await self._outcome(request, name, raw)
        self.service.recorder.record(
            service="slack",
            method=name,
            arguments=raw,
            status=outcome.status,
            answer=outcome.body,
            ms=(time.perf_counter() - started) * 1000,
        )
        if outcome.lost:
            return BrokenResponse()
        return JSONResponse(outcome.body, outcome.status, outcome.headers)

    async def _outcome(self, request: Request, name: str, raw: Raw) -> _Outcome:
        hits = {fault.kind: fault for fault in self.service.faults.take("slack", name)}
        if "delay" in hits:
            await asyncio.sleep(hits["delay"].seconds or 1)
        failure = _failure(hits)
        if failure is not None:
            return failure
        outcome = await self._perform(request, name, raw)
        outcome.lost = "drop" in hits
        return outcome

    async def _perform(self, request: Request, name: str, raw: Raw) -> _Outcome:
        headers = {"x-slack-req-id": self.service.workspace.new_id("req")}
        try:
            method, spec = self._known(name)
            raw |= await read_arguments(request, json_accepted=spec.json)
            caller = self._caller(method, token_of(request, raw))
            headers |= _scope_headers(caller, spec)
            _demand_scope(caller, spec)
            self._demand_rate(name, spec, raw)
            answer = method.function(self.service, caller, parse_arguments(spec, raw))
            body = {"ok": True, **(await answer if inspect.isawaitable(answer) else answer)}
        except SlackError as refusal:
            if refusal.code != "ratelimited":
                return _Outcome(refusal.answer(), 200, headers)
            headers["Retry-After"] = str(refusal.extra.pop("retry_after"))
            return _Outcome(refusal.answer(), 429, headers)
        return _Outcome(body, 200, headers)

    def _known(self, name: str) -> tuple[Method, MethodSpec]:
        if name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        return METHODS[name], self.specs[name]

    def _caller(self, method: Method, token: str | None) -> Caller:
        app = self.service.app
        if method.token_type == "none":  # noqa: S105 - a kind of token
            return Caller(app, "none", app.bot_user_id, app.manifest.scopes)
        if token is None:
            raise SlackError("not_authed")
        kinds = {app.bot_token: "bot", app.app_token: "app"}
        if token not in kinds:
            raise SlackError("invalid_auth")
        if kinds[token] != method.token_type:
            raise SlackError("not_allowed_token_type")
        return Caller(app, method.token_type, app.bot_user_id, app.manifest.scopes)

    def _demand_rate(self, name: str, spec: MethodSpec, raw: Raw) -> None:
        now = self.service.now.timestamp()
        wait = self.service.rates.retry_after(name, spec.tier, now, self._channel_key(raw))
        if wait is not None:
            raise SlackError("ratelimited", retry_after=wait)

    def _channel_key(self, raw: Raw) -> str:
        """The conversation that a post goes to: a person's id and the IM with that person count as one."""
        reference = str(raw.get("channel", ""))
        direct = self.service.workspace.im_between(self.service.app.bot_user_id, reference)
        return direct.id if direct is not None else reference


def _failure(hits: dict[str, FaultLike]) -> _Outcome | None:
    """The outcome of a fault that keeps the call from being done at all."""
    if "disconnect" in hits:
        return _Outcome({}, 0, lost=True)
    if "5xx" in hits:
        return _Outcome({"ok": False, "error": "service_unavailable"}, 503)
    if "429" in hits:
        seconds = max(1, round(hits["429"].seconds or 1))
        return _Outcome({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})
    return None


def _scope_headers(caller: Caller, spec: MethodSpec) -> dict[str, str]:
    if caller.token_type != "bot":  # noqa: S105 - a kind of token
        return {}
    return {
        "x-oauth-scopes": ",".join(sorted(caller.scopes)),
        "x-accepted-oauth-scopes": ",".join(spec.scopes),
    }


def _demand_scope(caller: Caller, spec: MethodSpec) -> None:
    if spec.scopes and not caller.scopes.intersection(spec.scopes):
        provided: Any = ",".join(sorted(caller.scopes))
        raise SlackError("missing_scope", needed=",".join(spec.scopes), provided=provided)
