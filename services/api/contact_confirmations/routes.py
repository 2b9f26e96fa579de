"""Confirmations of contacts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from services.api.contact_confirmations import repository, usecases
from services.api.contact_confirmations.schemas import (
    ConfirmationDateIn,
    ConfirmationDateOut,
    ConfirmationOut,
)
from services.api.contact_confirmations.usecases import (
    NoContactsError,
    NotThisYearError,
)
from services.api.http.auth import Actor, require
from services.api.http.flags import Flag
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.periods import FIRST_YEAR, LAST_YEAR, AcademicYear
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["organisations"])

Writer = Annotated[Actor, Depends(require(Permission.CONTACTS_WRITE))]
Decider = Annotated[Actor, Depends(require(Permission.YEARS_DECIDE))]
YearOfPath = Annotated[
    int, Path(ge=FIRST_YEAR, le=LAST_YEAR, description="2020 is 2020/2021")
]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.get(
    "/contact-confirmations",
    operation_id="list_contact_confirmations",
    summary="Which schools have confirmed their contacts for a year, and which not",
    description="A page goes on with the schools after those of the page before.",
    responses=problems(*DENIALS),
)
async def list_contact_confirmations(
    *,
    work: RequestWork,
    _actor: Decider,
    academic_year: Annotated[
        int | None,
        Query(
            ge=FIRST_YEAR,
            le=LAST_YEAR,
            description="2020 is 2020/2021; without it the present one",
        ),
    ] = None,
    municipality_id: RowId | None = None,
    confirmed: Annotated[
        Flag | None, Query(description="false: only schools that have not")
    ] = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ConfirmationOut]:
    present = AcademicYear.of(work.now.date()).start
    rows = await repository.list_confirmations(
        work,
        present if academic_year is None else academic_year,
        municipality_id=municipality_id,
        is_confirmed=confirmed,
        after=after,
        limit=limit,
    )
    page, next_after = page_of(rows, limit, key="school_id")
    items = [ConfirmationOut.model_validate(row) for row in page]
    return PageOut(items=items, next_after=next_after)


@router.put(
    "/schools/{school_id}/contact-confirmations/{academic_year}",
    operation_id="confirm_contacts",
    summary="Confirm that a school's contacts by role are right; again changes nothing",
    description="Every contact is marked as confirmed today.",
    responses=problems(NotThisYearError, NoContactsError, NotFoundError, *DENIALS),
)
async def confirm_contacts(
    work: RequestWork, actor: Writer, school_id: RowId, academic_year: YearOfPath
) -> ConfirmationOut:
    year = AcademicYear(academic_year)
    row = await usecases.confirm(work, actor, school_id, year)
    return ConfirmationOut.model_validate(row)


@router.put(
    "/municipalities/{municipality_id}/contact-confirmations/{academic_year}/due-date",
    operation_id="set_contact_confirmation_due_date",
    summary="Set by when the schools of a municipality confirm their contacts",
    description="Every school gets a deadline, and is reminded of it.",
    responses=problems(InvalidInputError, NotFoundError, *DENIALS),
)
async def set_contact_confirmation_due_date(
    *,
    work: RequestWork,
    _actor: Decider,
    municipality_id: RowId,
    academic_year: YearOfPath,
    body: ConfirmationDateIn,
) -> ConfirmationDateOut:
    year = AcademicYear(academic_year)
    due_on = await usecases.set_due_date(work, municipality_id, year, body.due_on)
    return ConfirmationDateOut(
        municipality_id=municipality_id,
        academic_year=academic_year,
        nominal_due_on=body.due_on,
        due_on=due_on,
    )
