"""A browser without JavaScript before the sandbox's page, and an app that the test plays by hand."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from sandbox.background import RunningSandbox
from sandbox.page.desk import Desk
from sandbox.server import Sandbox
from sandbox.slack.envelope import Ack, Envelope
from sandbox.slack.messaging import Draft, post_ephemeral, post_message
from sandbox.slack.model import JsonObject, View
from sandbox.slack.objects import fill_ids
from sandbox.slack.view_stack import open_modal, publish_home

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLAIRE = "U0CLAIRE01"
ELISE = "U0ADMIN001"
TUTORS = "CTUTORS01"
GENERAL = "C0GENERAL1"


@dataclass
class App:
    """The app at the other end: what it received, and what it answers to each kind of payload."""

    received: list[JsonObject] = field(default_factory=list)
    answers: dict[str, JsonObject] = field(default_factory=dict)
    error: str | None = None

    async def send(self, envelope: Envelope) -> Ack:
        """Take an envelope in place of a Socket Mode connection."""
        payload = envelope.payload
        self.received.append(payload)
        kind = str(payload.get("type") or payload.get("command"))
        return Ack(self.answers.get(kind), self.error)

    def last(self, kind: str) -> JsonObject:
        """The last payload of this kind."""
        return next(p for p in reversed(self.received) if p.get("type") == kind or p.get("command") == kind)

    def actions(self) -> list[JsonObject]:
        """Every action that was told, oldest first."""
        return [action for p in self.received if p.get("type") == "block_actions" for action in p["actions"]]


@dataclass
class Window:
    """A browser without JavaScript, and the hands of the app."""

    client: httpx.Client
    running: RunningSandbox
    app: App

    @property
    def sandbox(self) -> Sandbox:
        return self.running.sandbox

    @property
    def desk(self) -> Desk:
        return self.sandbox.desk

    def get(self, path: str, status: int = 200) -> str:
        """The HTML of a page, as ``seen`` gives it."""
        response = self.client.get(path)
        assert response.status_code == status, response.text
        return seen(response.text)

    def post(self, act: str, person: str = CLAIRE, files: Any = None, **fields: Any) -> str:
        """Send a form; answers the page that is shown then."""
        data = {"here": f"/page/{person}/{GENERAL}", **fields}
        response = self.client.post(f"/page/{person}/{act}", data=data, files=files)
        assert response.status_code == 200, response.text
        return seen(response.text)

    def message(self, *blocks: JsonObject, text: str = "Texte de secours", channel: str = "", **more: Any) -> str:
        """The app posts a message, by default to Claire; answers its ts."""
        place = self.sandbox.slack.workspace.channels[channel or self.direct()]
        draft = Draft(text=text, blocks=self._filled(blocks), **more)
        bot = self.sandbox.slack.app.bot_user_id
        return self.on_loop(lambda: post_message(self.sandbox.slack, place, bot, draft)).ts

    def ephemeral(self, text: str) -> None:
        """The app shows Claire something that nobody else sees."""
        place = self.sandbox.slack.workspace.channels[self.direct()]
        bot = self.sandbox.slack.app.bot_user_id
        self.on_loop(lambda: post_ephemeral(self.sandbox.slack, place, bot, CLAIRE, Draft(text=text)))

    def direct(self) -> str:
        """Claire's conversation with the app."""
        page = self.client.get(f"/page/{CLAIRE}", follow_redirects=False)
        return page.headers["location"].rpartition("/")[2]

    def modal(self, *blocks: JsonObject, **more: Any) -> View:
        """The app opens a modal before Claire."""
        payload = {
            "type": "modal",
            "title": plain("Profil"),
            "submit": plain("Valider"),
            "blocks": list(blocks),
            **more,
        }
        return self.on_loop(lambda: open_modal(self.sandbox.slack, CLAIRE, payload))

    def home(self, *blocks: JsonObject) -> None:
        """The app publishes Claire's home."""
        payload = {"type": "home", "blocks": list(blocks)}
        self.on_loop(lambda: publish_home(self.sandbox.slack, CLAIRE, payload))

    def on_loop(self, action: Callable[[], Any]) -> Any:
        """Do something on the sandbox's loop."""
        return self.running.on_loop(action)

    def _filled(self, blocks: tuple[JsonObject, ...]) -> list[JsonObject]:
        return fill_ids(self.sandbox.slack.workspace, blocks)


def seen(text: str) -> str:
    """A page with its entities read, and with spaces that are all alike."""
    return re.sub("[\u00a0\u202f]", " ", html.unescape(text))


def plain(text: str) -> JsonObject:
    return {"type": "plain_text", "text": text}


def one(pattern: str, page: str) -> str:
    """What the only group of a pattern finds on a page."""
    found = re.search(pattern, page, re.DOTALL)
    assert found is not None, f"nothing like {pattern} on the page"
    return found[1]
