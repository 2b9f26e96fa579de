"""What a programme is to reach in each year, changed by an order."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.ids import RowId
from services.api.http.pagination import PageOut, numbered_paging_by, page_out
from services.api.http.preconditions import (
    IfMatch,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.programmes import target_repository, usecases
from services.api.programmes.schemas import TargetPut, TargetRangeOut
from shared.domain.amendment_errors import (
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
from shared.persistence.numbered_pages import NumberedPaging

router = APIRouter(prefix="/v1/target-ranges", tags=["programmes"])

Reader = Annotated[Actor, Depends(require(Permission.PROGRAMMES_READ))]
Writer = Annotated[Actor, Depends(require(Permission.PROGRAMMES_WRITE))]
MISSING = (NotFoundError, ForbiddenError, UnauthenticatedError)


@router.get(
    "",
    operation_id="list_target_ranges",
    summary="What indicators are to reach in each year",
    responses=problems(ForbiddenError, UnauthenticatedError),
)
async def list_target_ranges(
    *,
    work: RequestWork,
    _actor: Reader,
    programme_id: RowId | None = None,
    paging: Annotated[
        NumberedPaging, Depends(numbered_paging_by(*target_repository.SORTS))
    ],
) -> PageOut[TargetRangeOut]:
    rows = await target_repository.list_targets(
        work, programme_id=programme_id, paging=paging
    )
    return page_out(TargetRangeOut, rows, paging.limit)


@router.get(
    "/{target_range_id}",
    operation_id="read_target_range",
    summary="The range that an indicator is to reach in a year",
    responses=problems(*MISSING),
)
async def read_target_range(
    work: RequestWork, response: Response, _actor: Reader, target_range_id: RowId
) -> TargetRangeOut:
    row = await usecases.read_target(work, target_range_id)
    response.headers["ETag"] = version_tag(row.version)
    return TargetRangeOut.model_validate(row)


@router.put(
    "/{target_range_id}",
    operation_id="amend_target_range",
    summary="Change the range by an order",
    description=(
        "It becomes part of the order's amendment of the programme, with old and new: "
        "several targets can be changed by one order, one after the other. The "
        "programme's indicators are compared anew."
    ),
    responses=problems(
        AmendmentOutOfOrderError,
        AmendmentRefusedError,
        InvalidInputError,
        PreconditionRequiredError,
        PreconditionFailedError,
        *MISSING,
    ),
)
async def amend_target_range(
    *,
    work: RequestWork,
    response: Response,
    _actor: Writer,
    target_range_id: RowId,
    expected: IfMatch,
    body: TargetPut,
) -> TargetRangeOut:
    row = await usecases.amend_target(work, target_range_id, expected, body)
    response.headers["ETag"] = version_tag(row.version)
    return TargetRangeOut.model_validate(row)
