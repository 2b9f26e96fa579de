"""Bringing deadlines after the records that ask for them, in the same transaction."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import select, update

from services.api.scheduling.fan_out import read_calendar
from services.api.scheduling.record_sources import Wish, records_of
from shared.contracts.events import DeadlinesHappening, EventKind
from shared.domain.calendar import WorkCalendar
from shared.domain.deadlines import OWED, DeadlineKind, DeadlineState
from shared.domain.followed_records import (
    ASKED_BY,
    Asked,
    Before,
    RecordMove,
    settled,
)
from shared.persistence.local_dates import today_of
from shared.persistence.outbox import record
from shared.persistence.tables.deadlines import DEADLINE_KEY, DeadlineRow
from shared.persistence.upsert import upsert
from shared.persistence.work import Work

Key: TypeAlias = tuple[int, int, int]

_COMPARED = ("title", "starts_on", "nominal_due_on", "due_on", "state", "done_on")
_UNMET = OWED | {DeadlineState.SUBMITTED}


async def follow_records(
    work: Work,
    kind: DeadlineKind,
    *,
    municipality_id: int,
    sources: Collection[int] | None = None,
    school_id: int | None = None,
) -> list[RecordMove]:
    """Open, move, meet and withdraw the deadlines that records of a kind ask for.

    Returned is what was owed before, and moved or is owed no more.

    Args:
        work: A transaction that has changed the records; it holds them.
        kind: One that has records of its own.
        municipality_id: Whose records.
        sources: Their numbers, of years the years; all if omitted.
        school_id: The one school that they are of, where it is one. A school's own
            transaction names itself, since it sees rows of its partners, too.
    """
    wish = Wish(municipality_id, sources, school_id)
    existing = await _existing(work, kind, wish)
    found = await work.session.execute(records_of(kind, wish))
    wanted = [
        (asked, row.closed_on) for row in found.all() for asked in ASKED_BY[kind](row)
    ]
    if not wanted and not existing:
        return []
    today = await today_of(work, municipality_id)
    written = await _rows(
        work, kind, municipality_id, wanted, existing=existing, today=today
    )
    await upsert(
        work,
        DeadlineRow,
        written,
        key=DEADLINE_KEY,
        keep=["created_at", "changed_at"],
        is_audited=False,
    )
    asked_for = {_key(asked) for asked, _ in wanted}
    withdrawn = [
        row.id
        for key, row in existing.items()
        if key not in asked_for and row.state in _UNMET
    ]
    await _withdraw(work, withdrawn)
    if written or withdrawn:
        await record(
            work,
            EventKind.DEADLINES_CHANGED,
            municipality_id=municipality_id,
            school_id=school_id,
            payload={"happened": DeadlinesHappening.REDATED, "kind": kind},
        )
    return _moves(kind, existing, written, withdrawn)


async def follow_municipality(work: Work, municipality_id: int) -> list[RecordMove]:
    """Do so for all records of a municipality."""
    return [
        move
        for kind in ASKED_BY
        for move in await follow_records(work, kind, municipality_id=municipality_id)
    ]


def _moves(
    kind: DeadlineKind,
    existing: Mapping[Key, Any],
    written: Collection[Mapping[str, Any]],
    withdrawn: Collection[int],
) -> list[RecordMove]:
    """Return what was owed and is by another day now, or by none."""
    after: dict[int, date | None] = dict.fromkeys(withdrawn)
    for values in written:
        key = values["source_id"], values["school_id"], values["occurrence"]
        if key in existing:
            is_gone = values["state"] == DeadlineState.WITHDRAWN
            after[existing[key].id] = None if is_gone else values["due_on"]
    return [
        RecordMove(
            kind=kind,
            deadline_id=row.id,
            municipality_id=row.municipality_id,
            source_id=row.source_id,
            school_id=row.school_id,
            title=row.title,
            due_before=row.due_on,
            due_on=after[row.id],
        )
        for row in existing.values()
        if row.id in after and row.state in OWED and after[row.id] != row.due_on
    ]


async def _withdraw(work: Work, ids: Collection[int]) -> None:
    if ids:
        await work.session.execute(
            update(DeadlineRow)
            .where(DeadlineRow.id.in_(ids))
            .values(state=DeadlineState.WITHDRAWN)
        )


async def _existing(
    work: Work,
    kind: DeadlineKind,
    wish: Wish,
) -> dict[Key, Any]:
    deadline = DeadlineRow
    statement = select(*deadline.__table__.c).where(
        deadline.kind == kind, deadline.municipality_id == wish.municipality_id
    )
    if wish.sources is not None:
        statement = statement.where(deadline.source_id.in_(wish.sources))
    if wish.school_id is not None:
        statement = statement.where(deadline.school_id == wish.school_id)
    rows = await work.session.execute(statement)
    return {(row.source_id, row.school_id, row.occurrence): row for row in rows}


async def _rows(
    work: Work,
    kind: DeadlineKind,
    municipality_id: int,
    wanted: Collection[tuple[Asked, date | None]],
    *,
    existing: Mapping[Key, Any],
    today: date,
) -> list[dict[str, Any]]:
    """Return the deadlines that are new, or other than they were."""
    days = (await read_calendar(work, municipality_id)).work
    rows = []
    for asked, closed_on in wanted:
        row = existing.get(_key(asked))
        before = None if row is None else _before(row)
        state, done_on = settled(asked, before, today=today, closed_on=closed_on)
        if row is None and state is DeadlineState.WITHDRAWN:
            continue
        values = {
            "title": asked.title,
            "starts_on": asked.starts_on,
            "nominal_due_on": asked.due_on,
            "due_on": _due_on(asked, row, days, today),
            "state": state.value,
            "done_on": done_on,
        }
        if row is not None and all(getattr(row, n) == values[n] for n in _COMPARED):
            continue
        rows.append(
            {
                "municipality_id": municipality_id,
                "kind": kind.value,
                "source_id": asked.source_id,
                "school_id": asked.school_id,
                "occurrence": asked.occurrence,
                "created_at": work.now,
                "changed_at": work.now,
                **values,
            }
        )
    return rows


def _due_on(asked: Asked, row: Any, days: WorkCalendar, today: date) -> date:
    """Return the working day; one that has passed stays, whatever becomes a day off."""
    if row is not None and row.nominal_due_on == asked.due_on and row.due_on < today:
        stays: date = row.due_on
        return stays
    return days.last_working_day_on_or_before(asked.due_on)


def _before(row: Any) -> Before:
    return Before(DeadlineState(row.state), row.done_on, row.changed_at.date())


def _key(asked: Asked) -> Key:
    return asked.source_id, asked.school_id, asked.occurrence
