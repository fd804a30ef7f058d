"""« Remettre ce fichier »: the files of one's own message, once, for the worksheet of one's choice."""

from __future__ import annotations

import pytest

from programme.errors import NotAllowed, Refusal
from programme.messages.documents import DocumentCard, NotReceived
from programme.usecases import delivery, file_shortcut
from programme.usecases.file_shortcut import Offer
from tests.usecases.tutoring import (
    AUTHOR,
    OUTSIDER,
    PEER,
    documents_of,
    dropped,
    read_by,
    reply,
    running,
    slack_file,
    submitted,
)


def offer(world, *files, place="CGROUP:17.1", author="UM1", text="", caller=AUTHOR):
    return file_shortcut.offer(world.ports, caller=caller, author_user=author, place=place, files=files, text=text)


def hand_in(world, offered: Offer, worksheet="", caller=AUTHOR):
    file_shortcut.hand_in(world.ports, caller=caller, offered=offered, worksheet=worksheet)
    delivery.deliver_all(world.ports)


def test_several_files_of_one_message_become_one_document(world) -> None:
    running(world)
    chosen = offer(world, slack_file(world, "F1", "cv.pdf"), slack_file(world, "F2", "lettre.pdf"), text="Voici.")
    assert chosen.named == ""
    hand_in(world, chosen.offered)

    (done,) = documents_of(world)
    assert (done.title, done.worksheet, done.versions) == ("cv.pdf", "", 1)
    with world.ports.reading() as uow:
        (version,) = uow.documents.versions(done.id)
        assert [uow.documents.file(one).name for one in version.files] == ["cv.pdf", "lettre.pdf"]
    assert version.answers == {"note": "Voici."}
    assert len(read_by(world, "CTUTOR", DocumentCard)) == 1


def test_it_may_be_for_a_worksheet_that_the_message_names_or_the_author_chooses(world) -> None:
    running(world, guides=9)
    chosen = offer(world, slack_file(world, "F1"), text="Ma fiche F9-2")
    assert chosen.named == "F09-2"
    assert chosen.worksheets["F09-3"].endswith("· 3")
    assert "F10-1" not in chosen.worksheets
    hand_in(world, chosen.offered, "F05-1")

    assert [(one.worksheet, one.copy_number) for one in documents_of(world)] == [("F05", 1)]


def test_only_the_author_of_the_message_hands_its_files_in(world) -> None:
    running(world)
    for caller, author in ((PEER, "UM1"), (AUTHOR, "")):
        with pytest.raises(NotAllowed) as foreign:
            offer(world, slack_file(world, "F1"), caller=caller, author=author)
        assert foreign.value.key == "not_your_message"
    with pytest.raises(Refusal) as outside:
        offer(world, slack_file(world, "F1"), caller=OUTSIDER, author="USTRANGER")
    assert outside.value.key == "not_in_group"


def test_a_message_without_file_is_refused(world) -> None:
    running(world)
    with pytest.raises(Refusal) as nothing:
        offer(world)
    assert nothing.value.key == "message_without_file"


def test_the_same_message_is_handed_in_once(world) -> None:
    running(world)
    chosen = offer(world, slack_file(world, "F1"))
    hand_in(world, chosen.offered)
    source = dropped(world, slack_file(world, "F2"))
    for again in (
        lambda: hand_in(world, chosen.offered),
        lambda: offer(world, slack_file(world, "F1")),
        lambda: offer(world, slack_file(world, "F2"), place=source),
    ):
        with pytest.raises(Refusal) as twice:
            again()
        assert twice.value.key == "files_already_handed_in"
    assert len(documents_of(world)) == 2


def test_a_file_in_a_reply_may_become_a_document_too(world) -> None:
    running(world)
    done = submitted(world)
    said = reply(world, done.id, "Voici mon CV.", shared=[slack_file(world, "F1", "cv.pdf")])
    chosen = offer(world, slack_file(world, "F1", "cv.pdf"), place=said.source)
    hand_in(world, chosen.offered)

    assert {one.title for one in documents_of(world)} == {done.title, "cv.pdf"}


def test_a_file_that_the_bot_cannot_read_is_told(world) -> None:
    running(world)
    unknown = slack_file(world, "F1", "secret.pdf")
    world.workspace.files.clear()
    hand_in(world, offer(world, unknown).offered)

    assert documents_of(world) == []
    assert [one.name for one in read_by(world, "DM1", NotReceived)] == ["secret.pdf"]
