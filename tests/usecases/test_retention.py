"""The timetable run every day: nothing before its day, everything after it, whatever was missed or cut short."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from programme.content import Content
from programme.errors import NotAllowed
from programme.fake_payments import FakePayments
from programme.fakes import FakeClock
from programme.journal import Action
from programme.messages.groups import ProgrammeEnded
from programme.model.ending import EndKind
from programme.model.evidence import first_broken, is_hollow
from programme.model.ids import new_id
from programme.model.member import Member
from programme.model.people import Caller
from programme.model.session import Attendance, AttendanceState
from programme.rules.instants import at_local, day_in
from programme.rules.retention import TIMETABLE, Purpose, erase_on
from programme.usecases import agenda, delivery, enrolment, erasure, invoicing, refunds, retention, sessions
from programme.usecases.endings import end_contract
from programme.usecases.groups import members_of
from store.tables.base import metadata
from tests.builders import ADMIN, ordered, paid, ready_to_order
from tests.conftest import World, fresh_world, opened_world
from tests.usecases.tutoring import (
    AUTHOR,
    answered,
    asked,
    dropped,
    no_failure,
    pass_time,
    remark,
    reply,
    returned,
    running,
    slack_file,
    taken,
)

SECRET = "Mon secret de travail"
CV = b"%PDF-1.7 mon parcours"
WORK = ("documents", "document_versions", "remarks", "questions", "readings", "check_ins", "worksheet_drafts")
TABLES = {
    Purpose.WORK: WORK,
    Purpose.ATTENDANCE: ("attendance", "seats"),
    Purpose.CLAIMS: ("contract_ends", "refunds"),
    Purpose.ACCOUNTING: ("payments", "accounting_documents"),
}
OTHER_ADMIN = Caller("UADMIN2", ADMIN.roles)


def finished(world: World) -> date:
    """A group whose programme is over: works, a file, a question, a sheet, and the channel closed; on which day."""
    group = running(world)
    document = taken(world)
    for write in (remark, reply):
        write(world, document.id, SECRET)
    returned(world, document.id)
    answered(world, asked(world, SECRET).id)
    dropped(world, slack_file(world, "F1", content=CV))
    with world.store.uow() as uow:
        first = uow.sessions.of_group(group.id)[0]
        for one in members_of(uow, group.id):
            uow.sessions.add_attendance(
                Attendance(new_id("att"), first.id, one.id, AttendanceState.SIGNED, world.clock.now(), reason=SECRET)
            )
        sessions.finish_group(world.ports, uow, uow.groups.get(group.id))
    pass_time(world, days=14)
    return day_in(world.clock.now())


def ended(world: World, user: str, *, settled: bool) -> str:
    """Somebody whose contract ended early, refunded or still waiting for it; returns the id of the end."""
    order = paid(world, user)
    with world.store.uow() as uow:
        found = uow.orders.get(order.id)
        now = world.clock.now()
        made = end_contract(world.ports, uow, found, EndKind.OPERATOR_FAILURE, declared_at=now, actor="UADMIN1")
    if settled:
        settle(world, made.id)
    return made.id


def settle(world: World, end_id: str) -> None:
    """Two admins confirm the refund, and it arrives."""
    for admin in (ADMIN, OTHER_ADMIN):
        refunds.approve(world.ports, caller=admin, end_id=end_id)
    pass_time(world, minutes=10)


def member(world: World, user: str) -> Member:
    with world.store.reading() as uow:
        found = uow.members.by_slack(user)
    assert found is not None
    return found


def at(world: World, day: date) -> None:
    """Let it be noon in Paris on this day."""
    world.clock.instant = at_local(day, time(12), "Europe/Paris").astimezone(UTC)


def left_of(world: World, member_id: str) -> dict[str, int]:
    """How many rows are there of a person, by table."""
    with world.store.reading() as uow:
        told = uow.personal_data.everything(uow.members.get(member_id))
    return {name: len(rows) for name, rows in told.items()}


def everything(world: World) -> str:
    """Every cell of the database."""
    with world.store.reading() as uow:
        connection = uow.members._db.connection()
        rows = [row for table in metadata.sorted_tables for row in connection.execute(text(f"SELECT * FROM {table}"))]
    return "\n".join(str(row) for row in rows)


def test_work_stays_through_the_announced_day_and_leaves_the_next(world: World) -> None:
    over = finished(world)
    author = member(world, "UM1")
    [told] = world.workspace.said(ProgrammeEnded)
    assert told.work_until == over + timedelta(days=30)
    at(world, told.work_until)
    assert retention.run(world.ports).people == {}
    at(world, told.work_until + timedelta(days=1))
    assert retention.run(world.ports).people[author.id] == {Purpose.WORK, Purpose.PROSPECT}
    delivery.deliver_all(world.ports)
    left = left_of(world, author.id)
    assert [left[name] for name in WORK] == [0] * len(WORK)
    assert left["attendance"] == left["orders"] == 1
    kept = member(world, "UM1")
    assert (kept.employer, kept.availability, kept.full_name) == ("", (), author.full_name)
    assert SECRET not in everything(world)
    assert CV not in world.files.contents.values()
    assert retention.run(world.ports).people == {}


def test_the_announced_day_is_over_where_the_member_lives_too(world: World) -> None:
    over = finished(world)
    with world.store.uow() as uow:
        found = uow.members.by_slack("UM1")
        assert found is not None
        found.time_zone = "America/Martinique"
    world.clock.instant = at_local(over + timedelta(days=31), time(4, 30), "Europe/Paris").astimezone(UTC)
    assert day_in(world.clock.now(), "America/Martinique") == over + timedelta(days=30)
    assert member(world, "UM1").id not in retention.run(world.ports).people
    world.clock.move(hours=5)
    assert member(world, "UM1").id in retention.run(world.ports).people


def test_who_never_ordered_is_forgotten_after_three_years_of_silence(world: World) -> None:
    ready_to_order(world.ports, "ULEA")
    delivery.deliver_all(world.ports)
    lea, last = member(world, "ULEA"), day_in(world.clock.now())
    at(world, erase_on(Purpose.PROSPECT, last) - timedelta(days=1))
    assert retention.run(world.ports).people == {}
    at(world, erase_on(Purpose.PROSPECT, last))
    retention.run(world.ports)
    with world.store.reading() as uow:
        assert uow.members.by_slack("ULEA") is None
        chain = uow.enrolments.evidence()
    assert chain
    assert all(map(is_hollow, chain))
    assert first_broken(chain) is None
    assert left_of(world, lea.id)["email_proofs"] == 0
    assert retention.run(world.ports).counts == {}


def test_a_word_with_us_counts_as_a_contact(world: World) -> None:
    caller = ready_to_order(world.ports, "ULEA")
    world.clock.move(days=700)
    enrolment.see_tutorial(world.ports, caller=caller)
    with world.store.uow() as uow:
        uow.journal.write("ULEA", Action.TEXT_SENT, "txt")
    world.clock.move(days=700)
    assert retention.run(world.ports).people == {}
    world.clock.move(days=400)
    assert list(retention.run(world.ports).people.values()) == [{Purpose.PROSPECT, Purpose.CONTRACT}]


def test_an_open_refund_stops_all_of_it_until_it_is_settled(world: World) -> None:
    end_id = ended(world, "ULEA", settled=False)
    lea = member(world, "ULEA")
    world.clock.move(days=4000)
    assert retention.run(world.ports).people == {}
    settle(world, end_id)
    world.clock.move(days=1)
    done = retention.run(world.ports).people[lea.id]
    assert done == {Purpose.PROSPECT}  # the wishes; claims are kept for five more years, and keep the rest


def test_the_books_are_not_written_anew_once_they_have_gone(world: World) -> None:
    ended(world, "ULEA", settled=True)
    lea = member(world, "ULEA")
    world.clock.move(days=11 * 366 + 20)
    retention.run(world.ports)
    left = left_of(world, lea.id)
    assert (left["payments"], left["accounting_documents"], left["contract_ends"]) == (0, 0, 0)
    assert invoicing.issue_missing(world.ports) in {0, None}
    assert left_of(world, lea.id)["accounting_documents"] == 0
    text_left = everything(world)
    assert "Marchand" not in text_left
    assert "lea@exemple.fr" not in text_left
    assert "ULEA" not in text_left
    with world.store.reading() as uow:
        assert first_broken(uow.enrolments.evidence()) is None


@pytest.mark.parametrize("missed", [1, 3, 45])
def test_a_run_that_was_missed_does_the_same_once_and_tells_counts_alone(world: World, missed: int) -> None:
    over = finished(world)
    agenda.ensure_recurring(world.ports)
    at(world, over + timedelta(days=30 + missed))
    agenda.run_due(world.ports, no_failure)
    assert left_of(world, member(world, "UM1").id)["documents"] == 0
    with world.store.reading() as uow:
        [line] = uow.journal.of((over + timedelta(days=30 + missed)).isoformat())
    assert line.action is Action.RETENTION_RUN
    assert line.data == {"prospect": 4, "work": 4}
    agenda.run_due(world.ports, no_failure)
    with world.store.reading() as uow:
        assert len(uow.journal.of((over + timedelta(days=30 + missed)).isoformat())) == 1


def test_it_runs_every_night_and_never_in_the_hour_that_changes(world: World) -> None:
    agenda.ensure_recurring(world.ports)
    hours = set()
    for _ in range(370):
        with world.store.reading() as uow:
            [row] = [one for one in uow.agenda.due(datetime.max.replace(tzinfo=UTC), 99) if one.kind == "retention"]
        world.clock.instant = row.due_at
        hours.add(row.due_at.astimezone(ZoneInfo("Europe/Paris")).hour)
        with world.store.uow() as uow:
            uow.agenda.get(row.id).done_at = world.clock.now()
            retention.schedule_next(uow, world.clock.now())
    assert hours == {4}
    assert day_in(world.clock.now()) == date(2026, 11, 23) + timedelta(days=370)


def test_a_crash_in_between_loses_nothing_and_erases_nothing_twice(world: World) -> None:
    over = finished(world)
    at(world, over + timedelta(days=31))
    before = everything(world)

    def cut_short() -> None:
        with world.store.uow() as uow:
            retention.run_daily(world.ports, uow, "")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_short()
    assert everything(world) == before
    assert len(retention.run(world.ports).people) == 4
    assert retention.run(world.ports).counts == {}


def test_a_preview_changes_nothing_and_is_for_admins(world: World) -> None:
    over = finished(world)
    at(world, over + timedelta(days=31))
    before = everything(world)
    plan = retention.preview_for(world.ports, caller=ADMIN)
    assert everything(world) == before
    assert plan.lines[Purpose.WORK].due == 4
    assert plan.lines[Purpose.GROUP_CHAT].next_on == over + timedelta(days=91)
    assert plan.lines[Purpose.ATTENDANCE].next_on == erase_on(Purpose.ATTENDANCE, over)
    with pytest.raises(NotAllowed):
        retention.preview_for(world.ports, caller=AUTHOR)


def test_a_request_and_the_timetable_name_the_same_days(world: World) -> None:
    ended(world, "ULEA", settled=True)
    lea = member(world, "ULEA")
    words = {TIMETABLE[purpose].what: tables for purpose, tables in TABLES.items()}
    stays = [(one.until, one.what) for one in erasure.preview(world.ports, caller=Caller("ULEA")).stays if one.until]
    assert {what for _, what in stays} == {
        TIMETABLE[purpose].what for purpose in (Purpose.CLAIMS, Purpose.ACCOUNTING, Purpose.CONTRACT)
    }
    for until in sorted({day for day, _ in stays}):
        tables = [table for day, what in stays if day == until for table in words.get(what, ())]
        at(world, until)
        retention.run(world.ports)
        assert all(left_of(world, lea.id)[table] for table in tables)
        assert member(world, "ULEA").full_name == lea.full_name
        at(world, until + timedelta(days=1))
        retention.run(world.ports)
        assert not any(left_of(world, lea.id)[table] for table in tables)
    assert left_of(world, lea.id)["members"] == 1
    with world.store.reading() as uow:
        assert uow.members.get(lea.id).full_name == ""


def test_logs_go_after_a_year_but_not_the_last_contact(world: World) -> None:
    paid(world, "ULEA")
    with world.store.uow() as uow:
        uow.inbox.claim("slack", "Ev1")
    now = world.clock.now()
    at(world, erase_on(Purpose.LOGS, day_in(now)) - timedelta(days=1))
    assert retention.run(world.ports).counts == {}
    at(world, erase_on(Purpose.LOGS, day_in(now)))
    assert retention.run(world.ports).counts["logs"] > 10
    with world.store.uow() as uow:
        uow.inbox.claim("slack", "Ev1")  # it is not remembered any more
        told = uow.personal_data.everything(uow.members.by_slack("ULEA") or pytest.fail("gone"))
    assert told["journal"]
    assert {row["at"] for row in told["journal"]} == {max(row["at"] for row in told["journal"])}


@dataclass(frozen=True)
class Crowd:
    """A database with people in every state, and the day on which each of their purposes must go."""

    database: Path
    now: datetime
    days: dict[tuple[str, Purpose], date]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, content: Content) -> Crowd:
    folder = tmp_path_factory.mktemp("crowd")
    with fresh_world(folder, empty_database, content) as world:
        ready_to_order(world.ports, "UPROSPECT")
        ordered(world, "UUNPAID")
        ended(world, "UREFUNDED", settled=True)
        ended(world, "UHELD", settled=False)
        start = day_in(world.clock.now())
        over = finished(world)
        paid(world, "URUNNING")
        delivery.deliver_all(world.ports)
        ids = {user: member(world, user).id for user in ("UM1", "UPROSPECT", "UREFUNDED", "UHELD", "URUNNING")}
        days = {
            (ids["UM1"], Purpose.WORK): erase_on(Purpose.WORK, over),
            (ids["UM1"], Purpose.ATTENDANCE): erase_on(Purpose.ATTENDANCE, over),
            (ids["UM1"], Purpose.ACCOUNTING): erase_on(Purpose.ACCOUNTING, over),
            (ids["UREFUNDED"], Purpose.CLAIMS): erase_on(Purpose.CLAIMS, start),
            (ids["UREFUNDED"], Purpose.ACCOUNTING): erase_on(Purpose.ACCOUNTING, start),
        }
        for user in ("UHELD", "URUNNING"):
            days |= {(ids[user], purpose): date.max for purpose in (Purpose.CLAIMS, Purpose.ACCOUNTING)}
        now = world.clock.now()
    return Crowd(folder / "bilan.sqlite3", now, days)


@contextmanager
def copied(crowd: Crowd, folder: Path, content: Content) -> Iterator[World]:
    shutil.copy(crowd.database, folder / "copy.sqlite3")
    clock = FakeClock(crowd.now)
    with opened_world(folder / "copy.sqlite3", content, clock, FakePayments(clock)) as world:
        yield world


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jumps=st.lists(st.integers(1, 1500), min_size=1, max_size=5))
def test_nothing_is_erased_before_its_day_and_everything_after_it(
    jumps: list[int], crowd: Crowd, tmp_path_factory: pytest.TempPathFactory, content: Content
) -> None:
    with copied(crowd, tmp_path_factory.mktemp("copy"), content) as world:
        whole = {member_id: left_of(world, member_id) for member_id, _ in crowd.days}
        for jump in jumps:
            world.clock.move(days=jump)
            retention.run(world.ports)
            today = day_in(world.clock.now())
            for (member_id, purpose), day in crowd.days.items():
                left = left_of(world, member_id)
                for table in TABLES[purpose]:
                    assert left[table] == (whole[member_id][table] if today < day else 0), (table, today, day)
            with world.store.reading() as uow:
                assert first_broken(uow.enrolments.evidence()) is None
