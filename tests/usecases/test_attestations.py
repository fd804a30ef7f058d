"""The attestation of participation: what the closed sheets say, no more; frozen, and issued anew when they change."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.gateways.pdf import TypstDocuments
from programme.errors import NotFound, Refusal
from programme.journal import Action
from programme.messages.personal_data import DataExportReady
from programme.model.ending import EndKind
from programme.model.evidence import first_broken
from programme.model.group import GroupState, SeatState
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.model.session import Attendance, AttendanceState, GroupSession, SessionState
from programme.usecases import (
    attendance,
    attestations,
    data_export,
    delivery,
    erasure,
    home,
    papers,
    retention,
    termination,
)
from tests.conftest import World
from tests.content.test_pdf import words
from tests.usecases.finished import (
    EVERYBODY,
    attestations_of,
    enrolment_of,
    finished,
    member_of,
    people,
    steps_read,
    wrote,
)
from tests.usecases.running import LEA, MAX, NOE, ZOE, hold, running, session, sign, until
from tests.usecases.waiting_room import ADMIN, enrol, group

DAY = timedelta(days=1)


def mails(world: World, caller: Caller) -> list[dict[str, Any]]:
    """The attestations that reached this person's mailbox."""
    delivery.deliver_all(world.ports)
    to = member_of(world.ports, caller).email
    return [mail for mail in world.mailer.sent if mail["template"] == "attestation" and mail["to"] == to]


def later(world: World, hours: float = 2) -> None:
    until(world, world.clock.now() + timedelta(hours=hours))
    delivery.deliver_all(world.ports)


def test_each_member_gets_the_sessions_they_signed_with_the_minutes_of_their_sheets(world: World) -> None:
    finished(world, missing={4: (ZOE,), 9: (ZOE,)})

    (full,), (less,) = (attestations_of(world.ports, caller) for caller in (LEA, ZOE))
    assert (full.sessions, full.minutes) == (16, 16 * 120)
    assert (less.sessions, less.minutes) == (14, 14 * 120)
    assert [one["number"] for one in less.content["sessions"]] == [n for n in range(1, 17) if n not in (4, 9)]
    assert less.content["first_day"] == session(world.ports, 1).day.isoformat()
    assert less.content["letterhead"]["name"] == world.ports.content.trader.name
    (mail,) = mails(world, ZOE)
    assert mail["attachments"] == [(f"attestation-{less.reference}.pdf", world.files.read(less.sha256))]
    assert hashlib.sha256(world.files.read(less.sha256)).hexdigest() == less.sha256
    assert steps_read(world, ZOE).attestation == less.reference
    with world.store.reading() as uow:
        (link,) = [one for one in uow.enrolments.evidence(less.enrolment_id) if one.kind == "attestation_issued"]
        assert link.facts["sha256"] == less.sha256
        assert first_broken(uow.enrolments.evidence()) is None


def test_a_session_has_the_length_that_its_own_sheet_says(world: World) -> None:
    running(world.ports, *people())
    with world.ports.uow() as uow:
        for one in uow.sessions.of_group(group(world.ports).id)[8:]:
            one.minutes = 90
    wrote(world, dict.fromkeys(range(1, 16), EVERYBODY))
    hold(world, 16, *EVERYBODY)
    (issued,) = attestations_of(world.ports, LEA)
    assert issued.minutes == 8 * 120 + 8 * 90


def test_a_session_that_was_not_held_counts_for_nobody_who_signed_it(world: World) -> None:
    finished(world, missing={6: (LEA, MAX)})
    for caller, sessions in ((LEA, 15), (NOE, 15)):
        assert [one.sessions for one in attestations_of(world.ports, caller)] == [sessions]


def test_who_joined_a_group_that_had_begun_is_led_to_the_end_too(world: World) -> None:
    running(world.ports, *people())
    wrote(world, dict.fromkeys(range(1, 10), (LEA, MAX, NOE)))
    with world.ports.uow() as uow:
        member = uow.members.by_slack("UM4")
        uow.enrolments.current(member.id).opened_at = world.clock.now()
    wrote(world, dict.fromkeys(range(10, 16), EVERYBODY))
    hold(world, 16, *EVERYBODY)
    (issued,) = attestations_of(world.ports, ZOE)
    assert [one["number"] for one in issued.content["sessions"]] == list(range(10, 17))
    assert steps_read(world, ZOE).attestation == issued.reference


def test_looking_again_at_the_same_sheets_issues_and_sends_nothing(world: World) -> None:
    finished(world)
    with world.ports.uow() as uow:
        attestations.look_again(uow, [member_of(world.ports, one).id for one in EVERYBODY], world.clock.now())
    later(world)
    assert [len(attestations_of(world.ports, one)) for one in EVERYBODY] == [1, 1, 1, 1]
    assert len(mails(world, LEA)) == 1


