"""How people write the rows of a dataset: whose right it is, and by which rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, cast

from sqlalchemy import Table, UniqueConstraint

from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Fault, Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import Completion, Rule, Values
from shared.persistence.tables.base import Base


class Ledger(Protocol):
    """The rows of one file so far, where two of them may exclude each other."""

    def clash(self, values: Values, place: Text) -> Fault | None:
        """Say whether an earlier row excludes this one, and remember it if not."""
        ...


# Raises a ConflictError where a row in this state is not to be changed.
Guard: TypeAlias = Callable[[Values], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """What the api needs to let rows of a table be written, besides their columns.

    `entity` names one row in the audit and in operation ids. No two rows have the same
    values in `key`, which the table holds as a unique constraint. `complete` adds what
    follows from the values, before the rules look at them. `filters` and `sorts`
    are columns of the dataset that a list can be narrowed and ordered by, besides the
    school, the municipality and the year. A column of `references` holds the number of
    a row of another table of the same municipality. `example` is a body that is
    accepted; numbers of rows in it stand for those of any.

    `guard` looks at the row before it is changed or removed; with `guarded_by`, a
    column of `references`, at the row that this one belongs to, and before this one is
    made as well. What the columns `own_school` refer to is of the same school. Rules
    see the other rows with the same values in `siblings`, and all schools of the
    municipality where it `knows_schools`; a `ledger` is begun for each file and holds
    its rows against each other. Only rows that are `planned` may be of an
    academic year later than the one to come. Rows that are not
    `locked_with_year` change also once the data of their year are closed; rows of no
    academic year are closed by the calendar year in the column `calendar`. With
    `dates_measures` the terms of measures depend on the rows; with `owed`, each row
    asks a school for something by a day. The column `address` is where mail goes:
    another one settles that mail came back from the old one.
    """

    rows: type[Base]
    entity: str
    permission: Permission
    key: tuple[str, ...]
    example: Mapping[str, Any]
    complete: Completion | None = None
    rules: tuple[Rule, ...] = ()
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    references: Mapping[str, type[Base]] = field(default_factory=dict)
    guard: Guard | None = None
    guarded_by: str | None = None
    own_school: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()
    knows_schools: bool = False
    planned: bool = False
    ledger: Callable[[], Ledger] | None = None
    locked_with_year: bool = True
    calendar: str | None = None
    dates_measures: bool = False
    owed: DeadlineKind | None = None
    address: str | None = None

    @property
    def table(self) -> Table:
        """The table that the rows are in."""
        return cast("Table", self.rows.__table__)

    @property
    def constraint(self) -> str | None:
        """The name of the unique constraint of the key, if it is held by one.

        Only then a filled form of the dataset can be uploaded.
        """
        for constraint in self.table.constraints:
            if isinstance(constraint, UniqueConstraint):
                names = [column.name for column in constraint.columns]
                if sorted(names) == sorted(self.key):
                    return str(constraint.name)
        return None

    @property
    def is_of_school(self) -> bool:
        """Whether each row is about one school."""
        return "school_id" in self.table.c
