"""Files that people drop: fetched once, kept by their digest, and what cannot be kept is told in one sentence."""

from __future__ import annotations

import hashlib

import pytest

from programme.errors import AlreadyHandled, Retryable
from programme.messages.documents import AuthorReply, DocumentCard, DocumentReceipt, NotReceived, RemarksReturned
from programme.model.document import DocumentState
from programme.model.group import GroupState
from programme.usecases import delivery, files, threads
from programme.usecases.files import LARGEST, SharedFile
from programme.usecases.threads import ThreadMessage
from tests.usecases.tutoring import (
    AUTHOR,
    OUTSIDER,
    TUTOR,
    documents_of,
    dropped,
    event_id,
    message,
    read_by,
    remark,
    reply,
    returned,
    running,
    shared_by_people,
    slack_file,
    taken,
)
from tests.usecases.waiting_room import rows


def refusals(world, channel: str = "DM1") -> list[tuple[str, str]]:
    return [(one.name, one.reason) for one in read_by(world, channel, NotReceived)]


def test_a_dropped_file_is_kept_acknowledged_and_shown_to_the_tutors(world, ports) -> None:
    running(world)
    dropped(world, slack_file(world, "F1", "cv.pdf", b"%PDF-1.7 cv"))

    (kept,) = documents_of(world)
    assert (kept.title, kept.state, kept.worksheet) == ("cv.pdf", DocumentState.RECEIVED, "")
    with ports.reading() as uow:
        (version,) = uow.documents.versions(kept.id)
        stored = uow.documents.file(version.files[0])
    assert stored.sha256 == hashlib.sha256(b"%PDF-1.7 cv").hexdigest()
    assert world.files.contents[stored.sha256] == b"%PDF-1.7 cv"
    (receipt,) = read_by(world, "DM1", DocumentReceipt)
    assert [(file.name, file.size) for file in receipt.files] == [("cv.pdf", 11)]
    (card,) = [post for post in world.workspace.posts if isinstance(post.message, DocumentCard)]
    assert shared_by_people(world) == [("CTUTOR", "cv.pdf", b"%PDF-1.7 cv", card.ts)]


def test_several_files_at_once_are_one_document(world) -> None:
    running(world)
    dropped(world, slack_file(world, "F1", "un.pdf", b"%PDF-1"), slack_file(world, "F2", "deux.pdf", b"%PDF-2"))

    (kept,) = documents_of(world)
    assert kept.versions == 1
    assert [name for _, name, _, _ in shared_by_people(world)] == ["un.pdf", "deux.pdf"]


def test_a_text_that_names_a_worksheet_hands_in_that_worksheet(world) -> None:
    running(world, guides=9)
    dropped(world, slack_file(world, "F1"), text="Voici ma F9-2 !")

    (kept,) = documents_of(world)
    assert (kept.worksheet, kept.copy_number, kept.title) == ("F09", 2, "F09 · Fiche piste · 2")


def test_a_worksheet_that_is_not_open_yet_leaves_a_file_of_ones_own(world) -> None:
    running(world, guides=1)
    dropped(world, slack_file(world, "F1"), text="F09")

    assert [one.worksheet for one in documents_of(world)] == [""]


def test_the_same_event_counts_once(world, ports) -> None:
    running(world)
    shared = [slack_file(world, "F1")]
    for _ in range(2):
        try:
            files.submit_file(ports, caller=AUTHOR, source="DM1:1.1", files=shared, text="", event_id="Ev1")
        except AlreadyHandled:
            continue
        delivery.deliver_all(ports)

    assert len(documents_of(world)) == 1


