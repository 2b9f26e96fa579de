"""How people write the rows of a dataset: whose right it is, and by which rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table

from shared.domain.permissions import Permission
from shared.domain.record_rules import Rule
from shared.persistence.tables.base import Base


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """What the api needs to let rows of a table be written, besides their columns.

    `entity` names one row in the audit and in operation ids. No two rows have the same
    values in `key`, which the table holds as a unique constraint. `filters` and `sorts`
    are columns of the dataset that a list can be narrowed and ordered by, besides the
    school, the municipality and the year. A column of `references` holds the number of
    a row of another table of the same municipality. `example` is a body that is
    accepted; numbers of rows in it stand for those of any.
    """

    rows: type[Base]
    entity: str
    permission: Permission
    key: tuple[str, ...]
    example: Mapping[str, Any]
    rules: tuple[Rule, ...] = ()
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    references: Mapping[str, type[Base]] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table that the rows are in."""
        return cast("Table", self.rows.__table__)

    @property
    def is_of_school(self) -> bool:
        """Whether each row is about one school."""
        return "school_id" in self.table.c
