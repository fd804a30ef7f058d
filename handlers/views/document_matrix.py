"""The matrix member × document: for each member, what is missing and what stands where; states only."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from handlers.views.documents import STATES
from handlers.views.kit import clip, context, escape, header, modal, section, user
from programme.model.document import DocumentState
from programme.usecases.document_matrix import Matrix, Row

ORDER = (DocumentState.TO_REVISE, DocumentState.RECEIVED, DocumentState.IN_REVIEW, DocumentState.VALIDATED)
MODAL_BLOCKS = 100


def matrix_modal(matrices: Sequence[Matrix]) -> View:
    """The members of each group, one section each."""
    blocks: list[Block] = []
    for matrix in matrices:
        blocks += [header(clip(matrix.label.capitalize(), 150)), *(_row(row) for row in matrix.rows)]
    if not blocks:
        blocks.append(section("Vous ne suivez aucun groupe en cours."))
    blocks = blocks[: MODAL_BLOCKS - 1]
    return modal("document_matrix", "Suivi des documents", [*blocks, context("Les contenus ne s’affichent pas ici.")])


def _row(row: Row) -> Block:
    lines = [f"*{escape(clip(row.name, 80))}* ({user(row.member_user)})"]
    for state in ORDER:
        titles = [f"{_short(cell.title)} v{cell.version}" for cell in row.cells if cell.state is state]
        if titles:
            lines.append(f"{STATES[state].capitalize()} : {', '.join(titles)}")
    missing = ", ".join(_short(cell.title) for cell in row.missing)
    lines.append(f"*Pas encore rendu* : {missing}" if missing else "Tout est rendu.")
    return section(clip("\n".join(lines), 2900))


def _short(title: str) -> str:
    """« F09 (2) » for the second copy of a worksheet; a file keeps its name."""
    key, parted, rest = title.partition(" · ")
    if not parted:
        return escape(clip(title, 60))
    copy = rest.rpartition(" · ")[2] if " · " in rest else ""
    return f"{key} ({copy})" if copy else key
