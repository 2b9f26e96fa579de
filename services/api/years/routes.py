"""Years of schools' data: how far they are, and the steps from one to the next."""

from fastapi import APIRouter

from services.api.http.auth import Actor
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.years import repository, usecases
from services.api.years.parameters import (
    DENIALS,
    STEP_PROBLEMS,
    Decider,
    Reader,
    Submitter,
    YearOfPath,
    YearOfQuery,
    wanted_year,
)
from services.api.years.records import Papers, YearFilter
from services.api.years.schemas import (
    DataYearOut,
    YearCommentIn,
    YearLockIn,
    YearReturnIn,
    YearUnlockIn,
)
from shared.domain.data_years import YearState, YearStep
from shared.domain.periods import AcademicYear
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["years"], route_class=IdempotentRoute)

OF_SCHOOL = "/schools/{school_id}/data-years/{academic_year}"


@router.get(
    "/data-years",
    operation_id="list_data_years",
    summary="How far the schools' data of a year are",
    description="A page goes on with the schools after those of the page before.",
    responses=problems(*DENIALS),
)
async def list_data_years(
    *,
    work: RequestWork,
    _actor: Reader,
    academic_year: YearOfQuery = None,
    municipality_id: RowId | None = None,
    school_id: RowId | None = None,
    state: YearState | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[DataYearOut]:
    wanted = YearFilter(
        academic_year=wanted_year(work, academic_year),
        municipality_id=municipality_id,
        school_id=school_id,
        state=state,
    )
    rows = await repository.list_years(work, wanted, after=after, limit=limit)
    page, next_after = page_of(rows, limit, key="school_id")
    items = [DataYearOut.model_validate(row) for row in page]
    return PageOut(items=items, next_after=next_after)


@router.post(
    f"{OF_SCHOOL}/submit",
    operation_id="submit_data_year",
    summary="Hand a school's year in",
    description="Until it is returned, the school does not change the year's data.",
    responses=STEP_PROBLEMS,
)
async def submit_data_year(
    *,
    work: RequestWork,
    actor: Submitter,
    school_id: RowId,
    academic_year: YearOfPath,
    body: YearCommentIn,
    _once: Once,
) -> DataYearOut:
    step, year = YearStep.SUBMIT, AcademicYear(academic_year)
    return await _step(work, actor, school_id, year, step=step, papers=body.papers())


@router.post(
    f"{OF_SCHOOL}/accept",
    operation_id="accept_data_year",
    summary="Accept a year that a school has handed in",
    responses=STEP_PROBLEMS,
)
async def accept_data_year(
    *,
    work: RequestWork,
    actor: Decider,
    school_id: RowId,
    academic_year: YearOfPath,
    body: YearCommentIn,
    _once: Once,
) -> DataYearOut:
    step, year = YearStep.ACCEPT, AcademicYear(academic_year)
    return await _step(work, actor, school_id, year, step=step, papers=body.papers())


@router.post(
    f"{OF_SCHOOL}/return",
    operation_id="return_data_year",
    summary="Return a year to its school, saying what is to be mended",
    description="A year that was accepted can be returned as well.",
    responses=STEP_PROBLEMS,
)
async def return_data_year(
    *,
    work: RequestWork,
    actor: Decider,
    school_id: RowId,
    academic_year: YearOfPath,
    body: YearReturnIn,
    _once: Once,
) -> DataYearOut:
    step, year = YearStep.RETURN, AcademicYear(academic_year)
    return await _step(work, actor, school_id, year, step=step, papers=body.papers())


@router.post(
    f"{OF_SCHOOL}/lock",
    operation_id="lock_data_year",
    summary="Lock a school's year by an order",
    description="Whatever the school has handed in: from then on a reason is needed.",
    responses=STEP_PROBLEMS,
)
async def lock_data_year(
    *,
    work: RequestWork,
    actor: Decider,
    school_id: RowId,
    academic_year: YearOfPath,
    body: YearLockIn,
    _once: Once,
) -> DataYearOut:
    step, year = YearStep.LOCK, AcademicYear(academic_year)
    return await _step(work, actor, school_id, year, step=step, papers=body.papers())


@router.post(
    f"{OF_SCHOOL}/unlock",
    operation_id="unlock_data_year",
    summary="Unlock a school's year by an order with a reason",
    responses=STEP_PROBLEMS,
)
async def unlock_data_year(
    *,
    work: RequestWork,
    actor: Decider,
    school_id: RowId,
    academic_year: YearOfPath,
    body: YearUnlockIn,
    _once: Once,
) -> DataYearOut:
    step, year = YearStep.UNLOCK, AcademicYear(academic_year)
    return await _step(work, actor, school_id, year, step=step, papers=body.papers())


async def _step(
    work: Work,
    actor: Actor,
    school_id: int,
    year: AcademicYear,
    *,
    step: YearStep,
    papers: Papers,
) -> DataYearOut:
    row = await usecases.step_with_school(
        work, actor, school_id, year, step=step, papers=papers
    )
    return DataYearOut.model_validate(row)
