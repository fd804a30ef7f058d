"""Every act on documents and questions × who does it: the author, the own tutor or backup, an admin with a trace."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from programme.errors import NotAllowed, Refusal
from programme.messages.reading import DraftShown
from programme.messages.tutoring import AdminActed
from programme.model.people import Caller, Role
from programme.usecases import delivery, documents, handing_over, questions, reading, reviews, tutor_day, worksheets
from tests.conftest import World
from tests.usecases.tutoring import (
    AUTHOR,
    OTHER_TUTOR,
    TUTOR,
    answered,
    asked,
    event_id,
    example_answers,
    message,
    read_by,
    remark,
    reply,
    running,
    says,
    submitted,
    taken,
)
from tests.usecases.waiting_room import rows

ROLES = {
    "author": AUTHOR,
    "peer": Caller("UM2"),
    "outsider": Caller("USTRANGER"),
    "own_tutor": TUTOR,
    "backup": OTHER_TUTOR,
    "other_tutor": Caller("UTUTOR3", frozenset({Role.TUTOR})),
    "admin": Caller("UADMIN1", frozenset({Role.ADMIN})),
    "admin_tutor": Caller("UADMIN2", frozenset({Role.ADMIN, Role.TUTOR})),
}
OWNER, FOLLOWERS = {"author"}, {"own_tutor", "backup"}
ADMINS = {"admin", "admin_tutor"}
Act = Callable[[World, Caller, str], object]


def _document(world: World) -> str:
    return submitted(world).id


def _read(world: World) -> str:
    """A document that its tutor has taken, with a draft."""
    id_ = taken(world).id
    remark(world, id_, "Une date ?")
    return id_


def _drafted(world: World) -> str:
    """A draft made from a template."""
    _drafts(world, TUTOR, _read(world))
    return read_by(world, "CTUTOR", DraftShown)[0].remark_id


def _drafts(world: World, caller: Caller, id_: str) -> None:
    reading.write_draft(world.ports, caller=caller, document_id=id_, text="Et puis ?", source="view:V1")
    delivery.deliver_all(world.ports)


def _kept(world: World) -> str:
    return submitted(world, "F16").id


def _question(world: World) -> str:
    id_ = asked(world).id
    remark(world, id_, "Oui.")
    return id_


def _followed_up(world: World) -> str:
    id_ = asked(world).id
    answered(world, id_)
    reply(world, id_, "Merci.")
    return id_


def _writes(place: str) -> Act:
    return lambda world, caller, id_: says(world, caller, message(world, id_, "Mot.", place=place), event=event_id())


def _returns(world: World, caller: Caller, id_: str) -> None:
    """Whoever may read takes the document over first: returning is for the one who has it."""
    if caller != TUTOR:
        handing_over.reassign(world.ports, caller=caller, subject_id=id_, tutor_user=caller.slack_user_id)
    reviews.return_remarks(world.ports, caller=caller, document_id=id_)


def _hands_over(world: World, caller: Caller, id_: str) -> None:
    handing_over.reassign(world.ports, caller=caller, subject_id=id_, tutor_user="UTUTOR3")


def _hands_in_again(world: World, caller: Caller, id_: str) -> None:
    """The id of somebody else's document gives nothing: the form saves one's own."""
    documents.hand_in(world.ports, caller=caller, document_id=id_)


ACTS: dict[str, tuple[Callable[[World], str], Act, set[str]]] = {
    "hand in": (_kept, _hands_in_again, OWNER),
    "reply": (_document, _writes("receipt"), OWNER),
    "take": (
        _document,
        lambda world, caller, id_: reviews.take(world.ports, caller=caller, document_id=id_),
        FOLLOWERS | {"admin_tutor"},
    ),
    "remark": (_read, _writes("card"), FOLLOWERS),
    "return": (
        _read,
        lambda world, caller, id_: reviews.return_remarks(world.ports, caller=caller, document_id=id_),
        {"own_tutor"},
    ),
    "take over and return": (_read, _returns, FOLLOWERS | {"admin_tutor"}),
    "validate": (
        _read,
        lambda world, caller, id_: reviews.validate(world.ports, caller=caller, document_id=id_),
        {"own_tutor"},
    ),
    "tick the checklist": (
        _read,
        lambda world, caller, id_: reading.tick(world.ports, caller=caller, document_id=id_, version=1, checked=[0]),
        FOLLOWERS,
    ),
    "tell the time": (
        _read,
        lambda world, caller, id_: reading.tell_time(
            world.ports, caller=caller, document_id=id_, version=1, minutes=15
        ),
        FOLLOWERS,
    ),
    "open a template": (
        _read,
        lambda world, caller, id_: reading.template(world.ports, caller=caller, document_id=id_, key="incomplet"),
        FOLLOWERS,
    ),
    "draft from a template": (_read, _drafts, FOLLOWERS),
    "take a draft back": (
        _drafted,
        lambda world, caller, id_: reading.withdraw_draft(world.ports, caller=caller, remark_id=id_),
        FOLLOWERS,
    ),
    "reassign": (_read, _hands_over, FOLLOWERS | ADMINS),
    "ask again in the thread": (_question, _writes("receipt"), OWNER),
    "draft an answer": (_question, _writes("card"), FOLLOWERS),
    "answer": (
        _question,
        lambda world, caller, id_: questions.answer(world.ports, caller=caller, question_id=id_),
        FOLLOWERS,
    ),
    "nothing to add": (
        _followed_up,
        lambda world, caller, id_: questions.nothing_to_add(world.ports, caller=caller, question_id=id_),
        FOLLOWERS,
    ),
    "reassign a question": (_question, _hands_over, FOLLOWERS | ADMINS),
    "close": (
        _question,
        lambda world, caller, id_: questions.close(world.ports, caller=caller, question_id=id_),
        OWNER,
    ),
}


def staged(world: World, act: str) -> str:
    """Five tutors, of whom two follow the member, and what the act is about."""
    running(world, guides=16)
    with world.ports.uow() as uow:
        for tutor in ("UTUTOR3", "UADMIN2"):
            uow.people.grant(Role.TUTOR, tutor)
    return ACTS[act][0](world)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_may_and_nothing_changes(world, act) -> None:
    id_ = staged(world, act)
    _, do, allowed = ACTS[act]
    before = len(rows(world))
    for role in set(ROLES) - allowed:
        with pytest.raises(Refusal) as refused:
            do(world, ROLES[role], id_)
        assert isinstance(refused.value, NotAllowed) or refused.value.key in {"review_elsewhere", "tutor_unknown"}
        assert len(rows(world)) == before, role


@pytest.mark.parametrize(("act", "role"), [(act, role) for act in ACTS for role in sorted(ACTS[act][2])])
def test_who_may_does_and_an_admin_leaves_a_trace(world, act, role) -> None:
    id_ = staged(world, act)
    caller = ROLES[role]
    ACTS[act][1](world, caller, id_)
    delivery.deliver_all(world.ports)

    traces = {one.admin_user for one in read_by(world, "DM1", AdminActed)}
    assert traces == ({caller.slack_user_id} if caller.is_admin else set())


@pytest.mark.parametrize("role", set(ROLES) - {"author"})
def test_the_form_of_a_worksheet_opens_ones_own_answers_only(world, role) -> None:
    running(world)
    sheet = world.ports.content.worksheets.key("F01")
    submitted(world)
    try:
        opened = worksheets.open_worksheet(world.ports, caller=ROLES[role], worksheet="F01")
    except Refusal:
        return
    assert opened.answers != example_answers(sheet)
    assert not opened.answers


@pytest.mark.parametrize("role", ROLES)
def test_a_tutors_day_is_for_tutors_and_shows_their_own(world, role) -> None:
    running(world)
    submitted(world)
    caller = ROLES[role]
    if not caller.is_tutor:
        for act in (tutor_day.my_day, tutor_day.take_next, tutor_day.settings_of):
            with pytest.raises(NotAllowed):
                act(world.ports, caller=caller)
        return
    assert len(tutor_day.my_day(world.ports, caller=caller).lines) == (role == "own_tutor")
