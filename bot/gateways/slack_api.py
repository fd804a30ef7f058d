"""One call of Slack's Web API: paced before it is made, its failures told as Retryable or Permanent.

Nothing sleeps and nothing is sent twice here: the client's own retry handlers are left out, because a post whose answer
was lost may well have been made. Whoever calls again looks first (Retryable.uncertain).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.gateways.pacing import POST, Pacing
from programme.errors import DeliveryError, Permanent, Retryable
from programme.ports import Clock

READS: Final = frozenset(
    {
        "auth.test",
        "bookmarks.list",
        "chat.getPermalink",
        "conversations.history",
        "conversations.info",
        "conversations.members",
        "conversations.open",
        "conversations.replies",
        "files.getUploadURLExternal",
        "files.info",
        "users.conversations",
        "users.info",
    }
)
"""Calls that leave nothing behind that a second one would double."""
TROUBLES: Final = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack failed half-way: the call may have been carried out."""
TOKEN_TROUBLES: Final = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
"""Nothing was done, and everything works again once the operator has put the token right."""
USUAL_RETRY_AFTER = 30.0
_CODE = re.compile(r"[a-z0-9_]+")


class SlackRefusal(Permanent):
    """Slack refuses the call as it stands; ``code`` is its error, ``answer`` its whole answer."""

    def __init__(self, code: str, answer: Mapping[str, Any]) -> None:
        """Keep what Slack said; the text is the code and, where Slack tells it, what is wrong."""
        needed = answer.get("needed")
        messages = (answer.get("response_metadata") or {}).get("messages") or []
        details = f"needs {needed}" if needed else "; ".join(str(message) for message in messages[:3])
        super().__init__(f"{code} ({details})" if details else code)
        self.code = code
        self.answer = answer


class SlackApi:
    """The paced Web API of one workspace; safe to use from several threads."""

    def __init__(self, client: WebClient, clock: Clock) -> None:
        """Call with the token, address and timeout of ``client``, without its retries."""
        self._client = _without_retries(client)
        self.pacing = Pacing(clock)

    @property
    def token(self) -> str:
        """The bot token."""
        return self._client.token or ""

    @property
    def base_url(self) -> str:
        """The address of the Web API."""
        return self._client.base_url

    @property
    def timeout(self) -> float:
        """Seconds that a call may take."""
        return self._client.timeout

    def call(self, method: str, *, taken: bool = False, **arguments: Any) -> Mapping[str, Any]:
        """Call ``method`` and return Slack's answer; raises Retryable, or SlackRefusal with Slack's error code.

        ``taken`` says that the caller has asked the pacing before.
        """
        channel = str(arguments.get("channel", "")) if method == POST else ""
        if not taken:
            self.pacing.take(method, channel=channel)
        try:
            response = getattr(self._client, method.replace(".", "_"))(**arguments)
        except SlackApiError as error:
            raise self._judged(method, channel, error.response) from error
        except (OSError, HTTPException) as error:
            raise Retryable(f"{method}: {type(error).__name__}", uncertain=method not in READS) from error
        answer: Mapping[str, Any] = response.data
        return answer

    def _judged(self, method: str, channel: str, response: SlackResponse) -> DeliveryError:
        answer = response.data if isinstance(response.data, dict) else {}
        code = str(answer.get("error", ""))
        if response.status_code == 429 or code in {"ratelimited", "rate_limited"}:
            after = _retry_after(response)
            self.pacing.hold(method, after, channel=channel)
            return Retryable(f"{method}: ratelimited", after=after)
        if response.status_code >= 500 or code in TROUBLES or not _CODE.fullmatch(code):
            return Retryable(f"{method}: {code[:100] or response.status_code}", uncertain=method not in READS)
        if code in TOKEN_TROUBLES:
            return Retryable(f"{method}: {code}")
        return SlackRefusal(code, answer)


def _retry_after(response: SlackResponse) -> float:
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        return max(1.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return USUAL_RETRY_AFTER


def _without_retries(client: WebClient) -> WebClient:
    return WebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=client.timeout,
        ssl=client.ssl,
        proxy=client.proxy,
        headers=client.headers,
        logger=client._logger,
        retry_handlers=[],
    )
