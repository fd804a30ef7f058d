"""Every table that holds something of a person has its place in the erasure."""

from __future__ import annotations

from store.own_data import BLANKED, DELETED, IDENTITY, KEPT, WISHES, own_tables
from store.tables.base import metadata


def test_each_table_of_people_is_deleted_emptied_or_kept_for_a_reason() -> None:
    own = [table.name for table, _ in own_tables()]
    assert sorted(own) == sorted([*DELETED, *BLANKED, *KEPT])


def test_what_is_emptied_exists() -> None:
    for name, columns in {**BLANKED, "members": {**WISHES, **IDENTITY}}.items():
        assert set(columns) <= set(metadata.tables[name].c.keys())


def test_what_hangs_on_a_row_goes_before_it() -> None:
    for name in DELETED:
        parents = {key.column.table.name for key in metadata.tables[name].foreign_keys} & set(DELETED)
        assert all(DELETED.index(name) < DELETED.index(parent) for parent in parents)
