"""Who speaks to the bot: Slack people, their roles, and the caller of a use case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """A role is the membership of a channel (programme §1); everybody else is a member or a prospect."""

    TUTOR = "tutor"
    ADMIN = "admin"


@dataclass
class SlackPerson:
    """What Slack tells about a person: a convenience for forms and greetings, never a civil identity."""

    slack_user_id: str
    display_name: str = ""
    email: str = ""
    time_zone: str = "Europe/Paris"
    active: bool = True
    refreshed_at: datetime | None = None


@dataclass
class RoleHolder:
    """One person in the tutors' or admins' channel; the row exists while the membership does."""

    role: Role
    slack_user_id: str


@dataclass(frozen=True)
class Caller:
    """The person on whose behalf a use case runs."""

    slack_user_id: str
    roles: frozenset[Role] = frozenset()

    @property
    def is_admin(self) -> bool:
        """Whether the caller belongs to the admin channel."""
        return Role.ADMIN in self.roles

    @property
    def is_tutor(self) -> bool:
        """Whether the caller belongs to the tutors' channel."""
        return Role.TUTOR in self.roles
