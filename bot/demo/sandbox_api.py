"""The sandbox's control API over HTTP: the hand that moves the clock, and the eyes that read the record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

SETTLE_SECONDS = 120
"""Real seconds that the bot may take to do all that one move of the clock made due."""


class DemoError(Exception):
    """The play cannot go on; the text says what was tried and what the sandbox answered."""


@dataclass(frozen=True)
class Posted:
    """One message that the bot has posted: its channel, ts and blocks."""

    number: int
    channel: str
    ts: str
    thread_ts: str
    blocks: tuple[Mapping[str, Any], ...]
    key: str

    def elements(self) -> Iterator[Mapping[str, Any]]:
        """Every interactive element, in the order of the blocks."""
        for block in self.blocks:
            yield from block.get("elements") or ()
            if block.get("accessory"):
                yield block["accessory"]

    def action_ids(self) -> list[str]:
        """The action ids that a person can press here."""
        return [str(element["action_id"]) for element in self.elements() if element.get("action_id")]

    def value_of(self, action_id: str) -> str:
        """What the element of this action carries: the address it opens, or its value."""
        found = next(element for element in self.elements() if element.get("action_id") == action_id)
        return str(found.get("url") or found.get("value") or "")


class SandboxApi:
    """A running sandbox at ``url``."""

    def __init__(self, url: str, wait_for_bot: Callable[[], None] = lambda: None) -> None:
        """``wait_for_bot`` returns once the bot can be reached again; people wait for it, then do again what failed."""
        self.wait_for_bot = wait_for_bot
        self._http = httpx.Client(base_url=url, timeout=SETTLE_SECONDS + 30.0, trust_env=False)
        self._seen = 0

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, /, **query: Any) -> dict[str, Any]:
        """Read; DemoError with the sandbox's sentence."""
        return self._answer(path, query, self._http.get(path, params=query))

    def post(self, path: str, /, **body: Any) -> dict[str, Any]:
        """Act; DemoError with the sandbox's sentence."""
        return self._answer(path, body, self._http.post(path, json=body))

    def _answer(self, path: str, sent: Mapping[str, Any], response: httpx.Response) -> dict[str, Any]:
        if not response.is_success:
            raise DemoError(f"{path} {json.dumps(sent, ensure_ascii=False)[:400]} : {response.text[:600]}")
        answer: dict[str, Any] = response.json()
        return answer

    def now(self) -> datetime:
        """What the clock says."""
        return datetime.fromisoformat(self.get("/clock")["now"])

    def set_clock(self, instant: datetime) -> None:
        """Stop time at an instant: it then moves only as the play says."""
        self.post("/control/clock/freeze")
        self.post("/control/clock/set", now=instant.isoformat())

    def let_time_pass(self) -> None:
        """Let the clock run again."""
        self.post("/control/clock/run")

    def move(self, duration: timedelta) -> None:
        """Move the clock forward and wait until everything that became due is done."""
        self.post("/control/clock/move", seconds=duration.total_seconds(), wait=True, timeout=SETTLE_SECONDS)

    def move_to(self, instant: datetime) -> None:
        """Move the clock forward to an instant and wait until everything that became due is done."""
        self.post("/control/clock/move", to=instant.isoformat(), wait=True, timeout=SETTLE_SECONDS)

    def settle(self) -> dict[str, Any]:
        """Wait until the bot has done all that is due now; returns what each program on this clock has still to do."""
        followers: dict[str, Any] = self.post("/control/clock/wait_settled", timeout=SETTLE_SECONDS)["followers"]
        return followers

    def next_due(self) -> datetime | None:
        """When the bot next has something to do."""
        followers = self.settle()
        due = [datetime.fromisoformat(one["next_due"]) for one in followers.values() if one["next_due"]]
        return min(due, default=None)

    def record(self, **query: Any) -> list[dict[str, Any]]:
        """The calls that the sandbox has received."""
        lines: list[dict[str, Any]] = self.get("/control/record", **query)["lines"]
        return lines

    def all_posts(self) -> list[Posted]:
        """Every message of the bot, oldest first."""
        return [_posted(line) for line in self.record(method="chat.postMessage") if line["answer"].get("ok")]

    def new_posts(self) -> list[Posted]:
        """The bot's messages since the last time this was asked, oldest first."""
        lines = self.record(since=self._seen, method="chat.postMessage")
        if lines:
            self._seen = lines[-1]["n"]
        return [_posted(line) for line in lines if line["answer"].get("ok")]


def _posted(line: Mapping[str, Any]) -> Posted:
    arguments = line["arguments"]
    metadata = _read(arguments.get("metadata")) or {}
    return Posted(
        number=line["n"],
        channel=line["answer"]["channel"],
        ts=line["answer"]["ts"],
        thread_ts=str(arguments.get("thread_ts") or ""),
        blocks=tuple(_read(arguments.get("blocks")) or ()),
        key=str((metadata.get("event_payload") or {}).get("key") or ""),
    )


def _read(value: Any) -> Any:
    """An argument of the Web API: JSON in a form's field, or a structure already."""
    return json.loads(value) if isinstance(value, str) else value
