"""The exported attendance: complete, sealed line by line, and in agreement with the evidence chain or not."""

from __future__ import annotations

import csv
import io
from datetime import time, timedelta

import pytest

from programme.content.printing import readable
from programme.errors import NotAllowed, Refusal
from programme.journal import Action
from programme.model.group import SeatState
from programme.model.session import AttendanceState
from programme.usecases import attendance, attendance_export, delivery, moves
from tests.usecases.running import LEA, MAX, NOE, RUN_POSTCODES, ZOE, begin, hold, lines, running, session, sign
from tests.usecases.waiting_room import ADMIN, Person, four, group


def table(made: attendance_export.Export) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.csv.decode("utf-8-sig")), delimiter=";"))


def export(ports) -> attendance_export.Export:
    return attendance_export.export(ports, number=group(ports).number)


def held_with_one_absence(world) -> None:
    running(world.ports)
    begin(world, 1)
    sign(world.ports, 1, LEA, MAX, NOE)
    for caller in (LEA, MAX, NOE):
        attendance.attest(world.ports, caller=caller, session_id=session(world.ports, 1).id)
    attendance.declare_absence(world.ports, caller=ZOE, session_id=session(world.ports, 1).id, reason="Raison tue")
    attendance.close_session(world.ports, caller=LEA, session_id=session(world.ports, 1).id)


def test_each_line_says_who_signed_when_and_who_attested_and_never_why(world, ports) -> None:
    held_with_one_absence(world)
    rows = {row["membre"]: row for row in table(export(ports))}

    assert len(rows) == 4
    lea = rows["Camille Um1"]
    assert (lea["presence"], lea["etat"], lea["conforme"]) == ("présence signée", "tenue", "oui")
    assert set(lea["attestee_par"].split(", ")) == {"Camille Um2", "Camille Um3"}
    assert (rows["Camille Um4"]["presence"], rows["Camille Um4"]["conforme"]) == ("absence", "oui")
    assert "tue" not in export(ports).csv.decode()


def test_the_seals_hold_and_any_change_shows_at_its_line(world, ports) -> None:
    held_with_one_absence(world)
    text = export(ports).csv.decode("utf-8-sig")
    assert attendance_export.check(text) == attendance_export.Check(4, export(ports).last_hash, None)
    assert attendance_export.check(text.replace("absence", "présence signée", 1)).altered is not None
    for number in range(2, 6):
        kept = text.splitlines(keepends=True)
        changed = kept[number - 1].replace(";oui;", ";non;")
        assert attendance_export.check("".join([*kept[: number - 1], changed, *kept[number:]])).altered == number
        if number < 5:
            assert attendance_export.check("".join(kept[: number - 1] + kept[number:])).altered == number
    cut = attendance_export.check("".join(text.splitlines(keepends=True)[:-1]))
    assert (cut.altered, cut.lines) == (None, 3)
    assert cut.last_hash != export(ports).last_hash
    assert attendance_export.check("a;b\n1;2\n").altered == 1


@pytest.mark.parametrize("how", ["state", "hour", "attestation", "added", "removed"])
def test_a_line_edited_in_the_table_no_longer_agrees_with_the_chain(world, ports, how) -> None:
    held_with_one_absence(world)
    first = session(ports, 1).id
    with ports.uow() as uow:
        line = next(one for one in uow.sessions.attendance(first) if one.state is AttendanceState.SIGNED)
        match how:
            case "state":
                line.state = AttendanceState.LATE
            case "hour":
                line.recorded_at -= timedelta(minutes=1)
            case "attestation":
                line.attested_by = (*line.attested_by, uow.members.by_slack("UM4").id)
            case "added":
                absent = next(one for one in uow.sessions.attendance(first) if one.state is AttendanceState.ABSENT)
                absent.state = AttendanceState.SIGNED
            case "removed":
                uow.sessions.clear_attendance(first)
    made = export(ports)
    assert made.altered >= 1
    assert "non" in {row["conforme"] for row in table(made)}


