"""What the controls of Block Kit's elements offer and hold, for one person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.slack.elements import (
    ActError,
    Actor,
    filled_state,
    has_state,
    initial_state,
    options_of,
    value_of,
)
from sandbox.slack.model import SLACKBOT, JsonObject, User
from sandbox.slack.people_common import conversation_name
from sandbox.slack.reading import user_name
from sandbox.slack.service import SlackService

States = dict[str, dict[str, JsonObject]]


class Fields:
    """The controls of one surface (a message, a modal, the home) before one person."""

    def __init__(self, service: SlackService, user: User, states: States) -> None:
        self.service = service
        self.user = user
        self.states = states

    def value(self, element: JsonObject, block: JsonObject) -> Any:
        """What the element holds now: Slack's value, options as their objects."""
        if not has_state(element):
            return None
        state = self.states.get(block["block_id"], {}).get(element["action_id"])
        return value_of(state or initial_state(element))

    def chosen(self, element: JsonObject, block: JsonObject) -> list[str]:
        """The values of what is chosen, whether one or many."""
        value = self.value(element, block)
        held = value if isinstance(value, list) else [value]
        return [one["value"] if isinstance(one, dict) else str(one) for one in held if one is not None]

    def local_moment(self, element: JsonObject, block: JsonObject) -> str:
        """The instant that a date and time field holds, as the browser wants it, where the person lives."""
        value = self.value(element, block)
        if value is None:
            return ""
        local = datetime.fromtimestamp(value, UTC).astimezone(ZoneInfo(self.user.tz))
        return local.strftime("%Y-%m-%dT%H:%M")

    def offered(self, element: JsonObject) -> list[tuple[str, str]]:
        """Value and label of what a select of people or conversations offers."""
        if "users" in element["type"]:
            people = [u for u in self.service.workspace.users.values() if not u.deleted and u.id != SLACKBOT]
            return sorted(((u.id, user_name(self.service, u.id)) for u in people), key=lambda pair: pair[1].casefold())
        return [(c.id, self._name(c.id)) for c in self.service.workspace.channels.values() if self._fits(element, c.id)]

    def label(self, element: JsonObject, value: str) -> str:
        """What the eye reads for a chosen value."""
        for option in options_of(element):
            if option.get("value") == value:
                return str(option["text"]["text"])
        return user_name(self.service, value)

    def _fits(self, element: JsonObject, channel_id: str) -> bool:
        try:
            filled_state(Actor(self.service, self.user), element, channel_id)
        except ActError:
            return False
        return True

    def _name(self, channel_id: str) -> str:
        channel = self.service.workspace.channels[channel_id]
        name = conversation_name(self.service, channel, self.user)
        return name if channel.is_direct else f"#{name}"
