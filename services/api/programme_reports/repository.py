"""Reading what a report tells of, and the reports that are frozen."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, insert, select

from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.amendments import ProgrammeAmendmentRow
from shared.persistence.tables.decisions import BudgetItemRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programme_reports import ProgrammeReportRow
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.work import Work

REPORT = ProgrammeReportRow.__table__
FILES = ("content", "document", "workbook")  # large, so read where they are asked for
ABOUT = [column for column in REPORT.c if column.name not in FILES]


async def find_programme(
    work: Work, programme_id: int, *, lock: bool = False
) -> AnyRow | None:
    """Return a programme with its municipality; with `lock` nobody else changes it."""
    table = ProgrammeRow.__table__
    statement = (
        select(
            *table.c,
            MunicipalityRow.name.label("municipality_name"),
            MunicipalityRow.time_zone,
            MunicipalityRow.synthetic,
        )
        .join(MunicipalityRow, MunicipalityRow.id == table.c.municipality_id)
        .where(table.c.id == programme_id)
    )
    if lock:
        statement = statement.with_for_update(of=table)
    return (await work.session.execute(statement)).one_or_none()


async def list_budget(work: Work, programme_id: int, year: int) -> Sequence[AnyRow]:
    """Return the items of a calendar year's budget."""
    item = BudgetItemRow
    statement = (
        select(item.purpose, item.source, item.planned, item.spent, item.comment)
        .where(item.programme_id == programme_id, item.year == year)
        .order_by(item.source, item.purpose)
    )
    return (await work.session.execute(statement)).all()


async def list_amendments(
    work: Work, programme_id: int, first: date, last: date
) -> Sequence[AnyRow]:
    """Return the orders of a stretch of time that amended the programme."""
    amendment = ProgrammeAmendmentRow.__table__
    statement = (
        select(*amendment.c)
        .where(
            amendment.c.programme_id == programme_id,
            amendment.c.order_on.between(first, last),
        )
        .order_by(amendment.c.order_on, amendment.c.id)
    )
    return (await work.session.execute(statement)).all()


async def newest_report(work: Work, programme_id: int, year: int) -> AnyRow | None:
    """Return the newest frozen report of a year, with its content."""
    statement = (
        select(*ABOUT, REPORT.c.content)
        .where(REPORT.c.programme_id == programme_id, REPORT.c.year == year)
        .order_by(REPORT.c.id.desc())
        .limit(1)
    )
    return (await work.session.execute(statement)).one_or_none()


async def is_order_used(
    work: Work, programme_id: int, year: int, number: str, on: date
) -> bool:
    """Tell whether a report of the year is frozen by this order."""
    used = exists().where(
        REPORT.c.programme_id == programme_id,
        REPORT.c.year == year,
        REPORT.c.order_number == number,
        REPORT.c.order_on == on,
    )
    return bool(await work.session.scalar(select(used)))


async def insert_report(work: Work, values: Mapping[str, Any]) -> int:
    """Write a frozen report and return its number."""
    statement = insert(ProgrammeReportRow).values(**values)
    returned = statement.returning(ProgrammeReportRow.id)
    return (await work.session.scalars(returned)).one()


async def list_reports(
    work: Work, programme_id: int, *, year: int | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` frozen reports, without their files."""
    statement = select(*ABOUT).where(REPORT.c.programme_id == programme_id)
    if year is not None:
        statement = statement.where(REPORT.c.year == year)
    return await read_page(
        work, statement, ProgrammeReportRow.id, after=after, limit=limit
    )


async def find_report(
    work: Work, programme_id: int, report_id: int, *files: str
) -> AnyRow | None:
    """Return a frozen report with these of its files."""
    statement = select(*ABOUT, *(REPORT.c[name] for name in files)).where(
        REPORT.c.programme_id == programme_id, REPORT.c.id == report_id
    )
    return (await work.session.execute(statement)).one_or_none()
