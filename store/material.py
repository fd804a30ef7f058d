"""What became of the method's material."""

from __future__ import annotations

from sqlalchemy import select

from programme.model.material import MaterialDeclaration
from store.repository import Repository
from store.tables.material import material_declarations


class MaterialStore(Repository):
    """One declaration an enrolment."""

    def add(self, declaration: MaterialDeclaration) -> None:
        """Insert a declaration that is asked for."""
        self._insert(declaration)

    def get(self, declaration_id: str) -> MaterialDeclaration:
        """Return the declaration; NotFound otherwise."""
        return self._get(MaterialDeclaration, declaration_id)

    def of_enrolment(self, enrolment_id: str) -> MaterialDeclaration | None:
        """Return what was asked of this enrolment's member, if it was."""
        query = select(MaterialDeclaration).where(material_declarations.c.enrolment_id == enrolment_id)
        return self._db.scalar(query)
