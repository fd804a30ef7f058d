"""The reason of an absence and its proofs: for the person who follows the group alone, in their direct messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from programme.effects import FetchFiles
from programme.messages.sessions import AbsenceNote
from programme.model.document import StoredFile
from programme.model.session import Attendance, AttendanceState
from programme.ports import UnitOfWork
from programme.usecases import files, pings

MOST_PROOFS = 3


def tell(uow: UnitOfWork, line: Attendance, now: datetime) -> None:
    """Tell the tutor why, or bring what they were told up to date: another reason, a proof, or present after all."""
    session = uow.sessions.get(line.session_id)
    group = uow.groups.get(session.group_id)
    if not group.tutor_id:
        return
    note = AbsenceNote(
        group_label=group.label,
        member_user=uow.members.get(line.member_id).slack_user_id,
        number=session.number,
        starts_at=session.starts_at,
        zone=session.zone,
        reason=line.reason,
        proofs=len(line.proofs),
        lifted=line.state is not AttendanceState.ABSENT,
    )
    if uow.outbox.get(_key(line.id)) is not None:
        pings.update(uow, group.tutor_id, _key(line.id), note)
    elif not note.lifted:
        pings.timely(uow, group.tutor_id, _key(line.id), note, now)


def fetch_proofs(uow: UnitOfWork, line: Attendance, *, user: str, proofs: Sequence[files.SharedFile]) -> None:
    """Put the reading of these files on its way, into our own store."""
    if not proofs:
        return
    source = f"absence:{line.id}:{proofs[0].id}"
    effect = FetchFiles(purpose="absence", user=user, source=source, slack_file_ids=(), document_id=line.id)
    files.fetch_later(uow, effect, proofs[:MOST_PROOFS])


def attach(uow: UnitOfWork, line_id: str, stored: Sequence[StoredFile], now: datetime) -> None:
    """The files are in our store: keep them with the absence, and show them to the tutor under the reason."""
    line = uow.sessions.attendance_line(line_id)
    if line is None:
        return  # the session got another date meanwhile, and the absence was lifted with the old one
    line.proofs = (*line.proofs, *(file.id for file in stored))
    tell(uow, line, now)
    group = uow.groups.get(uow.sessions.get(line.session_id).group_id)
    if uow.outbox.get(_key(line.id)) is not None:
        key, ids = f"{_key(line.id)}:{stored[0].id}", [file.id for file in stored]
        pings.timely_files(uow, group.tutor_id, key, ids, now, in_reply_to=_key(line.id))


def _key(line_id: str) -> str:
    return f"absence:{line_id}"
