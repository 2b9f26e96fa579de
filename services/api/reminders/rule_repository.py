"""Reading and writing a municipality's versions of its reminder rules."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, select

from shared.domain.reminders.rule_books import Place
from shared.persistence.paging import AnyRow
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow
from shared.persistence.tables.reminder_choices import ReminderRuleRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

LOCK = 5_702  # of writing rules; the second number is the municipality's


async def lock_rules(work: Work, municipality_id: int) -> None:
    """Let nobody else write the municipality's rules before the end."""
    await work.session.execute(
        select(func.pg_advisory_xact_lock(LOCK, municipality_id))
    )


async def has_place(work: Work, municipality_id: int, place: Place) -> bool:
    """Tell whether the municipality has the programme or the measure."""
    programme_id, measure_id, _ = place
    for table, number in ((ProgrammeRow, programme_id), (MeasureRow, measure_id)):
        if number is not None:
            found = await work.session.scalar(
                select(func.count())
                .select_from(table)
                .where(
                    table.__table__.c.id == number,
                    table.__table__.c.municipality_id == municipality_id,
                )
            )
            if not found:
                return False
    return True


async def programme_of(work: Work, measure_id: int) -> int:
    """Return the programme that a measure is of."""
    found = await work.session.scalars(
        select(MeasureRow.programme_id).where(MeasureRow.id == measure_id)
    )
    return found.one()


async def read_version(work: Work, municipality_id: int, place: Place) -> int:
    """Return the newest version of what was decided for the place; 0 for none."""
    found = await work.session.scalar(
        select(func.max(ReminderRuleRow.version)).where(_is(municipality_id, place))
    )
    return found or 0


async def add_version(
    work: Work,
    municipality_id: int,
    place: Place,
    *,
    version: int,
    document: dict[str, Any] | None,
) -> None:
    """Write another version."""
    programme_id, measure_id, kind = place
    await work.session.execute(
        insert(ReminderRuleRow).values(
            municipality_id=municipality_id,
            programme_id=programme_id,
            measure_id=measure_id,
            kind=kind,
            version=version,
            document=document,
            written_by=work.user_id,
            written_at=work.now,
        )
    )


async def list_versions(
    work: Work, municipality_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` versions of all places, the oldest first."""
    row = ReminderRuleRow
    rows: Sequence[AnyRow] = (
        await work.session.execute(
            select(
                row.id,
                row.programme_id,
                row.measure_id,
                row.kind,
                row.version,
                row.document,
                func.coalesce(UserRow.login, "").label("written_by"),
                row.written_at,
            )
            .outerjoin(UserRow, UserRow.id == row.written_by)
            .where(row.municipality_id == municipality_id, row.id > after)
            .order_by(row.id)
            .limit(limit + 1)
        )
    ).all()
    return rows


def _is(municipality_id: int, place: Place) -> ColumnElement[bool]:
    row = ReminderRuleRow
    programme_id, measure_id, kind = place
    return and_(
        row.municipality_id == municipality_id,
        row.programme_id.is_not_distinct_from(programme_id),
        row.measure_id.is_not_distinct_from(measure_id),
        row.kind.is_not_distinct_from(kind),
    )
