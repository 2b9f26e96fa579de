"""Which methods are in force in a municipality, and which of them give way."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from shared.persistence.tables.methods import MethodPeriodRow, MethodRow
from shared.persistence.tables.municipalities import MunicipalityRow

_NEAREST = 1


def assigned_methods(
    municipality_id: int, year: int, kind: str | None = None
) -> Select[Any]:
    """Select the methods assigned for a municipality's academic year, by code.

    The columns are those of the methods, `period_id`, and `displaced_by_id`: the
    method that is in force in the place of this one, if it gives way. What the
    municipality has assigned itself comes before its region's, that before what is
    assigned everywhere.
    """
    period = MethodPeriodRow
    slot, distance = period.slot, _distance()
    code = func.convert_to(MethodRow.code, "UTF8")
    standing = func.row_number().over(partition_by=slot, order_by=distance)
    nearest = func.first_value(MethodRow.id).over(partition_by=slot, order_by=distance)
    statement = (
        select(
            *MethodRow.__table__.c,
            period.id.label("period_id"),
            case((standing > _NEAREST, nearest)).label("displaced_by_id"),
        )
        .join(MethodRow, MethodRow.id == period.method_id)
        .where(_holds(municipality_id, year))
        .order_by(code, period.id)
    )
    return statement if kind is None else statement.where(MethodRow.kind == kind)


def _holds(municipality_id: int, year: int) -> ColumnElement[bool]:
    period = MethodPeriodRow
    region = select(MunicipalityRow.region_id).where(
        MunicipalityRow.id == municipality_id
    )
    return and_(
        period.revoked_at.is_(None),
        period.valid_from <= year,
        or_(period.valid_to.is_(None), period.valid_to >= year),
        or_(
            period.municipality_id == municipality_id,
            period.region_id == region.scalar_subquery(),
            and_(period.municipality_id.is_(None), period.region_id.is_(None)),
        ),
    )


def _distance() -> ColumnElement[int]:
    return case(
        (MethodPeriodRow.municipality_id.is_not(None), 0),
        (MethodPeriodRow.region_id.is_not(None), 1),
        else_=2,
    )
