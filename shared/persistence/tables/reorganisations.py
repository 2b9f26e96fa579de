"""Groups that schools belong to for a time, and what schools became of others."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
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
    """Schools that became others on a day, by an order.

    `opened_ids` are the successors that opened with it; `ended_codes` has the last days
    that the predecessors' codes had before, by their ids. Once it is undone, there is
    no lineage any more, and it says itself which schools they were.
    """

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
    opened_ids: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), server_default="{}"
    )
    ended_codes: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[str | None]
    undone_predecessors: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    undone_successors: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))


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
