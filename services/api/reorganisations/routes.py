"""Schools that become others, and where schools come from."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import PageOut, numbered_paging_by, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.reorganisations import repository, undoing, usecases
from services.api.reorganisations.schemas import (
    LineageOut,
    RelativeOut,
    ReorganisationIn,
    ReorganisationOut,
    ReorganisationUndoIn,
)
from services.api.reorganisations.undoing import (
    ReorganisationInUseError,
    ReorganisationUndoneError,
)
from services.api.reorganisations.usecases import InvalidReorganisationError
from shared.domain.errors import (
    ForbiddenError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.domain.reorganisations import SchoolInAgreementsError
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["organisations"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_WRITE))]
DENIALS = (ForbiddenError, UnauthenticatedError)


@router.get(
    "/reorganisations",
    operation_id="list_reorganisations",
    summary="Orders by which schools became others",
    responses=problems(*DENIALS),
)
async def list_reorganisations(
    *,
    work: RequestWork,
    _actor: Reader,
    municipality_id: RowId | None = None,
    school_id: Annotated[
        RowId | None,
        Query(description="Only those that the school went into or came from"),
    ] = None,
    paging: Annotated[NumberedPaging, Depends(numbered_paging_by(*repository.SORTS))],
) -> PageOut[ReorganisationOut]:
    rows = await repository.list_reorganisations(
        work, municipality_id=municipality_id, school_id=school_id, paging=paging
    )
    return page_out(ReorganisationOut, rows, paging.limit)


@router.post(
    "/reorganisations",
    operation_id="create_reorganisation",
    summary="Merge schools, or split one, by an order",
    description=(
        "Predecessors close on the day, their codes with them; results stay with the "
        "school that they were got in."
    ),
    status_code=201,
    responses=problems(
        InvalidReorganisationError, SchoolInAgreementsError, NotFoundError, *DENIALS
    ),
)
async def create_reorganisation(
    work: RequestWork,
    _actor: Writer,
    body: ReorganisationIn,
    response: Response,
    _once: Once,
) -> ReorganisationOut:
    number = await usecases.reorganise(work, body)
    response.headers["Location"] = f"/v1/reorganisations/{number}"
    return await _read(work, number)


@router.get(
    "/reorganisations/{reorganisation_id}",
    operation_id="read_reorganisation",
    summary="One order by which schools became others",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_reorganisation(
    work: RequestWork, _actor: Reader, reorganisation_id: RowId
) -> ReorganisationOut:
    return await _read(work, reorganisation_id)


@router.post(
    "/reorganisations/{reorganisation_id}/undo",
    operation_id="undo_reorganisation",
    summary="Take back a reorganisation that was a mistake",
    description=(
        "The schools that it closed are open again, with their codes and deadlines. It "
        "is refused once something depends on it: a later reorganisation of these "
        "schools, rows of a school that it opened, a code that is another school's."
    ),
    responses=problems(
        ReorganisationInUseError, ReorganisationUndoneError, NotFoundError, *DENIALS
    ),
)
async def undo_reorganisation(
    *,
    work: RequestWork,
    _actor: Writer,
    reorganisation_id: RowId,
    body: ReorganisationUndoIn,
    _once: Once,
) -> ReorganisationOut:
    await undoing.undo(work, reorganisation_id, reason=body.reason)
    return await _read(work, reorganisation_id)


@router.get(
    "/schools/{school_id}/lineage",
    operation_id="read_school_lineage",
    summary="Which schools a school comes from, and which it went over into",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_school_lineage(
    work: RequestWork, _actor: Reader, school_id: RowId
) -> LineageOut:
    if not await repository.sees_school(work, school_id):
        raise _unknown(f"Школы {school_id} нет.", f"There is no school {school_id}.")
    relatives = {
        earlier: [
            RelativeOut.of(each)
            for each in await repository.list_relatives(
                work, school_id, earlier=earlier
            )
        ]
        for earlier in (True, False)
    }
    return LineageOut(
        school_id=school_id, predecessors=relatives[True], successors=relatives[False]
    )


async def _read(work: Work, number: int) -> ReorganisationOut:
    row = await repository.read_reorganisation(work, number)
    if row is None:
        raise _unknown(
            f"Реорганизации {number} нет.", f"There is no reorganisation {number}."
        )
    return ReorganisationOut.model_validate(row)


def _unknown(ru: str, en: str) -> NotFoundError:
    return NotFoundError(Text(ru, en))
