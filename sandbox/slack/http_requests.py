"""HTTP mode: signed POSTs to the app's request URLs, in place of Socket Mode.

Events are JSON, interactions a form with one ``payload`` field, commands a plain form. The signature is
Slack's v0: HMAC-SHA256 of ``v0:timestamp:body`` with the signing secret, the timestamp in real time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import httpx

from sandbox.slack.envelope import ACK_SECONDS, NO_RECEIVER, TIMEOUT, Ack, Envelope

MAX_REDIRECTS = 2
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


class VerificationError(ValueError):
    """The request URL did not answer the challenge; the text says what it did instead."""


def sign(signing_secret: str, timestamp: int, body: bytes) -> str:
    """The value of ``X-Slack-Signature``."""
    base = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(signing_secret.encode(), base, hashlib.sha256).hexdigest()


class HttpRequests:
    """Sends payloads as Slack's servers do."""

    def __init__(self, ack_seconds: float = ACK_SECONDS) -> None:
        self.ack_seconds = ack_seconds
        self._client: httpx.AsyncClient | None = None

    @property
    def client(self) -> httpx.AsyncClient:
        """The HTTP client, made at the first request."""
        if self._client is None:
            self._client = httpx.AsyncClient(follow_redirects=True, max_redirects=MAX_REDIRECTS, trust_env=False)
        return self._client

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def verify(self, url: str, token: str, signing_secret: str) -> None:
        """Send the ``url_verification`` challenge; raises VerificationError when it does not come back."""
        challenge = secrets.token_urlsafe(32)
        body = json.dumps({"token": token, "challenge": challenge, "type": "url_verification"}).encode()
        headers = _headers(signing_secret, JSON_TYPE, body)
        try:
            response = await self.client.post(url, content=body, headers=headers, timeout=self.ack_seconds)
        except httpx.HTTPError as error:
            raise VerificationError(f"{url} did not answer the challenge: {type(error).__name__}") from error
        if response.status_code != httpx.codes.OK or _challenge_in(response) != challenge:
            raise VerificationError(f"{url} did not send the challenge back (HTTP {response.status_code})")

    async def send(self, url: str, envelope: Envelope, signing_secret: str) -> Ack:
        """POST a payload and read the acknowledgement from the response."""
        content_type, body = _encode(envelope)
        headers = _headers(signing_secret, content_type, body)
        if envelope.retry_attempt:
            headers["X-Slack-Retry-Num"] = str(envelope.retry_attempt)
            headers["X-Slack-Retry-Reason"] = envelope.retry_reason
        try:
            response = await self.client.post(url, content=body, headers=headers, timeout=self.ack_seconds)
        except httpx.TimeoutException:
            return Ack(error=TIMEOUT, reason="http_timeout")
        except httpx.TooManyRedirects:
            return Ack(error=NO_RECEIVER, reason="too_many_redirects")
        except httpx.HTTPError:
            return Ack(error=NO_RECEIVER, reason="connection_failed")
        return _ack_of(response)


def _encode(envelope: Envelope) -> tuple[str, bytes]:
    if envelope.kind == "events_api":
        return JSON_TYPE, json.dumps(envelope.payload).encode()
    if envelope.kind == "interactive":
        return FORM_TYPE, urlencode({"payload": json.dumps(envelope.payload)}).encode()
    return FORM_TYPE, urlencode(envelope.payload).encode()


def _headers(signing_secret: str, content_type: str, body: bytes) -> dict[str, str]:
    timestamp = int(time.time())
    return {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": sign(signing_secret, timestamp, body),
    }


def _challenge_in(response: httpx.Response) -> str | None:
    if response.headers.get("content-type", "").startswith(JSON_TYPE):
        found = _json_of(response)
        return found.get("challenge") if found else None
    return response.text.strip().removeprefix("challenge=")


def _ack_of(response: httpx.Response) -> Ack:
    no_retry = response.headers.get("x-slack-no-retry") == "1"
    if not response.is_success:
        error = "http_client_error" if response.is_client_error else "http_service_error"
        return Ack(error=error, reason="http_error", no_retry=no_retry)
    if not response.content:
        return Ack()
    if response.headers.get("content-type", "").startswith(JSON_TYPE):
        return Ack(_json_of(response))
    return Ack({"text": response.text})


def _json_of(response: httpx.Response) -> dict[str, Any] | None:
    try:
        found = response.json()
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
