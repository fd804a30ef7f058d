"""Where interactive elements are drawn, what they hold there, and what they offer to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.page.look import Look
from sandbox.page.spot import people_of
from sandbox.slack.elements import STATE_KEYS, initial_state, options_of, value_of
from sandbox.slack.model import Channel, ChannelKind, JsonObject
from sandbox.slack.people_common import conversations_of

States = Mapping[str, Mapping[str, JsonObject]]
FIELD = "field."
"""What the names of a modal's inputs begin with; the block_id follows."""
MANY = frozenset({kind for kind in STATE_KEYS if kind.startswith("multi_")} | {"checkboxes"})
MENUS = frozenset({kind for kind in STATE_KEYS if kind.endswith("_select") and not kind.startswith("multi_")})
_INCLUDED = {
    ChannelKind.PUBLIC: "public",
    ChannelKind.PRIVATE: "private",
    ChannelKind.IM: "im",
    ChannelKind.MPIM: "mpim",
}


@dataclass(frozen=True)
class Choice:
    """One thing to choose: the value that the form sends, and its text objects."""

    value: str
    text: JsonObject
    description: JsonObject | None = None
    group: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Surface:
    """A message, a modal or a home. ``fields`` are the hidden fields that name it in forms.

    ``offers`` are the options that the app has sent for external selects, by (block_id, action_id).
    """

    kind: str
    look: Look
    fields: Mapping[str, str]
    states: States
    errors: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[tuple[str, str], Sequence[JsonObject]] = field(default_factory=dict)

    def id(self, block: JsonObject, element: JsonObject | None = None) -> str:
        """An id of the page for a block or an element, the same at every drawing."""
        place = self.fields.get("ts") or self.kind
        parts = [place, block["block_id"], *([element["action_id"]] if element else [])]
        return "-".join("".join(c if c.isalnum() else "_" for c in str(part)) for part in parts)

    def held(self, block: JsonObject, element: JsonObject) -> Any:
        """The value that the element holds now, as Slack keeps it."""
        state = self.states.get(block["block_id"], {}).get(element["action_id"])
        return value_of(state or initial_state(element))

    def value(self, block: JsonObject, element: JsonObject) -> str:
        """What a single control shows."""
        held = self.held(block, element)
        if isinstance(held, dict):
            return str(held.get("value", ""))
        if element["type"] == "datetimepicker" and held:
            return local_text(int(held), self.look.zone)
        return "" if held is None else str(held)

    def values(self, block: JsonObject, element: JsonObject) -> list[str]:
        """What a control with several choices shows."""
        return [str(one["value"]) if isinstance(one, dict) else str(one) for one in self.held(block, element) or []]

    def choices(self, block: JsonObject, element: JsonObject) -> list[Choice]:
        """What a menu offers this person; for an external select what was found, and what is chosen."""
        kind = element["type"]
        if kind.endswith("external_select"):
            held = self.held(block, element)
            chosen = held if isinstance(held, list) else [held] if held else []
            found = [*chosen, *self.offers.get((block["block_id"], element["action_id"]), [])]
            return list({option["value"]: _choice(option) for option in found}.values())
        if kind.endswith("users_select"):
            users = people_of(self.look.service)
            return [Choice(user.id, _text(self.look.user(user.id))) for user in users]
        if kind.endswith(("channels_select", "conversations_select")):
            return [Choice(c.id, _text(self.look.conversation(c))) for c in self._conversations(element)]
        return _listed(element)

    def _conversations(self, element: JsonObject) -> list[Channel]:
        workspace, viewer = self.look.service.workspace, self.look.viewer
        if element["type"].endswith("channels_select"):
            channels = [c for c in workspace.channels.values() if c.is_public and workspace.sees(viewer.id, c)]
        else:
            channels = conversations_of(self.look.service, viewer)
        wanted = (element.get("filter") or {}).get("include")
        return [c for c in channels if not c.is_archived and (not wanted or _INCLUDED[c.kind] in wanted)]


def _listed(element: JsonObject) -> list[Choice]:
    groups = element.get("option_groups")
    if not groups:
        return [_choice(option) for option in options_of(element)]
    return [_choice(option, group["label"]["text"]) for group in groups for option in group["options"]]


def _choice(option: JsonObject, group: str | None = None) -> Choice:
    return Choice(option["value"], option["text"], option.get("description"), group, option.get("url"))


def _text(text: str) -> JsonObject:
    return {"type": "plain_text", "text": text}


def local_text(seconds: int, zone: ZoneInfo) -> str:
    """Epoch seconds as a browser's datetime-local control wants them."""
    return datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%dT%H:%M")


def answer_of(kind: str, values: Sequence[str], zone: ZoneInfo) -> Any:
    """What the people's controls take for a control of this kind with these form values."""
    given = [value for value in values if value]
    if kind in MANY:
        return given
    if not given:
        return ""
    if kind == "datetimepicker" and not given[0].isdecimal():
        return f"{datetime.fromisoformat(given[0]).replace(tzinfo=zone).timestamp():.0f}"
    return given[0].replace("\r\n", "\n")
