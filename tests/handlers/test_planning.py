"""The plan's forms and posts as members meet them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.views.messages import draw
from programme.messages.planning import MarginWarning
from programme.rules.rescheduling import monday_of
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_enrolment import as_view, option
from tests.usecases.running import LEA, MAX, NOE, ZOE, begin, hold, running, session, until
from tests.usecases.waiting_room import gated, group, messages


def opened(bolt: Bolt, method: str = "views.open") -> dict[str, Any]:
    return as_view(bolt.api.called(method)[-1])


def answered(response: Any) -> dict[str, Any]:
    return json.loads(response.body)


def asked(session_id: str, day: date, wall: str = "19:00", scope: str = "one") -> dict[str, Any]:
    return {
        "number": option(session_id),
        "day": {"type": "datepicker", "selected_date": day.isoformat()},
        "wall": {"type": "timepicker", "selected_time": wall},
        "following": option(scope, "radio_buttons"),
    }


def test_moving_a_session_from_form_to_confirmation(bolt: Bolt) -> None:
    running(bolt.world.ports)
    third = session(bolt.world.ports, 3)
    bolt.press(Action.MOVE_SESSION, user="UM1")
    form = opened(bolt)
    assert form["callback_id"] == Callback.MOVE
    assert check_view(form) == []

    wish = asked(third.id, third.day + timedelta(days=1), "18:30", "following")
    seen = answered(bolt.submit(Callback.MOVE, wish, user="UM1"))["view"]
    assert check_view(seen) == []
    assert "18\u00a0h\u00a030" in json.dumps(seen, ensure_ascii=False)
    assert session(bolt.world.ports, 3).starts_at == third.starts_at

    done = bolt.submit(Callback.MOVE_SEEN, {}, user="UM1", metadata=seen["private_metadata"])
    assert "C’est fait" in answered(done)["view"]["blocks"][0]["text"]["text"]
    assert session(bolt.world.ports, 3).day == third.day + timedelta(days=1)


def test_a_wrong_date_is_told_under_the_field(bolt: Bolt) -> None:
    running(bolt.world.ports)
    third = session(bolt.world.ports, 3)
    response = answered(bolt.submit(Callback.MOVE, asked(third.id, third.day + timedelta(days=9)), user="UM1"))
    assert "ordre des séances" in response["errors"]["day"]


def test_a_stale_confirmation_says_that_nothing_was_applied(bolt: Bolt) -> None:
    running(bolt.world.ports)
    third, fifth = session(bolt.world.ports, 3), session(bolt.world.ports, 5)
    first_wish = asked(third.id, third.day + timedelta(days=1))
    other_wish = asked(fifth.id, fifth.day + timedelta(days=1))
    seen, other = (
        answered(bolt.submit(Callback.MOVE, wish, user=user))["view"]["private_metadata"]
        for wish, user in ((first_wish, "UM1"), (other_wish, "UM2"))
    )
    bolt.submit(Callback.MOVE_SEEN, {}, user="UM1", metadata=seen)
    stale = answered(bolt.submit(Callback.MOVE_SEEN, {}, user="UM2", metadata=other))
    assert "rien n’a été appliqué" in stale["view"]["blocks"][0]["text"]["text"]
    assert session(bolt.world.ports, 5).starts_at == fifth.starts_at


def test_from_the_open_plan_the_form_comes_on_top(bolt: Bolt) -> None:
    running(bolt.world.ports)
    bolt.press(Action.MOVE_SESSION, user="UM1", view={"id": "V1", "type": "modal"})
    assert opened(bolt, "views.push")["callback_id"] == Callback.MOVE


def test_taking_a_proposed_catch_up(bolt: Bolt) -> None:
    running(bolt.world.ports)
    missed = hold(bolt.world, 1, LEA, MAX)
    (proposal,) = messages(bolt.world, "catch_up_proposal")
    payload = draw(proposal, bolt.world.ports.content).payload()
    assert check_message(payload) == []
    value = next(b["accessory"]["value"] for b in payload["blocks"] if "accessory" in b)
    bolt.press(Action.TAKE_CATCH_UP, value, user="UM3")
    seen = opened(bolt)
    assert seen["callback_id"] == Callback.MOVE_SEEN
    bolt.submit(Callback.MOVE_SEEN, {}, user="UM3", metadata=seen["private_metadata"])
    assert session(bolt.world.ports, 1).day == missed.day + timedelta(days=2)


def test_weeks_off_before_and_after_the_start(bolt: Bolt) -> None:
    gated(bolt.world.ports)
    bolt.command(Command.PLAN, user="UM1")
    answer = bolt.api.called("response")[-1]
    assert Action.CHOOSE_WEEKS_OFF in json.dumps(answer)
    assert check_message(answer) == []
    bolt.press(Action.CHOOSE_WEEKS_OFF, user="UM1")
    form = opened(bolt)
    assert check_view(form) == []
    week = form["blocks"][0]["element"]["options"][4]["value"]
    chosen = {"weeks": {"type": "multi_static_select", "selected_options": [{"value": week}]}}
    assert "noté" in json.dumps(answered(bolt.submit(Callback.WEEKS_OFF, chosen, user="UM1")), ensure_ascii=False)
    assert group(bolt.world.ports).weeks_off == (date.fromisoformat(week),)


def test_weeks_off_that_move_sessions_are_shown_first(bolt: Bolt) -> None:
    running(bolt.world.ports)
    fifth = session(bolt.world.ports, 5)
    week = monday_of(fifth.day).isoformat()
    chosen = {"weeks": {"type": "multi_static_select", "selected_options": [{"value": week}]}}
    seen = answered(bolt.submit(Callback.WEEKS_OFF, chosen, user="UM1"))["view"]
    assert check_view(seen) == []
    assert session(bolt.world.ports, 5).starts_at == fifth.starts_at
    bolt.submit(Callback.WEEKS_OFF_SEEN, {}, user="UM1", metadata=seen["private_metadata"])
    assert session(bolt.world.ports, 5).day == fifth.day + timedelta(days=7)


def test_the_groups_settings(bolt: Bolt) -> None:
    running(bolt.world.ports)
    bolt.press(Action.GROUP_SETTINGS, user="UM1")
    assert check_view(opened(bolt)) == []
    values = {
        "minutes": option("90"),
        "guide_lead_days": option("3"),
        "guide_hour": option("12"),
        "video_url": {"type": "url_text_input", "value": "https://visio.example/g"},
    }
    bolt.submit(Callback.GROUP_SETTINGS, values, user="UM1")
    found = group(bolt.world.ports)
    assert (found.minutes, found.guide_lead_days, found.guide_hour) == (90, 3, 12)
    wrong = {**values, "video_url": {"type": "url_text_input", "value": "http://x.example"}}
    assert "video_url" in answered(bolt.submit(Callback.GROUP_SETTINGS, wrong, user="UM1"))["errors"]


def test_every_post_of_the_plan_passes_the_judge_and_reads_as_french(bolt: Bolt) -> None:
    running(bolt.world.ports)
    begin(bolt.world, 1)
    until(bolt.world, session(bolt.world.ports, 2).starts_at - timedelta(hours=20))
    second = session(bolt.world.ports, 2)
    wish = asked(second.id, second.day + timedelta(days=7), scope="following")
    seen = answered(bolt.submit(Callback.MOVE, wish, user="UM1"))["view"]["private_metadata"]
    bolt.submit(Callback.MOVE_SEEN, {}, user="UM1", metadata=seen)
    hold(bolt.world, 2, LEA)
    kinds = ("sessions_moved", "catch_up_proposal", "plan_published", "attendance_sheet", "board")
    for kind in kinds:
        found = messages(bolt.world, kind)
        assert found, kind
        for message in found:
            payload = draw(message, bolt.world.ports.content).payload()
            assert check_message(payload) == []
            assert " :" not in payload["text"].replace("\u00a0:", "")


@pytest.mark.parametrize("slack", [1, 0, -2])
def test_the_warning_says_how_many_sessions_and_until_when(bolt: Bolt, slack: int) -> None:
    warning = MarginWarning(
        group_label="groupe 012 – Lyon",
        tutor_user="UTUTOR1",
        slack_weeks=slack,
        sessions_left=1,
        last_allowed_day=datetime(2027, 4, 18, tzinfo=UTC).date(),
    )
    payload = draw(warning, bolt.world.ports.content).payload()
    assert check_message(payload) == []
    assert "1\u00a0séance à tenir" in payload["text"]
    assert "18\u00a0avril\u00a02027" in payload["text"]


def test_members_of_other_groups_cannot_use_its_buttons(bolt: Bolt) -> None:
    running(bolt.world.ports)
    bolt.press(Action.MOVE_SESSION, session(bolt.world.ports, 3).id, user="USTRANGER")
    assert "pas de groupe" in bolt.api.called("response")[-1]["text"]
    assert {one.slack_user_id for one in (LEA, MAX, NOE, ZOE)} == {"UM1", "UM2", "UM3", "UM4"}
