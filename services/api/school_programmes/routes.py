"""Steps of school programmes, from the draft to what came of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.school_programmes import repository, usecases
from services.api.school_programmes.schemas import (
    CompletionIn,
    ExpertiseIn,
    MeasureDoneIn,
    MeasureStateOut,
    ReturnIn,
    ReviewOut,
    SchoolProgrammeStateOut,
    StepIn,
)
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.domain.school_programme_content import SchoolProgrammeIncompleteError
from shared.domain.school_programmes import (
    SchoolProgrammeNotBegunError,
    SchoolProgrammeStatus,
    SchoolProgrammeStep,
    SchoolProgrammeWrongStateError,
    possible_steps,
)
from shared.persistence.paging import AnyRow

router = APIRouter(
    prefix="/v1", tags=["school programmes"], route_class=IdempotentRoute
)

Reader = Annotated[Actor, Depends(require(Permission.SCHOOL_PROGRAMMES_READ))]
Writer = Annotated[Actor, Depends(require(Permission.SCHOOL_PROGRAMMES_WRITE))]
Decider = Annotated[Actor, Depends(require(Permission.SCHOOL_PROGRAMMES_DECIDE))]

ONE = "/school-programmes/{programme_id}"
DENIALS = (ForbiddenError, UnauthenticatedError, NotFoundError)
STEP_ERRORS = (SchoolProgrammeWrongStateError, PreconditionFailedError, *DENIALS)


@router.post(
    f"{ONE}/submit",
    operation_id="submit_school_programme",
    summary="Hand a school's programme in for expertise",
    description=(
        "It needs a task, an indicator with a target and a measure, all within its "
        "period, and that within the municipal programme. Until it is returned nobody "
        "changes it."
    ),
    responses=problems(SchoolProgrammeIncompleteError, *STEP_ERRORS),
)
async def submit_school_programme(
    *,
    work: RequestWork,
    actor: Writer,
    programme_id: RowId,
    expected: OptionalIfMatch,
    body: StepIn,
    response: Response,
    _once: Once,
) -> SchoolProgrammeStateOut:
    row = await usecases.submit(work, actor, programme_id, expected, body.comment)
    return _answer(row, response)


@router.post(
    f"{ONE}/review",
    operation_id="review_school_programme",
    summary="Begin the expertise of a school's programme",
    responses=problems(*STEP_ERRORS),
)
async def review_school_programme(
    *,
    work: RequestWork,
    actor: Decider,
    programme_id: RowId,
    expected: OptionalIfMatch,
    body: StepIn,
    response: Response,
    _once: Once,
) -> SchoolProgrammeStateOut:
    row = await usecases.review(work, actor, programme_id, expected, body.comment)
    return _answer(row, response)


@router.post(
    f"{ONE}/return",
    operation_id="return_school_programme",
    summary="Return a school's programme with the experts' remarks",
    responses=problems(InvalidInputError, *STEP_ERRORS),
)
async def return_school_programme(
    *,
    work: RequestWork,
    actor: Decider,
    programme_id: RowId,
    expected: OptionalIfMatch,
    body: ReturnIn,
    response: Response,
    _once: Once,
) -> SchoolProgrammeStateOut:
    row = await usecases.decide(
        work,
        actor,
        programme_id,
        expected,
        step=SchoolProgrammeStep.RETURN,
        expertise=body.model_dump(exclude={"submit_by"}),
        submit_by=body.submit_by,
    )
    return _answer(row, response)


@router.post(
    f"{ONE}/approve",
    operation_id="approve_school_programme",
    summary="Approve a school's programme, as the experts found",
    responses=problems(InvalidInputError, *STEP_ERRORS),
)
async def approve_school_programme(
    *,
    work: RequestWork,
    actor: Decider,
    programme_id: RowId,
    expected: OptionalIfMatch,
    body: ExpertiseIn,
    response: Response,
    _once: Once,
) -> SchoolProgrammeStateOut:
    row = await usecases.decide(
        work,
        actor,
        programme_id,
        expected,
        step=SchoolProgrammeStep.APPROVE,
        expertise=body.model_dump(),
    )
    return _answer(row, response)


@router.post(
    f"{ONE}/start",
    operation_id="start_school_programme",
    summary="Begin to carry a school's programme out",
    responses=problems(SchoolProgrammeNotBegunError, *STEP_ERRORS),
)
async def start_school_programme(
    *,
    work: RequestWork,
    actor: Writer,
    programme_id: RowId,
    expected: OptionalIfMatch,
    body: StepIn,
    response: Response,
    _once: Once,
) -> SchoolProgrammeStateOut:
    row = await usecases.start(work, actor, programme_id, expected, body.comment)
    return _answer(row, response)


@router.post(
    f"{ONE}/complete",
    operation_id="complete_school_programme",
    summary="Close a school's programme with what came of it",
    responses=problems(*STEP_ERRORS),
)
async def complete_school_programme(
    *,
    work: RequestWork,
    actor: Writer,
    programme_id: RowId,
    expected: OptionalIfMatch,
    body: CompletionIn,
    response: Response,
    _once: Once,
) -> SchoolProgrammeStateOut:
    row = await usecases.complete(work, actor, programme_id, expected, body.result)
    return _answer(row, response)


@router.post(
    "/school-programme-measures/{measure_id}/complete",
    operation_id="complete_school_programme_measure",
    summary="Say when a measure of a school's programme was carried out",
    responses=problems(InvalidInputError, *STEP_ERRORS),
)
async def complete_school_programme_measure(
    *,
    work: RequestWork,
    actor: Writer,
    measure_id: RowId,
    body: MeasureDoneIn,
    _once: Once,
) -> MeasureStateOut:
    row = await usecases.complete_measure(work, actor, measure_id, body.done_on)
    return MeasureStateOut.model_validate(row)


@router.get(
    f"{ONE}/reviews",
    operation_id="list_school_programme_reviews",
    summary="What the experts found, oldest first",
    responses=problems(*DENIALS),
)
async def list_school_programme_reviews(
    work: RequestWork,
    _actor: Reader,
    programme_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ReviewOut]:
    rows = await repository.list_reviews(work, programme_id, after=after, limit=limit)
    return page_out(ReviewOut, rows, limit)


def _answer(row: AnyRow, response: Response) -> SchoolProgrammeStateOut:
    answer = SchoolProgrammeStateOut.model_validate(row)
    answer.possible_steps = list(possible_steps(SchoolProgrammeStatus(row.status)))
    response.headers["ETag"] = version_tag(answer.version)
    return answer
