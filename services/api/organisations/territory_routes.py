"""Regions, and writing regions and municipalities."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.organisations import territories, territory_repository
from services.api.organisations.errors import TerritoryExistsError
from services.api.organisations.schemas import MunicipalityOut
from services.api.organisations.territory_schemas import (
    MunicipalityIn,
    MunicipalityPut,
    PublicViewPut,
    RegionIn,
    RegionOut,
)
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["organisations"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.TERRITORIES_WRITE))]
Decider = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.get(
    "/regions",
    operation_id="list_regions",
    summary="Subjects of the federation",
    responses=problems(*DENIALS),
)
async def list_regions(
    work: RequestWork, _actor: Reader, after: After = 0, limit: Limit = DEFAULT_PAGE
) -> PageOut[RegionOut]:
    rows = await territory_repository.list_regions(work, after=after, limit=limit)
    return page_out(RegionOut, rows, limit)


@router.post(
    "/regions",
    operation_id="create_region",
    summary="Enter a region",
    status_code=201,
    responses=problems(TerritoryExistsError, *DENIALS),
)
async def create_region(
    work: RequestWork, _actor: Writer, body: RegionIn, _once: Once
) -> RegionOut:
    row = await territories.create_region(work, body.model_dump())
    return RegionOut.model_validate(row)


@router.post(
    "/municipalities",
    operation_id="create_municipality",
    summary="Enter a municipality",
    status_code=201,
    responses=problems(TerritoryExistsError, NotFoundError, *DENIALS),
)
async def create_municipality(
    work: RequestWork,
    _actor: Writer,
    body: MunicipalityIn,
    response: Response,
    _once: Once,
) -> MunicipalityOut:
    row = await territories.create_municipality(work, body.model_dump())
    response.headers["Location"] = f"/v1/municipalities/{row.id}"
    return MunicipalityOut.model_validate(row)


@router.put(
    "/municipalities/{municipality_id}",
    operation_id="replace_municipality",
    summary="Correct what is known of a municipality",
    responses=problems(NotFoundError, *DENIALS),
)
async def replace_municipality(
    work: RequestWork, _actor: Writer, municipality_id: RowId, body: MunicipalityPut
) -> MunicipalityOut:
    row = await territories.replace_municipality(
        work, municipality_id, body.model_dump()
    )
    return MunicipalityOut.model_validate(row)


@router.put(
    "/municipalities/{municipality_id}/public-view",
    operation_id="decide_on_public_view",
    summary="Show sums of the municipality's results to anybody, or no longer",
    description=(
        "By an order. Without it `/v1/public` does not know the municipality. Counts "
        "of few pupils are withheld all the same."
    ),
    responses=problems(InvalidInputError, NotFoundError, *DENIALS),
)
async def decide_on_public_view(
    work: RequestWork, _actor: Decider, municipality_id: RowId, body: PublicViewPut
) -> MunicipalityOut:
    row = await territories.decide_on_public_view(
        work, municipality_id, body.model_dump()
    )
    return MunicipalityOut.model_validate(row)
