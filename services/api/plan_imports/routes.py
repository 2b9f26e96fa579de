"""Importing the table of a programme's plan: upload and preview, then commit."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.api.http.auth import Actor, require
from services.api.http.errors import language_of
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import PageOut, numbered_paging_by, page_out
from services.api.http.problems import problems
from services.api.http.uploads import UnreadableFormError, UploadTooLargeError
from services.api.http.work import RequestWork
from services.api.imports.readers.archive import UnreadableFileError
from services.api.plan_imports import repository, usecases
from services.api.plan_imports.errors import (
    OrderRequiredError,
    PlanImportCommittedError,
    PlanImportNotFoundError,
    PlanImportOutdatedError,
    PlanLinesRefusedError,
    unknown_import,
)
from services.api.plan_imports.schemas import (
    PlanCommitIn,
    PlanImportDetailOut,
    PlanImportOut,
)
from services.api.plan_imports.uploads import FORM_SCHEMA, PlanUpload, receive_plan
from shared.domain.amendment_errors import (
    AmendmentExistsError,
    AmendmentOutOfOrderError,
    AmendmentRefusedError,
)
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.domain.plan_tables.columns import PlanTableError
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["programmes"], route_class=IdempotentRoute)

Writer = Annotated[Actor, Depends(require(Permission.PROGRAMMES_WRITE))]
DENIALS = (ForbiddenError, UnauthenticatedError)


@router.post(
    "/programmes/{programme_id}/plan-imports",
    operation_id="create_plan_import",
    summary="Upload the table of a plan and see what committing it would do",
    description=(
        "A `.docx`, an `.xlsx`, or the table as text: between tabs or bars, or as it "
        "was copied from a PDF. Columns are found by the header, or stated by their "
        "numbers. Nothing changes. A term that cannot be read is shown with the reason."
    ),
    status_code=201,
    openapi_extra=FORM_SCHEMA,
    responses=problems(
        UnreadableFileError,
        UnreadableFormError,
        UploadTooLargeError,
        PlanTableError,
        InvalidInputError,
        NotFoundError,
        *DENIALS,
    ),
)
async def create_plan_import(
    *,
    # The table comes first: no transaction is open while it is received.
    upload: Annotated[PlanUpload, Depends(receive_plan)],
    request: Request,
    response: Response,
    work: RequestWork,
    actor: Writer,
    programme_id: RowId,
    _once: Once,
) -> PlanImportDetailOut:
    import_id = await usecases.preview(work, actor, programme_id, upload)
    response.headers["Location"] = f"{router.prefix}/plan-imports/{import_id}"
    return await _detail(work, import_id, language_of(request))


@router.get(
    "/plan-imports",
    operation_id="list_plan_imports",
    summary="Uploaded tables of plans",
    responses=problems(*DENIALS),
)
async def list_plan_imports(
    *,
    work: RequestWork,
    _actor: Writer,
    programme_id: Annotated[RowId | None, Query()] = None,
    paging: Annotated[NumberedPaging, Depends(numbered_paging_by(*repository.SORTS))],
) -> PageOut[PlanImportOut]:
    rows = await repository.list_imports(work, programme_id=programme_id, paging=paging)
    return page_out(PlanImportOut, rows, paging.limit)


@router.get(
    "/plan-imports/{import_id}",
    operation_id="read_plan_import",
    summary="One uploaded table, with every line and what committing it does",
    responses=problems(PlanImportNotFoundError, *DENIALS),
)
async def read_plan_import(
    request: Request, work: RequestWork, _actor: Writer, import_id: RowId
) -> PlanImportDetailOut:
    return await _detail(work, import_id, language_of(request))


@router.post(
    "/plan-imports/{import_id}/commit",
    operation_id="commit_plan_import",
    summary="Commit exactly what was previewed",
    description=(
        "All of it or, if the programme or its calendar changed meanwhile, nothing. A "
        "programme that has begun is changed by an order. Lines that could not be read "
        "are given a term here, or left out."
    ),
    responses=problems(
        PlanImportNotFoundError,
        PlanImportCommittedError,
        PlanImportOutdatedError,
        PlanLinesRefusedError,
        OrderRequiredError,
        AmendmentExistsError,
        AmendmentOutOfOrderError,
        AmendmentRefusedError,
        *DENIALS,
    ),
)
async def commit_plan_import(
    *,
    request: Request,
    work: RequestWork,
    _actor: Writer,
    _once: Once,
    import_id: RowId,
    body: PlanCommitIn,
) -> PlanImportDetailOut:
    await usecases.commit(work, import_id, body.commission())
    return await _detail(work, import_id, language_of(request))


async def _detail(work: Work, import_id: int, language: str) -> PlanImportDetailOut:
    row = await repository.find_import(work, import_id)
    if row is None:
        raise unknown_import(import_id)
    return PlanImportDetailOut.of(row, language)
