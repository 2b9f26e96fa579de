"""What a reorganisation did, what depends on it, and putting back what was."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from services.api.reorganisations.repository import REORGANISATIONS
from shared.persistence.paging import AnyRow
from shared.persistence.schema import metadata
from shared.persistence.tables.reorganisations import LineageRow, ReorganisationRow
from shared.persistence.tables.schools import SchoolIdentifierRow, SchoolRow
from shared.persistence.work import Work

# What names a school of itself: it follows the school's life, or is history.
FOLLOWING = frozenset(
    {
        "api.audit_entries",
        "api.changes",
        "api.deadlines",
        "api.feed_entries",
        "api.outbox",
        "api.school_lineage",
    }
)
_NAMES_A_SCHOOL = ("school_id", "_school_id")


async def lock_reorganisation(work: Work, number: int) -> AnyRow | None:
    """Return a reorganisation that nobody else undoes until the transaction ends."""
    held = select(ReorganisationRow.id).where(ReorganisationRow.id == number)
    await work.session.execute(held.with_for_update())
    statement = REORGANISATIONS.where(ReorganisationRow.id == number)
    return (await work.session.execute(statement)).one_or_none()


async def lock_schools(work: Work, school_ids: Collection[int]) -> dict[int, AnyRow]:
    """Return the schools; nobody else changes them until the transaction ends."""
    statement = (
        select(*SchoolRow.__table__.c)
        .where(SchoolRow.id.in_(school_ids))
        .order_by(SchoolRow.id)
        .with_for_update()
    )
    return {row.id: row for row in await work.session.execute(statement)}


async def list_later(work: Work, row: AnyRow) -> list[AnyRow]:
    """Return the reorganisations entered since of the same schools."""
    schools = [*row.predecessor_ids, *row.successor_ids]
    named = or_(
        LineageRow.predecessor_id.in_(schools), LineageRow.successor_id.in_(schools)
    )
    later = select(LineageRow.reorganisation_id).where(named)
    statement = (
        select(ReorganisationRow.id, ReorganisationRow.order_on)
        .where(ReorganisationRow.id > row.id, ReorganisationRow.id.in_(later))
        .order_by(ReorganisationRow.id)
    )
    return list(await work.session.execute(statement))


async def count_rows(work: Work, school_ids: Collection[int]) -> list[tuple[str, int]]:
    """Return how many rows of which tables name one of the schools."""
    if not school_ids:
        return []
    found = []
    for table in metadata.sorted_tables:
        names = [c for c in table.c if c.name.endswith(_NAMES_A_SCHOOL)]
        if table.schema != "api" or table.fullname in FOLLOWING or not names:
            continue
        named = or_(*(column.in_(school_ids) for column in names))
        count = await work.session.scalar(
            select(func.count()).select_from(table).where(named)
        )
        found += [(table.name, count)] if count else []
    return found


async def reopen_schools(work: Work, row: AnyRow) -> bool:
    """Open the predecessors again, and give back the codes that ended with them.

    Returns whether the codes are nobody else's by now.
    """
    await work.session.execute(
        update(SchoolRow)
        .where(SchoolRow.id.in_(row.predecessor_ids))
        .values(closed_on=None, version=SchoolRow.version + 1)
    )
    code = SchoolIdentifierRow
    ended_on = row.takes_effect_on - timedelta(days=1)
    try:
        async with work.session.begin_nested():
            for number, valid_to in row.ended_codes.items():
                day = None if valid_to is None else date.fromisoformat(valid_to)
                await work.session.execute(
                    update(code)
                    .where(code.id == int(number), code.valid_to == ended_on)
                    .values(valid_to=day, version=code.version + 1)
                )
    except IntegrityError:
        return False
    return True


async def unmake_school(work: Work, school: AnyRow) -> None:
    """Let a school have existed on no day, and its code be free."""
    await work.session.execute(
        update(SchoolRow)
        .where(SchoolRow.id == school.id)
        .values(
            closed_on=school.opened_on,
            code=f"undone-{school.id}",
            version=SchoolRow.version + 1,
        )
    )


async def mark_undone(work: Work, row: AnyRow, *, reason: str) -> None:
    """Forget who went over into whom, but what had been said of it."""
    await work.session.execute(
        update(ReorganisationRow)
        .where(ReorganisationRow.id == row.id)
        .values(
            undone_at=work.now,
            undo_reason=reason,
            undone_predecessors=row.predecessor_ids,
            undone_successors=row.successor_ids,
        )
    )
    await work.session.execute(
        delete(LineageRow).where(LineageRow.reorganisation_id == row.id)
    )
