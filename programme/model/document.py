"""Documents that members produce, and the tutors' remarks on them (programme §6)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from programme.errors import Refusal


class DocumentState(StrEnum):
    """What the author sees: reçu → en relecture → à reprendre / validé.

    KEPT is a worksheet that only its owner sees until they hand it in (F16).
    """

    KEPT = "kept"
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    TO_REVISE = "to_revise"
    VALIDATED = "validated"


_NEXT: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.KEPT: frozenset({DocumentState.RECEIVED}),
    DocumentState.RECEIVED: frozenset({DocumentState.IN_REVIEW}),
    DocumentState.IN_REVIEW: frozenset({DocumentState.TO_REVISE, DocumentState.VALIDATED, DocumentState.RECEIVED}),
    DocumentState.TO_REVISE: frozenset({DocumentState.VALIDATED, DocumentState.RECEIVED}),
    DocumentState.VALIDATED: frozenset({DocumentState.RECEIVED}),
}


@dataclass
class Document:
    """A worksheet or a file of one member; private to author and tutor unless the author shares it.

    ``worksheet`` is empty for a file on a subject of the author's own; ``copy_number`` counts the copies of a worksheet
    that is filled in several times. ``versions`` counts what was saved; ``handed_in`` is the latest version that a
    tutor may see. ``tutor_id`` is the Slack user who reads it or, until somebody takes it, who is expected to.
    """

    id: str
    member_id: str
    group_id: str
    worksheet: str
    title: str
    created_at: datetime
    state: DocumentState = DocumentState.RECEIVED
    tutor_id: str = ""
    taken_at: datetime | None = None
    due_at: datetime | None = None
    versions: int = 0
    handed_in: int = 0
    copy_number: int = 1
    validated_at: datetime | None = None
    version: int = 0

    @property
    def turn(self) -> int:
        """What the promise is about: each version handed in has its own."""
        return self.handed_in

    @property
    def awaits_tutor(self) -> bool:
        """Whether a reading is promised and has not been given."""
        return self.state in {DocumentState.RECEIVED, DocumentState.IN_REVIEW}

    def move_to(self, state: DocumentState) -> None:
        """Change state along the drawn road; Refusal("document_state") otherwise."""
        if state not in _NEXT[self.state]:
            raise Refusal("document_state", state=self.state.value)
        self.state = state


@dataclass
class DocumentVersion:
    """One version, never changed afterwards: answers of a worksheet, or files of our own store.

    ``sha256`` seals its content (``fingerprint``); "" for versions older than the seal.
    """

    id: str
    document_id: str
    number: int
    submitted_at: datetime
    answers: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    returned_at: datetime | None = None
    sha256: str = ""


def fingerprint(worksheet: str, copy_number: int, answers: Mapping[str, Any], files: Sequence[str]) -> str:
    """Return the SHA-256 of a version: of its JSON with sorted keys; ``files`` are the SHA-256 of their contents."""
    facts = {"worksheet": worksheet, "copy": copy_number, "answers": dict(answers), "files": list(files)}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class RemarkState(StrEnum):
    """A remark follows its message until it is returned; then it is history."""

    DRAFT = "draft"
    RETURNED = "returned"
    DELETED = "deleted"


@dataclass
class Remark:
    """What a tutor wrote in the thread of a document or a question, named by ``subject_id``.

    ``source`` is ``channel:ts`` of the message, unique; ``turn`` is the version of the document, or the turn of the
    question, on which it was written.
    """

    id: str
    subject_id: str
    turn: int
    author_id: str
    source: str
    text: str
    written_at: datetime
    state: RemarkState = RemarkState.DRAFT
    files: tuple[str, ...] = ()
    edited: str = ""
    version: int = 0


@dataclass
class StoredFile:
    """A file in our own store: content by SHA-256, with the name as given (never used as a path)."""

    id: str
    sha256: str
    name: str
    mimetype: str
    size: int
    stored_at: datetime
    slack_file_id: str = ""
    owner_id: str = ""
