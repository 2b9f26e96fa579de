"""The calendar of a municipality: quarters, half-years and its own working days."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from services.api.calendars import usecases
from services.api.calendars.schemas import (
    CalendarChangeOut,
    CalendarOut,
    CalendarPut,
    Year,
)
from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.flags import Flag
from services.api.http.ids import RowId
from services.api.http.preconditions import (
    IfMatch,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.calendar import SchoolTermsMissingError
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.municipal_calendar import InvalidCalendarError
from shared.domain.permissions import Permission

router = APIRouter(
    prefix="/v1/municipalities/{municipality_id}/calendar", tags=["organisations"]
)

Reader = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.PROGRAMMES_WRITE))]
YearOfPath = Annotated[Year, Path(description="2020 is 2020/2021")]
DENIALS = (ForbiddenError, UnauthenticatedError, NotFoundError)


@router.get(
    "/{academic_year}",
    operation_id="read_municipal_calendar",
    summary="Quarters, half-years and own working days of an academic year",
    responses=problems(*DENIALS),
)
async def read_municipal_calendar(
    work: RequestWork,
    _actor: Reader,
    municipality_id: RowId,
    academic_year: YearOfPath,
    response: Response,
) -> CalendarOut:
    calendar = await usecases.read(work, municipality_id, academic_year)
    response.headers["ETag"] = version_tag(calendar.version)
    return CalendarOut.of(municipality_id, calendar)


@router.put(
    "/{academic_year}",
    operation_id="replace_municipal_calendar",
    summary="Replace the calendar of an academic year; owed deadlines move with it",
    description=(
        "With `dry_run` the answer is the same and nothing is written. The answer and "
        "the audit say which deadlines moved from when to when; what is done, "
        "submitted or past stays. Own days go before the federal calendar."
    ),
    responses=problems(
        InvalidCalendarError,
        SchoolTermsMissingError,
        InvalidInputError,
        PreconditionFailedError,
        PreconditionRequiredError,
        *DENIALS,
    ),
)
async def replace_municipal_calendar(
    *,
    work: RequestWork,
    _actor: Writer,
    municipality_id: RowId,
    academic_year: YearOfPath,
    body: CalendarPut,
    expected: IfMatch,
    response: Response,
    dry_run: Annotated[
        Flag, Query(description="Show what would move, and write nothing")
    ] = False,
) -> CalendarChangeOut:
    change = await usecases.replace(
        work,
        municipality_id,
        body.of_year(academic_year),
        expected=expected,
        reason=body.reason,
        is_dry=dry_run,
    )
    if not dry_run:
        response.headers["ETag"] = version_tag(change.calendar.version)
    return CalendarChangeOut.of(municipality_id, change, is_dry=dry_run)
