"""Twenty-four weeks in four zones, over both changes of clock: who is written to, how often, and never at night."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from programme.messages.nudges import Digest
from programme.model.group import GroupState
from programme.model.nudge import Topic
from programme.model.people import Caller
from programme.usecases import (
    agenda,
    attendance,
    checkins,
    delivery,
    gate,
    kits,
    quiet_wishes,
    reviews,
    slots,
    withdrawal,
)
from tests.conftest import World
from tests.usecases.tutoring import ADMIN, submitted
from tests.usecases.tutoring import TUTOR as READER
from tests.usecases.waiting_room import Person, enrol, group, opening, users

BEGINS = datetime(2026, 10, 12, 7, tzinfo=UTC)
"""A Monday; the clocks of Paris change on 25 October and on 28 March."""
ENDS = BEGINS + timedelta(weeks=24)
ZONES = {"U1": "Europe/Paris", "U2": "Indian/Reunion", "U3": "America/Martinique", "U4": "Pacific/Noumea"}
"""The four members; each zone also has somebody who waits for a group, and somebody who withdraws."""
LEGAL = {"declaration_received", "order_confirmed", "refund_sent", "refund_failed", "end_request_received"}
ASKED_FOR = {"document_receipt"}
ROUTINE = {"check_in_request", "waiting_word", "kit_sent", "survey_request", "material_request", "digest"}
MOST_A_DAY = 2
"""A routine post, and one that the person awaits or has asked for."""
AT_ITS_HOUR = {"attendance_sheet", "live_session"}
"""What a group gets when its session begins, whatever the hour that it chose."""


@dataclass
class Ping:
    """One new post, and when it came."""

    at: datetime
    channel: str
    message: Any
    thread: str

    def local(self, zone: str) -> datetime:
        return self.at.astimezone(ZoneInfo(zone))


@dataclass
class Play:
    """Time that passes, and people who do things when they are written to."""

    world: World
    pings: list[Ping] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    channel: str = ""
    channel_zone: str = ""

    def until(self, instant: datetime) -> None:
        """Do what is due at its hour, deliver it at once, and let people act on it."""
        while True:
            due = delivery.next_due(self.world.ports)
            if due is None or due > instant:
                break
            self.world.clock.instant = max(self.world.clock.instant, due)
            self.settle()
        self.world.clock.instant = instant

    def settle(self) -> None:
        """Run, deliver and react until nothing is due."""
        while True:
            agenda.run_due(self.world.ports, _fail)
            delivery.deliver_all(self.world.ports)
            for post in self.world.workspace.posts[len(self.pings) :]:
                self.pings.append(Ping(self.world.clock.now(), post.channel, post.message, post.thread_ts))
                self._react(self.pings[-1])
            if delivery.is_quiet(self.world.ports):
                return

    def act(self, at: datetime, what: Callable[[], object]) -> None:
        """Go there, do it, and let it arrive."""
        self.until(at)
        what()
        self.settle()

    def _react(self, ping: Ping) -> None:
        match ping.message.kind:
            case "attendance_sheet":
                for user in ZONES:
                    attendance.sign(self.world.ports, caller=Caller(user), session_id=ping.message.session_id)
            case "check_in_request" | "digest":
                for asked in parts(ping.message):
                    if asked.kind == "check_in_request":
                        self._answer("U" + ping.channel[1:], asked)
            case _:
                pass

    def _answer(self, user: str, asked: Any) -> None:
        """The first answers at once, the second the first reminder, the third never, the fourth at once at noon."""
        if user[-1] in "14" or (user[-1] == "2" and asked.reminder == 1):
            checkins.answer(
                self.world.ports,
                caller=Caller(user),
                check_in_id=asked.check_in_id,
                progress=4,
                work_done="yes",
                obstacle="none",
            )

    def of(self, user: str) -> list[Ping]:
        """What reached this person in private, replies in threads included."""
        return [ping for ping in self.pings if ping.channel == "D" + user[1:]]


def _fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


def parts(message: Any) -> tuple[Any, ...]:
    """What one post says."""
    return message.parts if isinstance(message, Digest) else (message,)


def begin(play: Play) -> None:
    """A group of four in four zones; in each zone one who waits, far from everybody, and one who leaves."""
    ports = play.world.ports
    found = opening(
        ports, *(Person(user, paid_days_ago=22, profile={"time_zone": zone}) for user, zone in ZONES.items())
    )
    play.until(BEGINS + timedelta(days=1))
    for user in users(ports):
        gate.sign_charter(ports, caller=Caller(user), group_id=found.id)
        slots.vote(ports, caller=Caller(user), group_id=found.id, slot=found.common_slots[0])
    play.settle()
    found = group(ports)
    assert found.state is GroupState.RUNNING
    play.channel, play.channel_zone = found.channel_id, found.zone
    for user, zone in ZONES.items():
        alone: dict[str, Any] = {"place": (10.0 * int(user[1:]), 0.0), "profile": {"time_zone": zone}}
        enrol(ports, Person(f"{user}WAITS", paid_days_ago=10, **alone), Person(f"{user}LEAVES", **alone))
        play.zones |= {user: zone, f"{user}WAITS": zone, f"{user}LEAVES": zone}
    everything = [topic.value for topic in Topic]
    quiet_wishes.choose(ports, caller=Caller("U4"), hour=12, wanted=everything, snoozed=False)


def at_night(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 15, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def withdraw(play: Play, user: str) -> None:
    """Withdraw from the contract, in two taps."""
    with play.world.ports.reading() as uow:
        enrolment = uow.enrolments.current(uow.members.by_slack(user).id)
        order = uow.orders.of_enrolment(enrolment.id)
    withdrawal.declare(play.world.ports, caller=Caller(user), order_id=order.id, email="x@exemple.fr")


def send_kits(play: Play) -> None:
    """An admin sends four parcels to each group, at that admin's hour."""
    with play.world.ports.reading() as uow:
        seats = [
            (found.id, seat.member_id)
            for found in uow.groups.in_states(GroupState.RUNNING)
            for seat in uow.groups.seats(found.id)
        ]
    for group_id, member_id in seats:
        kits.mark_sent(play.world.ports, caller=ADMIN, group_id=group_id, member_id=member_id)


