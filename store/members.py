"""Members."""

from __future__ import annotations

from sqlalchemy import select

from programme.model.email_proof import EmailProof
from programme.model.member import Member
from store.repository import Repository
from store.tables.people import email_proofs, members


class MemberStore(Repository):
    """Members and prospects, one row a Slack user."""

    def add(self, member: Member) -> None:
        """Insert a new member."""
        self._insert(member)

    def get(self, member_id: str) -> Member:
        """Return the member; NotFound otherwise."""
        return self._get(Member, member_id)

    def by_slack(self, slack_user_id: str) -> Member | None:
        """Return the member who is this Slack user, if any."""
        return self._db.scalar(select(Member).where(members.c.slack_user_id == slack_user_id))

    def all(self) -> list[Member]:
        """Return every member, oldest first."""
        return list(self._db.scalars(select(Member).order_by(members.c.created_at, members.c.id)))

    def add_email_proof(self, proof: EmailProof) -> None:
        """Insert the member's code; there is one row a member."""
        self._insert(proof)

    def email_proof(self, member_id: str) -> EmailProof | None:
        """Return the member's latest code, if one was ever sent."""
        return self._db.scalar(select(EmailProof).where(email_proofs.c.member_id == member_id))
