"""How far the data of an academic year are."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.users import UserRow

DATA_YEAR_KEY = "uq_data_years_natural_key"


class DataYearRow(Base):
    """The last step with the data of a school's year; no row: nothing was done yet.

    Without a school it is of the municipality as a whole. `note` is the comment or
    reason of that step.
    """

    __tablename__ = "data_years"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_data_years_school",
        ),
        UniqueConstraint(
            "municipality_id",
            "academic_year",
            "school_id",
            name=DATA_YEAR_KEY,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(
            "state in ('open', 'submitted', 'returned', 'accepted', 'locked',"
            " 'unlocked')",
            name="state",
        ),
        CheckConstraint(
            "school_id is not null or state in ('open', 'locked', 'unlocked')",
            name="whole",
        ),
        CheckConstraint(
            "state not in ('locked', 'unlocked')"
            " or (order_number is not null and order_on is not null)",
            name="order",
        ),
        CheckConstraint(
            "state not in ('returned', 'unlocked') or note is not null", name="note"
        ),
        Index("ix_data_years_school_id", "school_id", "academic_year"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int | None]
    academic_year: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str]
    note: Mapped[str | None]
    order_number: Mapped[str | None]
    order_on: Mapped[date | None]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    changed_at: Mapped[datetime]
