"""Files of a message that its author hands in from the message's menu, wherever it stands (programme §6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from programme.effects import FetchFiles
from programme.errors import NotAllowed, Refusal
from programme.journal import Action
from programme.model.people import Caller
from programme.ports import Ports, UnitOfWork
from programme.rules.filenames import safe_name
from programme.usecases.documents import author_place, open_sheets, require_open, title_of
from programme.usecases.files import SharedFile, fetch_later, named_worksheet

MOST_FILES = 10
NAME, NOTE = 100, 500
"""Characters of a name and of the message that travel through the form, which carries 3,000 in all."""


@dataclass(frozen=True)
class Offer:
    """What is about to be handed in: ``place`` is ``channel:ts`` of the message, a file its id, name and size."""

    place: str
    files: tuple[tuple[str, str, int | None], ...]
    note: str


@dataclass(frozen=True)
class Choice:
    """The offer, the worksheets that are open by reference ("F09-2"), and the one that the message names, if any."""

    offered: Offer
    worksheets: dict[str, str]
    named: str


def offer(
    ports: Ports, *, caller: Caller, author_user: str, place: str, files: Sequence[SharedFile], text: str
) -> Choice:
    """Return what the author is asked about the files of their own message.

    NotAllowed("not_your_message"), Refusal("message_without_file"), ("files_already_handed_in"), ("not_in_group") or
    ("programme_over").
    """
    if author_user != caller.slack_user_id:
        raise NotAllowed("not_your_message")
    if not files:
        raise Refusal("message_without_file")
    with ports.reading() as uow:
        member, group = author_place(uow, caller.slack_user_id)
        require_open(group)
        _require_new(uow, place)
        offered = Offer(
            place=place,
            files=tuple((file.id, safe_name(file.name)[:NAME], file.size) for file in files[:MOST_FILES]),
            note=text[:NOTE],
        )
        worksheets = {
            f"{sheet.key}-{number}": title_of(sheet, number)
            for sheet in open_sheets(ports, uow, member)
            for number in range(1, sheet.repeat + 1)
        }
        return Choice(offered, worksheets, named_worksheet(ports, uow, group, text))


def hand_in(ports: Ports, *, caller: Caller, offered: Offer, worksheet: str) -> None:
    """Fetch the files for a worksheet ("F09-2"), or as a document of the author's own; refusals as for ``offer``."""
    with ports.uow() as uow:
        _, group = author_place(uow, caller.slack_user_id)
        require_open(group)
        _require_new(uow, offered.place)
        effect = FetchFiles(
            purpose="document",
            user=caller.slack_user_id,
            source=_source(offered.place),
            slack_file_ids=(),
            worksheet=named_worksheet(ports, uow, group, worksheet),
            note=offered.note,
        )
        fetch_later(uow, effect, [SharedFile(*facts) for facts in offered.files])
        uow.journal.write(caller.slack_user_id, Action.FILES_ANNOUNCED, group.id, files=len(offered.files))


def _source(place: str) -> str:
    """A reply's files are fetched for the reply already: handing them in is another act."""
    return f"shortcut:{place}"


def _require_new(uow: UnitOfWork, place: str) -> None:
    """Refusal("files_already_handed_in") when the message was dropped for the bot, or handed in by the shortcut."""
    dropped = uow.outbox.get(f"fetch:{place}")
    if uow.outbox.get(f"fetch:{_source(place)}") or (dropped and dropped.effect["purpose"] == "document"):
        raise Refusal("files_already_handed_in")
