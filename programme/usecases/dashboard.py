"""The admins' dashboard (programme §9): the lights, what each stands for, and what was given up tried again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from programme.errors import NotFound
from programme.journal import Action
from programme.model.outbox import OutboxStatus
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.instants import day_in
from programme.rules.lights import Colour, Item, Light, LightKind
from programme.usecases.card_links import links
from programme.usecases.groups import require_admin
from programme.usecases.lights import all_lights, light_up
from programme.usecases.reports import iso_week

SHOWN = 8
"""Items of one light on one screen; the most pressing come first."""


@dataclass(frozen=True)
class Detail:
    """One light from near; ``links`` leads from the outbox keys of cards to their addresses, where they have one."""

    light: Light
    today: date
    week: str
    links: Mapping[str, str]

    @property
    def shown(self) -> tuple[Item, ...]:
        """What one screen holds."""
        return self.light.items[:SHOWN]


def lights(ports: Ports, *, caller: Caller) -> tuple[Light, ...]:
    """Return every light, the most pressing first; for admins."""
    require_admin(caller)
    with ports.reading() as uow:
        return all_lights(ports, uow, ports.clock.now())


def counted(ports: Ports, uow: UnitOfWork, now: datetime) -> dict[Colour, int]:
    """Return how many lights burn in each colour, for the admins' Home."""
    burning = [light.colour for light in all_lights(ports, uow, now)]
    return {colour: burning.count(colour) for colour in Colour}


def detail(ports: Ports, *, caller: Caller, kind: LightKind) -> Detail:
    """Return one light from near, with the addresses of its cards; for admins."""
    require_admin(caller)
    now = ports.clock.now()
    with ports.reading() as uow:
        light = light_up(ports, uow, kind, now)
    today = day_in(now)
    cards = links(ports, [item.card for item in light.items[:SHOWN] if item.card])
    return Detail(light, today, iso_week(today), cards)


def try_again(ports: Ports, *, caller: Caller, key: str) -> None:
    """Send what was given up once more, from now on; what goes out meanwhile, or has gone, stays as it is."""
    _settle(ports, caller, key, OutboxStatus.DUE, Action.DELIVERY_RETRIED)


def set_aside(ports: Ports, *, caller: Caller, key: str) -> None:
    """Note that a human has settled it otherwise: it is tried no more, and its light goes out."""
    _settle(ports, caller, key, OutboxStatus.DROPPED, Action.DELIVERY_SET_ASIDE)


def _settle(ports: Ports, caller: Caller, key: str, status: OutboxStatus, action: Action) -> None:
    require_admin(caller)
    with ports.uow() as uow:
        row = uow.outbox.get(key)
        if row is None or row.effect.get("kind") == "erased":
            raise NotFound
        if row.status is not OutboxStatus.FAILED:
            return
        row.status, row.due_at = status, ports.clock.now()
        row.attempts = min(row.attempts, 1)  # not a first attempt: the outside is searched before it is done again
        uow.journal.write(caller.slack_user_id, action, key[:64])
