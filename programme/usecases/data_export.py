"""A copy of everything that is kept about a person, for them alone (GDPR art. 15 and 20, C. conso. L221-26-1).

The file is made outside any transaction, kept under its SHA-256, and fetched by an address that expires; without a
public address it goes into the person's direct messages. It is never shown in a channel, and is deleted once expired.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from programme.effects import EraseContents, MakeExport
from programme.errors import Refusal
from programme.journal import Action
from programme.messages.personal_data import DataExportReady
from programme.model.agenda import DeadlineKind
from programme.model.document import StoredFile
from programme.model.ids import new_id
from programme.model.people import Caller
from programme.model.personal_data import EXPORT_LIFETIME, DataExport, secret_digest
from programme.ports import Ports, UnitOfWork
from programme.usecases import data_archive, last_steps, pings

FILE_NAME = "mes-donnees-ensemble1job.zip"
SECRET_BYTES = 32


def ask(ports: Ports, *, caller: Caller) -> bool:
    """Put a copy on its way; False when one is being made already, since less than a day."""
    with ports.uow() as uow:
        member = uow.members.by_slack(caller.slack_user_id)
        if member is None:
            raise Refusal("no_data")
        last, now = uow.personal_data.latest_export(member.id), ports.clock.now()
        if last is not None and last.expires_at is None and now < last.asked_at + timedelta(days=1):
            return False
        export = DataExport(new_id("exp"), member.id, secret_digest(secrets.token_hex()), now)
        uow.personal_data.add(export)
        uow.outbox.put(f"export:{export.id}", MakeExport(export_id=export.id), lane=f"export:{member.id}")
        uow.journal.write(caller.slack_user_id, Action.EXPORT_ASKED, export.id)
        return True


def make(ports: Ports, export_id: str) -> dict[str, Any]:
    """Gather the file (delivery, no transaction open); made again after a crash, the newer file counts."""
    with ports.reading() as uow:
        member = uow.members.get(uow.personal_data.export(export_id).member_id)
        gathered = data_archive.gather(ports, uow, member)
    kept = ports.files.keep(data_archive.zipped(ports, gathered))
    return {"sha256": kept.sha256, "size": kept.size}


def made(ports: Ports, uow: UnitOfWork, export_id: str, facts: dict[str, Any]) -> None:
    """Tell the member where their copy is; only the digest of the secret in its address is kept."""
    export = uow.personal_data.export(export_id)
    member = uow.members.get(export.member_id)
    now = ports.clock.now()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    export.secret_digest, export.sha256, export.expires_at = (
        secret_digest(secret),
        facts["sha256"],
        now + EXPORT_LIFETIME,
    )
    uow.agenda.put(DeadlineKind.EXPORT_EXPIRY, export.id, export.expires_at)
    uow.journal.write("bot", Action.EXPORT_MADE, export.id, size=facts["size"])
    user = member.slack_user_id
    url = f"{ports.config.public_url.rstrip('/')}/donnees/{secret}.zip" if ports.config.public_url else ""
    if not url:
        file = StoredFile(
            new_id("fil"), facts["sha256"], FILE_NAME, "application/zip", facts["size"], now, owner_id=member.id
        )
        uow.documents.add_file(file)
        pings.answer_files(uow, user, f"export-file:{export.id}", [file.id])
    message = DataExportReady(url=url, expires_at=export.expires_at)
    pings.answer(uow, user, f"export-ready:{export.id}", message)
    last_steps.refresh(ports, uow, member)


def fetch(ports: Ports, secret: str) -> bytes | None:
    """Return the file behind an address in force; None for one that is unknown or has expired."""
    with ports.reading() as uow:
        export = uow.personal_data.export_by_secret(secret_digest(secret))
        if export is None or not export.is_open(ports.clock.now()):
            return None
    return ports.files.read(export.sha256)


def expire(ports: Ports, uow: UnitOfWork, export_id: str) -> None:
    """Delete the file: a copy of everything must not lie about."""
    forget(uow, uow.personal_data.export(export_id), ports.clock.now())


def forget(uow: UnitOfWork, export: DataExport, now: datetime) -> None:
    """Close the address and delete its content."""
    if export.sha256:
        effect = EraseContents(digests=(export.sha256,))
        uow.outbox.put(f"export-gone:{export.id}", effect, lane=f"export:{export.member_id}")
        export.sha256, export.expires_at = "", min(export.expires_at or now, now)
