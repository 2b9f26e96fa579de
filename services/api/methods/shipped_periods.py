"""Putting shipped methods into force, in the place of their older versions."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, or_, select, update

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.methods.method import Method, Spec
from shared.domain.methods.slots import MethodPlace, slot_of
from shared.persistence.paging import AnyRow
from shared.persistence.tables.methods import MethodPeriodRow, MethodRow
from shared.persistence.work import Work


async def put_shipped_into_force(
    work: Work, method_id: int, method: Method[Spec], place: MethodPlace, year: int
) -> bool:
    """Put a method into force from an academic year on; tell whether that was new.

    Raises:
        InvalidInputError: another shipped method is in force there.
    """
    slot = slot_of(method.kind, method.code)
    there = await _overlapping(work, place, slot, year)
    if any(period.order_number is not None for period in there):
        return False
    if [(each.method_id, each.valid_from) for each in there] == [(method_id, year)]:
        return False
    others = {each.code for each in there} - {method.code}
    if others:
        raise _taken(method, sorted(others), year)
    for period in there:
        await _make_room(work, period, year)
    await work.session.execute(
        insert(MethodPeriodRow).values(
            method_id=method_id,
            region_id=place.region_id,
            municipality_id=place.municipality_id,
            slot=slot,
            valid_from=year,
            created_at=work.now,
        )
    )
    return True


async def _overlapping(
    work: Work, place: MethodPlace, slot: str, year: int
) -> Sequence[AnyRow]:
    period = MethodPeriodRow
    statement = (
        select(
            period.id,
            period.method_id,
            period.valid_from,
            period.order_number,
            MethodRow.code,
        )
        .join(MethodRow, MethodRow.id == period.method_id)
        .where(
            period.region_id.is_not_distinct_from(place.region_id),
            period.municipality_id.is_not_distinct_from(place.municipality_id),
            period.slot == slot,
            period.revoked_at.is_(None),
            or_(period.valid_to.is_(None), period.valid_to >= year),
        )
        .order_by(period.valid_from)
    )
    return (await work.session.execute(statement)).all()


async def _make_room(work: Work, period: AnyRow, year: int) -> None:
    this = MethodPeriodRow.id == period.id
    if period.valid_from < year:
        shortened = update(MethodPeriodRow).where(this).values(valid_to=year - 1)
        await work.session.execute(shortened)
    else:
        await work.session.execute(delete(MethodPeriodRow).where(this))


def _taken(method: Method[Spec], others: list[str], year: int) -> InvalidInputError:
    names = ", ".join(others)
    reason = Text(
        f"Методика «{method.code}» не может действовать с {year} года: там действует "
        f"«{names}». Укажите в файле in_force.",
        f"The method '{method.code}' cannot be in force from {year}: '{names}' is "
        "there. Say `in_force` in its file.",
    )
    fault = Fault(column="in_force", value=str(year), reason=reason)
    return InvalidInputError(reason, faults=[fault])
