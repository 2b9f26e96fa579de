"""Targets of the exchange, wishes to push now, and receipts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.exchange import (
    ExchangeFileRow,
    ExchangePushRow,
    ExchangeRunRow,
    ExchangeTargetRow,
)
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.work import Work

_TARGET = ExchangeTargetRow.__table__.c
_FILE = ExchangeFileRow.__table__.c
_TARGETS: Select[Any] = select(*_TARGET)
_FILES = (
    select(
        func.jsonb_agg(
            func.jsonb_build_object(
                *("number", _FILE.number),
                *("name", _FILE.name),
                *("media_type", _FILE.media_type),
                *("sha256", _FILE.sha256),
                *("is_kept", _FILE.content.is_not(None)),
            )
        )
    )
    .where(_FILE.push_id == ExchangePushRow.id)
    .scalar_subquery()
    .label("files")
)
_PUSHES: Select[Any] = select(*ExchangePushRow.__table__.c, _FILES)


async def zone_of_municipality(work: Work, municipality_id: int) -> str | None:
    """Return the time zone of a municipality that the caller may see."""
    return await work.session.scalar(
        select(MunicipalityRow.time_zone).where(MunicipalityRow.id == municipality_id)
    )


async def zone_of_region(work: Work, region_id: int) -> str | None:
    """Return the time zone of a region's first municipality."""
    return await work.session.scalar(
        select(MunicipalityRow.time_zone)
        .join(RegionRow, RegionRow.id == MunicipalityRow.region_id)
        .where(RegionRow.id == region_id)
        .order_by(MunicipalityRow.id)
        .limit(1)
    )


async def insert_target(work: Work, values: Mapping[str, Any]) -> int:
    """Write a target and return its number."""
    statement = insert(ExchangeTargetRow).values(**values)
    return (await work.session.scalars(statement.returning(ExchangeTargetRow.id))).one()


async def update_target(work: Work, target_id: int, values: Mapping[str, Any]) -> None:
    """Write the next version of a target."""
    await work.session.execute(
        update(ExchangeTargetRow)
        .where(_TARGET.id == target_id)
        .values(**values, version=_TARGET.version + 1)
    )


async def replace_secret(
    work: Work, target_id: int, secret: str, *, former_until: datetime
) -> None:
    """Write another secret; the one in use is valid beside it for a while."""
    await work.session.execute(
        update(ExchangeTargetRow)
        .where(_TARGET.id == target_id)
        .values(secret=secret, former_secret=_TARGET.secret, former_until=former_until)
    )


async def find_target(
    work: Work, target_id: int, *, is_locked: bool = False
) -> AnyRow | None:
    """Return a target that the caller may see; nobody else changes a locked one."""
    statement = _TARGETS.where(_TARGET.id == target_id)
    if is_locked:
        statement = statement.with_for_update()
    row: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return row


async def list_targets(
    work: Work, *, municipality_id: int | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` targets that the caller may see."""
    statement = _TARGETS
    if municipality_id is not None:
        statement = statement.where(_TARGET.municipality_id == municipality_id)
    return await read_page(
        work, statement, ExchangeTargetRow.id, after=after, limit=limit
    )


async def insert_run(work: Work, target: AnyRow, *, at: datetime) -> int:
    """Write that what is different is to go out now."""
    statement = insert(ExchangeRunRow).values(
        target_id=target.id,
        municipality_id=target.municipality_id,
        asked_by=work.user_id,
        asked_at=at,
    )
    return (await work.session.scalars(statement.returning(ExchangeRunRow.id))).one()


async def list_pushes(
    work: Work,
    *,
    target_id: int | None,
    municipality_id: int | None,
    after: int,
    limit: int,
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` pushes that the caller may see, oldest first."""
    statement = _PUSHES
    if target_id is not None:
        statement = statement.where(ExchangePushRow.target_id == target_id)
    if municipality_id is not None:
        statement = statement.where(ExchangePushRow.municipality_id == municipality_id)
    return await read_page(
        work, statement, ExchangePushRow.id, after=after, limit=limit
    )


async def find_push(work: Work, push_id: int) -> AnyRow | None:
    """Return a push that the caller may see."""
    found = await work.session.execute(_PUSHES.where(ExchangePushRow.id == push_id))
    row: AnyRow | None = found.one_or_none()
    return row


async def find_file(work: Work, push_id: int, number: int) -> AnyRow | None:
    """Return a file of a push that the caller may see, with its dataset."""
    found = await work.session.execute(
        select(_FILE.name, _FILE.media_type, _FILE.content, _TARGET.dataset)
        .join(ExchangePushRow, ExchangePushRow.id == _FILE.push_id)
        .join(ExchangeTargetRow, _TARGET.id == ExchangePushRow.target_id)
        .where(_FILE.push_id == push_id, _FILE.number == number)
    )
    row: AnyRow | None = found.one_or_none()
    return row
