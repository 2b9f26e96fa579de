"""Frozen reports of programmes: their orders, and the bytes that were filed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.attachments import answers_with_file
from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.programme_reports import filing, repository, usecases
from services.api.programme_reports.routes import (
    CURRENT,
    DENIALS,
    DOCX,
    NAME,
    PREFIX,
    XLSX,
    Reader,
    as_file,
)
from services.api.programme_reports.schemas import (
    FrozenContentOut,
    FrozenReportDetailOut,
    FrozenReportOut,
    ReportIn,
)
from shared.domain.errors import NotFoundError, Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.permissions import Permission
from shared.domain.programme_reports import (
    ReportOrderUsedError,
    ReportOutdatedError,
    ReportOutOfOrderError,
)
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

router = APIRouter(prefix=PREFIX, tags=["programmes"], route_class=IdempotentRoute)

Writer = Annotated[Actor, Depends(require(Permission.PROGRAMMES_WRITE))]
FrozenYear = Annotated[
    int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="All, if left out")
]
JSON = "application/json"


@router.get(
    "/reports",
    operation_id="list_programme_reports",
    summary="Frozen reports of a programme",
    responses=problems(*DENIALS),
)
async def list_programme_reports(
    *,
    work: RequestWork,
    _actor: Reader,
    programme_id: RowId,
    year: FrozenYear = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[FrozenReportOut]:
    if await repository.find_programme(work, programme_id) is None:
        raise usecases.unknown_programme(programme_id)
    rows = await repository.list_reports(
        work, programme_id, year=year, after=after, limit=limit
    )
    return page_out(FrozenReportOut, rows, limit)


@router.post(
    "/reports",
    operation_id="freeze_programme_report",
    summary="Freeze the report of a year by an order",
    description=(
        "Content, Word document and workbook are kept as they are, with hashes, the "
        "run and the versions of its methods, and never change. Another report of the "
        "year takes another order, and tells what changed."
    ),
    status_code=201,
    responses=problems(
        ReportOrderUsedError, ReportOutOfOrderError, ReportOutdatedError, *CURRENT
    ),
)
async def freeze_programme_report(
    *,
    work: RequestWork,
    actor: Writer,
    programme_id: RowId,
    body: ReportIn,
    response: Response,
    _once: Once,
) -> FrozenReportDetailOut:
    number = await usecases.freeze(work, programme_id, body, actor.user_id)
    response.headers["Location"] = f"/v1/programmes/{programme_id}/reports/{number}"
    return await _detail(work, programme_id, number)


@router.get(
    "/reports/{report_id}",
    operation_id="read_frozen_report",
    summary="A frozen report: its order, hashes, and what changed since the one before",
    responses=problems(*DENIALS),
)
async def read_frozen_report(
    work: RequestWork, _actor: Reader, programme_id: RowId, report_id: RowId
) -> FrozenReportDetailOut:
    return await _detail(work, programme_id, report_id)


@router.get(
    "/reports/{report_id}/content",
    operation_id="read_frozen_content",
    summary="What a frozen report says, in the very bytes that were frozen",
    response_model=FrozenContentOut,
    responses=problems(*DENIALS),
)
async def read_frozen_content(
    work: RequestWork, _actor: Reader, programme_id: RowId, report_id: RowId
) -> Response:
    row = await _found(work, programme_id, report_id, "content")
    return Response(row.content, media_type=JSON)


@router.get(
    "/reports/{report_id}/document",
    operation_id="read_frozen_document",
    summary="A frozen report as the Word document that was frozen",
    response_class=Response,
    responses={**problems(*DENIALS), **answers_with_file(DOCX)},
)
async def read_frozen_document(
    work: RequestWork, _actor: Reader, programme_id: RowId, report_id: RowId
) -> Response:
    row = await _found(work, programme_id, report_id, "document")
    return as_file(row.document, DOCX, f"{NAME}-{report_id}", _title(row), "docx")


@router.get(
    "/reports/{report_id}/workbook",
    operation_id="read_frozen_workbook",
    summary="A frozen report as the workbook that was frozen",
    response_class=Response,
    responses={**problems(*DENIALS), **answers_with_file(XLSX)},
)
async def read_frozen_workbook(
    work: RequestWork, _actor: Reader, programme_id: RowId, report_id: RowId
) -> Response:
    row = await _found(work, programme_id, report_id, "workbook")
    return as_file(row.workbook, XLSX, f"{NAME}-{report_id}", _title(row), "xlsx")


async def _detail(
    work: Work, programme_id: int, report_id: int
) -> FrozenReportDetailOut:
    row = await _found(work, programme_id, report_id, *repository.FILES)
    content = FrozenContentOut.model_validate_json(row.content)
    return FrozenReportDetailOut(
        **FrozenReportOut.model_validate(row).model_dump(),
        is_intact=filing.is_intact(row),
        changes=content.changes,
    )


async def _found(work: Work, programme_id: int, report_id: int, *files: str) -> AnyRow:
    row = await repository.find_report(work, programme_id, report_id, *files)
    if row is None:
        raise NotFoundError(
            Text(
                f"У программы {programme_id} нет отчёта {report_id}.",
                f"The programme {programme_id} has no report {report_id}.",
            )
        )
    return row


def _title(row: AnyRow) -> str:
    return f"Отчёт о реализации программы за {row.year} (приказ № {row.order_number})"
