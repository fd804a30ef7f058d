"""Surveys of satisfaction, as they are asked."""

from __future__ import annotations

from datetime import date
from typing import Literal

from programme.messages.base import BaseMessage


class SurveyRequest(BaseMessage):
    """To a member: the later surveys, and the one reminder of each; ``answered`` closes it.

    ``wave`` is the value of ``Wave``; answers are taken until ``open_until``, that day included.
    """

    kind: Literal["survey_request"] = "survey_request"
    survey_id: str
    wave: Literal["end", "month_3", "month_6"]
    open_until: date
    reminder: bool = False
    answered: bool = False
