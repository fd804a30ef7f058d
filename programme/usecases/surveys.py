"""Surveys: at the end with the last steps, three and six months later by a message; optional, reminded once.

Each answer belongs to its member, in the copy of their data. Admins see the sums, from three answers on, and the free
lines without names. Nothing is asked of who left before the end, asked to be forgotten or is not in the workspace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from programme.content.surveys import END, LATER, Questionnaire
from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.journal import Action
from programme.messages.surveys import SurveyRequest
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import Enrolment
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.survey import Survey
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.surveys import MONTHS, REMINDED_AFTER, Wave, asked_at, open_until
from programme.usecases import last_steps, pings
from programme.usecases.groups import skip
from programme.usecases.participation import TO_THE_END

LONGEST_NOTE = 500
INSTANT = timedelta(microseconds=1)


def begin(uow: UnitOfWork, enrolment: Enrolment, member: Member, finished_at: datetime) -> None:
    """Open the survey of the end, which the last steps show until it closes, and date the later ones."""
    survey = _open(uow, enrolment, member, Wave.END, finished_at)
    uow.agenda.put(DeadlineKind.LAST_STEPS, enrolment.id, survey.open_until + INSTANT)
    for wave in MONTHS:
        due_at = asked_at(wave, finished_at, member.time_zone)
        uow.agenda.put(DeadlineKind.SURVEY, f"{enrolment.id}:{wave.value}", due_at)


def _open(uow: UnitOfWork, enrolment: Enrolment, member: Member, wave: Wave, now: datetime) -> Survey:
    until = open_until(wave, now, member.time_zone)
    survey = Survey(new_id("srv"), enrolment.id, member.id, wave, now, until)
    uow.surveys.add(survey)
    uow.agenda.put(DeadlineKind.SURVEY_REMINDER, survey.id, now + REMINDED_AFTER[wave])
    return survey


def ask(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Ask a later survey (DeadlineKind.SURVEY, ``subject`` is ``enr_…:month_3``), once, while it makes sense."""
    enrolment_id, _, wave_name = subject.partition(":")
    enrolment, wave, now = uow.enrolments.get(enrolment_id), Wave(wave_name), ports.clock.now()
    member = uow.members.get(enrolment.member_id)
    if uow.surveys.asked(enrolment.id, wave) is not None:
        return None
    if not _may_ask(uow, member, enrolment):
        return skip(uow, DeadlineKind.SURVEY, enrolment.id)
    survey = _open(uow, enrolment, member, wave, now)
    pings.routine(uow, member.slack_user_id, _key(survey), _request(survey, member), now, before=survey.open_until)
    return uow.journal.write("bot", Action.SURVEY_ASKED, survey.id, wave=wave.value)


def remind(ports: Ports, uow: UnitOfWork, subject: str) -> None:
    """Remind a member who has not answered, once (DeadlineKind.SURVEY_REMINDER, ``subject`` is the survey's id)."""
    survey, now = uow.surveys.find(subject), ports.clock.now()
    if survey is None or survey.answered_at is not None or survey.reminded_at is not None:
        return None
    member = uow.members.get(survey.member_id)
    enrolment = uow.enrolments.get(survey.enrolment_id)
    if not survey.is_open(now) or not _may_ask(uow, member, enrolment):
        return skip(uow, DeadlineKind.SURVEY_REMINDER, survey.id)
    survey.reminded_at = now
    request = _request(survey, member, reminder=True)
    pings.routine(uow, member.slack_user_id, _key(survey, reminder=True), request, now, before=survey.open_until)
    return uow.journal.write("bot", Action.SURVEY_REMINDED, survey.id)


def _may_ask(uow: UnitOfWork, member: Member, enrolment: Enrolment) -> bool:
    gone = uow.personal_data.is_erased(member.id) or uow.personal_data.open_erasure(member.id) is not None
    return enrolment.status in TO_THE_END and member.active and not gone


def _key(survey: Survey, *, reminder: bool = False) -> str:
    return f"survey:{survey.id}:reminder" if reminder else f"survey:{survey.id}"


def _request(survey: Survey, member: Member, *, reminder: bool = False) -> SurveyRequest:
    return SurveyRequest(
        survey_id=survey.id,
        wave=survey.wave.value,
        open_until=day_in(survey.open_until, member.time_zone),
        reminder=reminder,
        answered=survey.answered_at is not None,
    )


def questionnaire_of(ports: Ports, wave: Wave) -> Questionnaire:
    """Return what is asked in a wave."""
    return ports.content.surveys[END if wave is Wave.END else LATER]


@dataclass(frozen=True)
class OwnSurvey:
    """A survey as its member sees it: the answers given so far fill the form."""

    survey_id: str
    questionnaire: Questionnaire
    open_until: datetime
    zone: str
    answers: Mapping[str, str]
    note: str


def own(ports: Ports, *, caller: Caller, survey_id: str) -> OwnSurvey:
    """Return one's own survey; NotAllowed for another's, Refusal("survey_closed") once its date has passed."""
    with ports.reading() as uow:
        survey, member = _enter(ports, uow, caller, survey_id)
        questionnaire = questionnaire_of(ports, survey.wave)
        return OwnSurvey(
            survey.id, questionnaire, survey.open_until, member.time_zone, dict(survey.answers), survey.note
        )


def _enter(ports: Ports, uow: UnitOfWork, caller: Caller, survey_id: str) -> tuple[Survey, Member]:
    survey = uow.surveys.find(survey_id)
    if survey is None:
        raise Refusal("survey_closed")
    member = uow.members.get(survey.member_id)
    if member.slack_user_id != caller.slack_user_id:
        raise NotAllowed
    if not survey.is_open(ports.clock.now()):
        raise Refusal("survey_closed")
    return survey, member


def answer(ports: Ports, *, caller: Caller, survey_id: str, answers: Mapping[str, str], note: str = "") -> None:
    """Save the answers, or change those given before; the messages that asked for them close.

    InvalidForm by question, and for ``note``; refusals are those of ``own``.
    """
    with ports.uow() as uow:
        survey, member = _enter(ports, uow, caller, survey_id)
        chosen = _valid(questionnaire_of(ports, survey.wave), answers, note.strip())
        if survey.answered_at is not None and (survey.answers, survey.note) == (chosen, note.strip()):
            return
        survey.answers, survey.note = chosen, note.strip()
        first, survey.answered_at = survey.answered_at is None, ports.clock.now()
        uow.agenda.cancel(DeadlineKind.SURVEY_REMINDER, survey.id)
        uow.journal.write(caller.slack_user_id, Action.SURVEY_ANSWERED, survey.id, changed=not first)
        for reminder in (False, True):
            request = _request(survey, member, reminder=reminder)
            pings.update(uow, caller.slack_user_id, _key(survey, reminder=reminder), request)
        last_steps.refresh(ports, uow, member)


def _valid(questionnaire: Questionnaire, answers: Mapping[str, str], note: str) -> dict[str, str]:
    wrong = {one.id: "survey_choice" for one in questionnaire.questions if answers.get(one.id) not in one.options}
    if len(note) > LONGEST_NOTE:
        wrong["note"] = "note_long"
    if wrong:
        raise InvalidForm(wrong)
    return {one.id: answers[one.id] for one in questionnaire.questions}
