"""« Où j’en suis » : the same truth in the App Home and under /bilan, at every moment of the road."""

from __future__ import annotations

import json

import pytest

from handlers.ids import Command
from handlers.views import home as views
from programme.model.people import Caller
from programme.usecases import delivery, enrolment, home
from sandbox.slack.block_kit import check_view
from tests.builders import ordered, paid
from tests.conftest import World
from tests.handlers.conftest import USER, Bolt


def shown(world: World, user: str = USER) -> str:
    facts = home.compose(world.ports, user)
    view = views.home(facts).to_dict()
    assert check_view(view) == []
    return json.dumps(view, ensure_ascii=False)


def test_a_newcomer_is_invited_to_begin(world: World) -> None:
    assert "Commencer mon inscription" in shown(world)


def test_the_road_is_told_step_by_step(world: World) -> None:
    enrolment.resume(world.ports, caller=Caller(USER))
    assert "Commencer mon inscription" in shown(world)
    enrolment.see_tutorial(world.ports, caller=Caller(USER))
    assert "Reprendre mon inscription" in shown(world)
    order = ordered(world, USER)
    assert order.checkout_url in shown(world)
    world.payments.pay(order.checkout_id)
    order = paid(world, "UAUTRE")
    assert "Nous cherchons votre groupe" in shown(world, "UAUTRE")
    assert "Délai de rétractation" in shown(world, "UAUTRE")


def test_staff_see_their_corner_and_others_do_not(world: World) -> None:
    assert "Administration" in shown(world, "UADMIN1")
    assert "E-tutorat" in shown(world, "UTUTOR1")
    assert "Administration" not in shown(world)


@pytest.mark.parametrize("user", ["UADMIN1", "UTUTOR1"])
def test_who_only_works_here_is_not_asked_to_enrol(world: World, user: str) -> None:
    assert "Commencer mon inscription" not in shown(world, user)
    assert "inscription" not in views.where(home.compose(world.ports, user)).text
    enrolment.resume(world.ports, caller=Caller(user))
    assert "Commencer mon inscription" in shown(world, user)


def test_opening_the_home_publishes_it_once(bolt: Bolt) -> None:
    event = {"type": "app_home_opened", "user": USER, "tab": "home", "channel": "DLEA", "event_ts": "1.1"}
    for _ in range(2):
        bolt.event(event, event_id="Ev7")
    delivery.deliver_all(bolt.world.ports)
    assert list(bolt.world.workspace.homes) == [USER]


def test_the_messages_tab_publishes_nothing(bolt: Bolt) -> None:
    bolt.event({"type": "app_home_opened", "user": USER, "tab": "messages", "channel": "DLEA", "event_ts": "1.1"})
    delivery.deliver_all(bolt.world.ports)
    assert bolt.world.workspace.homes == {}


@pytest.mark.parametrize(("typed", "told"), [("", "Maintenant"), ("aide", "/bilan-inscription"), ("xyz", "Exemple")])
def test_bilan_answers(bolt: Bolt, typed: str, told: str) -> None:
    bolt.command(Command.WHERE, typed)
    [answer] = bolt.api.called("response")
    assert told in json.dumps(answer, ensure_ascii=False)
