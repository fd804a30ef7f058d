"""Surveys: optional, reminded once, changeable until a date; seen as sums; never asked of who has left."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.messages.nudges import Digest
from programme.messages.personal_data import DataExportReady
from programme.messages.surveys import SurveyRequest
from programme.model.agenda import DeadlineKind
from programme.model.enrolment import EnrolmentStatus
from programme.model.group import GroupState
from programme.model.nudge import Topic
from programme.model.people import Caller
from programme.model.survey import Survey
from programme.rules.surveys import Wave
from programme.usecases import data_export, delivery, erasure, home, quiet_wishes, retention, survey_results, surveys
from tests.conftest import World
from tests.usecases.finished import EVERYBODY, enrolment_of, finished, member_of, steps_read
from tests.usecases.running import LEA, MAX, NOE, ZOE, until
from tests.usecases.tutoring import read_by
from tests.usecases.waiting_room import ADMIN, OTHER_ADMIN, group

DAY = timedelta(days=1)
END_ANSWERS = {
    "utilite": "tout_a_fait",
    "projet": "un_peu",
    "groupe": "beaucoup",
    "accompagnement": "sans_avis",
    "conseil": "oui",
}
LATER_ANSWERS = {"projet": "avance", "situation": "formation", "utilite": "plutot"}


def asked(world: World, caller: Caller, wave: Wave = Wave.END) -> Survey:
    found = asked_or_none(world, caller, wave)
    assert found is not None
    return found


def asked_or_none(world: World, caller: Caller, wave: Wave) -> Survey | None:
    with world.store.reading() as uow:
        return uow.surveys.asked(enrolment_of(world.ports, caller).id, wave)


def answer(world: World, caller: Caller, wave: Wave = Wave.END, note: str = "", **changes: str) -> None:
    answers = (END_ANSWERS if wave is Wave.END else LATER_ANSWERS) | changes
    surveys.answer(world.ports, caller=caller, survey_id=asked(world, caller, wave).id, answers=answers, note=note)
    delivery.deliver_all(world.ports)


def go(world: World, instant: datetime) -> None:
    until(world, instant)
    delivery.deliver_all(world.ports)


def requests(world: World, caller: Caller) -> list[SurveyRequest]:
    """What this person has been asked in their direct messages, alone or with other words of the day, as it stands."""
    channel = "D" + caller.slack_user_id[1:]
    parts = [part for one in read_by(world, channel, Digest) for part in one.parts]
    return [*read_by(world, channel, SurveyRequest), *(one for one in parts if isinstance(one, SurveyRequest))]


def test_six_months_of_somebody_who_never_answers_and_of_somebody_who_does(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    answer(world, LEA)
    go(world, found.finished_at + 200 * DAY)

    assert [(one.wave, one.reminder) for one in requests(world, MAX)] == [
        ("end", True),
        ("month_3", False),
        ("month_3", True),
        ("month_6", False),
        ("month_6", True),
    ]
    answered = [(one.wave, one.reminder) for one in requests(world, LEA)]
    assert answered == [("month_3", False), ("month_3", True), ("month_6", False), ("month_6", True)]
    later = [post for post in world.workspace.posts if post.channel == "DM2" and post.message.kind == "survey_request"]
    assert len(later) == 5
    zone = ZoneInfo(member_of(world.ports, MAX).time_zone)
    for months, wave in ((3, Wave.MONTH_3), (6, Wave.MONTH_6)):
        local = asked(world, MAX, wave).asked_at.astimezone(zone)
        finished_at = found.finished_at.astimezone(zone)
        assert (local.year * 12 + local.month) - (finished_at.year * 12 + finished_at.month) == months
        assert local.hour == 12
    go(world, found.finished_at + 400 * DAY)
    assert len(requests(world, MAX)) == 5


def test_an_answer_stops_the_reminder_and_may_be_changed_until_the_last_day(world: World) -> None:
    finished(world)
    answer(world, LEA, note="Merci au groupe.")
    assert steps_read(world, LEA).survey_answered
    assert not steps_read(world, MAX).survey_answered
    answer(world, LEA, conseil="peut_etre")
    mine = surveys.own(world.ports, caller=LEA, survey_id=asked(world, LEA).id)
    assert (mine.answers["conseil"], mine.note) == ("peut_etre", "")
    go(world, asked(world, LEA).open_until)
    answer(world, LEA, conseil="oui")
    go(world, asked(world, LEA).open_until + timedelta(minutes=1))
    for act in (lambda: answer(world, LEA), lambda: answer(world, MAX)):
        with pytest.raises(Refusal, match="survey_closed"):
            act()
    assert asked(world, LEA).answers["conseil"] == "oui"
    assert requests(world, LEA) == []
    shown = home.compose(world.ports, LEA.slack_user_id).last_steps
    assert shown is not None
    assert (shown.survey_until, shown.survey_answered) == (None, True)


def test_a_deadline_that_comes_again_asks_and_reminds_once(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    go(world, found.finished_at + 110 * DAY)
    before = len(requests(world, MAX))
    with world.ports.uow() as uow:
        for kind, subject in (
            (DeadlineKind.SURVEY, f"{enrolment_of(world.ports, MAX).id}:month_3"),
            (DeadlineKind.SURVEY_REMINDER, asked(world, MAX, Wave.MONTH_3).id),
            (DeadlineKind.SURVEY_REMINDER, "srv_erased"),
        ):
            uow.agenda.reopen(kind, subject, world.clock.now())
    go(world, world.clock.now() + 2 * DAY)
    assert len(requests(world, MAX)) == before


def test_the_same_answers_again_change_nothing(world: World) -> None:
    finished(world)
    answer(world, LEA)
    before = asked(world, LEA)
    with world.store.reading() as uow:
        lines = len(uow.journal.of(before.id))
    answer(world, LEA)
    with world.store.reading() as uow:
        assert len(uow.journal.of(before.id)) == lines == 1


def test_answering_after_the_request_closes_it_and_its_reminder(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    go(world, found.finished_at + 105 * DAY)
    assert [one.answered for one in requests(world, LEA)] == [False, False, False]
    answer(world, LEA, Wave.MONTH_3)
    assert [(one.wave, one.answered) for one in requests(world, LEA)] == [
        ("end", False),
        ("month_3", True),
        ("month_3", True),
    ]


def test_a_form_that_is_not_filled_in_says_where(world: World) -> None:
    finished(world)
    with pytest.raises(InvalidForm) as wrong:
        surveys.answer(
            world.ports,
            caller=LEA,
            survey_id=asked(world, LEA).id,
            answers=END_ANSWERS | {"groupe": "", "conseil": "jamais"},
            note="x" * 501,
        )
    assert wrong.value.fields == {"groupe": "survey_choice", "conseil": "survey_choice", "note": "note_long"}
    assert asked(world, LEA).answered_at is None


def test_a_survey_belongs_to_one_person(world: World) -> None:
    finished(world)
    for other in (MAX, ADMIN):
        with pytest.raises(NotAllowed):
            surveys.own(world.ports, caller=other, survey_id=asked(world, LEA).id)
        with pytest.raises(NotAllowed):
            surveys.answer(world.ports, caller=other, survey_id=asked(world, LEA).id, answers=END_ANSWERS)
    with pytest.raises(Refusal, match="survey_closed"):
        surveys.own(world.ports, caller=LEA, survey_id="srv_unknown")


@pytest.mark.parametrize("how", ["ended", "erased", "asked to be erased", "inactive"])
def test_nothing_is_asked_of_who_is_not_there_any_more(world: World, how: str) -> None:
    found = finished(world)
    assert found.finished_at is not None
    go(world, found.finished_at + 20 * DAY)
    assert group(world.ports).state is GroupState.ARCHIVED
    before = len(requests(world, ZOE))
    match how:
        case "ended":
            with world.ports.uow() as uow:
                uow.enrolments.get(enrolment_of(world.ports, ZOE).id).status = EnrolmentStatus.TERMINATED
        case "inactive":
            with world.ports.uow() as uow:
                uow.members.get(member_of(world.ports, ZOE).id).active = False
        case "erased":
            erasure.ask(world.ports, caller=ZOE)
        case _:
            with world.store.reading() as uow:
                instant = next(
                    row.due_at for row in uow.agenda.due(found.finished_at + 100 * DAY) if row.kind.value == "survey"
                )
            go(world, instant - timedelta(hours=1))
            erasure.ask(world.ports, caller=ZOE)
    go(world, found.finished_at + 100 * DAY)
    assert asked_or_none(world, ZOE, Wave.MONTH_3) is None
    assert len(requests(world, ZOE)) == before
    assert asked_or_none(world, LEA, Wave.MONTH_3) is not None
    go(world, found.finished_at + 210 * DAY)


def test_an_account_that_closes_gets_no_reminder(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    with world.ports.uow() as uow:
        uow.members.get(member_of(world.ports, ZOE).id).active = False
    go(world, found.finished_at + 10 * DAY)
    assert requests(world, ZOE) == []
    assert len(requests(world, LEA)) == 1


def test_admins_see_sums_from_three_answers_on_and_lines_without_names(world: World) -> None:
    finished(world)
    answer(world, LEA, note="Le groupe")
    answer(world, MAX, note="=Les guides")
    (end, *_) = survey_results.results(world.ports, caller=ADMIN)
    assert (end.tally.asked, end.tally.answered, end.tally.counts, end.tally.notes) == (4, 2, {}, ())
    assert len(csv_of(world)) == 0
    answer(world, NOE, note="", conseil="non")
    for admin in (ADMIN, OTHER_ADMIN):
        (end, third, sixth) = survey_results.results(world.ports, caller=admin)
    assert end.tally.counts["conseil"] == {"oui": 2, "non": 1}
    assert end.tally.notes == ("=Les guides", "Le groupe")
    assert (third.tally.asked, sixth.tally.asked) == (0, 0)
    rows = csv_of(world)
    assert {"enquete": "à la fin", "reponse": "Non", "nombre": "1"}.items() <= rows[-3].items()
    assert [row["reponse"] for row in rows[-2:]] == ["'=Les guides", "Le groupe"]
    for caller in EVERYBODY:
        member = member_of(world.ports, caller)
        assert not any(word in str(rows) for word in (member.id, caller.slack_user_id, member.last_name))
    for other in (LEA, Caller("UTUTOR1")):
        with pytest.raises(NotAllowed):
            survey_results.results(world.ports, caller=other)


def test_the_timetable_leaves_the_surveys_and_the_wishes_for_a_year(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    for caller in EVERYBODY[:3]:
        answer(world, caller)
    quiet_wishes.stop(world.ports, caller=ZOE, topic=Topic.SURVEY)
    quiet_wishes.choose(world.ports, caller=MAX, hour=9, wanted=[topic.value for topic in Topic], snoozed=False)
    for days in range(50, 360, 2):
        go(world, found.finished_at + days * DAY)
        retention.run(world.ports)
    assert [one.wave for one in requests(world, ZOE)] == []
    assert {one.wave for one in requests(world, MAX)} == {"month_3", "month_6"}
    assert survey_results.results(world.ports, caller=ADMIN)[0].tally.answered == 3
    go(world, found.finished_at + 400 * DAY)
    retention.run(world.ports)
    assert [one.tally.asked for one in survey_results.results(world.ports, caller=ADMIN)] == [0, 0, 0]


def csv_of(world: World) -> list[dict[str, str]]:
    text = survey_results.export(world.ports).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_answers_are_in_the_copy_of_ones_data_and_go_with_its_erasure(world: World) -> None:
    found = finished(world)
    assert found.finished_at is not None
    for caller in EVERYBODY:
        answer(world, caller, note=f"Un mot de {caller.slack_user_id}")
    data_export.ask(world.ports, caller=ZOE)
    delivery.deliver_all(world.ports)
    secret = world.workspace.said(DataExportReady)[-1].url.rpartition("/")[2].removesuffix(".zip")
    with zipfile.ZipFile(io.BytesIO(data_export.fetch(world.ports, secret) or b"")) as archive:
        table = archive.read("tableaux/surveys.csv").decode()
    assert "Un mot de UM4" in table
    assert "UM1" not in table
    go(world, found.finished_at + 15 * DAY)
    erasure.ask(world.ports, caller=ZOE)
    go(world, found.finished_at + 20 * DAY)
    (end, *_) = survey_results.results(world.ports, caller=ADMIN)
    assert end.tally.answered == 3
    assert "Un mot de UM4" not in end.tally.notes
