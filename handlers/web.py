"""HTTP: Stripe's webhooks, Slack's signed requests, the pages after payment, and health."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler

from handlers import calendar_feed, data_page
from handlers.withdrawal_page import withdrawal_page
from programme.errors import AlreadyHandled, DeliveryError
from programme.ports import Ports
from programme.usecases import collecting, disputes, payments

log = structlog.get_logger(__name__)

SignatureCheck = Callable[[bytes, str], tuple[str, str, str]]
"""Raw body and signature → event id, type and the id of the object it is about; ValueError when forged."""

SETTLERS: Mapping[str, Callable[[Ports, str], object]] = {
    "checkout.session.completed": payments.settle_checkout,
    "checkout.session.async_payment_succeeded": payments.settle_checkout,
    "payment_intent.succeeded": collecting.settle_charge,
    "payment_intent.payment_failed": collecting.settle_charge,
    "charge.dispute.created": disputes.look,
    "charge.dispute.updated": disputes.look,
    "charge.dispute.closed": disputes.look,
}
"""Who reads again at Stripe what an event is about."""
THANKS = (
    "Merci : votre paiement est bien arrivé chez Stripe. La confirmation vous attend dans Slack et dans vos e-mails."
)
LATER = "Le paiement n’a pas été fait et rien n’a été débité. Votre lien reste dans vos messages directs Slack."


def make_web(ports: Ports, *, slack: App | None, check_signature: SignatureCheck | None) -> Flask:
    """Return the web application; Slack's requests are served only where a signing secret can verify them."""
    web = Flask(__name__)
    web.get("/healthz", endpoint="health")(lambda: Response("ok\n", mimetype="text/plain"))
    web.get("/paiement/merci", endpoint="paid")(lambda: _page("Paiement reçu", THANKS))
    web.get("/paiement/interrompu", endpoint="unpaid")(lambda: _page("Paiement interrompu", LATER))
    calendar_feed.serve(web, ports)
    data_page.serve(web, ports)
    web.register_blueprint(withdrawal_page(ports))
    if check_signature is not None:
        web.post("/stripe/webhook", endpoint="stripe")(lambda: _stripe(ports, check_signature))
    if slack is not None:
        handler = SlackRequestHandler(slack)
        web.post("/slack/events", endpoint="slack_events")(lambda: handler.handle(request))
    return web


def _stripe(ports: Ports, check_signature: SignatureCheck) -> Response:
    """Verify on the raw body, then read the object again at Stripe: the event is only a trigger."""
    try:
        event_id, kind, object_id = check_signature(request.get_data(), request.headers.get("Stripe-Signature", ""))
    except ValueError:
        log.warning("stripe_webhook_refused")
        return Response("signature\n", status=400, mimetype="text/plain")
    settle = SETTLERS.get(kind)
    if settle is not None:
        try:
            settle(ports, object_id)
        except AlreadyHandled:
            log.info("stripe_event_repeated", event_id=event_id)
        except DeliveryError:
            return Response("later\n", status=503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


def _page(title: str, sentence: str) -> str:
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f"<body><main><h1>{title}</h1><p>{sentence}</p></main></body></html>"
    )
