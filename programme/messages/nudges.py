"""Routine messages: those that may wait, be put off and be stopped; several of one day make one post."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from programme.messages.announcements import AnnouncementWord
from programme.messages.base import BaseMessage
from programme.messages.checkins import CheckInRequest
from programme.messages.groups import SeatOffer
from programme.messages.material import MaterialRequest
from programme.messages.planning import KitSent
from programme.messages.rescue import ConsentRequest
from programme.messages.surveys import SurveyRequest
from programme.messages.waiting import WaitingWord

RoutineMessage = Annotated[
    CheckInRequest
    | WaitingWord
    | SeatOffer
    | ConsentRequest
    | KitSent
    | SurveyRequest
    | MaterialRequest
    | AnnouncementWord,
    Field(discriminator="kind"),
]


class Digest(BaseMessage):
    """To one person: the routine messages of a day, in one post."""

    kind: Literal["digest"] = "digest"
    parts: tuple[RoutineMessage, ...]


NudgeMessage = Digest
