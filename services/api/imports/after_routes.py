"""What can be done after a file was read: correct its rows, or take it back.

Also which formats there are to begin with.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.api.http.auth import Actor, require
from services.api.http.errors import language_of
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.problems import problems
from services.api.http.reasons import Reason
from services.api.http.work import RequestWork
from services.api.imports import undoing
from services.api.imports.corrections import read_corrections
from services.api.imports.errors import (
    ImportNotFoundError,
    NoCorrectionsError,
    NotCommittedError,
    UndoBlockedError,
)
from services.api.imports.formats import FORMATS
from services.api.imports.rights import is_offered
from services.api.imports.schemas import FormatListOut, FormatOut, UndoOut
from shared.domain.data_years import CLOSED_YEAR_ERRORS
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["imports"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.IMPORTS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.IMPORTS_WRITE))]
DENIALS = (ForbiddenError, UnauthenticatedError)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(
    "/import-formats",
    operation_id="list_import_formats",
    summary="The formats of files that can be imported",
    responses=problems(*DENIALS),
)
async def list_import_formats(request: Request, actor: Reader) -> FormatListOut:
    language = language_of(request)
    return FormatListOut(
        items=[
            FormatOut(
                code=each.code,
                title=each.title.in_language(language),
                columns=[*each.columns],
                options=sorted(each.options | each.required),
                required=sorted(each.required),
                procedure=each.procedure,
            )
            for each in FORMATS.values()
            if is_offered(actor, each)
        ]
    )


@router.post(
    "/imports/{import_id}/undo",
    operation_id="undo_import",
    summary="Take back what was committed",
    description=(
        "What the file replaced is put back, what it made is removed: all of it or, if "
        "something of it was changed since, nothing. The file can be imported again."
    ),
    responses=problems(
        NotCommittedError,
        UndoBlockedError,
        ImportNotFoundError,
        *CLOSED_YEAR_ERRORS,
        *DENIALS,
    ),
)
async def undo_import(
    *,
    work: RequestWork,
    actor: Writer,
    _once: Once,
    import_id: RowId,
    reason: Reason = None,
) -> UndoOut:
    done = await undoing.undo(work, actor, import_id, reason=reason)
    return UndoOut.model_validate(done, from_attributes=True)


@router.get(
    "/imports/{import_id}/bad-rows",
    operation_id="download_bad_rows",
    summary="The bad rows of a file as a workbook to correct and upload again",
    description=(
        "Each bad cell is coloured and has a comment. The workbook has the columns of "
        "the file's format."
    ),
    response_class=Response,
    responses={
        200: {
            "description": "An .xlsx workbook",
            "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
            "headers": {
                "Content-Disposition": {
                    "description": "The file's name",
                    "schema": {"type": "string"},
                }
            },
        },
        **problems(NoCorrectionsError, ImportNotFoundError, *DENIALS),
    },
)
async def download_bad_rows(
    work: RequestWork, _actor: Reader, import_id: RowId
) -> Response:
    content = await read_corrections(work, import_id)
    name = f'attachment; filename="import-{import_id}-bad-rows.xlsx"'
    return Response(content, media_type=XLSX, headers={"Content-Disposition": name})
