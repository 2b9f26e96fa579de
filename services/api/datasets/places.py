"""Where each row of a dataset belongs, and which number it is known by."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    and_,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import DATASETS
from shared.persistence.tables.schools import SchoolRow

Place = tuple[ColumnElement[Any], ColumnElement[Any] | None]

ID = "id"
# What runs compute as a whole, and what is counted whenever it is read, by the day: of
# that there is no change to tell.
REPLACED = frozenset({"rankings", "indicators"})
COUNTED_WHEN_READ = frozenset({"roadmap-execution"})
FED = {
    code: dataset for code, dataset in DATASETS.items() if code not in COUNTED_WHEN_READ
}


def id_of(dataset: Dataset) -> ColumnElement[Any] | None:
    """Return the column of the rows' numbers; None where runs replace all rows."""
    return next((each.source for each in dataset.columns if each.name == ID), None)


def is_replaced(dataset: Dataset) -> bool:
    """Tell whether each run brings new rows, which have no numbers of their own."""
    return dataset.code in REPLACED


def table_of(dataset: Dataset) -> Table:
    """Return the table that the dataset's rows are of."""
    column = id_of(dataset)
    if column is None:
        column = dataset.order
    table: Table = column.table
    return table


def places_of(dataset: Dataset) -> tuple[Place, ...]:
    """Return municipality and school that a row belongs to: two of an agreement."""
    table = table_of(dataset)
    columns = table.c
    if "mentor_school_id" in columns:
        return tuple(
            (columns[f"{side}_municipality_id"], columns[f"{side}_school_id"])
            for side in ("mentor", "mentee")
        )
    if table is SchoolRow.__table__:
        return ((columns.municipality_id, columns.id),)
    return ((columns.municipality_id, columns.get("school_id")),)


def is_own(dataset: Dataset) -> ColumnElement[bool]:
    """Tell whether a row belongs to the part of the tree that the caller is of.

    Row-level security may show more: what partners have shared. That is theirs, and
    comes and goes without a change of it.
    """
    return or_(*(within_own(*place) for place in places_of(dataset)))


def within_own(municipality: Any, school: Any = None) -> ColumnElement[bool]:
    """Tell whether a place is in the part of the tree that the caller is of."""
    tenancy: Any = func.tenancy
    # Cast, so that it is one array rather than rows to choose from.
    own = cast(select(tenancy.municipalities()).scalar_subquery(), ARRAY(BigInteger))
    everywhere = select(tenancy.sees_all()).scalar_subquery()
    is_in_municipality = or_(everywhere, municipality == func.any(own))
    if school is None:
        return is_in_municipality
    own_school = select(tenancy.school_id()).scalar_subquery()
    return and_(
        is_in_municipality,
        or_(own_school.is_(None), school.is_(None), school == own_school),
    )
