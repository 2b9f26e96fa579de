"""Importing files: upload and preview, then commit."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.api.http.auth import Actor, require
from services.api.http.errors import language_of
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import (
    DEFAULT_PAGE,
    After,
    Limit,
    PageOut,
    numbered_paging_by,
    page_of,
)
from services.api.http.problems import problems
from services.api.http.reasons import Reason
from services.api.http.state import state_of
from services.api.http.uploads import UnreadableFormError, UploadTooLargeError
from services.api.http.work import RequestWork
from services.api.imports import repository, usecases
from services.api.imports.errors import (
    AlreadyCommittedError,
    BadRowsError,
    ImportNotFoundError,
    ImportOutdatedError,
    InvalidImportError,
    NotReadError,
)
from services.api.imports.previewing import read_in_background
from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.records import Action
from services.api.imports.refusals import unknown_import
from services.api.imports.schemas import (
    CommitIn,
    CommitOut,
    ImportDetailOut,
    ImportFilter,
    ImportOut,
    LineOut,
)
from services.api.imports.uploads import FORM_SCHEMA, Upload, receive_upload
from services.api.imports.usecases import FIRST_BAD_ROWS
from shared.domain.data_years import CLOSED_YEAR_ERRORS
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.work import Work

router = APIRouter(prefix="/v1/imports", tags=["imports"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.IMPORTS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.IMPORTS_WRITE))]
DENIALS = (ForbiddenError, UnauthenticatedError)


@router.post(
    "",
    operation_id="create_import",
    summary="Upload a file and see what committing it would do",
    description=(
        "No result changes. Rows of other municipalities are skipped and counted. A "
        "file that cannot be read is refused as a whole, and nothing of it is kept. A "
        "large file is answered with 202 and read on: `GET /v1/imports/{import_id}` "
        "tells how many of its rows, until its status is `previewed` or `failed`. Rows "
        "that would change a closed year are bad unless a reason is given here."
    ),
    status_code=201,
    openapi_extra=FORM_SCHEMA,
    responses={
        202: {"model": ImportDetailOut, "description": "The file is being read"},
        **problems(
            UnreadableFileError,
            UnreadableFormError,
            UploadTooLargeError,
            InvalidImportError,
            NotFoundError,
            *DENIALS,
        ),
    },
)
async def create_import(
    *,
    # The file comes first: no transaction is open while it is received.
    upload: Annotated[Upload, Depends(receive_upload)],
    request: Request,
    response: Response,
    work: RequestWork,
    actor: Writer,
    _once: Once,
    reason: Reason = None,
) -> ImportDetailOut:
    preview = await usecases.preview(work, actor, upload, reason=reason)
    if not upload.reading.is_whole:
        response.status_code = 202
        upload.errand = read_in_background(
            preview,
            state_of(request).engine,
            actor_id=actor.user_id,
            origin=work.origin,
        )
    import_id = preview.place.import_id
    response.headers["Location"] = f"/v1/imports/{import_id}"
    return await _detail(work, import_id, language_of(request))


@router.get(
    "",
    operation_id="list_imports",
    summary="Uploaded files",
    responses=problems(*DENIALS),
)
async def list_imports(
    *,
    request: Request,
    work: RequestWork,
    _actor: Reader,
    wanted: Annotated[ImportFilter, Depends()],
    paging: Annotated[NumberedPaging, Depends(numbered_paging_by(*repository.SORTS))],
) -> PageOut[ImportOut]:
    rows = await repository.list_imports(work, wanted, paging)
    page, next_after = page_of(rows, paging.limit)
    language = language_of(request)
    return PageOut(
        items=[ImportOut.of(row, language) for row in page], next_after=next_after
    )


@router.get(
    "/{import_id}",
    operation_id="read_import",
    summary="One uploaded file with its first bad rows",
    responses=problems(ImportNotFoundError, *DENIALS),
)
async def read_import(
    request: Request, work: RequestWork, _actor: Reader, import_id: RowId
) -> ImportDetailOut:
    return await _detail(work, import_id, language_of(request))


@router.get(
    "/{import_id}/lines",
    operation_id="list_import_lines",
    summary="Rows of a file, with what committing does to each or why it cannot",
    responses=problems(ImportNotFoundError, *DENIALS),
)
async def list_import_lines(
    *,
    request: Request,
    work: RequestWork,
    _actor: Reader,
    import_id: RowId,
    action: Annotated[Action | None, Query()] = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[LineOut]:
    if await repository.read_import(work, import_id) is None:
        raise unknown_import(import_id)
    rows = await repository.list_lines(
        work, import_id, action=action, after=after, limit=limit
    )
    page, next_after = page_of(rows, limit)
    language = language_of(request)
    return PageOut(
        items=[LineOut.of(row, language) for row in page], next_after=next_after
    )


@router.post(
    "/{import_id}/commit",
    operation_id="commit_import",
    summary="Commit exactly what was previewed",
    description=(
        "All of it or, if a result it speaks of changed or appeared meanwhile, nothing."
    ),
    responses=problems(
        NotReadError,
        AlreadyCommittedError,
        BadRowsError,
        ImportOutdatedError,
        ImportNotFoundError,
        *CLOSED_YEAR_ERRORS,
        *DENIALS,
    ),
)
async def commit_import(
    *,
    work: RequestWork,
    actor: Writer,
    _once: Once,
    import_id: RowId,
    body: CommitIn,
    reason: Reason = None,
) -> CommitOut:
    done = await usecases.commit(work, actor, import_id, body.mode, reason=reason)
    return CommitOut.model_validate(done, from_attributes=True)


async def _detail(work: Work, import_id: int, language: str) -> ImportDetailOut:
    row = await repository.read_import(work, import_id)
    if row is None:
        raise unknown_import(import_id)
    bad = await repository.list_lines(
        work, import_id, action=Action.BAD, after=0, limit=FIRST_BAD_ROWS - 1
    )
    return ImportDetailOut.of(
        row, language, bad_rows=[LineOut.of(line, language) for line in bad]
    )
