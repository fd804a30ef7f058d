"""The tutors' door as Slack sends it: the command, the forms, the Home, and the help in a thread."""

from __future__ import annotations

import json

import pytest

from handlers.ids import Action, Callback, Command
from handlers.payloads import Subject
from handlers.views import home as home_views
from handlers.views.messages import draw
from programme.messages.reading import DraftShown, ReadingHelp
from programme.messages.tutoring import AdminActed, PromiseMoved, TutorAway, TutorDay, Unclaimed
from programme.model.document import DocumentState
from programme.usecases import delivery, home, tutor_day
from programme.usecases.conversations import card_key
from sandbox.slack.block_kit import check_message, check_view
from tests.usecases.test_tutor_absences import MONDAY
from tests.usecases.tutoring import (
    OTHER_TUTOR,
    PEER,
    TUTOR,
    asked,
    document,
    read_by,
    running,
    submitted,
    taken,
)

MINE = "UTUTOR1"


def chosen(value: str) -> dict:
    return {"type": "users_select", "selected_user": value or None}


def absence(first: str, last: str, backup: str = "") -> dict:
    picked = {"type": "datepicker"}
    return {
        "first_day": {**picked, "selected_date": first},
        "last_day": {**picked, "selected_date": last},
        "backup": chosen(backup),
    }


def test_the_command_shows_the_day(bolt, world) -> None:
    running(world)
    done = submitted(world)
    bolt.command(Command.TUTORING, user=MINE)

    (shown,) = bolt.api.called("response")
    assert done.title in str(shown)
    assert "Prendre le suivant" in str(shown)


def test_the_day_leads_to_the_cards(bolt, world) -> None:
    running(world)
    done = submitted(world)
    delivery.deliver_all(world.ports)
    with world.store.reading() as uow:
        card = uow.outbox.get(card_key(done.id))
    address = world.workspace.permalink(card.receipt_channel, card.receipt_ts)
    bolt.command(Command.TUTORING, user=MINE)
    bolt.press(Action.TUTOR_DAY, user=MINE)
    bolt.press(Action.TUTOR_NEXT, user=MINE)

    (window,) = bolt.api.called("views.open")
    assert f"<{address}|{done.title}>" in str(window)
    day, took = bolt.api.called("response")
    assert f"<{address}|{done.title}>" in str(day)
    assert f"<{address}|son fil>" in str(took)


@pytest.mark.parametrize("user", ["UM1", "UADMIN1", "UNOBODY"])
def test_others_are_told_that_it_is_not_theirs(bolt, world, user) -> None:
    running(world)
    bolt.command(Command.TUTORING, user=user)
    bolt.press(Action.TUTOR_ABSENCE, user=user)
    bolt.press(Action.TUTOR_SETTINGS, user=user)

    assert bolt.api.called("views.open") == []
    assert "Vos groupes" not in str(bolt.api.called("response"))


def test_the_next_one_is_taken(bolt, world) -> None:
    running(world)
    done = submitted(world)
    bolt.press(Action.TUTOR_NEXT, user=MINE)

    assert document(world, done.id).state is DocumentState.IN_REVIEW


def test_an_absence_is_declared_and_ended(bolt, world) -> None:
    running(world)
    bolt.press(Action.TUTOR_ABSENCE, user=MINE)
    assert check_view(bolt.api.called("views.open")[-1]["view"]) == []
    form = absence(MONDAY.isoformat(), "2026-11-27", "UTUTOR2")
    answer = json.loads(bolt.submit(Callback.TUTOR_ABSENCE, form, user=MINE).body)
    assert answer["response_action"] == "update"
    (away,) = tutor_day.my_day(world.ports, caller=TUTOR).away
    bolt.press(Action.TUTOR_BACK, away.absence_id, user=MINE)

    assert tutor_day.my_day(world.ports, caller=TUTOR).away == ()


def test_a_wrong_absence_is_told_under_its_field(bolt, world) -> None:
    running(world)
    for form, field in (
        (absence("2026-11-20", "2026-11-27"), "first_day"),
        (absence("2026-11-24", "2026-11-23"), "last_day"),
        (absence("2026-11-24", "2026-11-25", "UM1"), "backup"),
    ):
        answer = json.loads(bolt.submit(Callback.TUTOR_ABSENCE, form, user=MINE).body)
        assert set(answer["errors"]) == {field}


