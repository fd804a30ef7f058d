"""Documents, versions, drafts, remarks and files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from programme.model.document import Document, DocumentState, DocumentVersion, Remark, StoredFile
from programme.model.guide_edition import WorksheetEdition
from programme.model.share import Share
from programme.model.worksheet import Draft
from store.repository import Repository
from store.tables.documents import document_versions, documents, remarks
from store.tables.worksheets import document_shares, worksheet_drafts, worksheet_editions


class DocumentStore(Repository):
    """Documents with all that was handed in and answered."""

    def add(self, document: Document) -> None:
        """Insert a document."""
        self._insert(document)

    def get(self, document_id: str) -> Document:
        """Return the document; NotFound otherwise."""
        return self._get(Document, document_id)

    def of_member(self, member_id: str) -> list[Document]:
        """Return the member's documents, oldest first."""
        query = select(Document).where(documents.c.member_id == member_id)
        return list(self._db.scalars(query.order_by(documents.c.created_at, documents.c.id)))

    def of_group(self, group_id: str) -> list[Document]:
        """Return the documents made in one group."""
        query = select(Document).where(documents.c.group_id == group_id)
        return list(self._db.scalars(query.order_by(documents.c.created_at, documents.c.id)))

    def of_worksheet(self, member_id: str, worksheet: str, copy_number: int = 1) -> Document | None:
        """Return the member's document for this copy of a worksheet, if begun."""
        query = select(Document).where(
            documents.c.member_id == member_id,
            documents.c.worksheet == worksheet,
            documents.c.copy_number == copy_number,
        )
        return self._db.scalar(query.order_by(documents.c.created_at, documents.c.id).limit(1))

    def open_for_review(self) -> list[Document]:
        """Return documents that wait for a tutor or are being read, by due date."""
        query = select(Document).where(documents.c.state.in_((DocumentState.RECEIVED, DocumentState.IN_REVIEW)))
        return list(self._db.scalars(query.order_by(documents.c.due_at, documents.c.id)))

    def add_version(self, version: DocumentVersion) -> None:
        """Insert a version handed in."""
        self._insert(version)

    def versions(self, document_id: str) -> list[DocumentVersion]:
        """Return the versions, v1 first."""
        query = select(DocumentVersion).where(document_versions.c.document_id == document_id)
        return list(self._db.scalars(query.order_by(document_versions.c.number)))

    def last_handed_in(self, group_id: str) -> dict[str, datetime]:
        """Return when each member of the group last handed something in, by member id."""
        query = (
            select(documents.c.member_id, func.max(document_versions.c.submitted_at))
            .join(document_versions, document_versions.c.document_id == documents.c.id)
            .where(documents.c.group_id == group_id)
            .group_by(documents.c.member_id)
        )
        return {row.member_id: row[1] for row in self._db.execute(query)}

    def add_draft(self, draft: Draft) -> None:
        """Insert the draft of a worksheet that is being begun."""
        self._insert(draft)

    def draft(self, member_id: str, worksheet: str, copy_number: int) -> Draft | None:
        """Return what the member has saved of this copy of a worksheet, if anything."""
        columns = worksheet_drafts.c
        query = select(Draft).where(columns.member_id == member_id, columns.worksheet == worksheet)
        return self._db.scalar(query.where(columns.copy_number == copy_number))

    def drafts_of(self, member_id: str) -> list[Draft]:
        """Return the member's drafts, by worksheet."""
        columns = worksheet_drafts.c
        query = select(Draft).where(columns.member_id == member_id)
        return list(self._db.scalars(query.order_by(columns.worksheet, columns.copy_number)))

    def add_share(self, share: Share) -> None:
        """Insert what a member shares with their group."""
        self._insert(share)

    def live_share(self, document_id: str) -> Share | None:
        """Return what the group may read of this document now, if anything."""
        columns = document_shares.c
        query = select(Share).where(columns.document_id == document_id, columns.revoked_at.is_(None))
        return self._db.scalar(query)

    def add_worksheet_edition(self, edition: WorksheetEdition) -> None:
        """Insert the worksheets of a version that a group begins with."""
        self._insert(edition)

    def worksheet_edition(self, digest: str) -> WorksheetEdition | None:
        """Return the worksheets of this version, if they were kept."""
        return self._db.get(WorksheetEdition, digest)

    def worksheet_editions(self) -> list[WorksheetEdition]:
        """Return every version that was kept, oldest first."""
        return list(self._db.scalars(select(WorksheetEdition).order_by(worksheet_editions.c.kept_at)))

    def add_remark(self, remark: Remark) -> None:
        """Insert a draft remark."""
        self._insert(remark)

    def remark(self, remark_id: str) -> Remark:
        """Return the remark; NotFound otherwise."""
        return self._get(Remark, remark_id)

    def remark_from(self, source: str) -> Remark | None:
        """Return the remark written in this message (``channel:ts``)."""
        return self._db.scalar(select(Remark).where(remarks.c.source == source))

    def remarks(self, subject_id: str) -> list[Remark]:
        """Return the remarks on a document or a question in the order they were written."""
        query = select(Remark).where(remarks.c.subject_id == subject_id)
        return list(self._db.scalars(query.order_by(remarks.c.written_at, remarks.c.source)))

    def add_file(self, file: StoredFile) -> None:
        """Insert a stored file."""
        self._insert(file)

    def file(self, file_id: str) -> StoredFile:
        """Return the stored file; NotFound otherwise."""
        return self._get(StoredFile, file_id)
