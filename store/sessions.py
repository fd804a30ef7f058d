"""Sessions, attendance, check-ins, calendar links, kept guides and paper kits."""

from __future__ import annotations

from sqlalchemy import delete, select

from programme.model.calendar import CalendarLink
from programme.model.guide_edition import GuideEdition
from programme.model.kit import Kit
from programme.model.session import Attendance, CheckIn, GroupSession
from store.repository import Repository
from store.tables.sessions import attendance, calendar_links, check_ins, kits, sessions


class SessionStore(Repository):
    """The sixteen sessions of each group and what was recorded of them."""

    def add(self, session: GroupSession) -> None:
        """Insert a planned session."""
        self._insert(session)

    def get(self, session_id: str) -> GroupSession:
        """Return the session; NotFound otherwise."""
        return self._get(GroupSession, session_id)

    def of_group(self, group_id: str) -> list[GroupSession]:
        """Return the group's sessions by number."""
        query = select(GroupSession).where(sessions.c.group_id == group_id).order_by(sessions.c.number)
        return list(self._db.scalars(query))

    def add_attendance(self, attendance: Attendance) -> None:
        """Insert one member's line of the sheet."""
        self._insert(attendance)

    def attendance(self, session_id: str) -> list[Attendance]:
        """Return the sheet of one session."""
        query = select(Attendance).where(attendance.c.session_id == session_id).order_by(attendance.c.member_id)
        return list(self._db.scalars(query))

    def attendance_line(self, line_id: str) -> Attendance | None:
        """Return one line of a sheet, if it is still there."""
        return self._db.get(Attendance, line_id)

    def clear_attendance(self, session_id: str) -> None:
        """Empty the sheet of a session that gets another date; what was done stays in the evidence chain."""
        self._db.execute(delete(Attendance).where(attendance.c.session_id == session_id))

    def attendance_of_group(self, group_id: str) -> list[Attendance]:
        """Return the sheets of all the group's sessions, first session first."""
        query = select(Attendance).join(GroupSession, sessions.c.id == attendance.c.session_id)
        query = query.where(sessions.c.group_id == group_id).order_by(sessions.c.number, attendance.c.member_id)
        return list(self._db.scalars(query))

    def attendance_of_member(self, member_id: str) -> list[Attendance]:
        """Return every line of the member, on the sheets of whatever group."""
        query = select(Attendance).where(attendance.c.member_id == member_id)
        return list(self._db.scalars(query.order_by(attendance.c.recorded_at, attendance.c.id)))

    def add_check_in(self, check_in: CheckIn) -> None:
        """Insert a check-in that is being asked."""
        self._insert(check_in)

    def check_in(self, check_in_id: str) -> CheckIn:
        """Return the check-in; NotFound otherwise."""
        return self._get(CheckIn, check_in_id)

    def check_ins(self, session_id: str) -> list[CheckIn]:
        """Return the check-ins asked after one session."""
        query = select(CheckIn).where(check_ins.c.session_id == session_id).order_by(check_ins.c.member_id)
        return list(self._db.scalars(query))

    def check_ins_of_group(self, group_id: str) -> list[CheckIn]:
        """Return the check-ins of all the group's sessions, first session first."""
        query = select(CheckIn).join(GroupSession, sessions.c.id == check_ins.c.session_id)
        query = query.where(sessions.c.group_id == group_id).order_by(sessions.c.number, check_ins.c.member_id)
        return list(self._db.scalars(query))

    def open_check_in(self, member_id: str) -> CheckIn | None:
        """Return the member's latest check-in, answered or not: an answer may be changed after sending."""
        query = select(CheckIn).where(check_ins.c.member_id == member_id).order_by(check_ins.c.asked_at.desc()).limit(1)
        return self._db.scalar(query)

    def add_calendar_link(self, link: CalendarLink) -> None:
        """Insert a member's new link."""
        self._insert(link)

    def calendar_link(self, member_id: str) -> CalendarLink | None:
        """Return the member's link in force, if any."""
        query = select(CalendarLink).where(calendar_links.c.member_id == member_id)
        return self._db.scalar(query.where(calendar_links.c.revoked_at.is_(None)))

    def calendar_link_by_secret(self, secret: str) -> CalendarLink | None:
        """Return the link in force that has this secret, if any."""
        query = select(CalendarLink).where(calendar_links.c.secret == secret)
        return self._db.scalar(query.where(calendar_links.c.revoked_at.is_(None)))

    def add_guide_edition(self, edition: GuideEdition) -> None:
        """Keep the guides of one version."""
        self._insert(edition)

    def guide_edition(self, digest: str) -> GuideEdition | None:
        """Return the guides of a version, if they were kept."""
        return self._db.get(GuideEdition, digest)

    def guide_editions(self) -> list[GuideEdition]:
        """Return every version kept."""
        return list(self._db.scalars(select(GuideEdition)))

    def add_kit(self, kit: Kit) -> None:
        """Insert one member's parcel."""
        self._insert(kit)

    def kit(self, kit_id: str) -> Kit:
        """Return the parcel; NotFound otherwise."""
        return self._get(Kit, kit_id)

    def kits(self, group_id: str) -> list[Kit]:
        """Return the parcels of a group, by member."""
        return list(self._db.scalars(select(Kit).where(kits.c.group_id == group_id).order_by(kits.c.member_id)))
