"""What tutors chose, when they are away, and what they note while reading."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from programme.model.tutor import Reading, TutorAbsence, TutorSettings
from store.repository import Repository
from store.tables.tutors import tutor_absences


class TutorStore(Repository):
    """Settings and absences by tutor."""

    def settings(self, slack_user_id: str) -> TutorSettings:
        """Return the tutor's choices, those by default where they made none."""
        return self._db.get(TutorSettings, slack_user_id) or TutorSettings(slack_user_id)

    def choose(self, slack_user_id: str) -> TutorSettings:
        """Return the tutor's choices to be changed, inserting them the first time."""
        chosen = self._db.get(TutorSettings, slack_user_id)
        if chosen is None:
            chosen = TutorSettings(slack_user_id)
            self._insert(chosen)
        return chosen

    def add_absence(self, absence: TutorAbsence) -> None:
        """Insert an absence."""
        self._insert(absence)

    def absence(self, absence_id: str) -> TutorAbsence:
        """Return the absence; NotFound otherwise."""
        return self._get(TutorAbsence, absence_id)

    def absences(self, day: date) -> list[TutorAbsence]:
        """Return every absence that is not over on this day, by its first day."""
        query = select(TutorAbsence).where(tutor_absences.c.last_day >= day)
        return list(self._db.scalars(query.order_by(tutor_absences.c.first_day, tutor_absences.c.id)))

    def reading(self, document_id: str, number: int) -> Reading:
        """Return what was noted on this version, to be changed; it is inserted the first time."""
        noted = self._db.get(Reading, (document_id, number))
        if noted is None:
            noted = Reading(document_id, number)
            self._insert(noted)
        return noted
