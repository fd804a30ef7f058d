"""What admins write to many at once."""

from __future__ import annotations

from sqlalchemy import select

from programme.model.announcement import Announcement
from store.repository import Repository
from store.tables.announcements import announcements


class AnnouncementStore(Repository):
    """Announcements by id and by the form that confirmed them."""

    def add(self, announcement: Announcement) -> None:
        """Insert an announcement."""
        self._insert(announcement)

    def get(self, announcement_id: str) -> Announcement:
        """Return the announcement; NotFound otherwise."""
        return self._get(Announcement, announcement_id)

    def from_source(self, source: str) -> Announcement | None:
        """Return the announcement that this form confirmed, if it did."""
        return self._db.scalar(select(Announcement).where(announcements.c.source == source))
