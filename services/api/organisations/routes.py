"""Municipalities and schools."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, require
from services.api.http.dates import Day
from services.api.http.ids import RowId
from services.api.http.pagination import (
    DEFAULT_PAGE,
    After,
    Limit,
    PageOut,
    SortedPageOut,
    numbered_paging_by,
    page_out,
    paging_by,
)
from services.api.http.problems import problems
from services.api.http.reading import Reading, page_answer, reading, row_answer
from services.api.http.work import RequestWork
from services.api.organisations import repository
from services.api.organisations.schemas import (
    CalendarPeriodOut,
    FigureOut,
    Locality,
    MunicipalityOut,
    SchoolKind,
    SchoolOut,
)
from shared.domain.errors import (
    ForbiddenError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.paging import AnyRow, Paging
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["organisations"])

Reader = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_READ))]
SchoolReading = Annotated[Reading, Depends(reading(Permission.ORGANISATIONS_READ))]
DENIED = problems(UnauthenticatedError, ForbiddenError)


async def existing_municipality(work: Work, municipality_id: int) -> AnyRow:
    """Return the municipality, or answer that there is none that the caller sees."""
    row = await repository.find_municipality(work, municipality_id)
    if row is None:
        raise NotFoundError(
            Text(
                f"Муниципалитета с номером {municipality_id} нет.",
                f"There is no municipality {municipality_id}.",
            )
        )
    return row


@router.get(
    "/municipalities",
    operation_id="list_municipalities",
    summary="Municipalities that the caller may see",
    responses=DENIED,
)
async def list_municipalities(
    *,
    work: RequestWork,
    _actor: Reader,
    region_id: RowId | None = None,
    paging: Annotated[NumberedPaging, Depends(numbered_paging_by(*repository.SORTS))],
) -> PageOut[MunicipalityOut]:
    rows = await repository.list_municipalities(work, paging, region_id=region_id)
    return page_out(MunicipalityOut, rows, paging.limit)


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
    response_model=SortedPageOut[SchoolOut],
    responses=DENIED,
)
async def list_schools(
    *,
    reading: SchoolReading,
    paging: Annotated[Paging, Depends(paging_by(*repository.SCHOOL_SORTS))],
    search: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=100,
            pattern=r"^[^\x00]*[^\x00\s][^\x00]*$",
            description=(
                "Part of the name, of another spelling of it, or of the code; capital "
                "letters are as small ones, ё is as е"
            ),
        ),
    ] = None,
    municipality_id: RowId | None = None,
    kind: SchoolKind | None = None,
    locality: Locality | None = None,
    as_of: Annotated[
        Day | None, Query(description="Only schools that there were on that day")
    ] = None,
    identifier: Annotated[
        str | None,
        Query(
            max_length=60,
            pattern=r"^[^\x00]+$",
            description="Only schools that another system has known by this code",
        ),
    ] = None,
) -> Response:
    wanted = {
        "search": None if search is None else repository.part_of_name(search),
        "municipality_id": municipality_id,
        "kind": kind,
        "locality": locality,
        "as_of": as_of,
        "identifier": identifier,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    query = repository.schools_query(frozenset(given), paging.shape)
    rows = await reading.rows(query, given | paging.parameters(repository.SCHOOL_SORTS))
    return page_answer(SortedPageOut[SchoolOut], rows, paging)


@router.get(
    "/schools/{school_id}",
    operation_id="read_school",
    summary="One school",
    response_model=SchoolOut,
    responses=DENIED | problems(NotFoundError),
)
async def read_school(reading: SchoolReading, school_id: RowId) -> Response:
    rows = await reading.rows(repository.SCHOOL_QUERY, {"id": school_id})
    missing = NotFoundError(
        Text(f"Школы с номером {school_id} нет.", f"There is no school {school_id}.")
    )
    return row_answer(SchoolOut, rows, missing)
