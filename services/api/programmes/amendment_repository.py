"""Reading and writing what orders change of a programme."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from services.api.programmes import repository
from shared.domain.methods.kinds import read_method
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.methods.share_indicators import BUILT_IN
from shared.domain.periods import AcademicYear
from shared.domain.programme_state import (
    INDICATOR_FIELDS,
    MEASURE_FIELDS,
    TARGET_FIELDS,
    ChangeKind,
    Difference,
    ProgrammeState,
)
from shared.persistence.method_periods import assigned_methods
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.amendments import (
    ProgrammeAmendmentChangeRow,
    ProgrammeAmendmentRow,
)
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow
from shared.persistence.work import Work

AMENDMENT = ProgrammeAmendmentRow.__table__
CHANGE = ProgrammeAmendmentChangeRow.__table__
_OF_INDICATORS: Final = (
    "id",
    "code",
    "task_number",
    "definition",
    "added_on",
    "withdrawn_on",
)


async def lock_programme(work: Work, programme_id: int) -> AnyRow | None:
    """Return a programme that nobody else can amend until the transaction ends."""
    table = ProgrammeRow.__table__
    statement = (
        select(
            *table.c,
            MunicipalityRow.time_zone,
            MunicipalityRow.name.label("municipality_name"),
        )
        .join(MunicipalityRow, MunicipalityRow.id == table.c.municipality_id)
        .where(table.c.id == programme_id)
        .with_for_update(of=table)
    )
    return (await work.session.execute(statement)).one_or_none()


async def read_state(work: Work, programme: AnyRow) -> ProgrammeState:
    """Return what orders can change, withdrawn measures among it."""
    rows = (await work.session.execute(_measures(programme.id))).all()
    keys = {row.id: row.key for row in rows}
    indicators = await repository.list_indicators(work, programme.id)
    tasks = await repository.list_tasks(work, programme.id)
    return ProgrammeState(
        period={
            "starts_on": programme.starts_on,
            "ends_on": programme.ends_on,
            "period_text": programme.period_text,
        },
        measures={
            row.key: {
                "id": row.id,
                "key": row.key,
                "plan": row.plan,
                "parent": keys.get(row.parent_id),
                "withdrawn_on": row.withdrawn_on,
                **{name: getattr(row, name) for name in MEASURE_FIELDS},
            }
            for row in rows
        },
        indicators={
            each["code"]: {
                name: each[name] for name in (*_OF_INDICATORS, *INDICATOR_FIELDS)
            }
            for each in indicators
        },
        targets={
            (each["code"], target.year): {
                name: getattr(target, name) for name in TARGET_FIELDS
            }
            for each in indicators
            for target in each["targets"]
        },
        tasks=frozenset(task.number for task in tasks),
        years=programme.years,
        counted=BUILT_IN,
    )


async def counted_by_methods(work: Work, municipality_id: int) -> frozenset[str]:
    """Return the codes of indicators that the methods in force today define."""
    year = int(AcademicYear.of(work.now.date()))
    rows = await work.session.execute(
        assigned_methods(municipality_id, year, ProgrammeShares.KIND)
    )
    return frozenset(
        each.code
        for row in rows
        if row.displaced_by_id is None
        for each in read_method(row.content).of(ProgrammeShares).spec.indicators
    )


def _measures(programme_id: int) -> Any:
    return (
        select(*MeasureRow.__table__.c)
        .where(MeasureRow.programme_id == programme_id)
        .order_by(MeasureRow.position)
    )


async def last_order_on(work: Work, programme_id: int) -> date | None:
    """Return the date of the latest order that amended the programme."""
    found: date | None = await work.session.scalar(
        select(func.max(AMENDMENT.c.order_on)).where(
            AMENDMENT.c.programme_id == programme_id
        )
    )
    return found


async def last_amendment(work: Work, programme_id: int) -> AnyRow | None:
    """Return the latest order that amended the programme."""
    statement = (
        select(*AMENDMENT.c)
        .where(AMENDMENT.c.programme_id == programme_id)
        .order_by(AMENDMENT.c.order_on.desc(), AMENDMENT.c.id.desc())
        .limit(1)
    )
    return (await work.session.execute(statement)).one_or_none()


async def has_order(work: Work, programme_id: int, number: str, order_on: date) -> bool:
    """Tell whether the programme was amended by this order."""
    found = await work.session.scalar(
        select(AMENDMENT.c.id).where(
            AMENDMENT.c.programme_id == programme_id,
            AMENDMENT.c.order_number == number,
            AMENDMENT.c.order_on == order_on,
        )
    )
    return found is not None


async def insert_amendment(
    work: Work, programme: AnyRow, order: dict[str, Any], made: Sequence[Difference]
) -> int:
    """Write an order with what it changed; return its number."""
    owner = {"municipality_id": programme.municipality_id}
    statement = (
        insert(ProgrammeAmendmentRow)
        .values(**owner, programme_id=programme.id, created_at=work.now, **order)
        .returning(ProgrammeAmendmentRow.id)
    )
    number: int = (await work.session.execute(statement)).scalar_one()
    await work.session.execute(
        insert(ProgrammeAmendmentChangeRow).values(
            _rows(number, programme.municipality_id, made, first=1)
        )
    )
    return number


async def insert_differences(
    work: Work, amendment: AnyRow, made: Sequence[Difference]
) -> None:
    """Write what else an order changed, after what of it is written."""
    last = await work.session.scalar(
        select(func.max(CHANGE.c.position)).where(CHANGE.c.amendment_id == amendment.id)
    )
    rows = _rows(amendment.id, amendment.municipality_id, made, first=(last or 0) + 1)
    await work.session.execute(insert(ProgrammeAmendmentChangeRow).values(rows))


def _rows(
    number: int, municipality_id: int, made: Sequence[Difference], *, first: int
) -> list[dict[str, Any]]:
    return [
        {
            "municipality_id": municipality_id,
            "amendment_id": number,
            "position": position,
            "kind": each.kind,
            "subject": each.subject,
            "title": each.title,
            "changes": json.loads(json.dumps(dict(each.changes), default=str)),
        }
        for position, each in enumerate(made, start=first)
    ]


async def list_amendments(
    work: Work, programme_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` orders that amended a programme, oldest first."""
    statement = select(*AMENDMENT.c).where(AMENDMENT.c.programme_id == programme_id)
    return await read_page(
        work, statement, ProgrammeAmendmentRow.id, after=after, limit=limit
    )


