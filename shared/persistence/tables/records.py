"""What tables that people write have in common: whose, which version, whence."""

from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow


class MunicipalityRecord:
    """Columns of a table whose rows a municipality keeps; `version` counts changes."""

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    version: Mapped[int] = mapped_column(server_default="1")
    provenance: Mapped[str]


class SchoolRecord(MunicipalityRecord):
    """Columns of a table whose rows are about one school of the municipality each."""

    school_id: Mapped[int]


def of_school(*constraints: Any) -> tuple[Any, ...]:
    """Return the table's arguments: its schema, and a school of the municipality."""
    school = ForeignKeyConstraint(
        ["municipality_id", "school_id"],
        [SchoolRow.municipality_id, SchoolRow.id],
    )
    return (*constraints, school, {"schema": API})


def of_municipality(*constraints: Any) -> tuple[Any, ...]:
    """Return the table's arguments: its schema, and whatever constrains it."""
    return (*constraints, {"schema": API})
