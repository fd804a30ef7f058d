"""One person of the workspace, acting through the sandbox as in a Slack client."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.demo.sandbox_api import DemoError, SandboxApi

TRIES = 4
PATIENCE = 60
"""Looks at a message, two seconds apart, after which a button will not come any more."""
PAGES = 20
"""Screens in a row after which a form is taken for endless."""


@dataclass(frozen=True)
class Person:
    """Somebody who reads, presses, fills in and writes."""

    api: SandboxApi
    id: str
    handle: str
    real_name: str
    email: str

    def act(self, act: str, **data: Any) -> dict[str, Any]:
        """Do something; DemoError when Slack would not offer it or the bot does not acknowledge it.

        When the bot was cut off in the middle, a person tries again.
        """
        answer: dict[str, Any] = {}
        for _ in range(TRIES):
            self.api.wait_for_bot()
            answer = self.api.post(f"/control/slack/{act}", person=self.id, **data)
            if not answer.get("error"):
                return answer
        raise DemoError(f"{self.real_name}, {act} {data} : {answer['error']}")

    def type(self, command: str) -> dict[str, Any]:
        """Type a slash command in the conversation with the bot."""
        return self.act("command", command=command, wait=2)

    def press(self, action_id: str, *, channel: str = "", ts: str = "", **data: Any) -> dict[str, Any]:
        """Press a button of a message, of the open modal or of the Home."""
        where = {"channel": channel, "ts": ts} if channel else {}
        return self.act("press", action_id=action_id, wait=0, **where, **data)

    def press_and_wait(self, action_id: str, *, channel: str = "", ts: str = "", **data: Any) -> dict[str, Any]:
        """Press what opens a modal, and wait for it."""
        where = {"channel": channel, "ts": ts} if channel else {}
        return self.act("press", action_id=action_id, wait=2, **where, **data)

    def press_when_shown(self, action_id: str, *, channel: str, ts: str) -> None:
        """Press a button that the bot is about to show: seconds pass until it is there."""
        for _ in range(PATIENCE):
            shown = self.api.get("/control/slack/messages", person=self.id, channel=channel)["messages"]
            message = next(one for one in shown if one["ts"] == ts)
            if action_id in _buttons(message):
                self.press(action_id, channel=channel, ts=ts)
                return
            self.api.move(timedelta(seconds=2))
        raise DemoError(f"{self.real_name} attend en vain « {action_id} » ({channel}, {ts}).")

    def modal(self) -> dict[str, Any] | None:
        """Slack's own object of the open modal."""
        shown = self.api.get("/control/slack/view", person=self.id)["modal"]
        return shown["raw"] if shown else None

    def complete(self, answers: Mapping[str, Any], *, stop_at: str = "") -> list[str]:
        """Fill in and submit the open modal and those that follow; returns the callback ids that were submitted.

        Every required field that nobody answered yet takes its answer by block id, or a plausible one. The modal that
        holds the button ``stop_at`` is filled in and left open.
        """
        submitted: list[str] = []
        for _ in range(PAGES):
            view = self.modal()
            if view is None or not view.get("submit"):
                return submitted
            values = _answers(view, answers)
            if values:
                self.act("fill", values=values)
            if stop_at and stop_at in _buttons(view):
                return submitted
            done = self.act("submit", wait=0.2)
            if done["result"] == "errors":
                raise DemoError(f"{self.real_name}, {view['callback_id']} : {done['errors_by_label']}")
            submitted.append(view["callback_id"])
            if view["id"] == (self.modal() or {}).get("id") and done["result"] == "none":
                return submitted
        raise DemoError(f"{self.real_name} : le formulaire ne finit pas ({submitted[-3:]}).")

    def close(self) -> None:
        """Close the open modal, if any."""
        if self.modal() is not None:
            self.act("close")

    def say(self, text: str, *, channel: str, thread_ts: str = "") -> str:
        """Write in a conversation or a thread; returns the message's ts."""
        data = {"thread_ts": thread_ts} if thread_ts else {}
        return str(self.act("message", channel=channel, text=text, **data)["ts"])

    def send_file(self, name: str, content: bytes, *, text: str = "", channel: str = "") -> str:
        """Drop a file in a channel, or in the conversation with the bot; returns the message's ts."""
        file = {"name": name, "content_base64": base64.b64encode(content).decode()}
        where: dict[str, Any] = {"channel": channel} if channel else {"to_bot": True}
        return str(self.act("message", text=text, files=[file], **where)["ts"])

    def use_shortcut(self, callback_id: str, *, channel: str, ts: str) -> None:
        """Choose an entry in the menu of a message, and wait for its form."""
        self.act("shortcut", callback_id=callback_id, channel=channel, ts=ts, wait=2)

    def pay(self, link: str, card: str = "4242424242424242") -> str:
        """Pay on the hosted page; returns what became of it (``paid``, ``declined`` …)."""
        session = link.rpartition("/checkout/")[2].partition("?")[0].partition("#")[0]
        return str(self.api.post("/control/stripe/pay", session=session, card=card)["result"])

    def conversations(self) -> list[dict[str, Any]]:
        """The conversations in the sidebar."""
        found: list[dict[str, Any]] = self.api.get("/control/slack/channels", person=self.id)["channels"]
        return found


def _buttons(view: Mapping[str, Any]) -> list[str]:
    return [element.get("action_id") for block in view["blocks"] for element in block.get("elements") or ()]


def _answers(view: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What to fill in: the answers that are known, and plausible ones for required fields that are empty."""
    values: dict[str, Any] = {}
    held = view["state"]["values"]
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        name = block["block_id"].rpartition(".")[0] or block["block_id"]  # a cell's last part changes as rows move
        if name in answers:
            values[block["block_id"]] = answers[name]
        elif not block.get("optional") and not _has_answer(held[block["block_id"]][element["action_id"]]):
            values[block["block_id"]] = _plausible(element)
    return values


def _has_answer(state: Mapping[str, Any]) -> bool:
    return any(value not in (None, "", []) for key, value in state.items() if key not in {"type", "timezone"})


def _plausible(element: Mapping[str, Any]) -> Any:
    """An answer that the field accepts."""
    kind = element["type"]
    if kind in {"checkboxes", "multi_static_select"}:
        return [option["value"] for option in element["options"]]
    if element.get("options"):
        return element["options"][0]["value"]
    if kind == "plain_text_input":
        words = "Je l’ai vécu, je l’ai noté, et je veux en parler avec le groupe à la prochaine séance. "
        length = max(int(element.get("min_length") or 0), 40)
        text = (words * (length // len(words) + 1)).strip()
        return text[: int(element.get("max_length") or 3000)]
    raise DemoError(f"Personne ne sait remplir « {element['action_id']} » ({kind}).")
