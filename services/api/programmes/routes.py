"""Programmes with their tasks, indicators and measures."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import (
    DEFAULT_PAGE,
    After,
    Limit,
    PageOut,
    numbered_paging_by,
    page_of,
    page_out,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.programmes import repository
from services.api.programmes.budgets import budget_totals
from services.api.programmes.schemas import (
    BudgetTotalsOut,
    MeasureOut,
    Plan,
    ProgrammeDetailOut,
    ProgrammeOut,
    ScheduleOut,
    TargetIndicatorOut,
)
from shared.domain.errors import (
    ForbiddenError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.domain.schedule import describe, parse_term
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

router = APIRouter(prefix="/v1/programmes", tags=["programmes"])

Reader = Annotated[Actor, Depends(require(Permission.PROGRAMMES_READ))]
DENIED = problems(UnauthenticatedError, ForbiddenError)
MISSING = problems(UnauthenticatedError, ForbiddenError, NotFoundError)


async def existing_programme(work: Work, programme_id: int) -> AnyRow:
    """Return the programme, or answer that there is none that the caller may see."""
    row = await repository.find_programme(work, programme_id)
    if row is None:
        raise NotFoundError(
            Text(
                f"Программы с номером {programme_id} нет.",
                f"There is no programme {programme_id}.",
            )
        )
    return row


@router.get(
    "",
    operation_id="list_programmes",
    summary="Programmes that the caller may see",
    responses=DENIED,
)
async def list_programmes(
    *,
    work: RequestWork,
    _actor: Reader,
    municipality_id: RowId | None = None,
    paging: Annotated[NumberedPaging, Depends(numbered_paging_by(*repository.SORTS))],
) -> PageOut[ProgrammeOut]:
    rows = await repository.list_programmes(
        work, municipality_id=municipality_id, paging=paging
    )
    return page_out(ProgrammeOut, rows, paging.limit)


@router.get(
    "/{programme_id}",
    operation_id="read_programme",
    summary="One programme with its tasks and counts of measures",
    responses=MISSING,
)
async def read_programme(
    work: RequestWork, _actor: Reader, programme_id: RowId
) -> ProgrammeDetailOut:
    return await programme_out(work, await existing_programme(work, programme_id))


async def programme_out(work: Work, row: AnyRow) -> ProgrammeDetailOut:
    """Return a programme with its tasks and counts of measures."""
    return ProgrammeDetailOut.model_validate(
        {
            **row._mapping,  # noqa: SLF001 (SQLAlchemy's public name)
            "tasks": await repository.list_tasks(work, row.id),
            "measure_counts": await repository.count_measures(work, row.id),
        }
    )


@router.get(
    "/{programme_id}/target-indicators",
    operation_id="list_target_indicators",
    summary="Indicators of a programme with their yearly ranges",
    responses=MISSING,
)
async def list_target_indicators(
    work: RequestWork, _actor: Reader, programme_id: RowId
) -> list[TargetIndicatorOut]:
    await existing_programme(work, programme_id)
    rows = await repository.list_indicators(work, programme_id)
    return [TargetIndicatorOut.model_validate(row) for row in rows]


@router.get(
    "/{programme_id}/measures",
    operation_id="list_measures",
    summary="Measures of a programme's plans, in the document's order",
    responses=MISSING,
)
async def list_measures(
    work: RequestWork,
    _actor: Reader,
    programme_id: RowId,
    plan: Plan | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[MeasureOut]:
    await existing_programme(work, programme_id)
    rows = await repository.list_measures(
        work, programme_id, plan=plan, after=after, limit=limit
    )
    page, next_after = page_of(rows, limit, key="position")
    return PageOut(items=[measure_out(row) for row in page], next_after=next_after)


@router.get(
    "/{programme_id}/budget-totals",
    operation_id="read_budget_totals",
    summary="What a programme plans and spends, by year and source of funds",
    responses=MISSING,
)
async def read_budget_totals(
    work: RequestWork, _actor: Reader, programme_id: RowId
) -> BudgetTotalsOut:
    await existing_programme(work, programme_id)
    return budget_totals(programme_id, await repository.sum_budget(work, programme_id))


def measure_out(row: AnyRow) -> MeasureOut:
    """Return a measure with what its term was read as."""
    description = describe(parse_term(row.term_text))
    schedule = ScheduleOut(
        kind=row.schedule_kind,
        is_datable=row.is_datable,
        description_ru=description.ru,
        description_en=description.en,
    )
    return MeasureOut.model_validate(
        {**row._mapping, "schedule": schedule}  # noqa: SLF001 (SQLAlchemy's public name)
    )
