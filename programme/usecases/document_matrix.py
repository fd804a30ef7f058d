"""Which member stands where with which document: states only, never contents, for the group's tutor and the admins.

A member sees their own row as the list of ``/bilan-document``.
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.errors import NotAllowed, Refusal
from programme.model.document import Document, DocumentState
from programme.model.group import Group, GroupState
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.usecases.documents import posted_sessions, sheets_of, title_of
from programme.usecases.groups import members_of

FOLLOWED = (GroupState.RUNNING, GroupState.PAUSED, GroupState.FINISHED)
SHOWN = (*FOLLOWED, GroupState.ARCHIVED)


@dataclass(frozen=True)
class Cell:
    """One document of one member; ``state`` is None where nothing was handed in, ``version`` is then 0."""

    title: str
    state: DocumentState | None
    version: int = 0


@dataclass(frozen=True)
class Row:
    """One member with every document that is expected by now, then the files of their own."""

    member_user: str
    name: str
    cells: tuple[Cell, ...]

    @property
    def missing(self) -> tuple[Cell, ...]:
        """The worksheets that are open and were not handed in."""
        return tuple(cell for cell in self.cells if cell.state is None)


@dataclass(frozen=True)
class Matrix:
    """The documents of one group."""

    label: str
    rows: tuple[Row, ...]


def of_group(ports: Ports, *, caller: Caller, number: int) -> Matrix:
    """Return the matrix of the group of this number.

    NotAllowed unless the caller is an admin, the group's tutor, or a tutor who reads one of its documents;
    Refusal("matrix_group_unknown") for a group that does not exist or has not begun.
    """
    if not (caller.is_admin or caller.is_tutor):
        raise NotAllowed
    with ports.reading() as uow:
        group = next((one for one in uow.groups.in_states(*SHOWN) if one.number == number), None)
        if group is None:
            raise Refusal("matrix_group_unknown")
        if not (caller.is_admin or _follows(uow, caller, group)):
            raise NotAllowed
        return _matrix(ports, uow, group)


def of_tutor(ports: Ports, *, caller: Caller) -> list[Matrix]:
    """Return the matrices of the groups that the caller follows, by number; NotAllowed for who is no tutor."""
    if not caller.is_tutor:
        raise NotAllowed
    with ports.reading() as uow:
        groups = [group for group in uow.groups.in_states(*FOLLOWED) if _follows(uow, caller, group)]
        return [_matrix(ports, uow, group) for group in groups]


def _follows(uow: UnitOfWork, caller: Caller, group: Group) -> bool:
    if not caller.is_tutor:
        return False
    readers = {group.tutor_id, *(document.tutor_id for document in uow.documents.of_group(group.id))}
    return caller.slack_user_id in readers


def _matrix(ports: Ports, uow: UnitOfWork, group: Group) -> Matrix:
    posted = posted_sessions(uow, group.id)
    expected = [
        (sheet.key, number, title_of(sheet, number))
        for sheet in sheets_of(ports.content, group)
        if sheet.session in posted and not sheet.owner_only
        for number in range(1, sheet.repeat + 1)
    ]
    members = sorted(members_of(uow, group.id), key=lambda member: (member.first_name, member.id))
    return Matrix(group.label, tuple(_row(uow, member, expected) for member in members))


def _row(uow: UnitOfWork, member: Member, expected: list[tuple[str, int, str]]) -> Row:
    """What was never handed in is its owner's alone: it shows as missing, or not at all."""
    handed_in = [document for document in uow.documents.of_member(member.id) if document.handed_in]
    known = {(document.worksheet, document.copy_number): document for document in handed_in if document.worksheet}
    cells = [_cell(title, known.pop((key, number), None)) for key, number, title in expected]
    others = [*known.values(), *(document for document in handed_in if not document.worksheet)]
    return Row(member.slack_user_id, member.first_name, (*cells, *(_cell(one.title, one) for one in others)))


def _cell(title: str, document: Document | None) -> Cell:
    return Cell(title, document.state, document.handed_in) if document else Cell(title, None)
