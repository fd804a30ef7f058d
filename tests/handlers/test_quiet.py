"""Routine messages as people see them: why they come, how to put them off or stop them, and the form of the wishes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.views.messages import draw
from handlers.views.nudges import NAMES, WHY
from programme.messages.announcements import AnnouncementWord
from programme.messages.checkins import CheckInRequest
from programme.messages.groups import SeatOffer
from programme.messages.material import MaterialRequest
from programme.messages.nudges import Digest
from programme.messages.planning import KitSent
from programme.messages.rescue import ConsentRequest
from programme.messages.surveys import SurveyRequest
from programme.messages.waiting import WaitingWord
from programme.model.nudge import Topic
from programme.model.people import Caller
from programme.usecases import quiet_wishes
from programme.usecases.pings import TOPICS
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_enrolment import as_view
from tests.usecases.waiting_room import Person, enrol

WHEN = datetime(2026, 12, 1, 18, tzinfo=UTC)
OFFER = SeatOffer(
    group_id="grp_1",
    size=4,
    place="Lyon",
    worst_km=4,
    common_slots=("tue-evening",),
    expires_at=WHEN,
    zone="Europe/Paris",
    reminder=True,
)
CONSENT = ConsentRequest(
    rescue_id="res_1",
    what="three",
    joining=False,
    label="groupe 1",
    size=3,
    place="Lyon",
    worst_km=4,
    slot="tue-evening",
    held=0,
    next_number=1,
    expires_at=WHEN,
    zone="Europe/Paris",
    reminder=True,
)
ROUTINE = (
    CheckInRequest(check_in_id="chk_1", number=3, reminder=1),
    WaitingWord(since=WHEN.date(), weeks=2, near=None, sharing=None, by_slot=(), advice=()),
    OFFER,
    CONSENT,
    KitSent(kit_id="kit_1", address="12 rue des Lilas", received=False),
    SurveyRequest(survey_id="srv_1", wave="month_3", open_until=WHEN.date()),
    MaterialRequest(declaration_id="mat_1", work_until=WHEN.date()),
    AnnouncementWord(from_user="UADMIN1", audience="members", text="Le canal change d’adresse."),
)


def pressable(payload: dict[str, Any]) -> dict[str, str]:
    blocks = [block for block in payload["blocks"] if block["type"] == "actions"]
    return {element["action_id"]: element.get("value", "") for block in blocks for element in block["elements"]}


@pytest.mark.parametrize("message", ROUTINE, ids=lambda message: message.kind)
def test_each_says_why_it_comes_and_how_to_stop_it(bolt: Bolt, message: Any) -> None:
    payload = draw(message, bolt.world.ports.content).payload()
    assert check_message(payload) == []
    topic = TOPICS[message.kind]
    assert pressable(payload)[Action.SNOOZE] == pressable(payload)[Action.STOP_TOPIC] == topic.value
    assert WHY[topic] in json.dumps(payload, ensure_ascii=False)


def test_every_topic_has_its_words_and_its_message() -> None:
    assert set(TOPICS.values()) == set(WHY) == set(NAMES) == set(Topic)
    assert {message.kind for message in ROUTINE} == set(TOPICS)


def test_what_is_answered_asks_for_nothing_more(bolt: Bolt) -> None:
    answered = (
        CheckInRequest(check_in_id="chk_1", number=3, answered=True),
        OFFER.model_copy(update={"answer": "accepted"}),
        OFFER.model_copy(update={"reminder": False}),
        CONSENT.model_copy(update={"answer": "agreed"}),
        KitSent(kit_id="kit_1", address="x", received=True),
        SurveyRequest(survey_id="srv_1", wave="end", open_until=WHEN.date(), answered=True),
        MaterialRequest(declaration_id="mat_1", work_until=WHEN.date(), how="destroyed", day=WHEN.date()),
    )
    for message in answered:
        assert Action.STOP_TOPIC not in pressable(draw(message, bolt.world.ports.content).payload())


def test_a_digest_of_everything_passes_slacks_judge(bolt: Bolt) -> None:
    payload = draw(Digest(parts=ROUTINE), bolt.world.ports.content).payload()
    assert check_message(payload) == []
    assert f"{len(ROUTINE)}\u00a0messages" in payload["text"]
    assert {Action.OPEN_CHECK_IN, Action.ACCEPT_SEAT, Action.AGREE, Action.KIT_RECEIVED} <= set(pressable(payload))


def wishes(bolt: Bolt) -> quiet_wishes.QuietWishes:
    return quiet_wishes.mine(bolt.world.ports, caller=Caller("ULEA"))[0]


def test_until_monday_by_button(bolt: Bolt) -> None:
    bolt.press(Action.SNOOZE, "check_in")
    assert wishes(bolt).snoozed_until == datetime(2026, 11, 30, 7, tzinfo=UTC)
    assert "lundi 30\u00a0novembre" in bolt.api.called("response")[-1]["text"]


def test_no_more_of_these_by_button(bolt: Bolt) -> None:
    bolt.press(Action.STOP_TOPIC, "waiting")
    assert wishes(bolt).stopped == ("waiting",)
    assert NAMES[Topic.WAITING] in bolt.api.called("response")[-1]["text"]


def test_the_form_shows_what_was_chosen_and_keeps_what_is(bolt: Bolt) -> None:
    bolt.press(Action.STOP_TOPIC, "waiting")
    bolt.press(Action.QUIET_WISHES)
    view = as_view(bolt.api.called("views.open")[-1])
    assert check_view(view) == []
    shown = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert shown["hour"]["initial_option"]["value"] == "any"
    assert "waiting" not in {option["value"] for option in shown["topics"]["initial_options"]}
    assert "initial_options" not in shown["pause"]
    answer = submit(bolt, hour="12", topics=["waiting"], pause=["snoozed"])
    assert "enregistré" in json.dumps(answer, ensure_ascii=False)
    kept = wishes(bolt)
    assert (kept.hour, set(kept.stopped)) == (12, {topic.value for topic in Topic} - {"waiting"})
    assert kept.snoozed_until is not None
    bolt.press(Action.QUIET_WISHES)
    assert check_view(as_view(bolt.api.called("views.open")[-1])) == []
    submit(bolt, hour="any", topics=[], pause=[])
    assert (wishes(bolt).hour, wishes(bolt).snoozed_until) == (None, None)
    bolt.press(Action.QUIET_WISHES)
    assert check_view(as_view(bolt.api.called("views.open")[-1])) == []


def submit(bolt: Bolt, *, hour: str, topics: list[str], pause: list[str]) -> dict[str, Any]:
    values = {
        "hour": {"type": "static_select", "selected_option": {"value": hour}},
        "topics": {"type": "checkboxes", "selected_options": [{"value": one} for one in topics]},
        "pause": {"type": "checkboxes", "selected_options": [{"value": one} for one in pause]},
    }
    return json.loads(bolt.submit(Callback.QUIET_WISHES, values).body)


def test_an_hour_of_the_night_is_told_under_its_field(bolt: Bolt) -> None:
    assert set(submit(bolt, hour="22", topics=[], pause=[])["errors"]) == {"hour"}


def test_bilan_leads_to_the_form(bolt: Bolt) -> None:
    enrol(bolt.world.ports, Person("ULEA"))
    bolt.command(Command.WHERE)
    assert Action.QUIET_WISHES in pressable({"blocks": bolt.api.called("response")[-1]["blocks"]})