@pytest.mark.parametrize(
    ("shared", "reason"),
    [
        (SharedFile("F1", "vide.txt", 0), "file_empty"),
        (SharedFile("F1", "film.mov", LARGEST + 1), "file_too_large"),
        (SharedFile("F1", "film.mov", 50 * 1024 * 1024), "file_too_large"),
        (SharedFile("F1", "ailleurs.pdf", 10), "file_unreadable"),
        (SharedFile("F1", "", None), "file_unreadable"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_is_made_of_it(world, shared, reason) -> None:
    running(world)
    dropped(world, shared)

    assert refusals(world) == [(shared.name, reason)]
    assert documents_of(world) == []
    assert read_by(world, "CTUTOR", DocumentCard) == []


@pytest.mark.parametrize(("body", "reason"), [(b"", "file_empty"), (b"x" * (LARGEST + 1), "file_too_large")])
def test_a_file_that_lied_about_its_size_is_found_out(world, body, reason) -> None:
    running(world)
    shared = slack_file(world, "F1", "lourd.bin", body)
    dropped(world, SharedFile(shared.id, shared.name, 10))

    assert refusals(world) == [("lourd.bin", reason)]


def test_good_files_pass_beside_bad_ones(world) -> None:
    running(world)
    dropped(world, SharedFile("F0", "vide.txt", 0), slack_file(world, "F1", "bon.pdf"), SharedFile("F2", "non.pdf", 9))

    assert sorted(refusals(world)) == [("non.pdf", "file_unreadable"), ("vide.txt", "file_empty")]
    assert [one.title for one in documents_of(world)] == ["bon.pdf"]


@pytest.mark.parametrize("name", ["../../😀/cv.pdf", "..\\cv.pdf", "\u202efdp.exe"])
def test_names_are_made_safe(world, name) -> None:
    running(world)
    dropped(world, slack_file(world, "F1", name))

    (kept,) = documents_of(world)
    assert not set(kept.title) & set("/\\\u202e")
    assert ".." not in kept.title


def test_a_late_file_is_awaited(world) -> None:
    running(world)
    late = SharedFile("F1", "", None)
    world.workspace.fail_next = [Retryable("not there yet")]
    slack_file(world, "F1", "tard.pdf")
    dropped(world, late)
    assert documents_of(world) == []
    world.clock.move(minutes=1)
    delivery.deliver_all(world.ports)

    assert [one.title for one in documents_of(world)] == ["tard.pdf"]
    assert refusals(world) == []


def test_who_is_in_no_group_is_told_at_once(world) -> None:
    running(world)
    dropped(world, slack_file(world, "F1"), caller=OUTSIDER)

    assert refusals(world, "DSTRANGER") == [("", "not_in_group")]


def test_after_the_archive_files_are_refused(world, ports) -> None:
    found = running(world)
    with ports.uow() as uow:
        uow.groups.get(found.id).state = GroupState.ARCHIVED
    dropped(world, slack_file(world, "F1"))

    assert refusals(world) == [("", "programme_over")]


def test_a_lost_answer_never_shows_a_file_twice(world) -> None:
    running(world)
    document = taken(world)
    remark(world, document.id, "", shared=[slack_file(world, "F1", "modèle.pdf"), slack_file(world, "F2", "bis.pdf")])
    share = world.workspace.share_files
    lost = iter([True])

    def share_and_lose(*arguments, **more):
        share(*arguments, **more)
        if next(lost, False):
            raise Retryable("the answer was lost", uncertain=True)

    world.workspace.share_files = share_and_lose
    returned(world, document.id)
    world.clock.move(minutes=1)
    delivery.deliver_all(world.ports)

    assert [name for _, name, _, _ in shared_by_people(world)] == ["modèle.pdf", "bis.pdf"]


def test_a_file_taken_off_a_remark_while_it_is_read_goes_to_nobody(world, ports) -> None:
    running(world)
    document = taken(world)
    one, two = slack_file(world, "F1", "un.pdf", b"%PDF-1"), slack_file(world, "F2", "deux.pdf", b"%PDF-2")
    written = message(world, document.id, "Voyez.", shared=[one, two])
    threads.message_written(ports, caller=TUTOR, message=written, event_id=event_id())
    changed = ThreadMessage(written.channel, written.ts, written.thread_ts, "Voyez.", (two,))
    threads.message_edited(ports, caller=TUTOR, message=changed, event_id=event_id())
    delivery.deliver_all(ports)
    returned(world, document.id)

    assert [name for _, name, _, _ in shared_by_people(world)] == ["deux.pdf"]


def test_a_file_that_arrives_after_its_remark_was_returned_follows_it(world, ports) -> None:
    running(world)
    document = taken(world)
    written = message(world, document.id, "Voyez.", shared=[slack_file(world, "F1", "modèle.pdf")])
    threads.message_written(ports, caller=TUTOR, message=written, event_id=event_id())
    world.workspace.fail_next = [Retryable("slow")]
    returned(world, document.id)
    assert len(read_by(world, "DM1", RemarksReturned)) == 1
    world.clock.move(minutes=1)
    delivery.deliver_all(ports)

    assert [(channel, name) for channel, name, _, _ in shared_by_people(world)] == [("DM1", "modèle.pdf")]


def test_a_reply_with_an_unreadable_file_still_brings_its_text(world) -> None:
    running(world)
    document = taken(world)
    reply(world, document.id, "Voici.", shared=[SharedFile("F404", "absent.pdf", 12)])

    assert [one.text for one in read_by(world, "CTUTOR", AuthorReply)] == ["Voici."]
    assert refusals(world) == [("absent.pdf", "file_unreadable")]


def test_our_store_outlives_slack(world, ports) -> None:
    running(world)
    dropped(world, slack_file(world, "F1", "cv.pdf", b"%PDF-1"))
    world.workspace.files.clear()

    digest = hashlib.sha256(b"%PDF-1").hexdigest()
    assert ports.files.read(digest) == b"%PDF-1"
    assert not [row for row in rows(world) if row.status.value == "failed"]
