"""What every message shares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A value inside a message; frozen, and no field that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BaseMessage(Part):
    """The base of every message; subclasses add ``kind``, by which a row is read back."""
