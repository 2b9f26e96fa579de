"""Results of assessments, and the lists of subjects and procedures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, require
from services.api.http.dates import Moment
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import SortedPageOut, paging_by
from services.api.http.problems import problems
from services.api.http.reading import Reading, page_answer, reading, row_answer
from services.api.http.reasons import Reason
from services.api.http.work import RequestWork
from services.api.results import repository, usecases
from services.api.results.history import read_history
from services.api.results.records import ResultFilter
from services.api.results.schemas import (
    CODE_PATTERN,
    Grade,
    ProcedureListOut,
    ProcedureOut,
    ResultHistoryOut,
    ResultIn,
    ResultOut,
    ResultPut,
    SubjectListOut,
    SubjectOut,
    Year,
)
from services.api.results.usecases import (
    InvalidResultError,
    ResultExistsError,
    ResultNotFoundError,
)
from shared.domain.data_years import CLOSED_YEAR_ERRORS
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.persistence.paging import Paging

router = APIRouter(prefix="/v1", tags=["results"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.RESULTS_READ))]
ResultReading = Annotated[Reading, Depends(reading(Permission.RESULTS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.RESULTS_WRITE))]
CodeFilter = Annotated[str | None, Query(pattern=CODE_PATTERN)]
DENIALS = (ForbiddenError, UnauthenticatedError)


@router.post(
    "/results",
    operation_id="create_result",
    summary="Enter a result",
    description="The ranking and the indicators of that year are computed anew.",
    status_code=201,
    responses=problems(
        InvalidResultError,
        ResultExistsError,
        NotFoundError,
        *CLOSED_YEAR_ERRORS,
        *DENIALS,
    ),
)
async def create_result(
    *,
    work: RequestWork,
    response: Response,
    body: ResultIn,
    actor: Writer,
    _once: Once,
    reason: Reason = None,
) -> ResultOut:
    result = await usecases.create_result(work, actor, body, reason=reason)
    response.headers["Location"] = f"/v1/results/{result.id}"
    return ResultOut.model_validate(result)


@router.get(
    "/results",
    operation_id="list_results",
    summary="Results, narrowed by what is given",
    response_model=SortedPageOut[ResultOut],
    responses=problems(*DENIALS),
)
async def list_results(
    *,
    reading: ResultReading,
    paging: Annotated[Paging, Depends(paging_by(*repository.RESULT_SORTS))],
    school_id: RowId | None = None,
    lineage_of: Annotated[
        RowId | None,
        Query(description="Of this school and of those that it comes from"),
    ] = None,
    municipality_id: RowId | None = None,
    academic_year: Annotated[Year | None, Query()] = None,
    procedure: CodeFilter = None,
    subject: CodeFilter = None,
    programme_grade: Annotated[Grade | None, Query()] = None,
    pupil_grade: Annotated[Grade | None, Query()] = None,
) -> Response:
    wanted = ResultFilter(
        school_id=school_id,
        lineage_of=lineage_of,
        municipality_id=municipality_id,
        academic_year=academic_year,
        procedure=procedure,
        subject=subject,
        programme_grade=programme_grade,
        pupil_grade=pupil_grade,
    )
    given = wanted.given
    query = repository.results_query(frozenset(given), paging.shape)
    given |= paging.parameters(repository.RESULT_SORTS)
    rows = await reading.rows(query, given)
    return page_answer(SortedPageOut[ResultOut], rows, paging)


@router.get(
    "/results/{result_id}",
    operation_id="read_result",
    summary="One result",
    response_model=ResultOut,
    responses=problems(ResultNotFoundError, *DENIALS),
)
async def read_result(reading: ResultReading, result_id: RowId) -> Response:
    rows = await reading.rows(repository.RESULT_QUERY, {"id": result_id})
    return row_answer(ResultOut, rows, usecases.unknown_result(result_id))


@router.get(
    "/results/{result_id}/history",
    operation_id="read_result_history",
    summary="What was known of a result when, by whom and why",
    description=(
        "From the record of changes, imports and what undid them included; a result "
        "that was removed has its history still. `as_of` keeps the one version that "
        "was known at that moment, none if none was."
    ),
    responses=problems(ResultNotFoundError, *DENIALS),
)
async def read_result_history(
    work: RequestWork,
    _actor: Reader,
    result_id: RowId,
    as_of: Moment | None = None,
) -> ResultHistoryOut:
    return await read_history(work, result_id, as_of=as_of)


@router.put(
    "/results/{result_id}",
    operation_id="replace_result_counts",
    summary="Correct the figures of a result",
    description=(
        "The result gets its next version; a figure that is left out is no longer "
        "known. Counts that came from a file's percentages no longer do."
    ),
    responses=problems(
        InvalidResultError, ResultNotFoundError, *CLOSED_YEAR_ERRORS, *DENIALS
    ),
)
async def replace_result_counts(
    work: RequestWork,
    actor: Writer,
    result_id: RowId,
    body: ResultPut,
    reason: Reason = None,
) -> ResultOut:
    result = await usecases.replace_counts(work, actor, result_id, body, reason=reason)
    return ResultOut.model_validate(result)


@router.get(
    "/subjects",
    operation_id="list_subjects",
    summary="School subjects that results may name",
    responses=problems(*DENIALS),
)
async def list_subjects(work: RequestWork, _actor: Reader) -> SubjectListOut:
    rows = await repository.list_subjects(work)
    return SubjectListOut(items=[SubjectOut.model_validate(row) for row in rows])


@router.get(
    "/procedures",
    operation_id="list_procedures",
    summary="Assessment procedures that results may name",
    responses=problems(*DENIALS),
)
async def list_procedures(work: RequestWork, _actor: Reader) -> ProcedureListOut:
    rows = await repository.list_procedures(work)
    return ProcedureListOut(items=[ProcedureOut.model_validate(row) for row in rows])
