"""The refusals of the Slack Web API."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """A method refuses: the answer is ``{"ok": false, "error": code, **extra}``.

    ``messages`` become ``response_metadata.messages`` (Slack also repeats them as ``errors`` for blocks).
    """

    def __init__(self, code: str, *, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages or [])
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """The JSON body that Slack sends for this refusal."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body
