"""Feeds, and the deadlines that they show."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, or_, select, text, update

from services.api.feeds.records import Feed
from shared.domain.deadlines import DeadlineState
from shared.persistence.deadlines import WORDED_DEADLINES
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.feeds import FeedRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

_FEED = FeedRow.__table__.c
_LISTED = [each for each in _FEED if each.name != "token_hash"]
# How long what is over stays in a calendar, and how far ahead it looks.
KEPT: Final = timedelta(days=92)
AHEAD: Final = timedelta(days=1100)


async def insert_feed(work: Work, values: Mapping[str, Any]) -> int:
    """Write a feed; return its number."""
    statement = insert(FeedRow).values(**values).returning(FeedRow.id)
    return (await work.session.scalars(statement)).one()


async def list_feeds(work: Work, *, after: int, limit: int) -> Sequence[AnyRow]:
    """Return up to `limit + 1` feeds of the caller."""
    statement = select(*_LISTED)
    return await read_page(work, statement, FeedRow.id, after=after, limit=limit)


async def find_feed(work: Work, feed_id: int) -> AnyRow | None:
    """Return a feed of the caller."""
    statement = select(*_LISTED).where(_FEED.id == feed_id)
    return (await work.session.execute(statement)).one_or_none()


async def revoke_feed(work: Work, feed_id: int, *, now: datetime) -> bool:
    """End a feed; tell whether it had not ended before."""
    ended = await work.session.execute(
        update(FeedRow)
        .where(FeedRow.id == feed_id, FeedRow.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(FeedRow.id)
    )
    return ended.one_or_none() is not None


async def find_place(
    work: Work, *, municipality_id: int | None, school_id: int | None
) -> AnyRow | None:
    """Return the municipality, or that of the school, if the caller may see it."""
    statement = select(MunicipalityRow.id.label("municipality_id"))
    if school_id is None:
        statement = statement.where(MunicipalityRow.id == municipality_id)
    else:
        statement = statement.join(
            SchoolRow, SchoolRow.municipality_id == MunicipalityRow.id
        ).where(SchoolRow.id == school_id)
    return (await work.session.execute(statement)).one_or_none()


async def enter_as_feed(work: Work, token_hash: bytes) -> Feed | None:
    """Narrow the transaction to what the feed with this secret may show.

    Returns None where there is none, it was revoked, its account is closed or may not
    see its school or municipality any more.
    """
    row = (
        await work.session.execute(
            text(
                "SELECT now, feed_id, kind, name, role, municipality_id, school_id,"
                " language FROM tenancy.enter_as_feed(:token_hash)"
            ),
            {"token_hash": token_hash},
        )
    ).one_or_none()
    if row is None:
        return None
    work.now = row.now
    return Feed(*row[1:])


async def read_time_zone(work: Work, municipality_id: int) -> str:
    """Return the zone in which the municipality's days are."""
    statement = select(MunicipalityRow.time_zone).where(
        MunicipalityRow.id == municipality_id
    )
    return (await work.session.scalars(statement)).one()


async def list_deadlines(work: Work, feed: Feed, *, today: date) -> Sequence[AnyRow]:
    """Return what the feed shows, by its days; withdrawn ones for a while."""
    shown = WORDED_DEADLINES.c
    statement = (
        select(*shown, SchoolRow.name.label("school_name"))
        .outerjoin(SchoolRow, SchoolRow.id == shown.school_id)
        .where(
            shown.municipality_id == feed.municipality_id,
            shown.due_on.between(today - KEPT, today + AHEAD),
            shown.state != DeadlineState.PAST,
            or_(
                shown.state != DeadlineState.WITHDRAWN,
                shown.changed_at >= work.now - KEPT,
            ),
        )
        .order_by(shown.due_on, shown.id)
    )
    if feed.school_id is not None:
        statement = statement.where(shown.school_id == feed.school_id)
    elif feed.kind == "person":
        statement = statement.where(shown.school_id.is_(None))
    return (await work.session.execute(statement)).all()
