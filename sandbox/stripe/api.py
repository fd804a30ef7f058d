"""``/stripe/v1/…``: key, parameters, idempotency key, the endpoint, the answer and the record."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.faults import Fault
from sandbox.slack.broken import BrokenResponse
from sandbox.stripe.errors import StripeError, invalid
from sandbox.stripe.forms import Form, parse_form
from sandbox.stripe.idempotency import KeptAnswer
from sandbox.stripe.params import Field, Hash, Integer, ListOf, Range, Text
from sandbox.stripe.service import Call, StripeService
from sandbox.stripe.store import API_VERSION, Object, page, random_id

Params = dict[str, Any]
Handler = Callable[[StripeService, str, Params], Object]
Lister = Callable[[StripeService, str, Params], list[Object]]


@dataclass(frozen=True)
class Endpoint:
    """One call: its method, its path with ``{id}``, its parameters, and what it does.

    ``handler`` gets the service, the id of the path (or an empty text) and the typed parameters. For a list,
    ``handler`` answers all objects that match, newest first; the pages are cut here.
    """

    method: str
    path: str
    handler: Callable[[StripeService, str, Params], Any]
    fields: Mapping[str, Field] = field(default_factory=dict)
    lists: bool = False

    def parse(self, form: Form) -> Params:
        """The typed parameters; raises StripeError."""
        known = {**self.fields, "expand": ListOf(item=Text(), max_length=20)}
        if self.lists:
            known |= LIST_FIELDS
        return dict(Hash(fields=known).parse(form, ""))


LIST_FIELDS: dict[str, Field] = {
    "limit": Integer(minimum=1, maximum=100),
    "starting_after": Text(),
    "ending_before": Text(),
}


def created_filter() -> dict[str, Field]:
    """The ``created`` filter of most lists."""
    return {"created": Range()}


def create(path: str, handler: Handler, fields: Mapping[str, Field]) -> Endpoint:
    """``POST`` on a collection or an action."""
    return Endpoint("POST", path, handler, fields)


def retrieve(path: str, kind: str) -> Endpoint:
    """``GET`` of one object."""
    return Endpoint("GET", path, lambda service, object_id, _: service.store.get(kind, object_id))


def listing(path: str, handler: Lister, fields: Mapping[str, Field]) -> Endpoint:
    """``GET`` of a collection."""
    return Endpoint("GET", path, handler, fields, lists=True)


def delete(path: str, kind: str) -> Endpoint:
    """``DELETE`` of one object."""

    def handler(service: StripeService, object_id: str, _: Params) -> Object:
        service.store.get(kind, object_id)
        service.store.remove(kind, object_id)
        gone = {"id": object_id, "object": kind, "deleted": True}
        service.emit(f"{kind}.deleted", gone)
        return gone

    return Endpoint("DELETE", path, handler)


class StripeApi:
    """Answers every call of the API for one service."""

    def __init__(self, service: StripeService, endpoints: list[Endpoint]) -> None:
        self.service = service
        self._endpoints = endpoints

    async def answer(self, request: Request) -> Response:
        """One call with its faults; every call is recorded."""
        began = time.perf_counter()
        path = request.url.path.removeprefix("/stripe")
        name = f"{request.method} {path}"
        faults = {fault.kind: fault for fault in self.service.faults.take("stripe", name)}
        if "delay" in faults:
            await asyncio.sleep(faults["delay"].seconds or 0.0)
        if "disconnect" in faults:
            return BrokenResponse()
        text = request.url.query if request.method != "POST" else (await request.body()).decode()
        exchange = Exchange(request.method, path, text, request.headers)
        status, body = self._perform(exchange, faults)
        self.service.recorder.record(
            service="stripe",
            method=name,
            arguments={**exchange.form, **exchange.shown_headers()},
            status=status,
            answer=body,
            ms=(time.perf_counter() - began) * 1000,
        )
        if "drop" in faults:
            return BrokenResponse()
        return JSONResponse(body, status_code=status, headers=exchange.answer_headers)

    def _perform(self, exchange: Exchange, faults: Mapping[str, Fault]) -> tuple[int, Object]:
        """Status and body; refusals become answers, and are kept for the idempotency key where Stripe does."""
        try:
            refuse_by_fault(faults)
            self._authenticate(exchange.headers.get("authorization", ""))
            endpoint, object_id = self._route(exchange)
            exchange.form = parse_form(exchange.text)
            return self._once(exchange, endpoint, object_id)
        except StripeError as refusal:
            return refusal.status, refusal.body(exchange.request_id)

    def _once(self, exchange: Exchange, endpoint: Endpoint, object_id: str) -> tuple[int, Object]:
        key = exchange.idempotency_key
        if key is None:
            return 200, self._run(exchange, endpoint, object_id)
        kept = self.service.keys.find(key, exchange.path, exchange.form)
        if kept is not None:
            exchange.answer_headers |= {"Idempotent-Replayed": "true", "Original-Request": kept.request_id}
            return kept.status, kept.body
        status = 200
        try:
            body = self._run(exchange, endpoint, object_id)
        except StripeError as refusal:
            if not refusal.kept:
                raise
            status, body = refusal.status, refusal.body(exchange.request_id)
        now = self.service.clock.now()
        answer = KeptAnswer(exchange.path, exchange.form, status, body, exchange.request_id, now)
        self.service.keys.keep(key, answer)
        return status, body

    def _run(self, exchange: Exchange, endpoint: Endpoint, object_id: str) -> Object:
        params = endpoint.parse(exchange.form)
        expand = tuple(params.pop("expand", ()))
        self.service.call = Call(exchange.request_id, exchange.idempotency_key)
        found = endpoint.handler(self.service, object_id, params)
        if not endpoint.lists:
            return self.service.show(found, expand)
        inner = tuple(_inside_data(path) for path in expand)
        return page(found, params, exchange.path, lambda entry: self.service.show(entry, inner))

    def _authenticate(self, authorization: str) -> None:
        key = authorization.removeprefix("Bearer ").strip()
        if not key:
            raise StripeError(
                "You did not provide an API key. You need to provide your API key in the Authorization header,"
                " using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
                status=401,
            )
        if key != self.service.api_key:
            raise StripeError(f"Invalid API Key provided: {_starred(key)}", status=401, kept=False)

    def _route(self, exchange: Exchange) -> tuple[Endpoint, str]:
        for endpoint in self._endpoints:
            object_id = _match(endpoint.path, exchange.path)
            if endpoint.method == exchange.method and object_id is not None:
                return endpoint, object_id
        message = f"Unrecognized request URL ({exchange.method}: {exchange.path})."
        raise StripeError(message, status=404, kept=False)


class Exchange:
    """One request with what its answer needs."""

    def __init__(self, method: str, path: str, text: str, headers: Mapping[str, str]) -> None:
        self.method, self.path, self.text, self.headers = method, path, text, headers
        self.form: Form = {}
        self.request_id = random_id("req_", 14)
        self.idempotency_key = headers.get("idempotency-key") if method == "POST" else None
        version = headers.get("stripe-version", API_VERSION)
        self.answer_headers = {"Request-Id": self.request_id, "Stripe-Version": version}
        if self.idempotency_key is not None:
            self.answer_headers["Idempotency-Key"] = self.idempotency_key

    def shown_headers(self) -> dict[str, str]:
        """What the record shows beside the parameters."""
        return {"Idempotency-Key": self.idempotency_key} if self.idempotency_key else {}


def refuse_by_fault(faults: Mapping[str, Fault]) -> None:
    """Refuse as a broken or busy Stripe does."""
    if "5xx" in faults:
        raise StripeError("An unknown error occurred", status=500, kind="api_error", kept=False)
    if "429" in faults:
        message = "Request rate limit exceeded."
        raise StripeError(message, status=429, code="rate_limit", kept=False)


def _match(template: str, path: str) -> str | None:
    """The id in the path, an empty text for a path without one, None when the path is another."""
    wanted, given = template.split("/"), path.rstrip("/").split("/")
    if len(wanted) != len(given):
        return None
    object_id = ""
    for part, actual in zip(wanted, given, strict=True):
        if part == "{id}" and actual:
            object_id = actual
        elif part != actual:
            return None
    return object_id


def _inside_data(path: str) -> str:
    if not path.startswith("data."):
        message = f"This property cannot be expanded ({path}). You may want to try expanding 'data.{path}' instead."
        raise invalid(message, "expand")
    return path.removeprefix("data.")


def _starred(key: str) -> str:
    return key[:8] + "*" * max(0, len(key) - 12) + key[-4:] if len(key) > 12 else "*" * len(key)
