"""What all repositories share: the SQLAlchemy session (called ``db``, it never leaves the store) and a strict get."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm import Session

from programme.errors import NotFound

T = TypeVar("T")


class Repository:
    """One family of rows in one open transaction."""

    def __init__(self, db: Session) -> None:
        self._db = db

    def _get(self, model: type[T], key: object) -> T:
        found = self._db.get(model, key)
        if found is None:
            raise NotFound
        return found

    def _insert(self, *rows: object) -> None:
        self._db.add_all(rows)
        self._db.flush()
