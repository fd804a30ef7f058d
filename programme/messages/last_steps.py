"""The last steps of a member, once the sessions are over (programme §8)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from programme.messages.base import BaseMessage

SynthesisState = Literal["open", "begun", "kept"]


class LastSteps(BaseMessage):
    """To a member after the last session, edited in place as steps are done; the Home shows the same.

    ``closes_on`` is the day on which the group's channel closes, ``work_until`` the last day of the works with us.
    ``attestation`` is the reference of the one in force, empty until then; ``sessions`` and ``minutes`` are what
    was followed. ``survey`` is the id of the survey of the end, whose answers are taken until ``survey_until``, that
    day included; it is None afterwards. ``synthesis`` is the worksheet that belongs to its owner alone, empty where
    the programme has none.
    ``material`` is the id of the declaration about the method's material, ``material_how`` what was declared.
    ``over`` once the works are gone: what can no longer be done is not shown.
    """

    kind: Literal["last_steps"] = "last_steps"
    closes_on: date
    sessions: int
    minutes: int
    attestation: str = ""
    survey: str = ""
    survey_until: date | None = None
    survey_answered: bool = False
    synthesis: str = ""
    synthesis_state: SynthesisState = "open"
    exported: bool = False
    over: bool = False
    material: str = ""
    material_how: Literal["", "returned", "destroyed"] = ""
    material_day: date | None = None
    work_until: date | None = None
