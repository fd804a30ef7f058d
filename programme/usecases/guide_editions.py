"""A group keeps the guides and worksheets with which it started: each version of them stays in our own store.

An operator may change the files of the content at any time. Groups that have started go on with what they were shown,
for as long as their members have access; the next group starts with the new ones.
"""

from __future__ import annotations

from programme.content.guides import Guide, guides_of
from programme.content.worksheets import Worksheet, worksheets_of
from programme.model.guide_edition import GuideEdition, WorksheetEdition
from programme.ports import Ports, UnitOfWork


def keep(ports: Ports, uow: UnitOfWork) -> str:
    """Keep today's guides, once, and return their version."""
    guides = ports.content.guides
    if uow.sessions.guide_edition(guides.version) is None:
        data = tuple(guide.model_dump(mode="json") for guide in guides)
        uow.sessions.add_guide_edition(GuideEdition(guides.version, ports.clock.now(), data))
    return guides.version


def keep_worksheets(ports: Ports, uow: UnitOfWork) -> str:
    """Keep today's worksheets, once, and return their version."""
    worksheets = ports.content.worksheets
    if uow.documents.worksheet_edition(worksheets.version) is None:
        data = tuple(sheet.model_dump(mode="json") for sheet in worksheets)
        uow.documents.add_worksheet_edition(WorksheetEdition(worksheets.version, ports.clock.now(), data))
    return worksheets.version


def recall(ports: Ports) -> int:
    """Bring the versions that were kept back to mind, at each start; return how many of the guides.

    pydantic.ValidationError when an edition does not fit the model of this program: a migration is then missing.
    """
    with ports.reading() as uow:
        for edition in uow.sessions.guide_editions():
            guides = (Guide.model_validate(data) for data in edition.guides)
            ports.content.kept_guides[edition.digest] = guides_of(edition.digest, guides)
        for kept in uow.documents.worksheet_editions():
            sheets = (Worksheet.model_validate(data) for data in kept.worksheets)
            ports.content.kept_worksheets[kept.digest] = worksheets_of(kept.digest, sheets)
    return len(ports.content.kept_guides)
