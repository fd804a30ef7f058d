"""The refusals of the Stripe API, in its shapes."""

from __future__ import annotations

from typing import Any

DOCS = "https://stripe.com/docs/error-codes/"


class StripeError(Exception):
    """A call is refused with ``status`` and ``{"error": {...}}``.

    ``kept`` tells whether an idempotency key keeps this answer: refusals of the parameters are not kept.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        kept: bool = True,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kept = kept
        self.code = code
        self.error: dict[str, Any] = {"message": message, "type": kind, **extra}
        if code is not None:
            self.error |= {"code": code, "doc_url": DOCS + code.replace("_", "-")}
        if param is not None:
            self.error["param"] = param

    def body(self, request_id: str) -> dict[str, Any]:
        """The JSON answer."""
        return {"error": {**self.error, "request_log_url": f"https://dashboard.stripe.com/test/logs/{request_id}"}}


def invalid(message: str, param: str | None = None, code: str | None = None) -> StripeError:
    """A parameter that is refused before anything is done."""
    return StripeError(message, param=param, code=code, kept=False)


def missing(param: str) -> StripeError:
    """A required parameter that is not there."""
    return invalid(f"Missing required param: {param}.", param, "parameter_missing")


def no_such(noun: str, object_id: str, param: str, status: int) -> StripeError:
    """An id that nothing has: 404 in the address, 400 in a parameter."""
    message = f"No such {noun}: '{object_id}'"
    return StripeError(message, status=status, code="resource_missing", param=param, kept=status != 404)


def card_error(message: str, code: str, decline_code: str | None, **extra: Any) -> StripeError:
    """A payment that the bank refuses (402)."""
    if decline_code is not None:
        extra["decline_code"] = decline_code
    return StripeError(message, status=402, kind="card_error", code=code, **extra)
