"""Private questions: asked once, answered in the thread, closed by the member, and never shown to the group."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from programme.errors import AlreadyHandled, InvalidForm, NotAllowed, Permanent, Refusal
from programme.messages.documents import AuthorReply, NotReceived, ReviewAlert
from programme.messages.questions import QuestionAnswer, QuestionCard, QuestionReceipt
from programme.model.group import GroupState
from programme.model.question import QuestionState
from programme.usecases import delivery, questions
from tests.usecases.tutoring import (
    AUTHOR,
    OUTSIDER,
    PEER,
    TUTOR,
    answered,
    asked,
    event_id,
    message,
    pass_time,
    question,
    read_by,
    remark,
    reply,
    root,
    running,
    says,
    slack_file,
)
from tests.usecases.waiting_room import rows


def hand(world, caller=AUTHOR, *, channel: str = "", ts: str = "17.1", event: str = "") -> None:
    """Put ✋ on a message of the group's channel, and deliver."""
    with world.ports.reading() as uow:
        place = channel or uow.groups.in_states(GroupState.RUNNING)[0].channel_id
    questions.ask_about(world.ports, caller=caller, channel=place, ts=ts, event_id=event or event_id())
    delivery.deliver_all(world.ports)


def test_a_question_goes_to_the_tutors_and_to_nobody_else(world) -> None:
    running(world)
    before = len(world.workspace.posts)
    made = asked(world)

    said = [(post.channel, type(post.message)) for post in world.workspace.posts[before:]]
    assert said == [("DM1", QuestionReceipt), ("CTUTOR", QuestionCard)]
    (card,) = read_by(world, "CTUTOR", QuestionCard)
    assert (card.author_user, card.tutor_user, card.text) == ("UM1", "UTUTOR1", "Puis-je garder deux pistes ?")
    assert made.due_at == datetime(2026, 11, 26, 17, tzinfo=UTC)


def test_the_title_says_nothing_of_the_question(world) -> None:
    running(world)

    assert asked(world).title.replace("\u00a0", " ") == "Question du 23 novembre 2026"


def test_a_form_sent_twice_is_one_question(world) -> None:
    running(world)
    first, second = (asked(world, source="view:V1") for _ in range(2))

    assert first.id == second.id
    assert len(read_by(world, "CTUTOR", QuestionCard)) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "Oui", "x" * 2001])
def test_a_text_that_is_no_question_changes_nothing(world, text) -> None:
    running(world)
    before = len(rows(world))
    with pytest.raises(InvalidForm):
        questions.ask(world.ports, caller=AUTHOR, text=text, source="view:V1")

    assert len(rows(world)) == before


