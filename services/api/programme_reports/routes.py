"""The state of a programme in a year, as of now."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.attachments import answers_with_file, attachment_headers
from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.problems import problems
from services.api.http.runs import NotComputedYetError
from services.api.http.work import RequestWork
from services.api.programme_reports import filing, usecases
from services.api.programme_reports.schemas import (
    CurrentReportOut,
)
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.permissions import Permission
from shared.domain.programme_reports import (
    ReportRefusedError,
)

PREFIX = "/v1/programmes/{programme_id}"
router = APIRouter(prefix=PREFIX, tags=["programmes"])

Reader = Annotated[Actor, Depends(require(Permission.EVIDENCE_READ))]
ReportYear = Annotated[
    int | None,
    Query(
        ge=FIRST_YEAR,
        le=LAST_YEAR,
        description="A calendar year, or 2020 for 2020/2021, as the programme has "
        "them; the running one if left out",
    ),
]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME = "programme-report"
DENIALS = (NotFoundError, ForbiddenError, UnauthenticatedError)
CURRENT = (NotComputedYetError, ReportRefusedError, InvalidInputError, *DENIALS)


@router.get(
    "/report",
    operation_id="read_programme_report",
    summary="The state of a programme in a year",
    description=(
        "Passport, indicators against their ranges, deadlines met and missed, budget "
        "and amendments of the year; what changed since the frozen report of that "
        "year. A school, which sees its own only, does not read it."
    ),
    responses=problems(*CURRENT),
)
async def read_programme_report(
    work: RequestWork, _actor: Reader, programme_id: RowId, year: ReportYear = None
) -> CurrentReportOut:
    return await usecases.read_current(work, programme_id, year)


@router.get(
    "/report/document",
    operation_id="print_programme_report",
    summary="The state of a programme in a year as a Word document",
    response_class=Response,
    responses={**problems(*CURRENT), **answers_with_file(DOCX)},
)
async def print_programme_report(
    work: RequestWork, _actor: Reader, programme_id: RowId, year: ReportYear = None
) -> Response:
    report = await usecases.read_current(work, programme_id, year)
    content = await filing.print_document(report, report.run.computed_at)
    return as_file(content, DOCX, f"{NAME}-{report.year}", report.title.ru, "docx")


@router.get(
    "/report/workbook",
    operation_id="export_programme_report",
    summary="The state of a programme in a year as a workbook",
    response_class=Response,
    responses={**problems(*CURRENT), **answers_with_file(XLSX)},
)
async def export_programme_report(
    work: RequestWork, _actor: Reader, programme_id: RowId, year: ReportYear = None
) -> Response:
    report = await usecases.read_current(work, programme_id, year)
    content = await filing.print_workbook(report, report.run.computed_at)
    return as_file(content, XLSX, f"{NAME}-{report.year}", report.title.ru, "xlsx")


def as_file(
    content: bytes, media_type: str, name: str, title: str, extension: str
) -> Response:
    """Answer with a file of a report."""
    shown = title.replace("/", "-")[:150]
    headers = attachment_headers(name, shown, extension)
    return Response(content, media_type=media_type, headers=headers)
