"""Who plays: members in several towns, drawn from a seed, and the staff that the workspace starts with."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from bot.demo.person import Person
from bot.demo.sandbox_api import SandboxApi

NEWCOMER = "U0CLAIRE01"
"""Claire Martin is left to whoever tries the demo: nobody plays her."""


@dataclass(frozen=True)
class Town:
    """Four postcodes near one another, a street for the contracts, and the zone of its clocks."""

    name: str
    postcodes: tuple[str, str, str, str]
    street: str
    zone: str = "Europe/Paris"


TOWNS = (
    Town("Lyon", ("69003", "69006", "69100", "69007"), "rue de Créqui"),
    Town("Nantes", ("44000", "44300", "44800", "44400"), "rue Crébillon"),
    Town("Saint-Denis", ("97400", "97490", "97438", "97419"), "rue de Paris", "Indian/Reunion"),
    Town("Bordeaux", ("33000", "33400", "33700", "33600"), "rue Fondaudège"),
    Town("Lille", ("59000", "59100", "59200", "59650"), "rue Nationale"),
    Town("Strasbourg", ("67000", "67100", "67300", "67400"), "quai des Bateliers"),
)
FIRST_NAMES = (
    "Inès",
    "Julien",
    "Fatou",
    "Mathieu",
    "Noémie",
    "Sébastien",
    "Léa",
    "Omar",
    "Cécile",
    "Rémi",
    "Anaïs",
    "Yann",
)
LAST_NAMES = ("Dupré", "Fontaine", "Diallo", "Garnier", "Hoarau", "Le Goff", "Mercier", "Saïdi", "Perrot", "Vasseur")
EVENINGS = ("mon-evening", "tue-evening", "wed-evening", "thu-evening")
EARLY_BOXES = ("express_request", "proportionate_payment", "loss_after_full_performance")


@dataclass(frozen=True)
class Part:
    """One member's part: who plays it, how they enrol and pay, and whether they change their mind."""

    person: Person
    town: Town
    postcode: str
    number: int
    availability: tuple[str, ...]
    early: bool
    leaves: bool = False
    in_three: bool = False

    def answers(self) -> dict[str, object]:
        """The answers of the enrolment forms, by block id; boxes and levels take the usual ones."""
        first_name, _, last_name = self.person.real_name.partition(" ")
        boxes = {box: [box] for box in EARLY_BOXES} if self.early else {}
        return {
            "first_name": first_name,
            "last_name": last_name,
            "email": self.person.email,
            "address": f"{self.number} {self.town.street}",
            "place": self.postcode,
            "radius_km": "30",
            "availability": list(self.availability),
            "choice": "early" if self.early else "wait",
            "plan": "three" if self.in_three else "full",
            "level": "6",
            **boxes,
        }


def staff(api: SandboxApi) -> tuple[list[Person], list[Person]]:
    """Return the tutors and the admins of the seeded workspace."""
    everybody = people(api)
    tutors = [everybody["U0TUTRICE1"], everybody["U0TUTEUR01"]]
    return tutors, [everybody["U0ADMIN001"], everybody["U0ADMIN002"]]


def people(api: SandboxApi) -> dict[str, Person]:
    """Return everybody of the workspace by id."""
    users = api.get("/control/slack/users")["users"]
    return {
        user["id"]: Person(api, user["id"], user["name"], user["real_name"], user["email"])
        for user in users
        if not user["is_bot"]
    }


def cast(api: SandboxApi, groups: int, draw: random.Random) -> list[Part]:
    """Return four parts for each group and one who leaves; people who are missing from the workspace come into it.

    The first of all pays in three.
    """
    players = _players(api, draw)
    parts: list[Part] = []
    for number in range(groups):
        town = TOWNS[number % len(TOWNS)]
        shared = draw.choice(EVENINGS)
        # Of two groups in one town, the earlier one must be complete on its own: its evening tells it apart.
        early = draw.random() < 0.5
        for postcode in town.postcodes:
            others = draw.sample([slot for slot in EVENINGS if slot != shared], 1)
            parts.append(
                Part(
                    person=next(players),
                    town=town,
                    postcode=postcode,
                    number=draw.randint(1, 99),
                    availability=(shared, *others),
                    early=early,
                    in_three=not parts,
                )
            )
    parts.append(_who_leaves(next(players)))
    return parts


def _who_leaves(person: Person) -> Part:
    """Somebody who enrols, pays, and withdraws the same day."""
    return Part(person, TOWNS[-1], "67000", 8, ("sat-morning",), early=False, leaves=True)


def _players(api: SandboxApi, draw: random.Random) -> Iterator[Person]:
    """The workspace's members, then newcomers without end."""
    tutors, admins = staff(api)
    busy = {NEWCOMER, *(person.id for person in (*tutors, *admins))}
    yield from (person for person in people(api).values() if person.id not in busy)
    number = 0
    while True:
        number += 1
        yield _newcomer(api, number, f"{draw.choice(FIRST_NAMES)} {draw.choice(LAST_NAMES)}")


def _newcomer(api: SandboxApi, number: int, real_name: str) -> Person:
    """Somebody who comes into the workspace now."""
    handle = f"membre{number:03d}"
    email = f"{handle}@example.fr"
    added = api.post("/control/slack/add_user", name=handle, real_name=real_name, email=email, tz="Europe/Paris")
    return Person(api, added["user"], handle, real_name, email)