def test_who_is_in_no_running_group_is_told_so(world) -> None:
    running(world)
    for act in (
        lambda: questions.ask(world.ports, caller=OUTSIDER, text="Y a-t-il quelqu’un ?", source="view:V1"),
        lambda: questions.require_place(world.ports, caller=OUTSIDER),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.key == "not_in_group"


def test_an_answer_is_a_draft_until_it_is_sent(world) -> None:
    running(world)
    made = asked(world)
    remark(world, made.id, "Oui, gardez-les.", shared=[slack_file(world, "F1", "exemple.pdf", b"%PDF-1")])
    assert read_by(world, "DM1", QuestionAnswer) == []

    questions.answer(world.ports, caller=TUTOR, question_id=made.id)
    delivery.deliver_all(world.ports)
    (sent,) = read_by(world, "DM1", QuestionAnswer)
    assert (sent.tutor_user, sent.texts) == ("UTUTOR1", ("Oui, gardez-les.",))
    assert world.workspace.shared == [("DM1", "exemple.pdf", b"%PDF-1", root(world, made.id, "receipt")[1])]
    (post,) = [one for one in world.workspace.posts if isinstance(one.message, QuestionAnswer)]
    assert post.thread_ts == root(world, made.id, "receipt")[1]
    assert question(world, made.id).state is QuestionState.ANSWERED
    with pytest.raises(Refusal) as again:
        questions.answer(world.ports, caller=TUTOR, question_id=made.id)
    assert again.value.key == "no_answer"


def test_a_reply_goes_to_the_tutors_and_opens_the_question_again(world) -> None:
    running(world)
    made = asked(world)
    answered(world, made.id)
    world.clock.move(days=1)
    reply(world, made.id, "Et si j’en avais trois ?")

    assert [one.text for one in read_by(world, "CTUTOR", AuthorReply)] == ["Et si j’en avais trois ?"]
    again = question(world, made.id)
    assert (again.state, again.turn, again.due_at) == (QuestionState.OPEN, 2, datetime(2026, 11, 27, 17, tzinfo=UTC))
    answered(world, made.id, "Alors gardez-en trois.")
    assert [one.texts for one in read_by(world, "DM1", QuestionAnswer)] == [
        ("Oui, gardez-les.",),
        ("Alors gardez-en trois.",),
    ]


def test_a_thank_you_needs_no_answer(world) -> None:
    running(world)
    made = asked(world)
    with pytest.raises(Refusal):
        questions.nothing_to_add(world.ports, caller=TUTOR, question_id=made.id)
    answered(world, made.id)
    reply(world, made.id, "Merci !")
    for _ in range(2):
        questions.nothing_to_add(world.ports, caller=TUTOR, question_id=made.id)

    assert question(world, made.id).state is QuestionState.ANSWERED
    assert len(read_by(world, "DM1", QuestionAnswer)) == 1
    pass_time(world, days=7)
    assert read_by(world, "CTUTOR", ReviewAlert) == []


def test_the_member_closes_it_and_a_message_opens_it_again(world) -> None:
    running(world)
    made = asked(world)
    for _ in range(2):
        questions.close(world.ports, caller=AUTHOR, question_id=made.id)
    delivery.deliver_all(world.ports)
    assert [one.state for one in read_by(world, "CTUTOR", QuestionCard)] == [QuestionState.CLOSED]
    pass_time(world, days=7)
    assert read_by(world, "CTUTOR", ReviewAlert) == []

    reply(world, made.id, "En fait, si.")
    assert question(world, made.id).state is QuestionState.OPEN
    assert [one.state for one in read_by(world, "DM1", QuestionReceipt)] == [QuestionState.OPEN]


def test_an_unanswered_question_is_alerted_on_without_its_text(world) -> None:
    running(world)
    made = asked(world)
    pass_time(world, days=3, hours=6)
    pass_time(world, days=1)

    assert [one.late for one in read_by(world, "CTUTOR", ReviewAlert)] == [False, True]
    (told,) = read_by(world, "CADMIN", ReviewAlert)
    assert (told.title, told.author_user, told.tutor_user) == (made.title, "UM1", "UTUTOR1")


def test_a_raised_hand_asks_about_the_message_in_private(world) -> None:
    found = running(world)
    before = len(world.workspace.posts)
    hand(world)

    said = [(post.channel, type(post.message)) for post in world.workspace.posts[before:]]
    assert said == [("DM1", QuestionReceipt), ("CTUTOR", QuestionCard)]
    (card,) = read_by(world, "CTUTOR", QuestionCard)
    assert card.link == world.workspace.permalink(found.channel_id, "17.1")


def test_a_hand_raised_twice_is_one_question_and_two_people_ask_two(world) -> None:
    running(world)
    hand(world, event="Ev1")
    with pytest.raises(AlreadyHandled):
        hand(world, event="Ev1")
    hand(world)
    assert len(read_by(world, "CTUTOR", QuestionCard)) == 1

    hand(world, PEER)
    assert [one.author_user for one in read_by(world, "CTUTOR", QuestionCard)] == ["UM1", "UM2"]


def test_hands_of_others_and_of_other_channels_ask_nothing(world) -> None:
    running(world)
    before = len(rows(world))
    for stranger in (OUTSIDER, TUTOR):
        with pytest.raises(NotAllowed):
            hand(world, stranger)
    hand(world, channel="CTUTOR")

    assert len(rows(world)) == before


def test_a_hand_before_the_programme_is_answered_in_private(world) -> None:
    found = running(world)
    with world.ports.uow() as uow:
        uow.groups.get(found.id).state = GroupState.GATED
    hand(world, channel=found.channel_id)

    assert [one.reason for one in read_by(world, "DM1", NotReceived)] == ["not_in_group"]
    assert read_by(world, "CTUTOR", QuestionCard) == []


def test_a_message_that_is_gone_leaves_a_question_without_link(world) -> None:
    running(world)

    def gone(channel: str, ts: str) -> str:
        raise Permanent(f"message_not_found {channel} {ts}")

    world.workspace.permalink = gone
    hand(world)

    assert [one.link for one in read_by(world, "CTUTOR", QuestionCard)] == [""]


def test_a_stranger_in_the_thread_is_not_heard(world) -> None:
    running(world)
    made = asked(world)
    before = len(rows(world))
    for caller, place in ((PEER, "receipt"), (TUTOR, "receipt"), (AUTHOR, "card"), (OUTSIDER, "card")):
        with pytest.raises(NotAllowed):
            says(world, caller, message(world, made.id, "Intrus.", place=place))

    assert len(rows(world)) == before
