"""The hosted payment page, in French: amount, promotion code, card, authentication, and what comes after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.stripe.checkout import (
    Outcome,
    Payer,
    PayerError,
    authenticate,
    enter_code,
    pay,
    refuse_to_authenticate,
    remove_code,
)
from sandbox.stripe.forms import parse_form
from sandbox.stripe.page_texts import decline_text, money, payer_error_text
from sandbox.stripe.payments import confirm, refuse_authentication
from sandbox.stripe.service import Call, StripeService
from sandbox.stripe.sessions import recover, replaced_url
from sandbox.stripe.store import Object

TEMPLATES = Path(__file__).parent / "templates"
Form = dict[str, Any]
BLANK: Form = dict.fromkeys(("card", "email", "name", "promotion_code", "terms"), "")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["money"] = money
    return environment


def _page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(_environment().get_template(template).render(**values), status)


class Pages:
    """The pages of one account."""

    def __init__(self, service: StripeService) -> None:
        self.service = service

    async def show(self, request: Request) -> Response:
        """``GET /checkout/<session>``: the form, or what has become of the session."""
        session = self.service.store.find("checkout.session", request.path_params["id"])
        return _page("unknown.html", 404) if session is None else self._screen(session)

    async def act(self, request: Request) -> Response:
        """``POST /checkout/<session>``: one button of the form; ``act`` names it."""
        session = self.service.store.find("checkout.session", request.path_params["id"])
        if session is None:
            return _page("unknown.html", 404)
        form = parse_form((await request.body()).decode())
        try:
            outcome = self._do(session, form)
        except PayerError as refusal:
            return self._screen(session, payer_error_text(refusal.reason), form)
        if outcome is not None and outcome.decline is not None:
            return self._screen(session, decline_text(outcome.decline), form)
        return RedirectResponse(f"/checkout/{session['id']}", 303)

    def _do(self, session: Object, form: Form) -> Outcome | None:
        act = form.get("act", "pay")
        if act == "apply_code":
            enter_code(self.service, session, form.get("promotion_code", ""))
            return None
        if act == "remove_code":
            remove_code(session)
            return None
        if act == "authenticate":
            return authenticate(self.service, session)
        if act == "refuse":
            return refuse_to_authenticate(self.service, session)
        payer = Payer(
            card=form.get("card", ""),
            name=form.get("name") or None,
            email=form.get("email") or None,
            accepts_terms=form.get("terms") == "yes",
        )
        return pay(self.service, session, payer)

    def _screen(self, session: Object, error: str | None = None, form: Form | None = None) -> Response:
        if session["status"] == "complete":
            return _page("paid.html", session=session, success_url=replaced_url(session))
        if session["status"] == "expired":
            return _page("expired.html", 410, session=session)
        intent = self.service.store.find("payment_intent", session["payment_intent"])
        if intent is not None and intent["status"] == "requires_action" and error is None:
            return _page("authenticate.html", amount=intent["amount"], currency=intent["currency"])
        customer = self.service.store.find("customer", session["customer"])
        return _page(
            "checkout.html",
            200 if error is None else 422,
            session=session,
            items=session["_line_items"]["data"],
            known_email=(customer or {}).get("email") or session["customer_email"],
            terms=(session["consent_collection"] or {}).get("terms_of_service") == "required",
            code=self.service.store.find("promotion_code", session.get("_code")),
            error=error,
            form=BLANK | (form or {}),
        )

    async def recover(self, request: Request) -> Response:
        """``GET /checkout/recover/<session>``: a new session in place of an expired one."""
        session = self.service.store.find("checkout.session", request.path_params["id"])
        copied = recover(self.service, session) if session is not None else None
        if copied is None:
            return _page("unknown.html", 404)
        return RedirectResponse(f"/checkout/{copied['id']}", 303)

    async def authenticate_intent(self, request: Request) -> Response:
        """``/checkout/authenticate/<intent>``: the bank's page for a payment made without the hosted page."""
        intent = self.service.store.find("payment_intent", request.path_params["id"])
        if intent is None or intent["status"] != "requires_action" or intent.get("_session"):
            return _page("unknown.html", 404)
        if request.method == "GET":
            return _page("authenticate.html", amount=intent["amount"], currency=intent["currency"])
        form = parse_form((await request.body()).decode())
        self.service.call = Call()
        if form.get("act") == "authenticate":
            method = self.service.store.get("payment_method", intent["payment_method"])
            confirm(self.service, intent, method, authenticated=True)
        else:
            refuse_authentication(self.service, intent)
        return _after_authentication(intent)

    async def receipt(self, request: Request) -> Response:
        """``GET /checkout/receipt/<charge>``: what was paid and refunded."""
        charge = self.service.store.find("charge", request.path_params["id"])
        return _page("unknown.html", 404) if charge is None else _page("receipt.html", charge=charge)


def _after_authentication(intent: Object) -> Response:
    if intent["_return_url"]:
        return RedirectResponse(intent["_return_url"], 303)
    return _page("authenticated.html", passed=intent["status"] == "succeeded")


def page_routes(service: StripeService) -> list[BaseRoute]:
    """The routes of the pages."""
    pages = Pages(service)
    gets: dict[str, Callable[[Request], Awaitable[Response]]] = {
        "/checkout/recover/{id}": pages.recover,
        "/checkout/receipt/{id}": pages.receipt,
        "/checkout/{id}": pages.show,
    }
    return [
        Route("/checkout/authenticate/{id}", pages.authenticate_intent, methods=["GET", "POST"]),
        *(Route(path, page, methods=["GET"]) for path, page in gets.items()),
        Route("/checkout/{id}", pages.act, methods=["POST"]),
    ]