def test_settings_are_shown_and_saved(bolt, world) -> None:
    bolt.press(Action.TUTOR_SETTINGS, user=MINE)
    assert check_view(bolt.api.called("views.open")[-1]["view"]) == []
    form = {
        "capacity": {"type": "number_input", "value": "7"},
        "digest_hour": {"type": "static_select", "selected_option": {"value": "11"}},
        "backup": chosen("UTUTOR2"),
    }
    bolt.submit(Callback.TUTOR_SETTINGS, form, user=MINE)

    kept = tutor_day.settings_of(world.ports, caller=TUTOR)
    assert (kept.capacity, kept.digest_hour, kept.backup_id) == (7, 11, "UTUTOR2")


def test_the_home_of_a_tutor_is_one_that_slack_takes(world) -> None:
    running(world)
    for caller in (TUTOR, OTHER_TUTOR):
        view = home_views.home(home.compose(world.ports, caller.slack_user_id)).to_dict()
        assert check_view(view) == []
    submitted(world)
    asked(world, caller=PEER)
    view = home_views.home(home.compose(world.ports, MINE)).to_dict()
    assert check_view(view) == []
    assert "2\u00a0dossiers" in json.dumps(view, ensure_ascii=False)


def help_block(document_id: str, action: str, **state) -> dict:
    return {"actions": [{"action_id": action, "block_id": f"{document_id}.1:points", "action_ts": "1.2", **state}]}


def test_points_time_and_template_in_the_thread(bolt, world) -> None:
    running(world)
    done = taken(world)
    options = [{"value": "0"}, {"value": "1"}]
    bolt.press(
        Action.TICK_POINTS,
        user=MINE,
        **help_block(done.id, Action.TICK_POINTS, type="checkboxes", selected_options=options),
    )
    picked = {"type": "static_select", "selected_option": {"value": "30"}}
    bolt.press(Action.TIME_SPENT, user=MINE, **help_block(done.id, Action.TIME_SPENT, **picked))
    delivery.deliver_all(world.ports)
    shown = read_by(world, "CTUTOR", ReadingHelp)[-1]
    assert (shown.checked, shown.minutes) == ((0, 1), 30)

    picked = {"type": "static_select", "selected_option": {"value": "trop_general"}}
    bolt.press(Action.USE_TEMPLATE, user=MINE, **help_block(done.id, Action.USE_TEMPLATE, **picked))
    assert check_view(bolt.api.called("views.open")[-1]["view"]) == []
    typed = {"remark": {"type": "plain_text_input", "value": "Un fait daté ?"}}
    bolt.submit(Callback.REMARK, typed, user=MINE, metadata=Subject(id=done.id).model_dump_json())
    delivery.deliver_all(world.ports)
    (draft,) = read_by(world, "CTUTOR", DraftShown)
    bolt.press(Action.WITHDRAW_DRAFT, draft.remark_id, user=MINE)
    delivery.deliver_all(world.ports)

    assert [one.withdrawn for one in read_by(world, "CTUTOR", DraftShown)] == [True]


def test_every_help_is_one_that_slack_takes(world) -> None:
    running(world, guides=16)
    tutor_day.choose(world.ports, caller=TUTOR, capacity="20", digest_hour="9", backup="")
    for number in range(1, 17):
        done = submitted(world, f"F{number:02d}")
        if done.handed_in:
            tutor_day.take_next(world.ports, caller=TUTOR)
    delivery.deliver_all(world.ports)

    helps = read_by(world, "CTUTOR", ReadingHelp)
    assert len(helps) >= 12
    for message in helps:
        for checked in ((), tuple(range(len(message.points)))):
            drawn = draw(message.model_copy(update={"checked": checked, "minutes": 90}), world.ports.content)
            assert check_message(drawn.payload()) == []


@pytest.mark.parametrize("backup", ["", "UTUTOR2"])
def test_what_is_said_is_what_slack_takes(world, content, backup) -> None:
    now, day = world.clock.now(), MONDAY
    facts = {"title": "<F01> & suite " * 10, "tutor_user": MINE}
    messages = [
        TutorAway(tutor_user=MINE, first_day=day, last_day=day, backup_user=backup, moved=3),
        TutorAway(tutor_user=MINE, first_day=day, last_day=MONDAY, back=True),
        PromiseMoved(title="F01", due_at=now),
        *(
            Unclaimed(**facts, subject_id="doc_1", author_user="UM1", backup_user=backup, due_at=now, to_admins=told)
            for told in (False, True)
        ),
        *(AdminActed(**facts, admin_user="UADMIN1", what=what) for what in ("taken", "reassigned")),
        TutorDay(tutor_user=MINE, day=day, digest=True),
        DraftShown(remark_id="rem_1", tutor_user=MINE, text="<!here> " * 300),
    ]
    for message in messages:
        payload = draw(message, content).payload()
        assert check_message(payload) == []
        assert "<!here>" not in json.dumps(payload)
