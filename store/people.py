"""Slack people and roles."""

from __future__ import annotations

from sqlalchemy import select

from programme.model.people import Role, RoleHolder, SlackPerson
from store.repository import Repository
from store.tables.people import role_holders


class PeopleStore(Repository):
    """What Slack told about people, and who sits in the tutors' and admins' channels."""

    def get(self, slack_user_id: str) -> SlackPerson | None:
        """Return what is known of the person."""
        return self._db.get(SlackPerson, slack_user_id)

    def save(self, person: SlackPerson) -> None:
        """Insert or replace what is known of the person."""
        self._db.merge(person)

    def roles(self, slack_user_id: str) -> frozenset[Role]:
        """Return the person's roles."""
        query = select(role_holders.c.role).where(role_holders.c.slack_user_id == slack_user_id)
        return frozenset(self._db.scalars(query))

    def holders(self, role: Role) -> list[str]:
        """Return the Slack ids of those who hold the role, sorted."""
        query = select(role_holders.c.slack_user_id).where(role_holders.c.role == role)
        return list(self._db.scalars(query.order_by(role_holders.c.slack_user_id)))

    def grant(self, role: Role, slack_user_id: str) -> bool:
        """Give the role; tells whether it is new."""
        if self._db.get(RoleHolder, (role, slack_user_id)):
            return False
        self._insert(RoleHolder(role, slack_user_id))
        return True

    def revoke(self, role: Role, slack_user_id: str) -> bool:
        """Take the role back; tells whether it was held."""
        holder = self._db.get(RoleHolder, (role, slack_user_id))
        if holder is None:
            return False
        self._db.delete(holder)
        self._db.flush()
        return True
