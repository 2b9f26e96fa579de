"""Reading and writing methods and the periods they are in force for."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from shared.domain.methods.slots import MethodPlace
from shared.persistence.method_periods import assigned_methods
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.methods import MethodPeriodRow, MethodRow
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.work import Work

METHOD: Final = MethodRow.__table__
PERIOD: Final = MethodPeriodRow.__table__


async def list_methods(
    work: Work,
    *,
    kind: str | None,
    state: str | None,
    code: str | None,
    after: int,
    limit: int,
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` methods that the caller may see, oldest first."""
    statement = select(*METHOD.c)
    for column, value in (("kind", kind), ("state", state), ("code", code)):
        if value is not None:
            statement = statement.where(METHOD.c[column] == value)
    return await read_page(work, statement, MethodRow.id, after=after, limit=limit)


async def find_method(work: Work, number: int, *, lock: bool = False) -> AnyRow | None:
    """Return a method that the caller may see, and with `lock` may also write."""
    statement = select(*METHOD.c).where(METHOD.c.id == number)
    if lock:
        statement = statement.with_for_update()
    return (await work.session.execute(statement)).one_or_none()


async def lock_code(work: Work, owner: MethodPlace, code: str) -> int:
    """Return the newest version of an owner's method, 0 without any.

    Nobody else makes a version of it until the transaction ends.
    """
    await _lock(work, f"methods:{owner.region_id}:{owner.municipality_id}:{code}")
    newest = await work.session.scalar(
        select(func.max(METHOD.c.version)).where(
            _at(METHOD, owner), METHOD.c.code == code
        )
    )
    return newest or 0


async def is_anothers(work: Work, owner: MethodPlace, code: str) -> bool:
    """Tell whether the caller sees a method of this code that another has."""
    statement = select(exists().where(METHOD.c.code == code, ~_at(METHOD, owner)))
    return bool(await work.session.scalar(statement))


async def insert_method(work: Work, owner: MethodPlace, **values: Any) -> int:
    """Write a draft and return its number."""
    statement = insert(MethodRow).values(
        region_id=owner.region_id,
        municipality_id=owner.municipality_id,
        state="draft",
        created_at=work.now,
        created_by=work.user_id,
        **values,
    )
    return (await work.session.scalars(statement.returning(MethodRow.id))).one()


async def update_method(work: Work, number: int, **values: Any) -> None:
    """Write the next revision of a method."""
    await work.session.execute(
        update(MethodRow)
        .where(MethodRow.id == number)
        .values(revision=MethodRow.revision + 1, **values)
    )


async def delete_method(work: Work, number: int) -> None:
    """Remove a draft."""
    await work.session.execute(delete(MethodRow).where(MethodRow.id == number))


async def list_periods(
    work: Work, *, method_id: int | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` periods that the caller may see, oldest first."""
    statement = select(*PERIOD.c)
    if method_id is not None:
        statement = statement.where(PERIOD.c.method_id == method_id)
    return await read_page(
        work, statement, MethodPeriodRow.id, after=after, limit=limit
    )


async def read_periods(work: Work, method_id: int) -> Sequence[AnyRow]:
    """Return all periods of a method that count, by place and year."""
    statement = (
        select(*PERIOD.c)
        .where(PERIOD.c.method_id == method_id, PERIOD.c.revoked_at.is_(None))
        .order_by(
            PERIOD.c.region_id.nulls_first(),
            PERIOD.c.municipality_id.nulls_first(),
            PERIOD.c.valid_from,
        )
    )
    return (await work.session.execute(statement)).all()


async def find_period(work: Work, number: int, *, lock: bool = False) -> AnyRow | None:
    """Return a period that the caller may see, and with `lock` may also write."""
    statement = select(*PERIOD.c).where(PERIOD.c.id == number)
    if lock:
        statement = statement.with_for_update()
    return (await work.session.execute(statement)).one_or_none()


async def find_overlapping(
    work: Work,
    place: MethodPlace,
    slot: str,
    years: tuple[int, int | None],
    *,
    but: int | None = None,
) -> AnyRow | None:
    """Return the first period that has some of the years, but the one of number `but`.

    Nobody else gives periods of this place and slot until the transaction ends.
    """
    await _lock(work, f"periods:{place.region_id}:{place.municipality_id}:{slot}")
    first, last = years
    statement = (
        select(*PERIOD.c, METHOD.c.code)
        .join(METHOD, METHOD.c.id == PERIOD.c.method_id)
        .where(
            _at(PERIOD, place),
            PERIOD.c.slot == slot,
            PERIOD.c.revoked_at.is_(None),
            or_(PERIOD.c.valid_to.is_(None), PERIOD.c.valid_to >= first),
            PERIOD.c.id.is_distinct_from(but),
        )
        .order_by(PERIOD.c.valid_from)
        .limit(1)
    )
    if last is not None:
        statement = statement.where(PERIOD.c.valid_from <= last)
    return (await work.session.execute(statement)).one_or_none()


async def insert_period(work: Work, place: MethodPlace, **values: Any) -> int:
    """Write a period and return its number."""
    statement = insert(MethodPeriodRow).values(
        region_id=place.region_id,
        municipality_id=place.municipality_id,
        created_at=work.now,
        created_by=work.user_id,
        **values,
    )
    return (await work.session.scalars(statement.returning(MethodPeriodRow.id))).one()


async def update_period(work: Work, number: int, **values: Any) -> None:
    """Write the next version of a period."""
    await work.session.execute(
        update(MethodPeriodRow)
        .where(MethodPeriodRow.id == number)
        .values(version=MethodPeriodRow.version + 1, **values)
    )


async def list_assigned(
    work: Work, municipality_id: int, year: int, kind: str | None
) -> Sequence[AnyRow]:
    """Return what is assigned for a municipality's year, and what gives way."""
    statement = assigned_methods(municipality_id, year, kind)
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def sees_region(work: Work, region_id: int) -> bool:
    """Tell whether there is such a region with a municipality that the caller sees."""
    statement = select(
        exists().where(
            RegionRow.id == region_id, MunicipalityRow.region_id == RegionRow.id
        )
    )
    return bool(await work.session.scalar(statement))


async def region_of(work: Work, place: MethodPlace) -> int | None:
    """Return the region of a place that is a municipality."""
    if place.municipality_id is None:
        return None
    return await work.session.scalar(
        select(MunicipalityRow.region_id).where(
            MunicipalityRow.id == place.municipality_id
        )
    )


async def municipalities_in(work: Work, place: MethodPlace) -> Sequence[int]:
    """Return the municipalities of a place."""
    statement = select(MunicipalityRow.id).order_by(MunicipalityRow.id)
    if place.municipality_id is not None:
        statement = statement.where(MunicipalityRow.id == place.municipality_id)
    elif place.region_id is not None:
        statement = statement.where(MunicipalityRow.region_id == place.region_id)
    return (await work.session.scalars(statement)).all()


def _at(table: Any, place: MethodPlace) -> Any:
    return table.c.region_id.is_not_distinct_from(
        place.region_id
    ) & table.c.municipality_id.is_not_distinct_from(place.municipality_id)


async def _lock(work: Work, name: str) -> None:
    key = func.hashtextextended(name, 0)
    await work.session.execute(select(func.pg_advisory_xact_lock(key)))
