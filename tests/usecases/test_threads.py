"""The two threads of a document: drafts until they are returned, replies at once, nobody else's business."""

from __future__ import annotations

import pytest

from programme.errors import AlreadyHandled, NotAllowed
from programme.messages.documents import AuthorReply, RemarksReturned
from programme.model.document import RemarkState
from programme.usecases import delivery, threads
from programme.usecases.threads import ThreadMessage
from tests.usecases.tutoring import (
    ADMIN,
    AUTHOR,
    OTHER_TUTOR,
    OUTSIDER,
    PEER,
    TUTOR,
    event_id,
    message,
    read_by,
    remark,
    reply,
    returned,
    running,
    says,
    shared_by_people,
    slack_file,
    taken,
)
from tests.usecases.waiting_room import rows


def edited(world, caller, written: ThreadMessage, text: str, *, event: str = "", files=()) -> None:
    """Change a message, and deliver."""
    changed = ThreadMessage(written.channel, written.ts, written.thread_ts, text, tuple(files))
    threads.message_edited(world.ports, caller=caller, message=changed, event_id=event or event_id())
    delivery.deliver_all(world.ports)


def deleted(world, caller, written: ThreadMessage) -> None:
    """Delete a message, and deliver."""
    threads.message_deleted(world.ports, caller=caller, message=written, event_id=event_id())
    delivery.deliver_all(world.ports)


def sent_to(world, channel: str = "DM1") -> list[tuple[str, ...]]:
    return [one.remarks for one in read_by(world, channel, RemarksReturned)]


@pytest.fixture
def document_id(world) -> str:
    """A document that a tutor has taken."""
    running(world)
    return taken(world).id


def test_a_draft_reaches_nobody_until_it_is_returned(world, document_id) -> None:
    before = len(world.workspace.posts)
    remark(world, document_id, "Brouillon.")

    assert len(world.workspace.posts) == before
    returned(world, document_id)
    assert sent_to(world) == [("Brouillon.",)]


def test_a_draft_follows_its_edits(world, document_id) -> None:
    written = remark(world, document_id, "Brouilon.")
    edited(world, TUTOR, written, "Brouillon.")
    returned(world, document_id)

    assert sent_to(world) == [("Brouillon.",)]


def test_a_deleted_draft_is_gone(world, document_id) -> None:
    remark(world, document_id, "Gardé.")
    deleted(world, TUTOR, remark(world, document_id, "Retiré."))
    returned(world, document_id)

    assert sent_to(world) == [("Gardé.",)]


def test_edits_and_deletions_after_the_return_change_nothing_that_was_sent(world, document_id) -> None:
    written = remark(world, document_id, "Rendu.")
    returned(world, document_id)
    edited(world, TUTOR, written, "Changé.")
    deleted(world, TUTOR, written)

    assert sent_to(world) == [("Rendu.",)]
    with world.ports.reading() as uow:
        assert [one.state for one in uow.documents.remarks(document_id)] == [RemarkState.RETURNED]


def test_an_edit_that_comes_before_its_message_counts_once(world, document_id) -> None:
    first = message(world, document_id, "Avant.")
    edited(world, TUTOR, first, "Après.")
    says(world, TUTOR, first)
    returned(world, document_id)

    assert sent_to(world) == [("Après.",)]


def test_a_deletion_that_comes_before_its_message_wins(world, document_id) -> None:
    first = message(world, document_id, "Jamais.")
    deleted(world, TUTOR, first)
    says(world, TUTOR, first)
    remark(world, document_id, "Seule.")
    returned(world, document_id)

    assert sent_to(world) == [("Seule.",)]


def test_a_repeated_event_and_a_repeated_message_count_once(world, document_id) -> None:
    written = message(world, document_id, "Une fois.")
    says(world, TUTOR, written, event="Ev1")
    with pytest.raises(AlreadyHandled):
        says(world, TUTOR, written, event="Ev1")
    says(world, TUTOR, written, event="Ev2")
    returned(world, document_id)

    assert sent_to(world) == [("Une fois.",)]


@pytest.mark.parametrize("caller", [AUTHOR, PEER, OUTSIDER, ADMIN], ids=lambda caller: caller.slack_user_id)
def test_only_tutors_write_remarks(world, document_id, caller) -> None:
    with pytest.raises(NotAllowed):
        remark(world, document_id, "Intrus.", by=caller)


@pytest.mark.parametrize("caller", [PEER, OUTSIDER, TUTOR, ADMIN], ids=lambda caller: caller.slack_user_id)
def test_only_the_author_replies(world, document_id, caller) -> None:
    before = len(rows(world))
    with pytest.raises(NotAllowed):
        reply(world, document_id, "Intrus.", by=caller)

    assert len(rows(world)) == before


