"""Messages as Slack's events bring them: in threads, in direct messages, changed, deleted, repeated."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from programme.messages.documents import AuthorReply, RemarksReturned
from programme.usecases import delivery
from tests.usecases.tutoring import documents_of, read_by, returned, root, running, taken
from tests.usecases.waiting_room import rows

_ts = count(1_900_000_000)


@pytest.fixture
def document_id(world) -> str:
    running(world)
    return taken(world).id


class Slack:
    """Sends what people write as events."""

    def __init__(self, bolt, world) -> None:
        self.bolt, self.world = bolt, world

    def write(self, user: str, channel: str, thread: str, text: str, **more: Any) -> dict[str, Any]:
        """A new message; ``event_id`` may be given."""
        event_id = more.pop("event_id", "")
        message = {"type": "message", "user": user, "text": text, "ts": f"{next(_ts)}.000100", **more}
        if thread:
            message["thread_ts"] = thread
        kind = {"channel": channel, "channel_type": "im" if channel.startswith("D") else "group"}
        self.bolt.event({**message, **kind}, event_id)
        delivery.deliver_all(self.world.ports)
        return {**message, "channel": channel}

    def edit(self, message: dict[str, Any], text: str) -> None:
        """The same message with another text."""
        inner = {key: value for key, value in message.items() if key != "channel"}
        self._hidden("message_changed", message, message={**inner, "text": text}, previous_message=inner)

    def delete(self, message: dict[str, Any]) -> None:
        """The same message, gone."""
        inner = {key: value for key, value in message.items() if key != "channel"}
        self._hidden("message_deleted", message, previous_message=inner, deleted_ts=message["ts"])

    def _hidden(self, subtype: str, about: dict[str, Any], **more: Any) -> None:
        self.bolt.event(
            {
                "type": "message",
                "subtype": subtype,
                "hidden": True,
                "channel": about["channel"],
                "channel_type": "group",
                "ts": f"{next(_ts)}.000200",
                **more,
            }
        )
        delivery.deliver_all(self.world.ports)


@pytest.fixture
def slack(bolt, world) -> Slack:
    return Slack(bolt, world)


def test_a_remark_is_written_edited_and_returned(slack, world, document_id) -> None:
    channel, thread = root(world, document_id, "card")
    written = slack.write("UTUTOR1", channel, thread, "Brouilon.")
    slack.edit(written, "Brouillon.")
    slack.delete(slack.write("UTUTOR2", channel, thread, "Retiré."))
    returned(world, document_id)

    assert [one.remarks for one in read_by(world, "DM1", RemarksReturned)] == [("Brouillon.",)]


def test_a_reply_goes_to_the_tutors_thread(slack, world, document_id) -> None:
    channel, thread = root(world, document_id, "receipt")
    written = slack.write("UM1", channel, thread, "Mercii.")
    slack.edit(written, "Merci.")

    assert [one.text for one in read_by(world, "CTUTOR", AuthorReply)] == ["Merci."]


def test_a_repeated_event_counts_once(slack, world, document_id) -> None:
    channel, thread = root(world, document_id, "receipt")
    for _ in range(3):
        slack.write("UM1", channel, thread, "Merci.", event_id="Ev99", ts="1900.1")

    assert len(read_by(world, "CTUTOR", AuthorReply)) == 1


def test_a_reply_also_sent_to_the_channel_is_one_reply(slack, world, document_id) -> None:
    channel, thread = root(world, document_id, "receipt")
    slack.write("UM1", channel, thread, "Merci.", subtype="thread_broadcast")

    assert len(read_by(world, "CTUTOR", AuthorReply)) == 1


@pytest.mark.parametrize(
    "more", [{"bot_id": "B1"}, {"subtype": "channel_join"}, {"subtype": "bot_message", "bot_id": "B1"}]
)
def test_what_no_person_wrote_is_nobodys_remark(slack, world, document_id, more) -> None:
    channel, thread = root(world, document_id, "card")
    before = len(rows(world))
    slack.write("UTUTOR1", channel, thread, "Bip.", **more)

    with world.ports.reading() as uow:
        assert uow.documents.remarks(document_id) == []
    assert len(rows(world)) == before


def test_a_change_that_only_redraws_is_no_edit(slack, world, document_id) -> None:
    channel, thread = root(world, document_id, "receipt")
    written = slack.write("UM1", channel, thread, "Voyez https://exemple.fr")
    edits = len(rows(world))
    slack.edit(written, "Voyez https://exemple.fr")

    assert len(rows(world)) == edits


def test_somebody_else_in_the_thread_is_left_in_peace(slack, world, document_id) -> None:
    before = len(rows(world))
    slack.write("UADMIN1", *root(world, document_id, "card"), "Je passe.")
    slack.write("UM2", *root(world, document_id, "receipt"), "Bonjour ?")

    assert len(rows(world)) == before


def test_a_file_dropped_in_the_direct_messages_is_a_document(slack, world) -> None:
    running(world)
    world.workspace.files["F1"] = ("cv.pdf", b"%PDF-1")
    files = [{"id": "F1", "name": "cv.pdf", "size": 6, "mimetype": "application/pdf"}]
    slack.write("UM1", "DM1", "", "Mon CV", subtype="file_share", files=files)

    assert [one.title for one in documents_of(world)] == ["cv.pdf"]


def test_a_late_file_object_says_only_its_id(slack, world) -> None:
    running(world)
    world.workspace.files["F1"] = ("cv.pdf", b"%PDF-1")
    files = [{"id": "F1", "file_access": "check_file_info"}]
    slack.write("UM1", "DM1", "", "", subtype="file_share", files=files)

    assert [one.title for one in documents_of(world)] == ["cv.pdf"]


def test_a_file_in_the_groups_channel_is_nobodys_document(slack, world) -> None:
    running(world)
    world.workspace.files["F1"] = ("cv.pdf", b"%PDF-1")
    slack.write(
        "UM1", "CGROUP", "", "Regardez", subtype="file_share", files=[{"id": "F1", "name": "cv.pdf", "size": 6}]
    )

    assert documents_of(world) == []