def test_late_signatures_issue_one_new_attestation_and_the_old_one_stays_as_it_was(world: World) -> None:
    finished(world, missing={15: (ZOE,), 16: (ZOE,)})
    before = attestations_of(world.ports, ZOE)
    sign(world.ports, 16, ZOE)
    sign(world.ports, 15, ZOE)
    assert attestations_of(world.ports, ZOE) == before
    later(world)

    old, new = attestations_of(world.ports, ZOE)
    assert old == before[0]
    assert (old.sessions, new.sessions, new.replaces) == (14, 16, old.reference)
    assert new.reference != old.reference
    assert world.files.read(old.sha256)
    assert [mail["data"]["replaces"] for mail in mails(world, ZOE)] == ["", old.reference]
    assert steps_read(world, ZOE).attestation == new.reference
    assert len(attestations_of(world.ports, LEA)) == 1
    until(world, group(world.ports).finished_at + 15 * DAY)
    with pytest.raises(Refusal):
        sign(world.ports, 16, ZOE)


def test_a_session_that_late_signatures_make_count_counts_for_all_who_signed_it(world: World) -> None:
    finished(world, missing={15: (NOE, ZOE)})
    assert session(world.ports, 15).state is SessionState.MISSED
    assert [one.sessions for one in attestations_of(world.ports, LEA)] == [15]
    sign(world.ports, 15, NOE)
    later(world)
    assert session(world.ports, 15).state is SessionState.HELD
    for caller in (LEA, MAX, NOE):
        assert attestations_of(world.ports, caller)[-1].sessions == 16
    assert [one.sessions for one in attestations_of(world.ports, ZOE)] == [15]


def test_who_followed_nothing_gets_a_clear_sentence_and_then_what_they_sign(world: World) -> None:
    finished(world, missing=dict.fromkeys(range(1, 17), (ZOE,)))
    assert attestations_of(world.ports, ZOE) == []
    steps = steps_read(world, ZOE)
    assert (steps.attestation, steps.sessions) == ("", 0)
    with pytest.raises(Refusal, match="attestation_nothing"):
        attestations.ask(world.ports, caller=ZOE, request="t1")
    assert mails(world, ZOE) == []
    sign(world.ports, 16, ZOE)
    later(world)
    assert [one.sessions for one in attestations_of(world.ports, ZOE)] == [1]


def test_a_contract_that_ended_early_has_its_attestation_on_request(world: World) -> None:
    running(world.ports, *people())
    wrote(world, dict.fromkeys((1, 2, 3), EVERYBODY))
    with pytest.raises(Refusal, match="attestation_not_yet"):
        attestations.ask(world.ports, caller=LEA, request="t0")
    with world.store.reading() as uow:
        order = uow.orders.of_enrolment(enrolment_of(world.ports, LEA).id)
    termination.end_as(world.ports, caller=ADMIN, order_id=order.id, kind=EndKind.FORCE_MAJEURE, reason="Maladie")
    hold(world, 4, MAX, NOE, ZOE)
    assert attestations_of(world.ports, LEA) == []
    assert papers.own_papers(world.ports, caller=LEA).may_ask_attestation

    for _ in range(2):
        reference, address = attestations.ask(world.ports, caller=LEA, request="t1")
    (issued,) = attestations_of(world.ports, LEA)
    assert (issued.reference, issued.sessions, address) == (reference, 3, "um1@exemple.fr")
    assert len(mails(world, LEA)) == 1
    found = papers.own_papers(world.ports, caller=LEA)
    assert ([one.reference for one in found.attestations], found.may_ask_attestation) == ([reference], False)
    assert home.compose(world.ports, LEA.slack_user_id).last_steps is None


def test_hours_of_two_groups_count_once(world: World) -> None:
    """Three sessions in one group, sixteen in another: nineteen signatures, sixteen sessions."""
    found = finished(world)
    with world.ports.uow() as uow:
        member, first = uow.members.by_slack("UM1"), uow.sessions.of_group(found.id)[0]
        before = replace(found, id=new_id("grp"), number=99, state=GroupState.DISSOLVED, place="Écully", channel_id="")
        seat = replace(uow.groups.seats(found.id)[0], id=new_id("sea"), group_id=before.id, member_id=member.id)
        seat.state = SeatState.LEFT
        uow.groups.add(before, [seat])
        for number in (1, 2, 3):
            earlier = replace(first, id=new_id("ses"), group_id=before.id, number=number, minutes=150)
            earlier.starts_at -= timedelta(hours=30 - number)
            _signed(uow, earlier, member.id)
        attestations.look_again(uow, [member.id], world.clock.now())
    later(world)

    issued = attestations_of(world.ports, LEA)[-1]
    assert (issued.sessions, issued.minutes) == (16, 3 * 150 + 13 * 120)
    assert issued.content["groups"] == ["groupe 099 – Écully", found.label]


