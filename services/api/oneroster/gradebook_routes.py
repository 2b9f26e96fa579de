"""What there is of the gradebook service of OneRoster 1.2."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from services.api.http.auth import Actor, require
from services.api.http.work import RequestWork
from services.api.oneroster.collections import (
    Page,
    Selection,
    SourcedId,
    answer_one,
    answer_page,
)
from services.api.oneroster.descriptions import described_one, described_page
from services.api.oneroster.line_items import ASSESSMENT_LINE_ITEMS
from services.api.oneroster.schemas import (
    AssessmentLineItemsOut,
    SingleAssessmentLineItemOut,
)
from shared.domain.permissions import Permission

router = APIRouter(prefix="/ims/oneroster/gradebook/v1p2", tags=["oneroster"])

ResultReader = Annotated[Actor, Depends(require(Permission.RESULTS_READ))]
Asked = Annotated[Page, Query()]
Selected = Annotated[Selection, Query()]


@router.get(
    "/assessmentLineItems",
    operation_id="oneroster_list_assessment_line_items",
    summary="getAllAssessmentLineItems: assessments as held in schools",
    responses=described_page(AssessmentLineItemsOut),
)
async def list_assessment_line_items(
    request: Request, work: RequestWork, _actor: ResultReader, page: Asked
) -> JSONResponse:
    return await answer_page(request, work, ASSESSMENT_LINE_ITEMS, page)


@router.get(
    "/assessmentLineItems/{sourced_id}",
    operation_id="oneroster_read_assessment_line_item",
    summary="getAssessmentLineItem",
    responses=described_one(SingleAssessmentLineItemOut),
)
async def read_assessment_line_item(
    request: Request,
    work: RequestWork,
    _actor: ResultReader,
    sourced_id: SourcedId,
    selection: Selected,
) -> JSONResponse:
    return await answer_one(request, work, ASSESSMENT_LINE_ITEMS, sourced_id, selection)
