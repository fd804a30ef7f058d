"""Requests about personal data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from programme.messages.base import BaseMessage


class Holding(BaseModel):
    """What stays after an erasure: what, why, and the last day (None while the reference day has not come)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    why: str
    until: date | None


class DataExportReady(BaseMessage):
    """To the member: the copy of their data can be fetched until then; ``url`` is "" when it came as a file here."""

    kind: Literal["data_export_ready"] = "data_export_ready"
    url: str
    expires_at: datetime


class ErasurePlanned(BaseMessage):
    """To the member: erasure will happen then; it can be called back."""

    kind: Literal["erasure_planned"] = "erasure_planned"
    erasure_id: str
    due_at: datetime
    stays: tuple[Holding, ...]
    cancelled: bool = False


class ErasureDone(BaseMessage):
    """To the member: done; what stays, why, until when."""

    kind: Literal["erasure_done"] = "erasure_done"
    stays: tuple[Holding, ...]


class CorrectionCard(BaseMessage):
    """To the admins: somebody asks to correct what stands in a contract (name, e-mail)."""

    kind: Literal["correction_card"] = "correction_card"
    user: str
    name: str
    request: str


PersonalDataMessage = DataExportReady | ErasurePlanned | ErasureDone | CorrectionCard
