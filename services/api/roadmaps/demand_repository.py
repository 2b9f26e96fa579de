"""Reading measures that are opened by hand, and writing their deadlines."""

from collections.abc import Sequence

from sqlalchemy import func, insert, or_, select

from shared.domain.deadlines import DeadlineKind, DeadlineState
from shared.domain.demand import DueDay
from shared.persistence.paging import AnyRow
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def lock_measure(work: Work, number: int) -> AnyRow | None:
    """Return a measure that nobody else opens deadlines of meanwhile."""
    statement = (
        select(
            MeasureRow.id,
            MeasureRow.municipality_id,
            MeasureRow.is_datable,
            MeasureRow.withdrawn_on,
            ProgrammeRow.starts_on,
            ProgrammeRow.ends_on,
            MunicipalityRow.time_zone,
        )
        .join(ProgrammeRow, ProgrammeRow.id == MeasureRow.programme_id)
        .join(MunicipalityRow, MunicipalityRow.id == MeasureRow.municipality_id)
        .where(MeasureRow.id == number)
        .with_for_update(of=MeasureRow)
    )
    return (await work.session.execute(statement)).one_or_none()


async def able_schools(
    work: Work, municipality_id: int, day: DueDay, wanted: Sequence[int]
) -> set[int]:
    """Return which of the schools can owe something on that day."""
    found = await work.session.scalars(
        select(SchoolRow.id).where(
            SchoolRow.municipality_id == municipality_id,
            SchoolRow.id.in_(wanted),
            SchoolRow.kind != "branch",
            or_(SchoolRow.closed_on.is_(None), SchoolRow.closed_on > day.due_on),
        )
    )
    return set(found)


async def insert_deadlines(
    work: Work, measure: AnyRow, owing: Sequence[int | None], day: DueDay
) -> tuple[int, list[int]]:
    """Write a deadline for each who owes it; return the occurrence and the numbers."""
    latest = await work.session.scalar(
        select(func.max(DeadlineRow.occurrence)).where(
            DeadlineRow.measure_id == measure.id
        )
    )
    occurrence = (latest or 0) + 1
    rows = [
        {
            "municipality_id": measure.municipality_id,
            "kind": DeadlineKind.MEASURE.value,
            "measure_id": measure.id,
            "school_id": school_id,
            "occurrence": occurrence,
            "starts_on": min(work.today_in(measure.time_zone), day.due_on),
            "nominal_due_on": day.nominal,
            "due_on": day.due_on,
            "state": DeadlineState.OPEN.value,
            "created_at": work.now,
            "changed_at": work.now,
        }
        for school_id in owing
    ]
    numbers = await work.session.scalars(
        insert(DeadlineRow).returning(DeadlineRow.id, sort_by_parameter_order=True),
        rows,
    )
    return occurrence, list(numbers)