def hand_in_and_return(play: Play, user: str) -> None:
    """A worksheet handed in and read at once, at an hour of the tutor's choosing."""
    document = submitted(play.world, "F01", caller=Caller(user))
    reviews.take(play.world.ports, caller=READER, document_id=document.id)
    reviews.validate(play.world.ports, caller=READER, document_id=document.id)


@pytest.fixture
def played(world: World) -> Play:
    """The twenty-four weeks."""
    world.clock.instant = BEGINS
    agenda.ensure_recurring(world.ports)
    play = Play(world)
    begin(play)
    withdrawals = [(at_night(date(2026, 10, 15), zone), f"{user}LEAVES") for user, zone in ZONES.items()]
    for at, user in sorted(withdrawals):  # each in the third night of their own zone
        play.act(at, partial(withdraw, play, user))
    play.act(datetime(2026, 10, 22, 15, tzinfo=UTC), partial(send_kits, play))  # the day of the first check-in
    play.act(at_night(date(2026, 11, 25), ZONES["U1"]), partial(hand_in_and_return, play, "U1"))
    play.until(ENDS)
    return play


def test_twenty_four_weeks_of_pings(played: Play) -> None:
    for user, zone in played.zones.items():
        _never_at_night(played.of(user), zone, LEGAL | ASKED_FOR)
        _one_routine_post_a_day(played.of(user), zone)
        days = Counter(ping.local(zone).date() for ping in played.of(user))
        assert max(days.values()) <= MOST_A_DAY, user
    _never_at_night([ping for ping in played.pings if ping.channel == played.channel], played.channel_zone, AT_ITS_HOUR)
    _never_at_night([p for p in played.pings if p.channel == "CTUTOR" and not _of_a_document(p)], "Europe/Paris", set())

    for user, check_ins in {"U1": 16, "U2": 32, "U3": 48, "U4": 16}.items():
        once = {"seat_offer": 1, "charter_request": 1, "kit_sent": 1, "last_steps": 1}
        once |= {"survey_request": 1, "material_request": 1}
        document = {"document_receipt": 1, "remarks_returned": 1} if user == "U1" else {}
        assert _said(played, user) == {"check_in_request": check_ins, **once, **document}, user
        assert _said(played, f"{user}WAITS") == {"waiting_word": 24}
        assert _said(played, f"{user}LEAVES") == {"declaration_received": 1}
        told = next(one for one in played.of(f"{user}LEAVES") if one.message.kind == "declaration_received")
        assert told.local(ZONES[user]).hour == 23
    assert [ping.message.kind for ping in played.of("U4")].count("digest") == 1


def _said(played: Play, user: str) -> Counter[str]:
    """How often each thing was said, alone or in a digest."""
    said: Counter[str] = Counter()
    for ping in played.of(user):
        said.update(part.kind for part in parts(ping.message))
    return said


def _of_a_document(ping: Ping) -> bool:
    return bool(ping.thread) or ping.message.kind.startswith(("document", "review"))


def _never_at_night(pings: list[Ping], zone: str, at_any_hour: set[str]) -> None:
    night = [
        (ping.message.kind, ping.local(zone))
        for ping in pings
        if ping.message.kind not in at_any_hour and not 8 <= ping.local(zone).hour < 20
    ]
    assert night == []


def _one_routine_post_a_day(pings: list[Ping], zone: str) -> None:
    days: dict[date, list[str]] = defaultdict(list)
    for ping in pings:
        if ping.message.kind in ROUTINE:
            days[ping.local(zone).date()].append(ping.message.kind)
    assert {day: kinds for day, kinds in days.items() if len(kinds) > 1} == {}
