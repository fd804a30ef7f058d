"""Whatever happens, in whatever order, to an order that is paid in three: never too much, never after an end.

Acts are webhooks, reconciliations, refusals, pages, retries, admins, ends, refunds, lost answers and killed bots; after
each of them the sums at Stripe are looked at, and at the end both books must agree.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from programme.content import Content
from programme.errors import Refusal, Retryable
from programme.fake_payments import FakePayments
from programme.messages.common import FailureCard
from programme.model.charge import ChargeStatus
from programme.model.dispute import DisputeState
from programme.model.ending import ContractEnd, EndKind, EndState
from programme.model.ids import new_id
from programme.model.order import Order, Payment, PaymentStatus
from programme.payment_provider import DisputeSeen
from programme.usecases import (
    agenda,
    collecting,
    delivery,
    disputes,
    instalment_help,
    instalment_pages,
    payments,
    reconciliation,
    refunds,
)
from programme.usecases.endings import end_contract
from tests.conftest import World, fresh_world, opened_world
from tests.usecases.in_three import ADMIN, LEA, OTHER_ADMIN, begun, hold, instalment

PRICE = 45_000
KILLED = RuntimeError("killed")


@dataclass
class Template:
    """A world in which the group has just begun: its database and its Stripe, to be copied by each example."""

    database: Path
    payments: FakePayments
    order: Order


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, content: Content) -> Template:
    folder = tmp_path_factory.mktemp("begun")
    with fresh_world(folder, empty_database, content) as world:
        order = begun(world)
    return Template(folder / "bilan.sqlite3", world.payments, order)


class Play:
    """One order paid in three, and everything that can happen to it."""

    def __init__(self, world: World, order: Order) -> None:
        self.world, self.ports, self.order = world, world.ports, order
        self.debited_before_end: set[str] | None = None
        self.acts: dict[str, Callable[[int], object]] = {
            "days": lambda number: self.world.clock.move(days=number * 3),
            "due": self._due,
            "deliver": lambda _: self._deliver(),
            "webhooks": lambda _: self._webhooks(),
            "reconcile": lambda _: reconciliation.reconcile(self.ports),
            "bank": self._bank,
            "lose_answer": lambda _: world.payments.lose_answer.append(Retryable("timeout", uncertain=True)),
            "kill": lambda _: world.payments.lose_answer.append(KILLED),
            "away": lambda _: world.payments.fail_next.append(Retryable("down")),
            "forget_keys": lambda _: world.payments.keys.clear(),
            "renew": lambda number: instalment_pages.renew(self.ports, caller=LEA, payment_id=self._id(number)),
            "pay": self._pay,
            "send_link": lambda number: instalment_help.send(self.ports, caller=ADMIN, payment_id=self._id(number)),
            "try_again": lambda number: instalment_help.try_again(
                self.ports, caller=ADMIN, payment_id=self._id(number)
            ),
            "hold": lambda number: self._hold(1 + number),
            "end": self._end,
            "refund": lambda _: self._refund(),
            "contest": self._contest,
            "decide": lambda _: self._decide(),
        }

    def act(self, name: str, number: int) -> None:
        try:
            self.acts[name](number)
        except (Refusal, Retryable):
            return

    def _id(self, number: int) -> str:
        return instalment(self.world, self.order, 2 + number % 2).id

    def _due(self, number: int) -> None:
        """Go to the next thing to do, or a few further, and let it be put on its way."""
        for _ in range(1 + number % 3):
            with self.world.store.reading() as uow:
                coming = uow.agenda.next_due()
            if coming is not None:
                self.world.clock.instant = max(self.world.clock.instant, coming)
            agenda.run_due(self.ports, _fail)

    def _deliver(self) -> None:
        """Deliver what may leave; a bot that is killed leaves its row under a lease, for another one to take."""
        for _ in range(100):
            try:
                if not delivery.deliver_next(self.ports):
                    return
            except RuntimeError:
                return

    def _webhooks(self) -> None:
        for intent in (*self.world.payments.charges, "pi_of_somebody"):
            collecting.settle_charge(self.ports, intent)
        for page in list(self.world.payments.sessions):
            payments.settle_checkout(self.ports, page)

    def _bank(self, number: int) -> None:
        answers = (ChargeStatus.SUCCEEDED, ChargeStatus.DECLINED, ChargeStatus.AUTHENTICATION)
        self.world.payments.bank = answers[number % 3]

    def _pay(self, number: int) -> None:
        pages = [one.id for one in self.world.payments.sessions.values() if one.status == "open"]
        if pages:
            self.world.payments.pay(pages[number % len(pages)], payment_method_id=f"pm_{number}")

    def _hold(self, sessions: int) -> None:
        if self.end() is None:
            hold(self.world, self.order, sessions)

    def _end(self, number: int) -> None:
        kind = list(EndKind)[number % len(EndKind)]
        if self.debited_before_end is None:
            self.debited_before_end = self._debited()
        with self.world.store.uow() as uow:
            order, now = uow.orders.get(self.order.id), self.world.clock.now()
            end_contract(self.ports, uow, order, kind, declared_at=now, actor="UADMIN1")

    def _refund(self) -> None:
        end = self.end()
        for admin in (ADMIN, OTHER_ADMIN) if end else ():
            refunds.approve(self.ports, caller=admin, end_id=end.id)

    def _contest(self, number: int) -> None:
        first = instalment(self.world, self.order, 1)
        seen = DisputeSeen("dp_1", first.intent_id, first.amount, "general", DisputeState.OPEN)
        self.world.payments.contested.setdefault("dp_1", seen)
        disputes.follow(self.ports)

    def _decide(self) -> None:
        for seen in self.world.payments.contested.values():
            self.world.payments.contested["dp_1"] = replace(seen, state=DisputeState.WON)
        disputes.follow(self.ports)

    def end(self) -> ContractEnd | None:
        with self.world.store.reading() as uow:
            return uow.endings.of_order(self.order.id)

    def books(self) -> list[Payment]:
        with self.world.store.reading() as uow:
            return uow.orders.payments(self.order.id)

    def _debited(self) -> set[str]:
        charges = self.world.payments.charges.values()
        return {one.id for one in charges if one.status is ChargeStatus.SUCCEEDED}

    def check(self) -> None:
        """What must hold at any instant."""
        collected = self.world.payments.collected()
        assert sum(collected.values()) <= PRICE
        paid_by = Counter(self.world.payments.pays.get(intent) for intent in collected)
        assert max(paid_by.values()) == 1, "an instalment was paid twice"
        paid = [one for one in self.books() if one.status is PaymentStatus.PAID]
        assert all(collected[one.intent_id] == one.amount for one in paid)
        if self.debited_before_end is not None:
            assert self._debited() == self.debited_before_end
        assert sum(amount for _, amount in self.world.payments.refunded) <= sum(collected.values())

    def conclude(self) -> None:
        """The storm is over: Stripe is there, the bank pays, the admins refund; both books must agree."""
        stripe = self.world.payments
        stripe.fail_next, stripe.lose_answer, stripe.bank = [], [], ChargeStatus.SUCCEEDED
        self._decide()
        for _ in range(9):
            self.world.clock.move(days=12)
            for _ in range(2):
                agenda.run_due(self.ports, _fail)
                delivery.deliver_all(self.ports)
                reconciliation.reconcile(self.ports)
                self.act("refund", 0)
            refunds.follow(self.ports)
            self.check()
        collected, books = sum(stripe.collected().values()), self.books()
        assert collected == sum(one.amount for one in books if one.status is PaymentStatus.PAID)
        given_back = sum(amount for _, amount in stripe.refunded)
        assert given_back == sum(one.refunded for one in books)
        alarms = {card.what for card in self.world.workspace.said(FailureCard)}
        assert alarms <= {"late_payment"}
        end = self.end()
        if end is None:
            assert given_back == 0
        else:
            assert collected - given_back == end.paid - end.refund == min(end.paid, end.due)
            assert end.state is EndState.SETTLED
            assert not any(one.open for one in books)


def _fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error


USUAL = ("due", "deliver", "renew", "pay", "webhooks", "bank")
RARE = ("reconcile", "kill", "lose_answer", "away", "forget_keys", "send_link", "try_again", "days")
LAST = ("hold", "end", "refund", "contest", "decide")
NAMES = st.one_of(st.sampled_from(USUAL), st.sampled_from(USUAL), st.sampled_from(RARE), st.sampled_from(LAST))
STORMS = st.lists(st.tuples(NAMES, st.integers(0, 8)), min_size=5, max_size=30)


def storm(words: str) -> list[tuple[str, int]]:
    """Acts by name, each with the number 0 or the one that follows it."""
    found = (word.partition(":") for word in words.split())
    return [(name, int(number or 0)) for name, _, number in found]


@pytest.fixture
def plays(tmp_path: Path, template: Template, content: Content) -> Callable[[], Iterator[Play]]:
    """Copies of the template, one an example."""

    def play() -> Iterator[Play]:
        database = tmp_path / f"{new_id('play')}.sqlite3"
        database.write_bytes(template.database.read_bytes())
        stripe = copy.deepcopy(template.payments)
        with opened_world(database, content, stripe.clock, stripe) as world:
            yield Play(world, template.order)
        database.unlink()

    return play


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=STORMS)
@example(acts=storm("renew deliver due:1 deliver pay webhooks"))
@example(acts=storm("renew deliver pay end:1 deliver webhooks refund"))
@example(acts=storm("hold:5 renew deliver pay end:1 deliver"))
@example(acts=storm("due:1 kill deliver end:2 days:1 deliver refund"))
@example(acts=storm("due:1 kill deliver forget_keys days:1 deliver"))
@example(acts=storm("bank:2 due:1 deliver renew deliver pay bank:0 try_again deliver webhooks"))
@example(acts=storm("bank:1 due:1 deliver bank:0 due deliver kill try_again deliver hold:2 end:1 refund"))
@example(acts=storm("due:1 deliver hold:1 contest end:3 refund decide refund deliver"))
def test_any_storm_leaves_the_right_sums(plays: Callable[[], Iterator[Play]], acts: list[tuple[str, int]]) -> None:
    for play in plays():
        for name, number in acts:
            play.act(name, number)
            play.check()
        play.conclude()


def test_a_quiet_order_is_paid_in_full(plays: Callable[[], Iterator[Play]]) -> None:
    for play in plays():
        play.conclude()
        assert sum(play.world.payments.collected().values()) == PRICE
        assert play.world.clock.now() - play.order.concluded_at >= timedelta(days=90)
