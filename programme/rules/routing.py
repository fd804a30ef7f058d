"""Who should read what arrives: the member's own tutor within capacity, a backup, then the lightest (programme §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Desk:
    """A tutor as the routing sees them: how much they have, how much they take at once, whether they are there."""

    load: int
    capacity: int
    here: bool = True
    backup: str = ""

    @property
    def has_room(self) -> bool:
        """Whether one more is within capacity."""
        return self.here and self.load < self.capacity


def propose(own: Sequence[str], desks: Mapping[str, Desk]) -> str:
    """Return the tutor to whom something new is proposed; "" where nobody is known at all.

    ``own`` holds those who follow the member, the one who read it last first. They come first, then their backups, then
    whoever has room and the lightest load for their capacity. Where nobody has room, continuity decides again, then the
    load; where nobody is there, it waits for the member's own tutor.
    """
    followers = [user for user in own if user in desks]
    backups = [desks[user].backup for user in followers if desks[user].backup in desks]
    close = list(dict.fromkeys((*followers, *backups)))
    for user in close:
        if desks[user].has_room:
            return user
    lightest = sorted(desks, key=lambda user: (desks[user].load / desks[user].capacity, user))
    for user in lightest:
        if desks[user].has_room:
            return user
    for user in (*close, *lightest):
        if desks[user].here:
            return user
    return next(iter((*close, *(user for user in own if user))), "")
