"""Plays the deeds of stories: each through the people's controls, the clock or the payment page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from sandbox.page.answers import elements_in
from sandbox.page.stories import SENT, Deed
from sandbox.slack.elements import ActError, is_empty
from sandbox.slack.model import Channel, JsonObject, Message, User, View
from sandbox.slack.people import ACTS
from sandbox.slack.people_common import conversations_of, find_person, visible_messages
from sandbox.slack.people_messages import add_user
from sandbox.stripe import control as stripe

if TYPE_CHECKING:
    from sandbox.page.desk import Desk

SCREENS = 20
"""Screens in a row after which a form is taken for endless."""
MOVES = 400
"""Moves of the clock after which what is awaited is taken for never coming."""
WAIT = 2.0
TRIES = 3
WORDS = "Je l’ai vécu, je l’ai noté, et je veux en parler avec le groupe à la prochaine séance. "
LENGTH = 180
"""Characters of a plausible answer, where the field wants no more."""
CARD = "4242424242424242"


class Player:
    """Plays deeds on one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._deeds: Mapping[str, Callable[[User, Deed], Awaitable[None]]] = {
            "command": self._command,
            "press": self._press,
            "complete": self._complete,
            "close": self._close,
            "pay": self._pay,
            "move": self._move,
            "until": self._until,
            "reply": self._reply,
        }

    async def play(self, deed: Deed) -> None:
        """Let each of its people do it, one after the other; raises ActError when somebody cannot.

        What somebody has already done by hand in this step is left as it is.
        """
        if deed.verb == "add":
            await self._add(deed)
            return
        for reference in deed.people:
            user = find_person(self.desk.service, reference)
            if not self._is_done(user, deed):
                await self._deeds[deed.verb](user, deed)
                await self.desk.mover.settle()

    def _is_done(self, user: User, deed: Deed) -> bool:
        if deed.verb == "complete":
            return self._modal(user) is None and (user.id, SENT) in self.desk.tour.by_hand
        return deed.verb in {"press", "until"} and (user.id, deed.value) in self.desk.tour.by_hand

    async def _act(self, user: User, act: str, /, **data: Any) -> JsonObject:
        """An act, done again as a person would when the app was too slow to answer."""
        answer: JsonObject = {}
        for _ in range(TRIES):
            answer = await ACTS[act](self.desk.service, user, data)
            if not answer.get("error"):
                return answer
        raise ActError(f"L’application n’a pas suivi : {answer['error']}.")

    async def _add(self, deed: Deed) -> None:
        for person in deed.value:
            if self.desk.service.workspace.find_user(person["name"]) is None:
                await add_user(self.desk.service, person)

    async def _command(self, user: User, deed: Deed) -> None:
        await self._close(user, deed)
        await self._act(user, "command", command=deed.value, wait=WAIT)

    async def _press(self, user: User, deed: Deed) -> None:
        await self._act(user, "press", action_id=deed.value, wait=WAIT if self._modal(user) else 0.3, **deed.more)

    async def _close(self, user: User, _: Deed) -> None:
        while self._modal(user) is not None:
            await self._act(user, "close", wait=0)

    async def _complete(self, user: User, deed: Deed) -> None:
        """Fill in and send the modal and those that follow; ``stop`` names a button before which it stops."""
        first = self._modal(user)
        if first is None or not first.payload.get("submit"):
            raise ActError(f"Aucun formulaire n’est ouvert devant {user.real_name}.")
        for _ in range(SCREENS):
            view = self._modal(user)
            if view is None or not view.payload.get("submit"):
                return
            values = _values(view, deed.value or {})
            if values:
                await self._act(user, "fill", values=values, wait=0)
            if deed.more.get("stop") in _actions(view.payload["blocks"]):
                return
            sent = await self._act(user, "submit", wait=0.3)
            if sent["result"] == "errors":
                raise ActError(" ".join(sent["errors"].values()))
        raise ActError("Ce formulaire ne finit pas.")

    async def _pay(self, user: User, _: Deed) -> None:
        sessions = stripe.sessions(self.desk.sandbox.stripe)["sessions"]
        own = [one for one in sessions if one["customer_email"] == user.email and one["status"] == "open"]
        if not own:
            raise ActError(f"{user.real_name} n’a rien à payer.")
        stripe.pay_session(self.desk.sandbox.stripe, {"session": own[0]["session"], "card": CARD})

    async def _move(self, _: User, deed: Deed) -> None:
        await self.desk.mover.go(deed.value)

    async def _until(self, user: User, deed: Deed) -> None:
        """Let time pass until the person can press this."""
        for _ in range(MOVES):
            if self._holding(user, deed.value) is not None:
                return
            if await self.desk.mover.go("next"):
                break
        raise ActError(f"« {deed.value} » n’est jamais arrivé devant {user.real_name}.")

    async def _reply(self, user: User, deed: Deed) -> None:
        found = self._holding(user, deed.more["to"])
        if found is None:
            raise ActError(f"{user.real_name} ne voit plus le message auquel répondre.")
        channel, message = found
        await self._act(user, "message", channel=channel.id, thread_ts=message.ts, text=deed.value)

    def _holding(self, user: User, action_id: str) -> tuple[Channel, Message] | None:
        """The newest message before this person that holds the button."""
        found = [(m, c) for c in conversations_of(self.desk.service, user) for m in visible_messages(c, user)]
        for message, channel in sorted(found, key=lambda pair: pair[0].ts, reverse=True):
            if action_id in _actions(message.blocks):
                return channel, message
        return None

    def _modal(self, user: User) -> View | None:
        stack = self.desk.service.workspace.modals.get(user.id) or []
        return stack[-1] if stack else None


def _actions(blocks: list[JsonObject]) -> list[str]:
    return [element["action_id"] for _, element in elements_in(blocks)]


def _values(view: View, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are known by block_id, and plausible ones for what is required and still empty."""
    values: dict[str, Any] = {}
    for block in view.payload["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"]
        empty = is_empty(view.state[name][element["action_id"]])
        if name in answers:
            values[name] = answers[name]
        elif empty and not block.get("optional"):
            values[name] = _plausible(element)
    return values


def _plausible(element: JsonObject) -> Any:
    if element["type"] in {"checkboxes", "multi_static_select"}:
        return [option["value"] for option in element["options"]]
    if element.get("options"):
        return element["options"][0]["value"]
    if element["type"] == "plain_text_input":
        length = max(int(element.get("min_length") or 0), LENGTH)
        text = (WORDS * (length // len(WORDS) + 1)).strip()
        return text[: int(element.get("max_length") or 3000)]
    raise ActError(f"La visite ne sait pas remplir « {element['action_id']} ».")
