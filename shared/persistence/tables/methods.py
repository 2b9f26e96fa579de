"""Methods of scoring as data: versioned, approved by orders, in force for periods."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.users import UserRow

ONE_PLACE = "municipality_id is null or region_id is null"


class MethodRow(Base):
    """A version of a method; once approved its content never changes.

    It belongs to a municipality, to a region or, with neither, to the system, whose
    own need no order. `revision` counts the changes of the row. `content_hash` is that
    of the canonical content, as runs keep it.
    """

    __tablename__ = "methods"
    __table_args__ = (
        CheckConstraint(ONE_PLACE, name="one_owner"),
        CheckConstraint("state in ('draft', 'approved', 'withdrawn')", name="state"),
        CheckConstraint(
            "(state = 'draft') = (approved_at is null)", name="approved_once"
        ),
        CheckConstraint(
            "approved_at is null or order_number is not null"
            " or (municipality_id is null and region_id is null)",
            name="by_order",
        ),
        CheckConstraint(
            "num_nulls(order_body, order_number, order_on) in (0, 3)",
            name="whole_order",
        ),
        Index(
            "uq_methods_version",
            text("coalesce(region_id, 0)"),
            text("coalesce(municipality_id, 0)"),
            "code",
            "version",
            unique=True,
        ),
        Index("ix_methods_code_version", "code", "version"),
        {"schema": API},
    )

    id: Mapped[Id]
    kind: Mapped[str]
    region_id: Mapped[int | None] = mapped_column(ForeignKey(RegionRow.id))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey(MunicipalityRow.id))
    code: Mapped[str]
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    state: Mapped[str]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("api.methods.id"))
    order_body: Mapped[str | None]
    order_number: Mapped[str | None]
    order_on: Mapped[date | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    withdrawn_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))


class MethodPeriodRow(Base):
    """Academic years in which a method is in force somewhere.

    Without a municipality and a region it is so everywhere; without `valid_to` until
    further notice. Of what shares a `slot` one is in force in a place at a time. One
    that ships with the system has no order. A period that was `revoked_at` any time
    counts for nothing.
    """

    __tablename__ = "method_periods"
    __table_args__ = (
        CheckConstraint(ONE_PLACE, name="one_place"),
        CheckConstraint("valid_from <= valid_to", name="order"),
        CheckConstraint(
            "num_nulls(order_body, order_number, order_on) in (0, 3)",
            name="whole_order",
        ),
        ExcludeConstraint(
            (text("coalesce(region_id, 0)"), "="),
            (text("coalesce(municipality_id, 0)"), "="),
            ("slot", "="),
            (text("int8range(valid_from, valid_to, '[]')"), "&&"),
            where=text("revoked_at is null"),
            name="ex_method_periods_one_in_force",
        ),
        Index("ix_method_periods_method_id", "method_id"),
        {"schema": API},
    )

    id: Mapped[Id]
    method_id: Mapped[int] = mapped_column(ForeignKey(MethodRow.id))
    region_id: Mapped[int | None] = mapped_column(ForeignKey(RegionRow.id))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey(MunicipalityRow.id))
    slot: Mapped[str]
    valid_from: Mapped[int]
    valid_to: Mapped[int | None]
    order_body: Mapped[str | None]
    order_number: Mapped[str | None]
    order_on: Mapped[date | None]
    ended_by_body: Mapped[str | None]
    ended_by_number: Mapped[str | None]
    ended_by_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
