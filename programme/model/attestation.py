"""An attestation of participation: what a member really followed, frozen with its bytes when it is issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Attestation:
    """The ``number``-th attestation of an enrolment; a later one replaces it and says so, and this one is kept.

    ``content`` holds the printed facts with the letterhead of that day; ``sha256`` is that of the PDF's bytes, which
    our store keeps.
    """

    reference: str
    enrolment_id: str
    member_id: str
    number: int
    issued_at: datetime
    sessions: int
    minutes: int
    content: dict[str, Any]
    sha256: str
    replaces: str = ""


def reference_of(enrolment_id: str, number: int) -> str:
    """Return the reference that people read: « P-7KQ2M0ABCDEF-1 »."""
    return f"P-{enrolment_id.partition('_')[2].upper()}-{number}"
