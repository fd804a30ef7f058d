"""All routes of the Stripe side: the API and the hosted pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from sandbox.stripe import (
    catalog,
    customers,
    events,
    payment_intents,
    payment_methods,
    promotions,
    refunds,
    sessions,
)
from sandbox.stripe.api import Endpoint, StripeApi
from sandbox.stripe.pages import page_routes
from sandbox.stripe.service import StripeService

MODULES = (catalog, customers, events, payment_intents, payment_methods, promotions, refunds, sessions)
ENDPOINTS: list[Endpoint] = [endpoint for module in MODULES for endpoint in module.ENDPOINTS]


def stripe_routes(service: StripeService) -> list[BaseRoute]:
    """The routes of one account."""
    api = StripeApi(service, ENDPOINTS)
    return [
        Route("/stripe/{path:path}", api.answer, methods=["GET", "POST", "DELETE"]),
        *page_routes(service),
    ]
