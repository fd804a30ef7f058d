"""What a Web API method is: a name and a function ``(service, caller, args) -> answer``.

Scopes, tier and argument types of the method come from ``data/methods.json``. ``args`` is already parsed:
strings, booleans, integers, lists and dicts as that file says; absent arguments are absent. The function
returns the answer without ``ok`` and raises ``SlackError`` to refuse. It may be a coroutine function.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sandbox.slack.model import AppInstall
    from sandbox.slack.service import SlackService

Args = Mapping[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """Who calls: the app, resolved from its token."""

    app: AppInstall
    token_type: Literal["bot", "app", "none"]
    user_id: str
    scopes: frozenset[str]


MethodFunction = Callable[["SlackService", Caller, Args], "Answer | Awaitable[Answer]"]


@dataclass(frozen=True)
class Method:
    """One entry of a ``METHODS`` table. ``token_type`` is the kind of token that the method takes."""

    name: str
    function: MethodFunction
    token_type: Literal["bot", "app", "none"] = "bot"  # noqa: S105 - a kind of token


def table(*methods: Method) -> dict[str, Method]:
    """A ``METHODS`` table from its methods."""
    return {method.name: method for method in methods}
