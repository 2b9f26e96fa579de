"""Groups that schools belong to for a time, and what schools became of others."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.records import (
    MunicipalityRecord,
    SchoolRecord,
    of_municipality,
    of_school,
)
from shared.persistence.tables.schools import SchoolRow


class SchoolGroupRow(SchoolRecord, Base):
    """A school in a group, such as rural or small schools, by an order, for a time."""

    __tablename__ = "school_groups"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "group_code", "valid_from"),
        CheckConstraint("valid_from <= valid_to", name="order"),
    )

    group_code: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    order_number: Mapped[str | None]
    reason: Mapped[str | None]


class ReorganisationRow(MunicipalityRecord, Base):
    """Schools that became others on a day, by an order."""

    __tablename__ = "reorganisations"
    __table_args__ = of_municipality(
        UniqueConstraint("municipality_id", "id"),
        CheckConstraint("kind in ('merge', 'split')", name="kind"),
    )

    kind: Mapped[str]
    takes_effect_on: Mapped[date]
    order_number: Mapped[str]
    order_on: Mapped[date]
    reason: Mapped[str]


class LineageRow(Base):
    """Which school went over into which, in a reorganisation."""

    __tablename__ = "school_lineage"
    __table_args__ = of_municipality(
        UniqueConstraint("predecessor_id", "successor_id"),
        CheckConstraint("predecessor_id <> successor_id", name="different"),
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    reorganisation_id: Mapped[int] = mapped_column(ForeignKey(ReorganisationRow.id))
    predecessor_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    successor_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
