"""Reports on deadlines: handing them in, deciding, their history and files."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from services.api.http.attachments import answers_with_file, saved_as
from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.uploads import UnreadableFormError, UploadTooLargeError
from services.api.http.work import RequestWork
from services.api.roadmaps import repository as deadlines
from services.api.roadmaps import submission_repository as repository
from services.api.roadmaps import submission_usecases as usecases
from services.api.roadmaps.answers import deadline_answer
from services.api.roadmaps.receiving import Report, receive_report
from services.api.roadmaps.refusals import unknown_deadline
from services.api.roadmaps.schemas import DeadlineDetailOut
from services.api.roadmaps.submission_schemas import (
    FORM_SCHEMA,
    AcceptIn,
    ReturnIn,
    SubmissionOut,
)
from shared.domain.deadlines import (
    DeadlineFollowsRecordError,
    DeadlineWrongStateError,
)
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.domain.submissions import SubmissionRefusedError
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.file_store import FileStoreUnavailableError

router = APIRouter(prefix="/v1", tags=["roadmaps"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.DEADLINES_READ))]
Submitter = Annotated[Actor, Depends(require(Permission.DEADLINES_SUBMIT))]
Decider = Annotated[Actor, Depends(require(Permission.DEADLINES_DECIDE))]
DENIALS = (NotFoundError, ForbiddenError, UnauthenticatedError)
STEP_ERRORS = (
    DeadlineWrongStateError,
    DeadlineFollowsRecordError,
    PreconditionFailedError,
    *DENIALS,
)
OF_DEADLINE = "/deadlines/{deadline_id}"


@router.post(
    f"{OF_DEADLINE}/submissions",
    operation_id="create_submission",
    summary="Hand in a report on a deadline: text, links, files",
    description=(
        "At least one of them is required. A school's report waits for the "
        "coordinator; the municipality's own one closes its deadline. A returned "
        "report is followed by another: what was handed in stays."
    ),
    status_code=201,
    openapi_extra=FORM_SCHEMA,
    responses=problems(
        SubmissionRefusedError,
        InvalidInputError,
        UnreadableFormError,
        UploadTooLargeError,
        FileStoreUnavailableError,
        *STEP_ERRORS,
    ),
)
async def create_submission(
    *,
    # The files come first: no transaction is open while they are received.
    report: Annotated[Report, Depends(receive_report)],
    request: Request,
    response: Response,
    work: RequestWork,
    actor: Submitter,
    deadline_id: RowId,
    expected: OptionalIfMatch,
    _once: Once,
) -> SubmissionOut:
    number = await usecases.submit(
        work,
        actor,
        deadline_id,
        expected,
        report=report,
        store=state_of(request).files,
    )
    response.headers["Location"] = f"/v1/deadlines/{deadline_id}/submissions"
    row = await repository.read_submission(work, number)
    (answer,) = await _with_files(work, [row])
    return answer


@router.get(
    f"{OF_DEADLINE}/submissions",
    operation_id="list_submissions",
    summary="Reports on a deadline, with what was decided of each",
    responses=problems(*DENIALS),
)
async def list_submissions(
    *,
    work: RequestWork,
    _actor: Reader,
    deadline_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[SubmissionOut]:
    if await deadlines.read_deadline(work, deadline_id) is None:
        raise unknown_deadline(deadline_id)
    rows = await repository.list_submissions(
        work, deadline_id, after=after, limit=limit
    )
    page, next_after = page_of(rows, limit)
    return PageOut(items=await _with_files(work, page), next_after=next_after)


@router.post(
    f"{OF_DEADLINE}/accept",
    operation_id="accept_submission",
    summary="Accept the report that waits, which closes the deadline",
    responses=problems(*STEP_ERRORS),
)
async def accept_submission(
    *,
    work: RequestWork,
    actor: Decider,
    deadline_id: RowId,
    expected: OptionalIfMatch,
    body: AcceptIn,
    response: Response,
    _once: Once,
) -> DeadlineDetailOut:
    await usecases.accept(work, actor, deadline_id, expected, body.comment)
    return await deadline_answer(work, deadline_id, response)


@router.post(
    f"{OF_DEADLINE}/return",
    operation_id="return_submission",
    summary="Return the report that waits, saying what it lacks",
    responses=problems(*STEP_ERRORS),
)
async def return_submission(
    *,
    work: RequestWork,
    actor: Decider,
    deadline_id: RowId,
    expected: OptionalIfMatch,
    body: ReturnIn,
    response: Response,
    _once: Once,
) -> DeadlineDetailOut:
    await usecases.send_back(work, actor, deadline_id, expected, body.comment)
    return await deadline_answer(work, deadline_id, response)


@router.get(
    "/submission-files/{file_id}",
    operation_id="read_submission_file",
    summary="A file of a report, as it was sent",
    response_class=StreamingResponse,
    responses={
        **problems(FileStoreUnavailableError, *DENIALS),
        **answers_with_file("application/octet-stream"),
    },
)
async def read_submission_file(
    request: Request, work: RequestWork, _actor: Reader, file_id: RowId
) -> StreamingResponse:
    row, pieces = await usecases.open_file(work, file_id, state_of(request).files)
    headers = {
        "Content-Type": row.content_type,
        **saved_as(f"file-{row.id}", row.name),
        "Content-Length": str(row.size),
        "Repr-Digest": f"sha-256=:{b64encode(row.sha256).decode()}:",
        # Whatever the file pretends to be, no browser runs it here.
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(pieces, headers=headers)


async def _with_files(work: Work, rows: Sequence[AnyRow]) -> list[SubmissionOut]:
    files = await repository.files_of(work, [row.id for row in rows])
    answers = [SubmissionOut.model_validate(row) for row in rows]
    for answer in answers:
        answer.files = files.get(answer.id, [])
    return answers
