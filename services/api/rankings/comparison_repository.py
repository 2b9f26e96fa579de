"""Reading what changed between the inputs of two runs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from shared.contracts.events import Topic
from shared.persistence.paging import AnyRow
from shared.persistence.runs import RunRecord
from shared.persistence.staleness import came_between, is_of_this_server
from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.tables.scoring import RunRow
from shared.persistence.work import Work

_EVENT = aliased(OutboxRow)


async def are_snapshots_known(work: Work, *runs: RunRecord) -> bool:
    """Tell whether this server can still tell what the runs had seen.

    It cannot of runs that were made before the database was restored on it.
    """
    numbers = [run.id for run in runs]
    known = select(func.bool_and(is_of_this_server(RunRow.input_snapshot))).where(
        RunRow.id.in_(numbers)
    )
    return bool(await work.session.scalar(known))


async def list_events(
    work: Work, before: RunRecord, after: RunRecord
) -> Sequence[AnyRow]:
    """Count the events between two runs: by kind, dataset, year and school.

    A school's account is not told of other schools.
    """
    dataset = _EVENT.payload["dataset"].astext.label("dataset")
    keys = (_EVENT.kind, dataset, _EVENT.academic_year, _EVENT.school_id)
    statement = (
        select(
            *keys,
            func.count().label("count"),
            func.min(_EVENT.created_at).label("first_at"),
            func.max(_EVENT.created_at).label("last_at"),
        )
        .where(_between(before, after), _is_told_of())
        .group_by(*keys)
        .order_by(func.min(_EVENT.number))
    )
    return (await work.session.execute(statement)).all()


async def list_entries(
    work: Work, before: RunRecord, after: RunRecord, *, limit: int
) -> Sequence[AnyRow]:
    """Return the first changes that were committed with those events, and their number.

    Those are the entries of the audit of the same transactions that the caller may
    see; `total` in each row is how many there are.
    """
    entry = AuditEntryRow
    statement: Select[Any] = (
        select(
            entry.number,
            entry.at,
            entry.entity,
            entry.entity_id,
            func.cardinality(entry.row_ids).label("rows"),
            entry.action,
            entry.school_id,
            entry.changes,
            entry.reason,
            entry.import_id,
            func.count().over().label("total"),
        )
        .where(
            entry.municipality_id == after.municipality_id,
            # A number of a transaction may come again on another server, with
            # another moment.
            select(_EVENT.number)
            .where(
                _between(before, after),
                _EVENT.txid == entry.txid,
                _EVENT.created_at == entry.at,
            )
            .exists(),
        )
        .order_by(entry.number)
        .limit(limit)
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


def _between(before: RunRecord, after: RunRecord) -> ColumnElement[bool]:
    earlier, later = (
        select(RunRow.input_snapshot).where(RunRow.id == run.id).scalar_subquery()
        for run in (before, after)
    )
    return came_between(
        Topic.RESULTS,
        _EVENT,
        municipality_id=after.municipality_id,
        year=after.year,
        snapshots=(earlier, later),
    )


def _is_told_of() -> ColumnElement[bool]:
    school = select(func.tenancy.school_id()).scalar_subquery()
    return or_(school.is_(None), _EVENT.school_id.is_(None), _EVENT.school_id == school)
