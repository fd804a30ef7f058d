"""The calendar as other programs read it: parsed with a library that neither wrote it nor is ours."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import ics
import pytest
from flask.testing import FlaskClient

from handlers.ids import Action
from handlers.views.ics import to_ics
from handlers.web import make_web
from programme.model.group import GroupState, SeatState
from programme.usecases import calendars, delivery, group_settings, moves
from sandbox.slack.block_kit import check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_enrolment import as_view
from tests.usecases.running import LEA, MAX, RUN_POSTCODES, STRANGER, hold, running, session, sessions_of
from tests.usecases.waiting_room import Person, four, gated, group

GUADELOUPE = {"postcode": "97110", "commune": "Pointe-à-Pitre", "insee": "97120", "time_zone": "America/Guadeloupe"}


@pytest.fixture
def web(bolt: Bolt) -> FlaskClient:
    return make_web(bolt.world.ports, slack=None, check_signature=None).test_client()


def fetch(web: FlaskClient, address: str) -> Any:
    assert address.startswith("https://bot.example/calendrier/")
    return web.get(address.removeprefix("https://bot.example"))


def parsed(text: str) -> dict[int, ics.Event]:
    """Sessions by number, as the other library understands them."""
    events = ics.Calendar(text).events
    return {int(event.name.split("séance ")[1].split(" ")[0]): event for event in events}


def raw(text: str, number: int) -> str:
    """The lines of one session, unfolded."""
    blocks = text.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
    return next(block for block in blocks if f"séance {number} sur" in block)


def move(bolt: Bolt, number: int, days: int) -> None:
    one = session(bolt.world.ports, number)
    wish = moves.Move(one.id, one.day + timedelta(days=days), one.wall_time)
    seen = moves.preview(bolt.world.ports, caller=LEA, move=wish)
    moves.apply(bolt.world.ports, caller=LEA, move=wish, fingerprint=seen.fingerprint)


def text_of(bolt: Bolt) -> str:
    return to_ics(calendars.own_calendar(bolt.world.ports, caller=LEA)).decode()


@pytest.mark.parametrize(
    ("people", "zone"),
    [
        (four(), "Europe/Paris"),
        (four(profile=RUN_POSTCODES), "Indian/Reunion"),
        (four(profile=GUADELOUPE), "America/Guadeloupe"),
    ],
)
def test_another_program_reads_the_same_instants(bolt: Bolt, people: list[Person], zone: str) -> None:
    bolt.world.clock.move(hours=5)  # daytime in every zone: a group starts by day
    running(bolt.world.ports, *people)
    text = text_of(bolt)
    events = parsed(text)

    assert f"TZID:{zone}" in text
    assert f"DTSTART;TZID={zone}:" in text
    for one in sessions_of(bolt.world.ports):
        assert events[one.number].begin.datetime == one.starts_at
        assert events[one.number].end.datetime == one.starts_at + timedelta(minutes=one.minutes)
        assert events[one.number].uid == f"{one.id}@ensemble1job.example"
        assert events[one.number].status == "CONFIRMED"
    assert events[1].organizer.email == "bonjour@ensemble1job.example"


def test_summer_time_is_in_the_file_as_the_law_has_it(bolt: Bolt) -> None:
    """The wall time stays over the change of March 2027; the file's own definition of the zone agrees."""
    bolt.world.clock.instant += timedelta(days=60)
    running(bolt.world.ports)
    events = parsed(text_of(bolt))
    hours = {event.begin.datetime.hour for event in events.values()}
    utc = {(one.starts_at.hour, one.day.month in (4, 5, 6)) for one in sessions_of(bolt.world.ports)}

    assert hours == {19}
    assert {hour for hour, _ in utc} == {17, 18}


def test_a_move_keeps_the_uid_and_raises_the_sequence(bolt: Bolt) -> None:
    running(bolt.world.ports)
    before = parsed(text_of(bolt))[3]
    assert "SEQUENCE:0" in raw(text_of(bolt), 3)
    move(bolt, 3, 1)

    after = parsed(text_of(bolt))[3]
    assert after.uid == before.uid
    assert after.begin.datetime == session(bolt.world.ports, 3).starts_at
    assert "SEQUENCE:1" in raw(text_of(bolt), 3)
    assert "SEQUENCE:0" in raw(text_of(bolt), 4)


def test_a_session_that_was_not_held_is_cancelled_and_comes_back_with_its_new_date(bolt: Bolt) -> None:
    running(bolt.world.ports)
    hold(bolt.world, 1, LEA, MAX)
    assert "STATUS:CANCELLED" in raw(text_of(bolt), 1)
    assert "SEQUENCE:1" in raw(text_of(bolt), 1)
    move(bolt, 1, 3)
    assert "STATUS:CONFIRMED" in raw(text_of(bolt), 1)
    assert "SEQUENCE:2" in raw(text_of(bolt), 1)


@pytest.mark.parametrize("how", ["left", "dissolved"])
def test_what_will_not_be_any_more_is_cancelled(bolt: Bolt, how: str) -> None:
    running(bolt.world.ports)
    found = group(bolt.world.ports).id
    with bolt.world.ports.uow() as uow:
        member = uow.members.by_slack("UM1")
        if how == "left":
            next(s for s in uow.groups.seats(found) if s.member_id == member.id).state = SeatState.LEFT
        else:
            uow.groups.get(found).state = GroupState.DISSOLVED
    text = text_of(bolt)
    assert text.count("STATUS:CANCELLED") == 16
    assert "SEQUENCE:1" in raw(text, 7)


