"""The picture under a proposal: a sketch of who lives how far from whom, with a text for those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass

from programme.content.french import slot_words
from programme.effects import ShowMap
from programme.model.group import Group
from programme.model.ids import new_id
from programme.ports import Ports, UnitOfWork
from programme.rules.sketch import Sketch, sketch
from programme.usecases.groups import members_of

LETTERS = "ABCD"


@dataclass(frozen=True)
class GroupMap:
    """What is drawn, and the same in words."""

    title: str
    sketch: Sketch
    slots: str
    alt: str


def show(uow: UnitOfWork, group: Group) -> None:
    """Put the picture into the thread of the group's card."""
    key = f"map:{group.id}:{new_id('map')}"
    uow.outbox.put(key, ShowMap(group_id=group.id, in_reply_to=f"proposal:{group.id}"), lane=f"map:{group.id}")


def compose(ports: Ports, group_id: str) -> GroupMap | None:
    """Return what is drawn, or None once nobody sits there any more: the picture has lost its meaning."""
    with ports.reading() as uow:
        group, people = uow.groups.get(group_id), members_of(uow, group_id)
    if not people:
        return None
    drawn = sketch(people, group.id)
    slots = ", ".join(slot_words(slot) for slot in group.common_slots)
    pairs = ", ".join(f"{LETTERS[a]}–{LETTERS[b]} {km} km" for a, b, km in drawn.distances)
    title = f"{group.label[0].upper()}{group.label[1:]}"
    alt = (
        f"Schéma du {group.label} : {len(people)} personnes, dans l’ordre de la carte. "
        f"Distances à vol d’oiseau : {pairs}. Créneaux communs : {slots}. Les positions sont volontairement imprécises."
    )
    return GroupMap(title, drawn, slots, alt[:1000])