def _signed(uow: Any, held: GroupSession, member_id: str) -> None:
    uow.sessions.add(held)
    uow.sessions.add_attendance(Attendance(new_id("att"), held.id, member_id, AttendanceState.SIGNED, held.starts_at))


def test_an_attestation_is_sent_again_as_it_was_to_its_owner_alone(world: World) -> None:
    finished(world)
    (issued,) = attestations_of(world.ports, LEA)
    for _ in range(2):
        address = attestations.resend(world.ports, caller=LEA, reference=issued.reference, request="t1")
    assert address == "um1@exemple.fr"
    first, second = mails(world, LEA)
    assert first["attachments"] == second["attachments"]
    for other in (MAX, ADMIN):
        with pytest.raises(NotFound):
            attestations.resend(world.ports, caller=other, reference=issued.reference, request="t2")
    with world.store.reading() as uow:
        acts = [line.action for line in uow.journal.of(issued.reference)]
    assert acts == [Action.ATTESTATION_ISSUED, Action.ATTESTATION_SENT]


def test_the_copy_of_ones_data_holds_the_attestations_and_an_erasure_leaves_them(world: World) -> None:
    found = finished(world, missing={16: (ZOE,)})
    sign(world.ports, 16, ZOE)
    later(world)
    old, new = attestations_of(world.ports, ZOE)
    data_export.ask(world.ports, caller=ZOE)
    delivery.deliver_all(world.ports)
    assert steps_read(world, ZOE).exported
    secret = world.workspace.said(DataExportReady)[-1].url.rpartition("/")[2].removesuffix(".zip")
    with zipfile.ZipFile(io.BytesIO(data_export.fetch(world.ports, secret) or b"")) as archive:
        for one in (old, new):
            assert archive.read(f"attestations/{one.reference}.pdf") == world.files.read(one.sha256)
    until(world, found.finished_at + 15 * DAY)
    erasure.ask(world.ports, caller=ZOE)
    until(world, world.clock.now() + 4 * DAY)
    delivery.deliver_all(world.ports)
    assert attestations_of(world.ports, ZOE) == [old, new]
    assert world.files.read(new.sha256)
    with world.ports.uow() as uow:
        attestations.look_again(uow, [member_of(world.ports, ZOE).id], world.clock.now())
    later(world)
    assert len(mails(world, ZOE)) == 2


def test_the_database_itself_refuses_to_change_one(world: World) -> None:
    finished(world)
    with pytest.raises(IntegrityError, match="never changes"), world.store.uow() as uow:
        uow.attestations._db.execute(text("UPDATE attestations SET minutes = 9999"))
    assert [one.minutes for one in attestations_of(world.ports, LEA)] == [16 * 120]


def test_somebody_whose_account_is_closed_still_gets_it_by_mail(world: World) -> None:
    running(world.ports, *people())
    wrote(world, dict.fromkeys(range(1, 16), EVERYBODY))
    with world.ports.uow() as uow:
        uow.members.by_slack("UM4").active = False
    hold(world, 16, *EVERYBODY)
    assert len(mails(world, ZOE)) == 1
    assert "DM4" not in {post.channel for post in world.workspace.posts if post.message.kind == "last_steps"}


def test_the_frozen_facts_are_printed_with_the_words_of_the_contract(world: World) -> None:
    finished(world, missing={4: (ZOE,)}, first_name="Zoé", last_name="#panic $x$")
    (issued,) = attestations_of(world.ports, ZOE)
    printed = TypstDocuments(world.ports.content.trader).render("attestation", issued.content)
    text = words(printed)
    assert "bilanprofessionnelcollaboratif" in text
    assert "bilandecompétences" not in text.lower()
    for expected in (issued.reference, "Zoé#panic$x$", "15sur16", "30h"):
        assert expected in text


def test_nobody_who_waits_for_a_group_has_one(world: World) -> None:
    enrol(world.ports, *people())
    with pytest.raises(Refusal, match="attestation_not_yet"):
        attestations.ask(world.ports, caller=LEA, request="t1")
    with pytest.raises(Refusal, match="contract_not_concluded"):
        attestations.ask(world.ports, caller=Caller("UNOBODY"), request="t1")


def test_a_signature_while_the_programme_runs_issues_nothing(world: World) -> None:
    running(world.ports, *people())
    hold(world, 1, LEA, MAX, NOE)
    attendance.sign(world.ports, caller=ZOE, session_id=session(world.ports, 1).id)
    later(world)
    assert attestations_of(world.ports, ZOE) == []


def test_its_bytes_go_with_it_after_five_years(world: World) -> None:
    finished(world)
    later(world, hours=24 * 14)
    [attested] = attestations_of(world.ports, LEA)
    world.clock.move(days=5 * 366 + 2)
    retention.run(world.ports)
    delivery.deliver_all(world.ports)
    assert attestations_of(world.ports, LEA) == []
    assert attested.sha256 not in world.files.contents
