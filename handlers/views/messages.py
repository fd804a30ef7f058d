"""Draws every message of ``programme/messages.py``; each feature draws its own in the module of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.views import (
    announcements,
    common,
    complaints,
    disputes,
    documents,
    early_start,
    endings,
    exemptions,
    figures,
    groups,
    instalments,
    kits,
    last_steps,
    material,
    nudges,
    offers,
    payments,
    personal_data,
    planning_posts,
    questions,
    reading,
    reports,
    rescue,
    sessions,
    sharing,
    surveys,
    tutoring,
    waiting,
)
from handlers.views.kit import Drawn
from programme.content import Content
from programme.messages import Message

_DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = (
    planning_posts.DRAWERS
    | kits.DRAWERS
    | last_steps.DRAWERS
    | material.DRAWERS
    | common.DRAWERS
    | exemptions.DRAWERS
    | early_start.DRAWERS
    | payments.DRAWERS
    | instalments.DRAWERS
    | groups.DRAWERS
    | sessions.DRAWERS
    | disputes.DRAWERS
    | complaints.DRAWERS
    | announcements.DRAWERS
    | documents.DRAWERS
    | sharing.DRAWERS
    | questions.DRAWERS
    | tutoring.DRAWERS
    | reading.DRAWERS
    | reports.DRAWERS
    | figures.DRAWERS
    | rescue.DRAWERS
    | waiting.DRAWERS
    | surveys.DRAWERS
    | endings.DRAWERS
    | offers.DRAWERS
    | personal_data.DRAWERS
)


def draw(message: Message, content: Content) -> Drawn:
    """Return the message in French blocks; KeyError for a kind that no feature draws (a test forbids it)."""
    return _DRAWERS[message.kind](message, content)


_DRAWERS["digest"] = lambda message, content: nudges.digest(message, content, draw)
