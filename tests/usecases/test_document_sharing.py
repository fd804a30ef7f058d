"""A document and the group: shown by its author alone, taken back at will; nobody else has a say."""

from __future__ import annotations

import pytest

from programme.errors import NotAllowed, Refusal
from programme.messages.sharing import DocumentShared
from programme.model.group import GroupState
from programme.usecases import delivery, document_pages, document_sharing
from tests.usecases.tutoring import (
    ADMIN,
    AUTHOR,
    OTHER_TUTOR,
    OUTSIDER,
    PEER,
    TUTOR,
    documents_of,
    dropped,
    running,
    slack_file,
    submitted,
)


def share(world, document_id, caller=AUTHOR):
    made = document_sharing.share(world.ports, caller=caller, document_id=document_id)
    delivery.deliver_all(world.ports)
    return made


def revoke(world, document_id, caller=AUTHOR):
    document_sharing.revoke(world.ports, caller=caller, document_id=document_id)
    delivery.deliver_all(world.ports)


def in_channel(world, channel):
    """Versions that the channel reads of, and the names of the files in it."""
    posts = [post for post in world.workspace.posts if post.channel == channel]
    said = [post.message.version for post in posts if isinstance(post.message, DocumentShared)]
    return said, [name for where, name, _, _ in world.workspace.shared if where == channel]


def test_the_author_shares_and_takes_back(world) -> None:
    found = running(world)
    done = submitted(world)
    assert in_channel(world, found.channel_id) == ([], [])

    made = share(world, done.id)
    assert in_channel(world, found.channel_id) == ([1], ["F01 · Mon point de départ v1.pdf"])
    (thread,) = {thread for where, _, _, thread in world.workspace.shared if where == found.channel_id}
    assert thread == next(post.ts for post in world.workspace.posts if post.key == made.post_key)
    revoke(world, done.id)
    assert in_channel(world, found.channel_id) == ([], [])


def test_a_second_press_changes_nothing(world) -> None:
    found = running(world)
    done = submitted(world)

    assert share(world, done.id).id == share(world, done.id).id
    assert in_channel(world, found.channel_id)[0] == [1]
    for _ in range(2):
        revoke(world, done.id)
    assert in_channel(world, found.channel_id) == ([], [])
    share(world, done.id)
    assert in_channel(world, found.channel_id)[0] == [1]


def test_a_newer_version_is_not_shown_by_itself_and_takes_the_place_of_the_older(world, ports) -> None:
    found = running(world)
    done = submitted(world)
    share(world, done.id)
    submitted(world, question="Une autre question, plus courte que la première ?")
    assert in_channel(world, found.channel_id)[0] == [1]

    share(world, done.id)
    assert in_channel(world, found.channel_id) == ([2], ["F01 · Mon point de départ v2.pdf"])
    assert document_pages.look(ports, caller=AUTHOR, reference=done.id).shared == 2


def test_a_file_is_shared_as_it_was_handed_in(world) -> None:
    found = running(world)
    dropped(world, slack_file(world, "F1", "cv.pdf"))
    (done,) = documents_of(world)
    share(world, done.id)
    assert in_channel(world, found.channel_id) == ([1], ["cv.pdf"])
    revoke(world, done.id)
    assert in_channel(world, found.channel_id) == ([], [])


@pytest.mark.parametrize("caller", [PEER, TUTOR, OTHER_TUTOR, ADMIN, OUTSIDER], ids=lambda one: one.slack_user_id)
def test_nobody_but_the_author_shares_or_takes_back_or_looks(world, ports, caller) -> None:
    found = running(world)
    done = submitted(world)
    with pytest.raises(NotAllowed):
        share(world, done.id, caller)
    assert in_channel(world, found.channel_id) == ([], [])
    share(world, done.id)
    with pytest.raises(NotAllowed):
        revoke(world, done.id, caller)
    with pytest.raises(NotAllowed):
        document_pages.look(ports, caller=caller, reference=done.id)
    assert in_channel(world, found.channel_id)[0] == [1]


def test_what_its_owner_keeps_may_be_shared_by_them_and_goes_to_no_tutor(world) -> None:
    found = running(world, guides=16)
    done = submitted(world, "F16")
    share(world, done.id)

    assert in_channel(world, found.channel_id)[0] == [1]
    assert not any(where == "CTUTOR" for where, *_ in world.workspace.shared)


def test_after_the_archive_nothing_is_shared_and_the_files_can_still_be_taken_back(world, ports) -> None:
    found = running(world)
    done = submitted(world)
    share(world, done.id)
    with ports.uow() as uow:
        uow.groups.get(found.id).state = GroupState.ARCHIVED
    world.workspace.closed[found.channel_id] = "is_archived"

    assert document_pages.look(ports, caller=AUTHOR, reference=done.id).audience is None
    revoke(world, done.id)
    assert in_channel(world, found.channel_id) == ([1], [])
    with pytest.raises(Refusal) as over:
        share(world, done.id)
    assert over.value.key == "programme_over"


def test_the_audience_is_the_rest_of_the_group_and_its_tutor(world, ports) -> None:
    running(world)
    done = submitted(world)
    page = document_pages.look(ports, caller=AUTHOR, reference=done.id)

    assert page.audience is not None
    assert len(page.audience.first_names) == 3
    assert page.audience.tutor_user == "UTUTOR1"