def test_what_was_lifted_by_a_change_of_date_is_history_not_an_alteration(world, ports) -> None:
    running(ports)
    second = session(ports, 2)
    attendance.declare_absence(ports, caller=ZOE, session_id=second.id, reason="Déplacement")
    for days in (1, 0):
        wish = moves.Move(second.id, second.day + timedelta(days=days), time(19))
        seen = moves.preview(ports, caller=LEA, move=wish)
        moves.apply(ports, caller=LEA, move=wish, fingerprint=seen.fingerprint)
    hold(world, 1, LEA, MAX, NOE)
    hold(world, 2, LEA, MAX, NOE, ZOE)

    made = export(ports)
    assert made.altered == 0
    assert lines(ports, 2)["UM4"].state is AttendanceState.SIGNED


def test_a_late_signature_and_a_caught_up_session_agree(world, ports) -> None:
    running(ports)
    missed = hold(world, 1, LEA, MAX)
    wish = moves.Move(missed.id, missed.day + timedelta(days=3), time(19))
    seen = moves.preview(ports, caller=LEA, move=wish)
    moves.apply(ports, caller=LEA, move=wish, fingerprint=seen.fingerprint)
    hold(world, 1, LEA, MAX, NOE)
    sign(ports, 1, ZOE)

    rows = {row["membre"]: row for row in table(export(ports))}
    assert rows["Camille Um4"]["presence"] == "signée en retard"
    assert {row["conforme"] for row in rows.values()} == {"oui"}
    assert rows["Camille Um1"]["jour"] == wish.day.isoformat()


def test_who_has_left_stays_on_the_sheets_they_were_on(world, ports) -> None:
    held_with_one_absence(world)
    found = group(ports).id
    with ports.uow() as uow:
        member = uow.members.by_slack("UM1")
        next(seat for seat in uow.groups.seats(found) if seat.member_id == member.id).state = SeatState.LEFT
    hold(world, 2, MAX, NOE, ZOE)
    rows = table(export(ports))

    assert [row["seance"] for row in rows if row["membre"] == "Camille Um1"] == ["1"]


def test_local_time_and_zone_are_the_groups(world, ports) -> None:
    running(ports, *four(profile=RUN_POSTCODES))
    hold(world, 1, LEA, MAX, NOE, ZOE)
    row = table(export(ports))[0]
    assert (row["heure"], row["fuseau"]) == ("19:00", "Indian/Reunion")


def test_a_name_is_never_a_formula(world, ports) -> None:
    running(ports, *(Person(f"UM{n}", profile={"first_name": "=1+1", "last_name": "@x"}) for n in range(1, 5)))
    hold(world, 1, LEA, MAX, NOE, ZOE)
    made = export(ports)
    assert table(made)[0]["membre"].startswith("'=")
    assert attendance_export.check(made.csv.decode("utf-8-sig")).altered is None


def test_an_admin_gets_both_files_in_private_and_the_seal_is_noted(world, ports) -> None:
    held_with_one_absence(world)
    number = group(ports).number
    made = attendance_export.send(ports, caller=ADMIN, number=number, request="t1")
    attendance_export.send(ports, caller=ADMIN, number=number, request="t1")
    delivery.deliver_all(ports)

    assert [one[:2] for one in world.workspace.shared] == [
        ("DADMIN1", "emargement-001.csv"),
        ("DADMIN1", "emargement-001.pdf"),
    ]
    assert world.workspace.shared[0][2] == made.csv
    template, data = world.printer.printed[-1]
    assert readable(template, dict(data))["sheets"][0]["lines"][0]["state"] == "présence signée"
    with ports.reading() as uow:
        (entry,) = [one for one in uow.journal.of("group-001") if one.action is Action.ATTENDANCE_EXPORTED]
    assert entry.data["last_hash"] == made.last_hash


def test_only_admins_export_and_only_what_exists(world, ports) -> None:
    running(ports)
    with pytest.raises(NotAllowed):
        attendance_export.send(ports, caller=LEA, number=1, request="t")
    for number, key in ((99, "group_unknown"), (1, "attendance_none")):
        with pytest.raises(Refusal) as refusal:
            attendance_export.send(ports, caller=ADMIN, number=number, request="t")
        assert refusal.value.key == key
