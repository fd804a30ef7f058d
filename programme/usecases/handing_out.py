"""Files that are handed to one person, in their direct messages with the bot and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from programme.journal import Action
from programme.model.document import StoredFile
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import pings


@dataclass(frozen=True)
class Made:
    """A file that was made for somebody; ``alt`` says what a picture shows."""

    name: str
    mimetype: str
    content: bytes
    alt: str = ""


def hand_out(
    ports: Ports, *, caller: Caller, files: Sequence[Made], key: str, action: Action, subject: str, **facts: object
) -> bool:
    """Keep the files and share them with the caller, with one journal line; tells whether this key was new."""
    kept = [(file, ports.files.store(file.content)) for file in files]
    with ports.uow() as uow:
        if uow.outbox.get(key) is not None:
            return False
        stored = [
            StoredFile(
                id=new_id("fil"),
                sha256=digest,
                name=file.name,
                mimetype=file.mimetype,
                size=len(file.content),
                stored_at=ports.clock.now(),
                owner_id=caller.slack_user_id,
            )
            for file, digest in kept
        ]
        for one in stored:
            uow.documents.add_file(one)
        alts = {one.id: file.alt for one, file in zip(stored, files, strict=True) if file.alt}
        pings.answer_files(uow, caller.slack_user_id, key, [one.id for one in stored], alts=alts)
        uow.journal.write(caller.slack_user_id, action, subject, **facts)
        return True
