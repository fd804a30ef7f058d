"""Surveys of satisfaction."""

from __future__ import annotations

from sqlalchemy import select

from programme.model.survey import Survey
from programme.rules.surveys import Wave
from store.repository import Repository
from store.tables.surveys import surveys


class SurveyStore(Repository):
    """Surveys by member and by wave."""

    def add(self, survey: Survey) -> None:
        """Insert a survey that is being asked."""
        self._insert(survey)

    def find(self, survey_id: str) -> Survey | None:
        """Return the survey, unless it has been erased with its member's data."""
        return self._db.get(Survey, survey_id)

    def asked(self, enrolment_id: str, wave: Wave) -> Survey | None:
        """Return the survey of this wave that was asked of this enrolment's member."""
        query = select(Survey).where(surveys.c.enrolment_id == enrolment_id, surveys.c.wave == wave)
        return self._db.scalar(query)

    def of_wave(self, wave: Wave) -> list[Survey]:
        """Return every survey of a wave, by id: in no order that tells when it was answered."""
        return list(self._db.scalars(select(Survey).where(surveys.c.wave == wave).order_by(surveys.c.id)))
