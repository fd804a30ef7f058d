"""The sessions of a group are over: what begins for each of its members (programme §8)."""

from __future__ import annotations

from datetime import datetime

from programme.model.agenda import DeadlineKind
from programme.model.group import Group
from programme.ports import Ports, UnitOfWork
from programme.usecases import last_steps, material, surveys
from programme.usecases.groups import members_of
from programme.usecases.participation import finished_group


def begin(ports: Ports, uow: UnitOfWork, group: Group, finished_at: datetime) -> None:
    """Open the survey and the declaration about the material, date what follows, tell each member their last steps.

    Somebody whose account is closed in the workspace is told nothing, and gets the attestation by e-mail.
    """
    for member in members_of(uow, group.id):
        enrolment = uow.enrolments.current(member.id)
        if enrolment is None or finished_group(uow, enrolment) is None:
            continue
        surveys.begin(uow, enrolment, member, finished_at)
        material.begin(uow, enrolment, finished_at)
        if member.active:
            last_steps.tell(ports, uow, member, enrolment, finished_at)
        uow.agenda.reopen(DeadlineKind.ATTESTATION, enrolment.id, finished_at)
