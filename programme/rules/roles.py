"""The roles of a session and their rotation over the programme (the group works without a trainer in the room)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Role(StrEnum):
    """Role held during one session; the order is the order in which roles are filled."""

    ANIMATEUR = "animateur"
    GARDIEN_DU_TEMPS = "gardien_du_temps"
    SCRIBE = "scribe"
    OBSERVATEUR = "observateur"


ROLE_LABELS = {
    Role.ANIMATEUR: "animation",
    Role.GARDIEN_DU_TEMPS: "gestion du temps",
    Role.SCRIBE: "prise de notes",
    Role.OBSERVATEUR: "observation",
}
"""French names of the tasks, which fit feminine and masculine readers alike."""


def roles_for(session_number: int, member_ids_sorted: Sequence[str]) -> dict[Role, str]:
    """Who holds which role in a session (1 is the first), given the members in a stable order.

    Everybody moves on by one role each session, so that over sixteen sessions nobody holds a role more than once
    more often than another. Three members go without an observer; a smaller group fills the first roles. Raise
    ValueError for more than four members, a member named twice or a session before the first.
    """
    if session_number < 1:
        raise ValueError("sessions are numbered from 1")
    if len(member_ids_sorted) > len(Role) or len(set(member_ids_sorted)) != len(member_ids_sorted):
        raise ValueError("a session has at most four members, each named once")
    count = len(member_ids_sorted)
    return {
        role: member_ids_sorted[(position + session_number - 1) % count]
        for position, role in enumerate(list(Role)[:count])
    }
