"""Years of whole municipalities: how far they are, and their locks."""

from fastapi import APIRouter

from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.years import repository, usecases
from services.api.years.due_dates import set_due_date
from services.api.years.parameters import (
    DENIALS,
    STEP_PROBLEMS,
    Decider,
    YearOfPath,
    YearOfQuery,
    wanted_year,
)
from services.api.years.records import Papers
from services.api.years.schemas import (
    MunicipalityYearOut,
    MunicipalityYearStepOut,
    YearDueDateIn,
    YearDueDateOut,
    YearLockIn,
    YearUnlockIn,
)
from shared.domain.data_years import YearState, YearStep
from shared.domain.errors import InvalidInputError, NotFoundError
from shared.domain.periods import AcademicYear
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["years"], route_class=IdempotentRoute)

OF_MUNICIPALITY = "/municipalities/{municipality_id}/data-years/{academic_year}"


@router.get(
    "/municipality-years",
    operation_id="list_municipality_years",
    summary="How many schools of each municipality are how far with a year's data",
    responses=problems(*DENIALS),
)
async def list_municipality_years(
    *,
    work: RequestWork,
    _actor: Decider,
    academic_year: YearOfQuery = None,
    municipality_id: RowId | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[MunicipalityYearOut]:
    rows = await repository.list_municipality_years(
        work,
        wanted_year(work, academic_year),
        municipality_id=municipality_id,
        after=after,
        limit=limit,
    )
    page, next_after = page_of(rows, limit, key="municipality_id")
    items = [MunicipalityYearOut.model_validate(row) for row in page]
    return PageOut(items=items, next_after=next_after)


@router.post(
    f"{OF_MUNICIPALITY}/lock",
    operation_id="lock_municipality_year",
    summary="Lock the year of a municipality and of all its schools by an order",
    description="A school that is founded later finds the year locked.",
    responses=STEP_PROBLEMS,
)
async def lock_municipality_year(
    *,
    work: RequestWork,
    _actor: Decider,
    municipality_id: RowId,
    academic_year: YearOfPath,
    body: YearLockIn,
    _once: Once,
) -> MunicipalityYearStepOut:
    step, year = YearStep.LOCK, AcademicYear(academic_year)
    return await _step_with_all(
        work, municipality_id, year, step=step, papers=body.papers()
    )


@router.post(
    f"{OF_MUNICIPALITY}/unlock",
    operation_id="unlock_municipality_year",
    summary="Unlock the year of a municipality and of all its schools by an order",
    responses=STEP_PROBLEMS,
)
async def unlock_municipality_year(
    *,
    work: RequestWork,
    _actor: Decider,
    municipality_id: RowId,
    academic_year: YearOfPath,
    body: YearUnlockIn,
    _once: Once,
) -> MunicipalityYearStepOut:
    step, year = YearStep.UNLOCK, AcademicYear(academic_year)
    return await _step_with_all(
        work, municipality_id, year, step=step, papers=body.papers()
    )


@router.put(
    f"{OF_MUNICIPALITY}/due-date",
    operation_id="set_data_year_due_date",
    summary="Set by when the schools of a municipality submit a year's data",
    description="Every school gets a deadline, and is reminded of it.",
    responses=problems(InvalidInputError, NotFoundError, *DENIALS),
)
async def set_data_year_due_date(
    *,
    work: RequestWork,
    _actor: Decider,
    municipality_id: RowId,
    academic_year: YearOfPath,
    body: YearDueDateIn,
) -> YearDueDateOut:
    year = AcademicYear(academic_year)
    due_on = await set_due_date(work, municipality_id, year, body.due_on)
    return YearDueDateOut(
        municipality_id=municipality_id,
        academic_year=academic_year,
        nominal_due_on=body.due_on,
        due_on=due_on,
    )


async def _step_with_all(
    work: Work,
    municipality_id: int,
    year: AcademicYear,
    *,
    step: YearStep,
    papers: Papers,
) -> MunicipalityYearStepOut:
    changed = await usecases.step_with_all(
        work, municipality_id, year, step=step, papers=papers
    )
    return MunicipalityYearStepOut(
        municipality_id=municipality_id,
        academic_year=year.start,
        state=YearState.LOCKED if step is YearStep.LOCK else YearState.UNLOCKED,
        schools_changed=changed,
    )
