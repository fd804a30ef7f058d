"""Questions as people ask them: the command, the form, the raised hand and the buttons, as Slack sends them."""

from __future__ import annotations

import json

import pytest

from handlers.ids import Action, Callback, Command
from handlers.views.messages import draw
from programme.messages.questions import QuestionAnswer, QuestionCard, QuestionReceipt
from programme.model.question import QuestionState
from programme.usecases import delivery
from sandbox.slack.block_kit import check_message
from tests.usecases.tutoring import asked, question, read_by, remark, root, running
from tests.usecases.waiting_room import rows

AUTHOR, TUTOR = "UM1", "UTUTOR1"


def reaction(channel: str, name: str = "hand", user: str = AUTHOR) -> dict:
    item = {"type": "message", "channel": channel, "ts": "17.1"}
    return {"type": "reaction_added", "user": user, "reaction": name, "item_user": "UM2", "item": item}


def cards(world) -> list[QuestionCard]:
    delivery.deliver_all(world.ports)
    return read_by(world, "CTUTOR", QuestionCard)


def test_the_command_with_a_text_asks_at_once(bolt, world) -> None:
    running(world)
    bolt.command(Command.QUESTION, "CV &amp; lettre : dans quel ordre ?", user=AUTHOR)

    assert [one.text for one in cards(world)] == ["CV & lettre : dans quel ordre ?"]
    assert "le groupe n’en saura rien" in str(bolt.api.called("response"))


def test_the_command_without_text_opens_the_form(bolt, world) -> None:
    running(world)
    bolt.command(Command.QUESTION, user=AUTHOR)
    assert "Poser une question" in str(bolt.api.called("views.open"))
    typed = {"question": {"type": "plain_text_input", "value": "Par quoi commencer ?"}}
    for _ in range(2):
        answer = json.loads(bolt.submit(Callback.QUESTION, typed, user=AUTHOR).body)
        assert answer["response_action"] == "update"

    assert [one.text for one in cards(world)] == ["Par quoi commencer ?"]


def test_a_short_text_is_refused_under_the_field(bolt, world) -> None:
    running(world)
    typed = {"question": {"type": "plain_text_input", "value": "Ok"}}
    answer = json.loads(bolt.submit(Callback.QUESTION, typed, user=AUTHOR).body)

    assert set(answer["errors"]) == {"question"}
    assert cards(world) == []


@pytest.mark.parametrize("text", ["", "Bonjour ?"])
def test_without_a_group_the_command_says_what_to_do(bolt, text) -> None:
    bolt.command(Command.QUESTION, text, user="UNOBODY")

    assert bolt.api.called("views.open") == []
    assert "/bilan" in str(bolt.api.called("response"))


@pytest.mark.parametrize("name", ["hand", "raised_hand", "hand::skin-tone-4"])
def test_a_raised_hand_asks_once(bolt, world, name) -> None:
    found = running(world)
    for _ in range(2):
        bolt.event(reaction(found.channel_id, name), event_id="Ev1")

    assert [one.author_user for one in cards(world)] == [AUTHOR]


def test_other_reactions_are_left_in_peace(bolt, world) -> None:
    found = running(world)
    before = len(rows(world))
    for event in (
        reaction(found.channel_id, "thumbsup"),
        reaction(found.channel_id, user="USTRANGER"),
        reaction(found.channel_id, user=TUTOR),
        reaction("CTUTOR"),
        {**reaction(found.channel_id), "item": {"type": "file", "file": "F1"}},
    ):
        assert bolt.event(event).status == 200

    assert len(rows(world)) == before


def test_the_buttons_of_both_threads(bolt, world) -> None:
    running(world)
    made = asked(world)
    bolt.press(Action.ANSWER_QUESTION, made.id, user=TUTOR)
    assert "Envoyer la réponse" in str(bolt.api.called("response")[-1])
    remark(world, made.id, "Oui.")
    bolt.press(Action.ANSWER_QUESTION, made.id, user=TUTOR)
    assert question(world, made.id).state is QuestionState.ANSWERED
    bolt.press(Action.CLOSE_QUESTION, made.id, user="UM2")
    assert question(world, made.id).state is QuestionState.ANSWERED
    bolt.press(Action.CLOSE_QUESTION, made.id, user=AUTHOR)

    assert question(world, made.id).state is QuestionState.CLOSED


def test_a_reply_that_slack_escaped_is_read_as_it_was_typed(bolt, world) -> None:
    running(world)
    made = asked(world)
    channel, thread = root(world, made.id, "receipt")
    said = {"type": "message", "user": AUTHOR, "channel": channel, "channel_type": "im", "thread_ts": thread}
    bolt.event({**said, "text": "salaire &lt; 2 000 &amp; primes", "ts": "1900.1"})
    delivery.deliver_all(world.ports)

    (post,) = [one for one in world.workspace.posts if one.message.kind == "author_reply"]
    assert post.message.text == "salaire < 2 000 & primes"


@pytest.mark.parametrize("state", QuestionState)
@pytest.mark.parametrize(("text", "link"), [("<!channel> & co " * 110, ""), ("", "https://s.example/p1"), ("", "")])
def test_every_state_is_drawn_as_slack_takes_it(content, state, text, link) -> None:
    facts = {"question_id": "que_1", "title": "Question du 1er mars 2027", "text": text, "link": link, "state": state}
    receipt = QuestionReceipt(**facts)
    card = QuestionCard(**facts, author_user="UM1", group_label="groupe 001 – Lyon", answered_before=True)
    texts = (text,) if text else ()
    for message in (receipt, card, QuestionAnswer(question_id="que_1", title="Q", tutor_user="U1", texts=texts)):
        drawn = draw(message, content).payload()
        assert check_message(drawn) == []
        assert "<!channel>" not in json.dumps(drawn)
