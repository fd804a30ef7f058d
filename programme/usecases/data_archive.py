"""The ZIP of a person's data: readable without any program of ours, complete for a machine (GDPR art. 20)."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from tempfile import SpooledTemporaryFile
from typing import Any

from programme.content.data_readme import read_me
from programme.content.printing import Contract
from programme.model.attestation import Attestation
from programme.model.document import StoredFile
from programme.model.member import Member
from programme.ports import Ports, UnitOfWork
from programme.rules.filenames import safe_name
from programme.rules.instants import day_in
from programme.usecases import contract

MEMORY = 16_000_000
PIECE = 1_000_000
TABLES_AS_CSV = ("attendance", "check_ins", "payments", "seats", "surveys")


@dataclass(frozen=True)
class Gathered:
    """What goes into the ZIP: every row, the files with their folder, the contract's facts and the attestations."""

    day: date
    rows: dict[str, list[dict[str, Any]]]
    files: Sequence[tuple[str, StoredFile]]
    contract: Contract | None
    attestations: Sequence[Attestation] = ()


def gather(ports: Ports, uow: UnitOfWork, member: Member) -> Gathered:
    """Read everything about the member; the contents of files are read later, one at a time."""
    rows = uow.personal_data.everything(member)
    enrolment = uow.enrolments.current(member.id)
    order = uow.orders.of_enrolment(enrolment.id) if enrolment else None
    paid = order is not None and order.withdrawal_last_day is not None
    return Gathered(
        day=day_in(ports.clock.now()),
        rows=rows,
        files=tuple(_files(uow, member)),
        contract=contract.describe(ports, uow, order, member) if order and paid else None,
        attestations=tuple(uow.attestations.of_member(member.id)),
    )


def _files(uow: UnitOfWork, member: Member) -> Iterator[tuple[str, StoredFile]]:
    for number, document in enumerate(uow.documents.of_member(member.id), 1):
        folder = f"documents/{number:02d} {safe_name(document.title)}"
        for version in uow.documents.versions(document.id):
            for file_id in version.files:
                yield f"{folder}/v{version.number}", uow.documents.file(file_id)
        yield from _returned_files(uow, document.id, f"{folder}/observations")
    for number, question in enumerate(uow.questions.of_member(member.id), 1):
        yield from _returned_files(uow, question.id, f"questions/{number:02d}")


def _returned_files(uow: UnitOfWork, subject_id: str, folder: str) -> Iterator[tuple[str, StoredFile]]:
    """The files that a tutor sent on a document or a question."""
    for remark in uow.documents.remarks(subject_id):
        if remark.state.value == "returned":
            for file_id in remark.files:
                yield folder, uow.documents.file(file_id)


def zipped(ports: Ports, gathered: Gathered) -> Iterator[bytes]:
    """Write the ZIP and give it in pieces, so that a large one never stands whole in memory."""
    with SpooledTemporaryFile(max_size=MEMORY) as spool:
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("LISEZ-MOI.txt", read_me(gathered.day))
            archive.writestr("donnees.json", _json(gathered.rows))
            for name in TABLES_AS_CSV:
                archive.writestr(f"tableaux/{name}.csv", _csv(gathered.rows.get(name, [])))
            for name, text in _answers(gathered.rows):
                archive.writestr(name, text)
            if gathered.contract is not None:
                archive.writestr("contrat.pdf", ports.printer.render("contrat", gathered.contract.model_dump()))
            for one in gathered.attestations:
                archive.writestr(f"attestations/{one.reference}.pdf", ports.files.read(one.sha256))
            for place, file in gathered.files:
                archive.writestr(f"{place}/{file.id} {safe_name(file.name)}", ports.files.read(file.sha256))
        spool.seek(0)
        while piece := spool.read(PIECE):
            yield piece


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else str(value)


def _json(rows: dict[str, list[dict[str, Any]]]) -> str:
    return json.dumps(rows, default=_plain, ensure_ascii=False, indent=2)


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> str:
    """A cell that a spreadsheet will not take for a formula."""
    text = "" if value is None else value if isinstance(value, str) else str(_plain(value))
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _answers(rows: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    titles = {row["id"]: row["title"] for row in rows.get("documents", [])}
    order = {document_id: number for number, document_id in enumerate(titles, 1)}
    for version in rows.get("document_versions", []):
        if version["answers"]:
            folder = f"documents/{order[version['document_id']]:02d} {safe_name(titles[version['document_id']])}"
            yield (
                f"{folder}/v{version['number']} réponses.json",
                json.dumps(dict(version["answers"]), default=_plain, ensure_ascii=False, indent=2),
            )
