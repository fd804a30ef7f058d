"""What a member is led through after the last session: one message, edited in place, and the same on the Home.

The steps are read from what is known each time, so whoever changes one of them only calls ``refresh``.
"""

from __future__ import annotations

from datetime import date, datetime

from programme.content import Content
from programme.content.worksheets import Worksheet
from programme.messages.last_steps import LastSteps, SynthesisState
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import Enrolment
from programme.model.group import Group
from programme.model.member import Member
from programme.model.survey import Survey
from programme.ports import Ports, UnitOfWork
from programme.rules.closing import closes_at, works_until
from programme.rules.instants import ONE_DAY, day_in, start_of_day
from programme.rules.participation import minutes_of
from programme.rules.surveys import Wave
from programme.usecases import pings
from programme.usecases.documents import keeps_works, sheets_of
from programme.usecases.participation import finished_group, followed_sessions


def tell(ports: Ports, uow: UnitOfWork, member: Member, enrolment: Enrolment, now: datetime) -> None:
    """Send the message, by day."""
    steps = compose(ports, uow, enrolment)
    if steps is not None:
        pings.timely(uow, member.slack_user_id, _key(enrolment), steps, now)


def refresh(ports: Ports, uow: UnitOfWork, member: Member) -> None:
    """Show the member where the last steps stand; nothing before the end of the sessions."""
    enrolment = uow.enrolments.current(member.id)
    steps = compose(ports, uow, enrolment) if enrolment else None
    if enrolment is not None and steps is not None:
        pings.update(uow, member.slack_user_id, _key(enrolment), steps)


def follow(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """A date of the steps has passed (DeadlineKind.LAST_STEPS, ``subject`` is the enrolment's id): draw them again.

    First the survey closes, then the works are gone; what has been erased meanwhile is not brought back.
    """
    enrolment = uow.enrolments.get(subject)
    group = finished_group(uow, enrolment)
    if group is None or group.finished_at is None or uow.personal_data.is_erased(enrolment.member_id):
        return
    refresh(ports, uow, uow.members.get(enrolment.member_id))
    gone_at = start_of_day(works_until(group.finished_at, group.zone) + ONE_DAY, group.zone)
    if ports.clock.now() < gone_at:
        uow.agenda.reopen(DeadlineKind.LAST_STEPS, enrolment.id, gone_at)


def compose(ports: Ports, uow: UnitOfWork, enrolment: Enrolment) -> LastSteps | None:
    """Return the steps as they stand; None before the end of the sessions, and for who left before."""
    group = finished_group(uow, enrolment)
    if group is None or group.finished_at is None:
        return None
    followed = followed_sessions(uow, enrolment)
    attestation = uow.attestations.latest(enrolment.id)
    survey, sheet = uow.surveys.asked(enrolment.id, Wave.END), own_sheet(ports.content, group)
    export = uow.personal_data.latest_export(enrolment.member_id)
    material = uow.material.of_enrolment(enrolment.id)
    return LastSteps(
        closes_on=day_in(closes_at(group.finished_at), group.zone),
        work_until=works_until(group.finished_at, group.zone),
        sessions=len(followed),
        minutes=minutes_of(followed),
        attestation=attestation.reference if attestation else "",
        survey=survey.id if survey else "",
        survey_until=_last_day(uow, survey, ports.clock.now()) if survey else None,
        survey_answered=survey is not None and survey.answered_at is not None,
        synthesis=sheet.key if sheet else "",
        synthesis_state=_synthesis(uow, enrolment.member_id, sheet) if sheet else "open",
        exported=export is not None and export.expires_at is not None and export.asked_at >= group.finished_at,
        over=not keeps_works(group, ports.clock.now()),
        material=material.id if material else "",
        material_how=material.how.value if material and material.how else "",
        material_day=material.day if material else None,
    )


def _last_day(uow: UnitOfWork, survey: Survey, now: datetime) -> date | None:
    """The last day on which answers are taken; None once it is over."""
    return day_in(survey.open_until, uow.members.get(survey.member_id).time_zone) if survey.is_open(now) else None


def own_sheet(content: Content, group: Group) -> Worksheet | None:
    """Return the worksheet that belongs to its owner alone: the personal synthesis."""
    return next((sheet for sheet in sheets_of(content, group) if sheet.owner_only), None)


def _synthesis(uow: UnitOfWork, member_id: str, sheet: Worksheet) -> SynthesisState:
    if uow.documents.of_worksheet(member_id, sheet.key) is not None:
        return "kept"
    draft = uow.documents.draft(member_id, sheet.key, 1)
    return "begun" if draft is not None and draft.pending else "open"


def _key(enrolment: Enrolment) -> str:
    return f"last-steps:{enrolment.id}"
