"""Deadlines of the roadmaps."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import (
    SortedPageOut,
    paging_by,
    sorted_page_out,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.roadmaps import repository
from services.api.roadmaps.answers import deadline_answer
from services.api.roadmaps.schemas import (
    DeadlineDetailOut,
    DeadlineFilter,
    DeadlineOut,
)
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.persistence.paging import Paging

router = APIRouter(prefix="/v1/deadlines", tags=["roadmaps"])


@router.get(
    "",
    operation_id="list_deadlines",
    summary="Deadlines by due date; a school sees its own",
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def list_deadlines(
    work: RequestWork,
    _actor: Annotated[Actor, Depends(require(Permission.DEADLINES_READ))],
    chosen: Annotated[DeadlineFilter, Depends()],
    paging: Annotated[Paging, Depends(paging_by(*repository.SORTS))],
) -> SortedPageOut[DeadlineOut]:
    rows = await repository.list_deadlines(work, chosen, paging)
    return sorted_page_out(DeadlineOut, rows, paging)


@router.get(
    "/{deadline_id}",
    operation_id="read_deadline",
    summary="One deadline, and what can be done with it next",
    responses=problems(NotFoundError, ForbiddenError, UnauthenticatedError),
)
async def read_deadline(
    work: RequestWork,
    _actor: Annotated[Actor, Depends(require(Permission.DEADLINES_READ))],
    deadline_id: RowId,
    response: Response,
) -> DeadlineDetailOut:
    return await deadline_answer(work, deadline_id, response)