def test_a_reply_comes_back_to_the_tutors_thread_and_follows_its_edits(world, document_id) -> None:
    written = reply(world, document_id, "Mercci.")
    edited(world, AUTHOR, written, "Merci.")

    assert [one.text for one in read_by(world, "CTUTOR", AuthorReply)] == ["Merci."]
    (post,) = [p for p in world.workspace.posts if isinstance(p.message, AuthorReply)]
    assert (post.channel, post.thread_ts) == ("CTUTOR", message(world, document_id, "").thread_ts)


def test_a_deleted_reply_says_so_in_its_place_and_stays_so(world, document_id) -> None:
    written = reply(world, document_id, "Trop vite.")
    deleted(world, AUTHOR, written)
    deleted(world, AUTHOR, written)
    edited(world, AUTHOR, written, "Revenu.")

    assert [(one.text, one.withdrawn) for one in read_by(world, "CTUTOR", AuthorReply)] == [("", True)]


def test_a_reply_whose_deletion_came_first_is_never_relayed(world, document_id) -> None:
    written = message(world, document_id, "Jamais.", place="receipt")
    deleted(world, AUTHOR, written)
    with pytest.raises(AlreadyHandled):
        says(world, AUTHOR, written)

    assert read_by(world, "CTUTOR", AuthorReply) == []


def test_messages_outside_the_threads_are_nobodys_business(world, document_id) -> None:
    before = len(rows(world))
    for channel, thread in (("CTUTOR", ""), ("CTUTOR", "1.1"), ("CGROUP", "1.1"), ("DM1", "")):
        says(world, TUTOR, ThreadMessage(channel, "2.2", thread, "Bonjour"))

    assert len(rows(world)) == before


def test_files_of_a_remark_wait_with_it_and_go_with_it(world, document_id) -> None:
    remark(world, document_id, "Voyez ceci.", shared=[slack_file(world, "F1", "modèle.pdf", b"%PDF-1")])
    assert shared_by_people(world) == []
    returned(world, document_id)

    root = message(world, document_id, "", place="receipt").thread_ts
    assert shared_by_people(world) == [("DM1", "modèle.pdf", b"%PDF-1", root)]


def test_a_file_taken_off_a_draft_does_not_go(world, document_id) -> None:
    one, two = slack_file(world, "F1", "un.pdf", b"%PDF-1"), slack_file(world, "F2", "deux.pdf", b"%PDF-2")
    written = remark(world, document_id, "Deux.", shared=[one, two])
    edited(world, TUTOR, written, "Un.", files=[two])
    returned(world, document_id)

    assert [name for _, name, _, _ in shared_by_people(world)] == ["deux.pdf"]


def test_files_of_a_reply_go_to_the_tutors_thread(world, document_id) -> None:
    reply(world, document_id, "", shared=[slack_file(world, "F9", "preuve.pdf", b"%PDF-9")])

    root = message(world, document_id, "").thread_ts
    assert shared_by_people(world) == [("CTUTOR", "preuve.pdf", b"%PDF-9", root)]


def test_files_of_a_reply_are_taken_back_with_it(world, document_id) -> None:
    one, two = slack_file(world, "F1", "un.pdf", b"%PDF-1"), slack_file(world, "F2", "deux.pdf", b"%PDF-2")
    written = reply(world, document_id, "Deux.", shared=[one, two])
    edited(world, AUTHOR, written, "Un.", files=[two])
    assert [name for _, name, _, _ in shared_by_people(world)] == ["deux.pdf"]
    deleted(world, AUTHOR, written)

    assert shared_by_people(world) == []


def test_an_older_edit_that_comes_late_changes_nothing(world, document_id) -> None:
    for writer, place in ((TUTOR, "card"), (AUTHOR, "receipt")):
        written = says(world, writer, message(world, document_id, "Un.", place=place))
        for text, at in (("Trois.", "300.0"), ("Deux.", "200.0")):
            changed = ThreadMessage(written.channel, written.ts, written.thread_ts, text, edited=at)
            threads.message_edited(world.ports, caller=writer, message=changed, event_id=event_id())
    returned(world, document_id)

    assert sent_to(world) == [("Trois.",)]
    assert [one.text for one in read_by(world, "CTUTOR", AuthorReply)] == ["Trois."]


def test_two_tutors_write_in_one_thread(world, document_id) -> None:
    remark(world, document_id, "De l’une.")
    remark(world, document_id, "De l’autre.", by=OTHER_TUTOR)
    returned(world, document_id)

    assert sent_to(world) == [("De l’une.", "De l’autre.")]


def test_nothing_of_a_thread_goes_to_the_group_or_to_another_member(world, document_id) -> None:
    remark(world, document_id, "Une.")
    returned(world, document_id)
    reply(world, document_id, "Deux.")

    private = {RemarksReturned: "DM1", AuthorReply: "CTUTOR"}
    for post in world.workspace.posts:
        assert private.get(type(post.message), post.channel) == post.channel
