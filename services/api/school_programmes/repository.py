"""Reading and writing what becomes of school programmes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from shared.domain.calendar import Window
from shared.domain.school_programme_content import SchoolProgrammeContent
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.school_programmes import (
    SchoolProgrammeIndicatorRow,
    SchoolProgrammeMeasureRow,
    SchoolProgrammeReviewRow,
    SchoolProgrammeRow,
)
from shared.persistence.work import Work

PROGRAMME = SchoolProgrammeRow.__table__
MEASURE = SchoolProgrammeMeasureRow.__table__


async def lock_programme(work: Work, number: int) -> AnyRow | None:
    """Return a school's programme that nobody else can change meanwhile."""
    statement = (
        select(
            *PROGRAMME.c,
            MunicipalityRow.time_zone,
            ProgrammeRow.starts_on.label("whole_starts_on"),
            ProgrammeRow.ends_on.label("whole_ends_on"),
        )
        .join(MunicipalityRow, MunicipalityRow.id == PROGRAMME.c.municipality_id)
        .join(ProgrammeRow, ProgrammeRow.id == PROGRAMME.c.programme_id)
        .where(PROGRAMME.c.id == number)
        .with_for_update(of=PROGRAMME)
    )
    return (await work.session.execute(statement)).one_or_none()


async def read_programme(work: Work, number: int) -> AnyRow | None:
    """Return a school's programme that the caller may see."""
    statement = select(*PROGRAMME.c).where(PROGRAMME.c.id == number)
    return (await work.session.execute(statement)).one_or_none()


async def read_content(work: Work, programme: AnyRow) -> SchoolProgrammeContent:
    """Return what has to be complete before experts look at a programme."""
    indicator = SchoolProgrammeIndicatorRow
    targets = await work.session.scalars(
        select(indicator.target_on).where(indicator.school_programme_id == programme.id)
    )
    measures = await work.session.execute(
        select(MEASURE.c.starts_on, MEASURE.c.due_on).where(
            MEASURE.c.school_programme_id == programme.id
        )
    )
    return SchoolProgrammeContent(
        period=Window(programme.starts_on, programme.ends_on),
        within=Window(programme.whole_starts_on, programme.whole_ends_on),
        tasks=len(programme.tasks),
        targets_on=targets.all(),
        measures=[Window(row.starts_on, row.due_on) for row in measures],
    )


async def update_programme(work: Work, number: int, **values: Any) -> None:
    """Write the next version of a school's programme."""
    await work.session.execute(
        update(SchoolProgrammeRow)
        .where(SchoolProgrammeRow.id == number)
        .values(version=SchoolProgrammeRow.version + 1, **values)
    )


async def insert_review(work: Work, programme: AnyRow, values: dict[str, Any]) -> int:
    """Write what the experts found; return the number of the row."""
    statement = (
        insert(SchoolProgrammeReviewRow)
        .values(
            municipality_id=programme.municipality_id,
            school_id=programme.school_id,
            school_programme_id=programme.id,
            provenance=programme.provenance,
            created_at=work.now,
            **values,
        )
        .returning(SchoolProgrammeReviewRow.id)
    )
    return (await work.session.execute(statement)).scalar_one()


async def list_reviews(
    work: Work, number: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` reviews of a school's programme, oldest first."""
    review = SchoolProgrammeReviewRow
    statement = select(*review.__table__.c).where(review.school_programme_id == number)
    return await read_page(work, statement, review.id, after=after, limit=limit)


async def lock_measure(work: Work, number: int) -> AnyRow | None:
    """Return a measure that nobody else can change meanwhile."""
    statement = select(*MEASURE.c).where(MEASURE.c.id == number).with_for_update()
    return (await work.session.execute(statement)).one_or_none()


async def write_done(work: Work, number: int, done_on: date) -> AnyRow:
    """Write when a measure was carried out; return it as it is then."""
    statement = (
        update(SchoolProgrammeMeasureRow)
        .where(SchoolProgrammeMeasureRow.id == number)
        .values(done_on=done_on, version=SchoolProgrammeMeasureRow.version + 1)
        .returning(*MEASURE.c)
    )
    return (await work.session.execute(statement)).one()
