"""The method's material, at the end."""

from __future__ import annotations

from datetime import date
from typing import Literal

from programme.messages.base import BaseMessage


class MaterialRequest(BaseMessage):
    """To a member: asked when a contract ends early, and reminded once to whoever has declared nothing.

    ``how`` closes it: returned or destroyed, on ``day``. ``work_until`` is the last day of the works with us.
    """

    kind: Literal["material_request"] = "material_request"
    declaration_id: str
    work_until: date
    reminder: bool = False
    how: Literal["", "returned", "destroyed"] = ""
    day: date | None = None