async def find_amendment(
    work: Work, programme_id: int, amendment_id: int
) -> AnyRow | None:
    """Return an order that amended the programme."""
    statement = select(*AMENDMENT.c).where(
        AMENDMENT.c.programme_id == programme_id, AMENDMENT.c.id == amendment_id
    )
    return (await work.session.execute(statement)).one_or_none()


async def read_differences(
    work: Work, amendments: Collection[int]
) -> dict[int, list[Difference]]:
    """Return what each of these orders changed, in its order."""
    rows = await work.session.execute(
        select(*CHANGE.c)
        .where(CHANGE.c.amendment_id.in_(amendments))
        .order_by(CHANGE.c.amendment_id, CHANGE.c.position)
    )
    found: defaultdict[int, list[Difference]] = defaultdict(list)
    for row in rows:
        found[row.amendment_id].append(
            Difference(ChangeKind(row.kind), row.subject, row.title, row.changes)
        )
    return found


async def differences_after(
    work: Work, programme_id: int, day: date
) -> list[Difference]:
    """Return what orders later than `day` changed, newest first."""
    rows = await work.session.execute(
        select(CHANGE.c.kind, CHANGE.c.subject, CHANGE.c.title, CHANGE.c.changes)
        .join(AMENDMENT, AMENDMENT.c.id == CHANGE.c.amendment_id)
        .where(AMENDMENT.c.programme_id == programme_id, AMENDMENT.c.order_on > day)
        .order_by(CHANGE.c.amendment_id.desc(), CHANGE.c.position.desc())
    )
    return [
        Difference(ChangeKind(row.kind), row.subject, row.title, row.changes)
        for row in rows
    ]


async def place_of_new_measure(
    work: Work, programme_id: int, plan: str, parent: str | None
) -> int:
    """Make room for a measure, and return its position.

    It comes after all that stand under its parent, or at the end of its plan.
    """
    rows = (await work.session.execute(_measures(programme_id))).all()
    keys = {row.id: row.key for row in rows}
    family = {parent} if parent else set()
    last = 0
    for row in rows:
        if parent and (row.key in family or keys.get(row.parent_id) in family):
            family.add(row.key)
            last = row.position
        if not parent and row.plan == plan:
            last = row.position
    last = last or max((row.position for row in rows), default=0)
    await work.session.execute(
        update(MeasureRow)
        .where(MeasureRow.programme_id == programme_id, MeasureRow.position > last)
        .values(position=MeasureRow.position + 1)
        .execution_options(synchronize_session=False)
    )
    return last + 1
