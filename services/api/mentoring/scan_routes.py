"""Scans of signed agreements over HTTP."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.datastructures import UploadFile

from services.api.http.attachments import answers_with_file, saved_as
from services.api.http.auth import authenticate, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.reasons import Reason
from services.api.http.sent_files import SentFile, described
from services.api.http.state import state_of
from services.api.http.uploads import (
    UnreadableFormError,
    UploadTooLargeError,
    received_form,
)
from services.api.http.work import RequestWork
from services.api.mentoring import scans
from services.api.mentoring.rights import ALWAYS, PREFIX, Reader, Signer
from services.api.mentoring.scans import ScanForbiddenError
from shared.domain.agreement_scans import (
    LARGEST_SCAN,
    NothingToScanError,
    ScanReasonRequiredError,
    ScanRefusedError,
    check_scan,
)
from shared.domain.permissions import Permission
from shared.persistence.work import begin
from shared.runtime.file_store import FileStoreUnavailableError

router = APIRouter(prefix=PREFIX, tags=["mentoring"], route_class=IdempotentRoute)

FILE: Final = "file"
MOST: Final = LARGEST_SCAN >> 20  # megabytes
FORM_SCHEMA: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": [FILE],
                    "properties": {
                        FILE: {
                            "type": "string",
                            "format": "binary",
                            "description": f"PDF, JPEG, PNG, TIFF; up to {MOST} MB",
                        }
                    },
                }
            }
        },
    }
}
_bearer = OAuth2PasswordBearer(tokenUrl="/v1/tokens", auto_error=False)


class ScanOut(BaseModel):
    """A scan of the signed agreement."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    agreement_id: int
    name: str
    content_type: str
    size: int = Field(description="Bytes")
    sha256: Annotated[str, BeforeValidator(bytes.hex)]
    added_by: int = Field(description="The account")
    added_at: datetime


async def receive_scan(
    request: Request, token: Annotated[str | None, Depends(_bearer)]
) -> AsyncIterator[SentFile]:
    """Receive a scan, once the caller is known to have the right to send one.

    Raises:
        UnauthenticatedError, ForbiddenError: the caller has not.
        UploadTooLargeError: the form is larger than what is received.
        UnreadableFormError: it is not a form, or has several files.
        ScanRefusedError: there is no file in it.
    """
    async with begin(state_of(request).engine) as work:
        actor = await authenticate(request, work, token)
        await require(Permission.AGREEMENTS_SIGN)(actor)
    async with received_form(request) as form:
        sent = form.get(FILE)
        if not isinstance(sent, UploadFile):
            check_scan(0, b"", is_registered=True)
            return
        yield await asyncio.to_thread(described, sent)


@router.post(
    "/{agreement_id}/scans",
    operation_id="attach_agreement_scan",
    summary="Attach a scan of the signed agreement",
    description="Once the agreement has its number. What was attached before stays.",
    status_code=201,
    openapi_extra=FORM_SCHEMA,
    responses=problems(
        ScanRefusedError,
        NothingToScanError,
        ScanForbiddenError,
        UnreadableFormError,
        UploadTooLargeError,
        FileStoreUnavailableError,
        *ALWAYS,
    ),
)
async def attach_agreement_scan(
    *,
    # The file comes first: no transaction is open while it is received.
    scan: Annotated[SentFile, Depends(receive_scan)],
    request: Request,
    response: Response,
    work: RequestWork,
    actor: Signer,
    agreement_id: RowId,
    _once: Once,
) -> ScanOut:
    row = await scans.attach(work, actor, agreement_id, scan, state_of(request).files)
    response.headers["Location"] = f"{PREFIX}/{agreement_id}/scans/{row.id}"
    return ScanOut.model_validate(row)


@router.get(
    "/{agreement_id}/scans",
    operation_id="list_agreement_scans",
    summary="Scans of the signed agreement, oldest first",
    responses=problems(*ALWAYS),
)
async def list_agreement_scans(
    work: RequestWork,
    _actor: Reader,
    agreement_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ScanOut]:
    rows = await scans.list_scans(work, agreement_id, after=after, limit=limit)
    return page_out(ScanOut, rows, limit)


@router.get(
    "/{agreement_id}/scans/{scan_id}",
    operation_id="read_agreement_scan",
    summary="A scan, as it was sent",
    response_class=StreamingResponse,
    responses={
        **problems(FileStoreUnavailableError, *ALWAYS),
        **answers_with_file("application/octet-stream"),
    },
)
async def read_agreement_scan(
    request: Request,
    work: RequestWork,
    _actor: Reader,
    agreement_id: RowId,
    scan_id: RowId,
) -> StreamingResponse:
    files = state_of(request).files
    row, pieces = await scans.open_scan(work, agreement_id, scan_id, files)
    headers = {
        "Content-Type": row.content_type,
        **saved_as(f"scan-{row.id}", row.name),
        "Content-Length": str(row.size),
        "Repr-Digest": f"sha-256=:{b64encode(row.sha256).decode()}:",
        # Whatever the file pretends to be, no browser runs it here.
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(pieces, headers=headers)


@router.delete(
    "/{agreement_id}/scans/{scan_id}",
    operation_id="withdraw_agreement_scan",
    summary="Withdraw a scan",
    description="Before the agreement is in force at will, and after for a reason. To "
    "replace a scan, attach the right one and withdraw the wrong one.",
    status_code=204,
    responses=problems(ScanForbiddenError, ScanReasonRequiredError, *ALWAYS),
)
async def withdraw_agreement_scan(
    work: RequestWork,
    actor: Signer,
    agreement_id: RowId,
    scan_id: RowId,
    reason: Reason = None,
) -> None:
    await scans.withdraw(work, actor, agreement_id, scan_id, reason)
