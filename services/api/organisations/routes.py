"""Municipalities and schools."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.organisations import repository, usecases
from services.api.organisations.errors import InvalidSchoolError, SchoolExistsError
from services.api.organisations.schemas import (
    CalendarPeriodOut,
    FigureOut,
    MunicipalityOut,
    SchoolIn,
    SchoolOut,
    SchoolPut,
)
from shared.domain.errors import (
    ForbiddenError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["organisations"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)
DENIED = problems(*DENIALS)


async def existing_municipality(work: Work, municipality_id: int) -> AnyRow:
    """Return the municipality, or answer that there is none that the caller sees."""
    row = await repository.find_municipality(work, municipality_id)
    if row is None:
        raise usecases.unknown_municipality(municipality_id)
    return row


@router.get(
    "/municipalities",
    operation_id="list_municipalities",
    summary="Municipalities that the caller may see",
    responses=DENIED,
)
async def list_municipalities(
    work: RequestWork, _actor: Reader, after: After = 0, limit: Limit = DEFAULT_PAGE
) -> PageOut[MunicipalityOut]:
    rows = await repository.list_municipalities(work, after=after, limit=limit)
    return page_out(MunicipalityOut, rows, limit)


@router.get(
    "/municipalities/{municipality_id}",
    operation_id="read_municipality",
    summary="One municipality",
    responses=DENIED | problems(NotFoundError),
)
async def read_municipality(
    work: RequestWork, _actor: Reader, municipality_id: RowId
) -> MunicipalityOut:
    row = await existing_municipality(work, municipality_id)
    return MunicipalityOut.model_validate(row)


@router.get(
    "/municipalities/{municipality_id}/figures",
    operation_id="list_municipality_figures",
    summary="What the programme's document states of the whole municipality",
    responses=DENIED | problems(NotFoundError),
)
async def list_municipality_figures(
    work: RequestWork,
    _actor: Reader,
    municipality_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[FigureOut]:
    await existing_municipality(work, municipality_id)
    rows = await repository.list_figures(
        work, municipality_id, after=after, limit=limit
    )
    return page_out(FigureOut, rows, limit)


@router.get(
    "/municipalities/{municipality_id}/calendar-periods",
    operation_id="list_calendar_periods",
    summary="Quarters and half-years of the school calendar",
    responses=DENIED | problems(NotFoundError),
)
async def list_calendar_periods(
    work: RequestWork,
    _actor: Reader,
    municipality_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[CalendarPeriodOut]:
    await existing_municipality(work, municipality_id)
    rows = await repository.list_calendar_periods(
        work, municipality_id, after=after, limit=limit
    )
    return page_out(CalendarPeriodOut, rows, limit)


@router.get(
    "/schools",
    operation_id="list_schools",
    summary="Schools that the caller may see",
    responses=DENIED,
)
async def list_schools(
    *,
    work: RequestWork,
    _actor: Reader,
    municipality_id: RowId | None = None,
    as_of: Annotated[
        date | None, Query(description="Only schools that there were on that day")
    ] = None,
    identifier: Annotated[
        str | None,
        Query(
            max_length=60,
            pattern=r"^[^\x00]+$",
            description="Only schools that another system knows by this code",
        ),
    ] = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[SchoolOut]:
    rows = await repository.list_schools(
        work,
        municipality_id=municipality_id,
        as_of=as_of,
        identifier=identifier,
        after=after,
        limit=limit,
    )
    return page_out(SchoolOut, rows, limit)


@router.get(
    "/schools/{school_id}",
    operation_id="read_school",
    summary="One school",
    responses=DENIED | problems(NotFoundError),
)
async def read_school(
    work: RequestWork, _actor: Reader, school_id: RowId, response: Response
) -> SchoolOut:
    row = await repository.find_school(work, school_id)
    if row is None:
        raise usecases.unknown_school(school_id)
    response.headers["ETag"] = version_tag(row.version)
    return SchoolOut.model_validate(row)


@router.post(
    "/schools",
    operation_id="create_school",
    summary="Enter a school",
    status_code=201,
    responses=problems(InvalidSchoolError, SchoolExistsError, NotFoundError, *DENIALS),
)
async def create_school(
    work: RequestWork, _actor: Writer, body: SchoolIn, response: Response, _once: Once
) -> SchoolOut:
    row = await usecases.create_school(work, body.model_dump())
    response.headers["Location"] = f"/v1/schools/{row.id}"
    response.headers["ETag"] = version_tag(row.version)
    return SchoolOut.model_validate(row)


@router.put(
    "/schools/{school_id}",
    operation_id="replace_school",
    summary="Correct what is known of a school",
    description="To merge or split schools, see POST /v1/reorganisations.",
    responses=problems(
        InvalidSchoolError, NotFoundError, PreconditionFailedError, *DENIALS
    ),
)
async def replace_school(
    *,
    work: RequestWork,
    _actor: Writer,
    school_id: RowId,
    body: SchoolPut,
    expected: OptionalIfMatch,
    response: Response,
) -> SchoolOut:
    row = await usecases.replace_school(work, school_id, body.model_dump(), expected)
    response.headers["ETag"] = version_tag(row.version)
    return SchoolOut.model_validate(row)
