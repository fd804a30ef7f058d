"""All the methods of the Web API, from the tables of their modules."""

from __future__ import annotations

from sandbox.slack.methods import (
    apps,
    auth,
    bookmarks,
    chat,
    conversations,
    conversations_read,
    files,
    pins,
    reactions,
    team,
    users,
    views,
)
from sandbox.slack.methods.registry import Method

_MODULES = (
    apps, auth, bookmarks, chat, conversations, conversations_read, files, pins, reactions, team, users, views
)  # fmt: skip

METHODS: dict[str, Method] = {name: method for module in _MODULES for name, method in module.METHODS.items()}
