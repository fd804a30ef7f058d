"""Whatever people do with their seats, in whatever order: never five, never three against their will, nobody lost."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.errors import Refusal
from programme.model.group import LIVE_SEATS, GroupState, SeatState
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.usecases import channel_life, channels, composition, consent, gate, matching, rescue, seats, slots
from tests.usecases.waiting_room import ADMIN, Person, enrol

ACTS = (
    "match",
    "confirm",
    "reject",
    "expire_proposal",
    "accept",
    "decline",
    "expire",
    "remind",
    "open",
    "vote",
    "close_vote",
    "sign",
    "gate",
    "leave",
    "deactivate",
    "offer_place",
    "three",
    "agree",
    "refuse",
    "merge",
    "recompose",
    "arrive",
)
FORMED = {GroupState.OPENING, GroupState.VOTING, GroupState.GATED, GroupState.RUNNING, GroupState.PAUSED}


LATITUDES = count(-80.0, 0.9)


class Play:
    """One world of a few people and one admin, in which every act is tried on every group that it fits."""

    def __init__(self, ports: Any) -> None:
        self.ports = ports
        self.mark = new_id("U").replace("_", "")[:9].upper()
        self.place = (next(LATITUDES), 20.0)  # each example far away from all others
        self.users: list[str] = []
        self.arrive(5)

    def arrive(self, count: int = 1) -> None:
        new = [f"{self.mark}{len(self.users) + n}" for n in range(count)]
        self.users += new
        enrol(self.ports, *(Person(user, paid_days_ago=30, place=self.place) for user in new))

    def groups(self) -> list[Any]:
        with self.ports.reading() as uow:
            mine = {member.id for member in uow.members.all() if member.slack_user_id in self.users}
            found = uow.groups.in_states(*GroupState)
            return [one for one in found if {seat.member_id for seat in uow.groups.seats(one.id)} & mine]

    def act(self, act: str, number: int) -> None:
        groups = self.groups()
        group_id = groups[number % len(groups)].id if groups else "grp_none"
        user = self.users[number % len(self.users)]
        try:
            self._do(act, group_id, user, number)
        except Refusal:
            return

    def _do(self, act: str, group_id: str, user: str, number: int) -> None:
        ports, caller = self.ports, Caller(user)
        acts: dict[str, Callable[[], object]] = {
            "match": lambda: matching.propose_now(ports, ADMIN),
            "confirm": lambda: seats.confirm_group(ports, caller=ADMIN, group_id=group_id),
            "reject": lambda: seats.reject_group(ports, caller=ADMIN, group_id=group_id, reason="non"),
            "accept": lambda: self._everywhere(
                lambda one: seats.answer_seat(ports, caller=caller, group_id=one, accept=True)
            ),
            "decline": lambda: seats.answer_seat(ports, caller=caller, group_id=group_id, accept=False),
            "vote": lambda: self._everywhere(
                lambda one: slots.vote(ports, caller=caller, group_id=one, slot="tue-evening")
            ),
            "sign": lambda: self._everywhere(lambda one: gate.sign_charter(ports, caller=caller, group_id=one)),
            "arrive": self.arrive,
            "deactivate": lambda: channel_life.person_changed(ports, slack_user_id=user, deleted=number % 2 == 0),
            "leave": lambda: rescue.free_seat(ports, caller=ADMIN, group_id=group_id, member_id=self._member(user)),
            "three": lambda: rescue.propose_three(ports, caller=ADMIN, group_id=group_id),
            "offer_place": lambda: rescue.offer_place(
                ports, caller=ADMIN, group_id=group_id, member_id=self._member(user)
            ),
            "merge": lambda: rescue.propose_merger(
                ports, caller=ADMIN, group_id=group_id, other_id=self.groups()[(number + 1) % len(self.groups())].id
            ),
            "agree": lambda: self._answer(caller, agree=True),
            "refuse": lambda: self._answer(caller, agree=False),
            "recompose": lambda: self._recompose(group_id, number),
        }
        acts.get(act, lambda: self._deadline(act, group_id))()

    def _deadline(self, act: str, group_id: str) -> None:
        with self.ports.uow() as uow:
            match act:
                case "expire_proposal":
                    seats.expire_proposal(self.ports, uow, group_id)
                case "expire":
                    seats.expire_offers(self.ports, uow, group_id)
                case "remind":
                    seats.remind_offers(self.ports, uow, group_id)
                case "open":
                    channels.channel_opened(self.ports, uow, group_id, f"C{group_id}", "bilan")
                case "close_vote":
                    slots.close_vote(self.ports, uow, group_id)
                case "gate":
                    gate.check_gate(self.ports, uow, group_id)

    def _everywhere(self, act: Any) -> None:
        for one in self.groups():
            try:
                act(one.id)
            except Refusal:
                continue

    def _answer(self, caller: Caller, *, agree: bool) -> None:
        with self.ports.reading() as uow:
            questions = uow.groups.open_rescues()
        for question in questions:
            consent.answer(self.ports, caller=caller, rescue_id=question.id, agree=agree)

    def _recompose(self, group_id: str, number: int) -> None:
        shown = composition.composition(self.ports, caller=ADMIN, group_id=group_id)
        everybody = [one.member_id for one in (*shown.members, *shown.others)]
        wanted = everybody[number % 3 : number % 3 + 3 + number % 2]
        composition.recompose(
            self.ports, caller=ADMIN, group_id=group_id, member_ids=wanted, fingerprint=shown.fingerprint
        )

    def _member(self, user: str) -> str:
        with self.ports.reading() as uow:
            return uow.members.by_slack(user).id

    def check(self) -> None:
        """What must hold after every act."""
        with self.ports.reading() as uow:
            waiting = {one.member_id for one in uow.enrolments.waiting()}
            live: dict[str, list[str]] = {}
            for group in self.groups():
                seated = [seat for seat in uow.groups.seats(group.id) if seat.state in LIVE_SEATS]
                assert len(seated) <= 4, "never five"
                for seat in seated:
                    live.setdefault(seat.member_id, []).append(group.id)
                if group.started_at is not None and group.state is GroupState.RUNNING and len(seated) == 3:
                    started_as_three = all(seat.agrees_to_three for seat in seated)
                    assert started_as_three or self._somebody_left(uow, group.id), "three only if each agrees"
                if group.state in FORMED:
                    assert all(seat.state is SeatState.ACCEPTED for seat in seated), "nobody sits without a yes"
            for user in self.users:
                member_id = uow.members.by_slack(user).id
                assert len(live.get(member_id, [])) <= 1, "in one group at most"
                assert (member_id in waiting) is (member_id not in live), "waits or sits: nobody is lost"

    @staticmethod
    def _somebody_left(uow: Any, group_id: str) -> bool:
        return any(seat.state is SeatState.LEFT and seat.joined_at for seat in uow.groups.seats(group_id))

    def check_words(self) -> None:
        """Whoever was offered a seat that came to nothing was told, one way or another."""
        with self.ports.reading() as uow:
            for group in self.groups():
                if group.state is not GroupState.DISSOLVED or group.channel_id:
                    continue
                for seat in uow.groups.seats(group.id):
                    if seat.state is SeatState.RELEASED and seat.answered_at:
                        assert uow.outbox.get(f"withdrawn:{group.id}:{seat.member_id}") is not None


@pytest.mark.parametrize("part", range(2))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9)), min_size=5, max_size=45))
def test_any_order_of_acts_keeps_the_promises(ports, part, acts) -> None:
    play = Play(ports)
    play.act("match", 0)
    for act, number in acts:
        play.act(act, number)
        play.check()
    play.check_words()
