"""``/bilan-admin``: one table of sub-commands, to which each feature brings its own (programme §9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.answers import answer
from handlers.ids import Action, Command
from handlers.payloads import action_value
from handlers.views.kit import section
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases.groups import require_admin


@dataclass(frozen=True)
class AdminRequest:
    """One typed sub-command; ``words`` is what followed its name. A modal is opened with ``client`` and the body."""

    ports: Ports
    caller: Caller
    words: str
    body: dict[str, Any]
    client: WebClient
    respond: Callable[..., object]


@dataclass(frozen=True)
class Subcommand:
    """A word that admins type, the arguments it takes and what it does, in French, and what runs."""

    name: str
    arguments: str
    what: str
    run: Callable[[AdminRequest], None]

    @property
    def usage(self) -> str:
        """One line of the list: « `/bilan-admin former` : proposer des groupes »."""
        typed = f"{Command.ADMIN} {self.name} {self.arguments}".strip()
        return f"`{typed}` : {self.what}"


def register(app: App, subcommands: Iterable[Subcommand]) -> None:
    """Listen to ``/bilan-admin`` and to buttons that stand for it; a word that names nothing gets the list."""
    table = {subcommand.name: subcommand for subcommand in subcommands}

    def asked(
        ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
    ) -> None:
        ack()
        require_admin(caller)
        name, _, words = str(body.get("text") or "").strip().partition(" ")
        chosen = table.get(name.lower())
        if chosen is not None:
            chosen.run(AdminRequest(ports, caller, words.strip(), body, client, respond))
            return
        usage = ports.content.sentence("admin_usage") + "\n" + "\n".join(one.usage for one in table.values())
        respond(text=usage, blocks=[section(usage)])

    def pressed(
        ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
    ) -> None:
        ack()
        require_admin(caller)
        name, _, words = action_value(body).partition(" ")

        def say(text: str) -> None:
            answer(text, body=body, client=client, respond=respond)

        table[name].run(AdminRequest(ports, caller, words, body, client, say))

    app.command(Command.ADMIN)(asked)
    app.action(re.compile(re.escape(Action.RUN_SUBCOMMAND)))(pressed)