def test_the_video_link_reaches_the_calendar_and_no_name_does(bolt: Bolt) -> None:
    running(bolt.world.ports)
    now = group_settings.settings_of(bolt.world.ports, caller=LEA)
    wanted = group_settings.GroupSettings(**{**now.__dict__, "video_url": "https://visio.example/g"})
    group_settings.change(bolt.world.ports, caller=LEA, wanted=wanted)

    text = text_of(bolt)
    assert parsed(text)[2].url == "https://visio.example/g"
    assert "SEQUENCE:1" in raw(text, 2)
    for name in ("Camille", "Um1", "UM1", "Um2"):
        assert name not in text


def test_the_feed_is_behind_a_link_that_can_be_revoked(bolt: Bolt, web: FlaskClient) -> None:
    running(bolt.world.ports)
    address = calendars.link(bolt.world.ports, caller=LEA)
    assert calendars.link(bolt.world.ports, caller=LEA) == address
    answer = fetch(web, address)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert len(parsed(answer.text)) == 16
    assert "private" in answer.headers["Cache-Control"]

    known = calendars.link_id(bolt.world.ports, caller=LEA)
    new = calendars.renew_link(bolt.world.ports, caller=LEA, known=known)
    assert calendars.renew_link(bolt.world.ports, caller=LEA, known=known) == new != address
    assert fetch(web, new).status_code == 200
    revoked = fetch(web, address)
    unknown = web.get("/calendrier/" + "a" * 43 + ".ics")
    malformed = web.get("/calendrier/x.ics")
    assert {(one.status_code, one.data) for one in (revoked, unknown, malformed)} == {(404, b"not found\n")}


def test_each_member_has_their_own_link_and_nobody_can_guess_it(bolt: Bolt) -> None:
    running(bolt.world.ports)
    links = {calendars.link(bolt.world.ports, caller=caller) for caller in (LEA, MAX)}
    assert len(links) == 2
    assert all(len(one.rsplit("/", 1)[1].removesuffix(".ics")) >= 43 for one in links)
    with pytest.raises(Exception, match="not_in_group"):
        calendars.link(bolt.world.ports, caller=STRANGER)


def test_whoever_tries_many_addresses_is_slowed_and_nobody_else_is(bolt: Bolt, web: FlaskClient) -> None:
    running(bolt.world.ports)
    address = calendars.link(bolt.world.ports, caller=LEA)
    codes = [web.get(f"/calendrier/{'b' * 30}{n:03d}.ics").status_code for n in range(25)]
    assert codes == [404] * 20 + [429] * 5
    assert fetch(web, address).status_code == 200
    bolt.world.clock.move(minutes=11)
    assert web.get(f"/calendrier/{'b' * 33}.ics").status_code == 404


def test_the_feed_follows_a_move_at_once(bolt: Bolt, web: FlaskClient) -> None:
    running(bolt.world.ports)
    address = calendars.link(bolt.world.ports, caller=MAX)
    move(bolt, 5, 2)
    assert parsed(fetch(web, address).text)[5].begin.datetime == session(bolt.world.ports, 5).starts_at


def test_the_modal_shows_the_link_renews_it_and_sends_the_file(bolt: Bolt) -> None:
    running(bolt.world.ports)
    bolt.press(Action.CALENDAR, user="UM1", view={"id": "V0", "type": "home"})
    view = as_view(bolt.api.called("views.open")[-1])
    assert check_view(view) == []
    assert calendars.link(bolt.world.ports, caller=LEA) in json.dumps(view)
    on_top = {"id": "V1", "type": "modal"}
    bolt.press(Action.CALENDAR_RENEW, calendars.link_id(bolt.world.ports, caller=LEA), user="UM1", view=on_top)
    renewed = as_view(bolt.api.called("views.update")[-1])
    assert check_view(renewed) == []
    assert calendars.link(bolt.world.ports, caller=LEA) in json.dumps(renewed)
    bolt.press(Action.CALENDAR_FILE, user="UM1", view=on_top)
    delivery.deliver_all(bolt.world.ports)
    [shared] = [one for one in bolt.world.workspace.shared if one[1] == calendars.FILE_NAME]
    assert len(parsed(shared[2].decode())) == 16


def test_before_the_dates_the_feed_is_empty_and_the_file_says_why(bolt: Bolt, web: FlaskClient) -> None:
    gated(bolt.world.ports)
    answer = fetch(web, calendars.link(bolt.world.ports, caller=LEA))
    assert (answer.status_code, "VEVENT" in answer.text) == (200, False)
    bolt.press(Action.CALENDAR_FILE, user="UM1", view={"id": "V1", "type": "modal"})
    assert "seront fixées" in json.dumps(as_view(bolt.api.called("views.update")[-1]), ensure_ascii=False)


def test_lines_are_folded_and_end_as_the_norm_wants(bolt: Bolt) -> None:
    running(bolt.world.ports)
    content = to_ics(calendars.own_calendar(bolt.world.ports, caller=LEA))
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
