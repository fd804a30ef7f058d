"""Why somebody is absent, with proofs: told to the group's tutor alone, in private."""

from __future__ import annotations

from datetime import time, timedelta

from programme.usecases import attendance, delivery, moves
from programme.usecases.files import SharedFile
from tests.usecases.running import LEA, begin, lines, running, session, sign
from tests.usecases.waiting_room import messages, rows


def declare(ports, reason: str = "Garde d’enfant", *proofs: str) -> None:
    attendance.declare_absence(
        ports,
        caller=LEA,
        session_id=session(ports, 1).id,
        reason=reason,
        proofs=[SharedFile(one, f"{one}.pdf", 10) for one in proofs],
    )


def test_the_tutor_alone_reads_the_reason(world, ports) -> None:
    running(ports)
    declare(ports)

    (note,) = messages(world, "absence_note")
    assert (note.member_user, note.reason) == ("UM1", "Garde d’enfant")
    (row,) = [one for one in rows(world) if "Garde" in str(one.effect)]
    assert row.lane == "user:UTUTOR1"


def test_another_reason_redraws_the_note_and_coming_after_all_lifts_it(world, ports) -> None:
    running(ports)
    declare(ports)
    declare(ports, "Train supprimé")
    begin(world, 1)
    sign(ports, 1, LEA)

    notes = messages(world, "absence_note")
    assert [(note.reason, note.lifted) for note in notes[:2]] == [("Garde d’enfant", False), ("Train supprimé", False)]
    assert notes[-1].lifted
    posts = [row for row in rows(world, "absence:") if row.effect["kind"] == "post"]
    assert len(posts) == 1


def test_proofs_are_kept_in_our_store_and_shown_to_the_tutor_in_the_thread(world, ports) -> None:
    running(ports)
    world.workspace.files = {
        "F1": ("billet.pdf", b"%PDF-1"),
        "F2": ("x.pdf", b"y"),
    }
    declare(ports, "Train supprimé", "F1", "F2")
    delivery.deliver_all(ports)
    delivery.deliver_all(ports)

    line = lines(ports, 1)["UM1"]
    assert len(line.proofs) == 2
    assert messages(world, "absence_note")[-1].proofs == 2
    shared = [one for one in world.workspace.shared if one[0] == "DTUTOR1"]
    assert {one[1] for one in shared} == {"billet.pdf", "x.pdf"}
    assert all(one[3] for one in shared), "in the thread of the note"
    with ports.reading() as uow:
        assert ports.files.read(uow.documents.file(line.proofs[0]).sha256) == b"%PDF-1"


def test_a_proof_that_arrives_after_the_session_moved_goes_to_nobody(world, ports) -> None:
    running(ports)
    world.workspace.files = {"F1": ("billet.pdf", b"%PDF-1")}
    declare(ports, "Train supprimé", "F1")
    first = session(ports, 1)
    wish = moves.Move(first.id, first.day + timedelta(days=1), time(19))
    seen = moves.preview(ports, caller=LEA, move=wish)
    moves.apply(ports, caller=LEA, move=wish, fingerprint=seen.fingerprint)
    delivery.deliver_all(ports)

    assert lines(ports, 1) == {}
    assert [one for one in world.workspace.shared if one[0] == "DTUTOR1"] == []
