"""The button of a risk: an e-tutor or an admin writes to whom it concerns, once a week for each risk.

The bot sends what a person wrote, under that person's name; nothing leaves by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.effects import Post
from programme.errors import InvalidForm, NotAllowed, Refusal
from programme.journal import Action
from programme.messages.reports import RiskHandled, RiskWord
from programme.model.group import Group
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.risks import RiskKind
from programme.usecases import pings
from programme.usecases.day_posts import tell_by_day
from programme.usecases.groups import members_of

LONGEST_WORD = 500


@dataclass(frozen=True)
class RiskAt:
    """One risk of one Monday; no ``member_user`` when it concerns the whole group."""

    week: str
    group_id: str
    kind: RiskKind
    member_user: str = ""

    @property
    def key(self) -> str:
        """One word a week for each risk."""
        return f"word:{self.week}:{self.group_id}:{self.kind.value}:{self.member_user}"


def addressee(ports: Ports, *, caller: Caller, risk: RiskAt) -> str:
    """Return the label of the group to whose people a word can still go.

    NotAllowed for who is neither e-tutor nor admin; Refusal("risk_handled") when somebody has written this week,
    Refusal("risk_past") when the person no longer sits in the group.
    """
    with ports.reading() as uow:
        return _open(uow, caller, risk).label


def _open(uow: UnitOfWork, caller: Caller, risk: RiskAt) -> Group:
    if not (caller.is_tutor or caller.is_admin):
        raise NotAllowed
    group = uow.groups.get(risk.group_id)
    sitting = {member.slack_user_id for member in members_of(uow, group.id)}
    if not sitting or (risk.member_user and risk.member_user not in sitting):
        raise Refusal("risk_past")
    if uow.outbox.get(risk.key) is not None:
        raise Refusal("risk_handled")
    return group


def send(ports: Ports, *, caller: Caller, risk: RiskAt, text: str) -> None:
    """Send the word, and note it in the thread of the group's page, so that nobody writes twice.

    InvalidForm(word); the refusals of ``addressee``.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_WORD:
        raise InvalidForm({"word": "word_long" if text else "word_missing"})
    with ports.uow() as uow:
        group = _open(uow, caller, risk)
        word = RiskWord(risk=risk.kind.value, from_user=caller.slack_user_id, group_label=group.label, text=text)
        if risk.member_user:
            pings.timely(uow, risk.member_user, risk.key, word, ports.clock.now())
        else:
            tell_by_day(uow, group, risk.key, word, ports.clock.now())
        noted = RiskHandled(risk=risk.kind.value, by_user=caller.slack_user_id, member_user=risk.member_user)
        page = f"report:{risk.week}:{group.id}"
        if uow.outbox.get(page) is not None:
            uow.outbox.put(f"{risk.key}:noted", Post(to="tutors", message=noted, in_reply_to=page), lane=page)
        uow.journal.write(caller.slack_user_id, Action.RISK_HANDLED, group.id, risk=risk.kind.value)
