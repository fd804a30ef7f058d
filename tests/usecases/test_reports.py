"""The Monday report: its hour, its figures, its picture, its risks and the button that mends each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.messages.reports import GroupWeek, RiskLine, WeeklyReport
from programme.model.people import Caller, Role
from programme.rules.risks import RiskKind
from programme.usecases import agenda, anchors, checkins, consent, delivery, reports, rescue, risk_words
from programme.usecases.risk_words import RiskAt
from tests.builders import paid
from tests.conftest import World
from tests.usecases.running import LEA, MAX, NOE, ZOE, hold, running, session, until
from tests.usecases.tutoring import no_failure
from tests.usecases.waiting_room import ADMIN, group, messages, rows, voting

PARIS = ZoneInfo("Europe/Paris")
TUTOR = Caller("UTUTOR1", frozenset({Role.TUTOR}))
EVERYBODY = (LEA, MAX, NOE, ZOE)
TEXT = "Bonjour Léa, comment allez-vous ?"


@pytest.fixture
def begun(world):
    """A group that is running, and the report set to recur."""
    agenda.ensure_recurring(world.ports)
    running(world.ports)
    return world


def next_monday(world: Any) -> datetime:
    """Go to the report of the next Monday."""
    with world.store.reading() as uow:
        due = uow.agenda.next_due()
    seen = len(messages(world, "weekly_report"))
    while len(messages(world, "weekly_report")) == seen:
        until(world, due)
        with world.store.reading() as uow:
            due = uow.agenda.next_due()
    return world.clock.now()


def page(world: Any) -> Any:
    return messages(world, "group_week_page")[-1].group


def risks(world: Any) -> list[tuple[str, str, int]]:
    return [(risk.kind, risk.member_user, risk.count) for risk in page(world).risks]


def at(world: Any, kind: RiskKind, user: str = "UM1") -> RiskAt:
    week = messages(world, "group_week_page")[-1].week
    return RiskAt(week, group(world.ports).id, kind, user)


def test_every_monday_at_8_in_paris_whatever_the_clocks(world) -> None:
    world.clock.instant = datetime(2027, 3, 20, 12, tzinfo=UTC)
    agenda.ensure_recurring(world.ports)
    hours = [next_monday(world).astimezone(PARIS) for _ in range(3)]
    assert [(one.weekday(), one.hour, one.minute) for one in hours] == [(0, 8, 0)] * 3
    assert [message.week for message in messages(world, "weekly_report")] == ["2027-W12", "2027-W13", "2027-W14"]


def test_the_figures_of_a_group(begun) -> None:
    hold(begun, 1, LEA, MAX, NOE)
    until(begun, session(begun.ports, 1).starts_at + timedelta(days=2))
    own = checkins.own_check_in(begun.ports, caller=LEA)
    checkins.answer(begun.ports, caller=LEA, check_in_id=own.check_in_id, progress=4, work_done="yes", obstacle="none")
    next_monday(begun)
    seen = page(begun)
    assert (seen.held, seen.planned, seen.present, seen.expected) == (1, 16, 3, 4)
    assert (seen.check_ins_answered, seen.check_ins_asked) == (1, 4)
    assert seen.stage == "running"
    assert seen.slack_weeks >= 2
    report = messages(begun, "weekly_report")[-1]
    assert report.groups == (seen,)
    assert {(row.effect["message"]["kind"], row.effect["to"]) for row in rows(begun, "report:")} == {
        ("weekly_report", "admins"),
        ("group_week_page", "tutors"),
    }


def test_the_report_is_made_once_and_a_late_one_tells_the_present_week(begun) -> None:
    begun.clock.instant = datetime(2026, 12, 9, 12, tzinfo=UTC)
    with begun.store.uow() as uow:
        reports.weekly_report(begun.ports, uow, "2026-W48")
        reports.weekly_report(begun.ports, uow, "2026-W49")
    assert [message.week for message in messages(begun, "weekly_report")] == ["2026-W50"]


def test_the_picture_stands_once_in_the_thread_of_the_report_with_its_words(begun) -> None:
    hold(begun, 1, *EVERYBODY)
    next_monday(begun)
    delivery.deliver_all(begun.ports)
    begun.clock.move(hours=1)
    delivery.deliver_all(begun.ports)
    told = [post for post in begun.workspace.posts if post.message.kind == "weekly_report"]
    charts = [one for one in begun.workspace.pictures if "Semaine" in one[2]]
    assert [(channel, thread) for channel, thread, _ in charts] == [("CADMIN", post.ts) for post in told]
    drawn, alt = begun.ports.pictures.charts[-1], charts[-1][2]
    assert drawn[2:] == (("Séances tenues", "Présence", "Points d’étape remplis"), ((6, 100, 0),))
    assert "présence 100" in alt


def test_nothing_is_drawn_without_a_group(world) -> None:
    agenda.ensure_recurring(world.ports)
    next_monday(world)
    assert messages(world, "weekly_report")[-1].groups == ()
    assert not rows(world, "chart:")


def test_two_absences_in_a_row(begun) -> None:
    hold(begun, 1, MAX, NOE, ZOE)
    next_monday(begun)
    assert "absences" not in {kind for kind, *_ in risks(begun)}
    hold(begun, 2, MAX, NOE, ZOE)
    next_monday(begun)
    assert ("absences", "UM1", 2) in risks(begun)


def test_fourteen_days_of_silence_counted_from_the_first_session(begun) -> None:
    next_monday(begun)
    assert not [risk for risk in risks(begun) if risk[0] == "silence"]
    hold(begun, 1, MAX, NOE, ZOE)
    hold(begun, 2, MAX, NOE, ZOE)
    next_monday(begun)
    first = session(begun.ports, 1).day
    days = (begun.clock.now().astimezone(PARIS).date() - first).days
    silent = [risk for risk in risks(begun) if risk[0] == "silence"]
    assert silent == ([("silence", "UM1", days)] if days >= 14 else [])
    next_monday(begun)
    assert ("silence", "UM1", days + 7) in risks(begun)


def test_a_document_is_missed_a_week_after_its_session(begun) -> None:
    hold(begun, 1, *EVERYBODY)
    next_monday(begun)
    assert not [risk for risk in risks(begun) if risk[0] == "missing_document"]
    next_monday(begun)
    missing = {user: count for kind, user, count in risks(begun) if kind == "missing_document"}
    expected = begun.ports.content.guides.number(1).documents
    shared = [key for key in expected if not begun.ports.content.worksheets.key(key).owner_only]
    assert missing == {f"UM{number}": len(shared) for number in range(1, 5)}


def test_mood_that_falls_three_times(begun) -> None:
    for number, mood in ((1, 5), (2, 4), (3, 2)):
        hold(begun, number, *EVERYBODY)
        until(begun, session(begun.ports, number).starts_at + timedelta(days=2))
        own = checkins.own_check_in(begun.ports, caller=LEA).check_in_id
        checkins.answer(begun.ports, caller=LEA, check_in_id=own, progress=mood, work_done="yes", obstacle="none")
    next_monday(begun)
    assert ("falling_mood", "UM1", 3) in risks(begun)


def test_fewer_than_two_weeks_of_slack(begun) -> None:
    until(begun, session(begun.ports, 3).starts_at + timedelta(days=30))
    next_monday(begun)
    kind, user, slack = risks(begun)[0]
    assert (kind, user) == ("low_slack", "")
    assert slack < 2


def test_a_group_that_has_not_begun_has_no_risks(world) -> None:
    agenda.ensure_recurring(world.ports)
    voting(world.ports)
    next_monday(world)
    assert (page(world).stage, page(world).risks) == ("gated", ())


def test_a_paused_group_has_no_risks(begun) -> None:
    hold(begun, 1, *EVERYBODY)
    asked = rescue.propose_pause(begun.ports, caller=ADMIN, group_id=group(begun.ports).id, weeks=4)
    for caller in EVERYBODY:
        consent.answer(begun.ports, caller=caller, rescue_id=asked.id, agree=True)
    next_monday(begun)
    next_monday(begun)
    assert (page(begun).stage, page(begun).risks) == ("paused", ())


def test_many_risks_are_shared_out_among_posts_that_slack_takes() -> None:
    risky = tuple(RiskLine(kind="silence", member_user=f"U{n}", count=20) for n in range(17))
    week = GroupWeek(
        group_id="grp_1",
        label="groupe 1",
        stage="running",
        held=0,
        planned=16,
        present=0,
        expected=0,
        documents={},
        check_ins_answered=0,
        check_ins_asked=0,
        weeks_left=3,
        slack_weeks=3,
        risks=risky,
    )
    posts = reports._in_posts([week] * 7)
    assert [len(post) for post in posts] == [2, 2, 2, 1]
    assert reports._in_posts([]) == [[]]


@pytest.mark.parametrize("caller", [TUTOR, ADMIN])
def test_a_word_about_a_person_reaches_that_person_alone(begun, caller) -> None:
    next_monday(begun)
    risk = at(begun, RiskKind.SILENCE)
    assert risk_words.addressee(begun.ports, caller=caller, risk=risk) == group(begun.ports).label
    risk_words.send(begun.ports, caller=caller, risk=risk, text=f"  {TEXT} ")
    (word,) = messages(begun, "risk_word")
    assert (word.from_user, word.text) == (caller.slack_user_id, TEXT)
    told = [row.effect["to"] for row in rows(begun) if TEXT in str(row.effect)]
    assert told == ["user:UM1"]
    (noted,) = messages(begun, "risk_handled")
    assert (noted.by_user, noted.member_user) == (caller.slack_user_id, "UM1")
    with begun.store.reading() as uow:
        assert TEXT not in str([entry.data for entry in uow.journal.of(risk.group_id)])


def test_the_trace_stands_in_the_thread_of_the_groups_page(begun) -> None:
    next_monday(begun)
    risk_words.send(begun.ports, caller=ADMIN, risk=at(begun, RiskKind.SILENCE), text=TEXT)
    delivery.deliver_all(begun.ports)
    board = next(post for post in begun.workspace.posts if post.message.kind == "group_week_page")
    trace = next(post for post in begun.workspace.posts if post.message.kind == "risk_handled")
    assert (trace.channel, trace.thread_ts) == ("CTUTOR", board.ts)


def test_a_word_about_the_slack_goes_to_the_group(begun) -> None:
    next_monday(begun)
    risk_words.send(begun.ports, caller=TUTOR, risk=at(begun, RiskKind.LOW_SLACK, ""), text=TEXT)
    told = [row.effect["to"] for row in rows(begun) if TEXT in str(row.effect)]
    assert told == [f"group:{group(begun.ports).id}"]


def test_two_people_do_not_write_about_the_same_risk_in_one_week(begun) -> None:
    next_monday(begun)
    risk_words.send(begun.ports, caller=TUTOR, risk=at(begun, RiskKind.SILENCE), text=TEXT)
    for act in (risk_words.addressee, lambda ports, **who: risk_words.send(ports, text=TEXT, **who)):
        with pytest.raises(Refusal, match="risk_handled"):
            act(begun.ports, caller=ADMIN, risk=at(begun, RiskKind.SILENCE))
    risk_words.send(begun.ports, caller=ADMIN, risk=at(begun, RiskKind.ABSENCES), text=TEXT)
    next_monday(begun)
    risk_words.send(begun.ports, caller=ADMIN, risk=at(begun, RiskKind.SILENCE), text=TEXT)
    assert len(messages(begun, "risk_word")) == 3


def test_members_cannot_write_through_it_and_nothing_goes_to_who_is_not_in_the_group(begun) -> None:
    next_monday(begun)
    with pytest.raises(NotAllowed):
        risk_words.send(begun.ports, caller=LEA, risk=at(begun, RiskKind.SILENCE, "UM2"), text=TEXT)
    with pytest.raises(Refusal, match="risk_past"):
        risk_words.send(begun.ports, caller=TUTOR, risk=at(begun, RiskKind.SILENCE, "UELSE"), text=TEXT)
    for text, sentence in (("  ", "word_missing"), ("x" * 501, "word_long")):
        with pytest.raises(InvalidForm) as refused:
            risk_words.send(begun.ports, caller=TUTOR, risk=at(begun, RiskKind.SILENCE), text=text)
        assert refused.value.fields == {"word": sentence}
    assert not messages(begun, "risk_word")


def test_the_first_post_of_the_report_carries_the_head_of_the_evidence(world: World) -> None:
    paid(world, "ULEA")
    agenda.ensure_recurring(world.ports)
    world.clock.move(days=7)
    agenda.run_due(world.ports, no_failure)
    delivery.deliver_all(world.ports)
    [report] = world.workspace.said(WeeklyReport, "CADMIN")
    with world.store.reading() as uow:
        assert report.evidence == anchors.head_of(uow)
    assert report.evidence is not None
