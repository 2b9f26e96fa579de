"""Publications of rankings, objections to them, and the rows that they froze."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import func, insert, select, update

from shared.domain.ranking_publications import ObjectionStatus, PublicationStatus
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.ranking_publications import (
    RankingObjectionRow,
    RankingPublicationRow,
)
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import RankingPlaceRow
from shared.persistence.work import Work

_OBJECTIONS = select(
    *RankingObjectionRow.__table__.c, SchoolRow.name.label("school_name")
).join(SchoolRow, SchoolRow.id == RankingObjectionRow.school_id)


async def hash_rows(work: Work, run_id: int) -> str:
    """Return SHA-256 over the canonical JSON of a run's places.

    Only whoever sees all of them gets the hash that a publication keeps.
    """
    columns = [column for column in RankingPlaceRow.__table__.c if column.name != "id"]
    rows = await work.session.execute(
        select(*columns)
        .where(RankingPlaceRow.run_id == run_id)
        .order_by(RankingPlaceRow.school_id, RankingPlaceRow.scope)
    )
    canonical = json.dumps(
        [dict(row) for row in rows.mappings()],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return sha256(canonical.encode()).hexdigest()


async def lock_years(work: Work, municipality_id: int, year: int) -> Sequence[AnyRow]:
    """Return the publications of a year that are drafts or published, held still.

    Until the transaction ends nobody else drafts or publishes one of that year.
    """
    name = func.hashtextextended(f"ranking/{municipality_id}/{year}", 0)
    await work.session.execute(select(func.pg_advisory_xact_lock(name)))
    publication = RankingPublicationRow
    open_states = (PublicationStatus.DRAFT, PublicationStatus.PUBLISHED)
    rows = await work.session.execute(
        select(*publication.__table__.c)
        .where(
            publication.municipality_id == municipality_id,
            publication.academic_year == year,
            publication.status.in_(open_states),
        )
        .order_by(publication.id)
        .with_for_update()
    )
    return rows.all()


async def insert_publication(work: Work, values: Mapping[str, Any]) -> int:
    """Write a draft and return its number."""
    statement = insert(RankingPublicationRow).values(**values)
    returned = statement.returning(RankingPublicationRow.id)
    return (await work.session.scalars(returned)).one()


async def read_publication(
    work: Work, number: int, *, lock: bool = False, share: bool = False
) -> AnyRow | None:
    """Return a publication; with `lock` nobody else changes it, with `share` either."""
    statement = select(*RankingPublicationRow.__table__.c).where(
        RankingPublicationRow.id == number
    )
    if lock or share:
        statement = statement.with_for_update(read=share)
    row: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return row


async def list_publications(
    work: Work,
    *,
    municipality_id: int | None,
    academic_year: int | None,
    status: PublicationStatus | None,
    after: int,
    limit: int,
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` publications."""
    publication = RankingPublicationRow
    statement = select(*publication.__table__.c)
    if municipality_id is not None:
        statement = statement.where(publication.municipality_id == municipality_id)
    if academic_year is not None:
        statement = statement.where(publication.academic_year == academic_year)
    if status is not None:
        statement = statement.where(publication.status == status)
    return await read_page(work, statement, publication.id, after=after, limit=limit)


async def update_publication(
    work: Work, number: int, values: Mapping[str, Any]
) -> None:
    """Change a publication that is held."""
    await work.session.execute(
        update(RankingPublicationRow)
        .where(RankingPublicationRow.id == number)
        .values(**values)
    )


async def insert_objection(work: Work, values: Mapping[str, Any]) -> int:
    """Write an objection and return its number."""
    statement = insert(RankingObjectionRow).values(**values)
    returned = statement.returning(RankingObjectionRow.id)
    return (await work.session.scalars(returned)).one()


async def list_objections(
    work: Work, publication_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` objections that the caller may see."""
    statement = _OBJECTIONS.where(RankingObjectionRow.publication_id == publication_id)
    key = RankingObjectionRow.id
    return await read_page(work, statement, key, after=after, limit=limit)


async def read_objection(
    work: Work, publication_id: int, number: int, *, lock: bool = False
) -> AnyRow | None:
    """Return an objection to a publication; with `lock` nobody else changes it."""
    statement = _OBJECTIONS.where(
        RankingObjectionRow.id == number,
        RankingObjectionRow.publication_id == publication_id,
    )
    if lock:
        statement = statement.with_for_update(of=RankingObjectionRow)
    row: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return row


async def update_objection(work: Work, number: int, values: Mapping[str, Any]) -> None:
    """Answer an objection that is held."""
    await work.session.execute(
        update(RankingObjectionRow)
        .where(RankingObjectionRow.id == number)
        .values(**values)
    )


async def count_unanswered(work: Work, publication_id: int) -> int:
    """Return how many objections to a publication have no answer."""
    statement = select(func.count()).where(
        RankingObjectionRow.publication_id == publication_id,
        RankingObjectionRow.status == ObjectionStatus.OPEN,
    )
    return (await work.session.scalars(statement)).one()
