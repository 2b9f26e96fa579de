"""Entering programmes, amending them by orders, and reading what orders changed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, require
from services.api.http.dates import Day
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.programmes import amendment_repository as repository
from services.api.programmes import amendment_usecases as usecases
from services.api.programmes.amendment_answers import AmendmentOut, DifferenceOut
from services.api.programmes.amendment_schemas import AmendmentIn
from services.api.programmes.amendment_usecases import ProgrammeExistsError
from services.api.programmes.documents import ProgrammeDocument
from services.api.programmes.in_force_schemas import ProgrammeInForceOut
from services.api.programmes.routes import existing_programme, programme_out
from services.api.programmes.schemas import ProgrammeDetailOut
from shared.domain.amendment_errors import (
    AmendmentExistsError,
    AmendmentOutOfOrderError,
    AmendmentRefusedError,
)
from shared.domain.amendment_undoing import undone
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.domain.programme_state import Difference
from shared.persistence.paging import AnyRow

router = APIRouter(
    prefix="/v1/programmes", tags=["programmes"], route_class=IdempotentRoute
)

Reader = Annotated[Actor, Depends(require(Permission.PROGRAMMES_READ))]
Writer = Annotated[Actor, Depends(require(Permission.PROGRAMMES_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError, NotFoundError)


@router.post(
    "",
    operation_id="create_programme",
    summary="Enter a programme with its tasks, indicators, targets and measures",
    description=(
        "The body is the same document as in `deploy/programmes`. Terms are read as "
        "they are printed; deadlines are made at once. Later changes are amendments."
    ),
    status_code=201,
    responses=problems(
        ProgrammeExistsError, AmendmentRefusedError, InvalidInputError, *DENIALS
    ),
)
async def create_programme(
    work: RequestWork,
    _actor: Writer,
    body: ProgrammeDocument,
    response: Response,
    _once: Once,
) -> ProgrammeDetailOut:
    number = await usecases.create_programme(work, body)
    response.headers["Location"] = f"{router.prefix}/{number}"
    return await programme_out(work, await existing_programme(work, number))


@router.post(
    "/{programme_id}/amendments",
    operation_id="amend_programme",
    summary="Amend a programme by an order",
    description=(
        "All changes are made, or none. Past and done deadlines stay; open ones that "
        "are still to come move with their measures, or are withdrawn. An indicator "
        "that is added is counted from the year of the order on, one that is ended up "
        "to the year before; runs of before keep what they have."
    ),
    status_code=201,
    responses=problems(
        AmendmentExistsError,
        AmendmentOutOfOrderError,
        AmendmentRefusedError,
        InvalidInputError,
        *DENIALS,
    ),
)
async def amend_programme(
    *,
    work: RequestWork,
    _actor: Writer,
    programme_id: RowId,
    body: AmendmentIn,
    response: Response,
    _once: Once,
) -> AmendmentOut:
    number = await usecases.amend(work, programme_id, body)
    response.headers["Location"] = f"{router.prefix}/{programme_id}/amendments/{number}"
    return await _read(work, programme_id, number)


@router.get(
    "/{programme_id}/amendments",
    operation_id="list_programme_amendments",
    summary="The orders that amended a programme, with what each changed",
    responses=problems(*DENIALS),
)
async def list_programme_amendments(
    work: RequestWork,
    _actor: Reader,
    programme_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[AmendmentOut]:
    await existing_programme(work, programme_id)
    rows = await repository.list_amendments(
        work, programme_id, after=after, limit=limit
    )
    page, next_after = page_of(rows, limit)
    made = await repository.read_differences(work, [row.id for row in page])
    items = [_out(row, made[row.id]) for row in page]
    return PageOut(items=items, next_after=next_after)


@router.get(
    "/{programme_id}/amendments/{amendment_id}",
    operation_id="read_programme_amendment",
    summary="One order that amended a programme: old and new, also in words",
    responses=problems(*DENIALS),
)
async def read_programme_amendment(
    work: RequestWork, _actor: Reader, programme_id: RowId, amendment_id: RowId
) -> AmendmentOut:
    return await _read(work, programme_id, amendment_id)


@router.get(
    "/{programme_id}/in-force",
    operation_id="read_programme_in_force",
    summary="Period, measures, indicators and targets as they stood on a day",
    description=(
        "Orders of later days are left out; what they withdrew is there. On a day "
        "before the programme starts or after it ends, `is_in_force` is false and "
        "there are no measures, no indicators and no targets."
    ),
    responses=problems(*DENIALS),
)
async def read_programme_in_force(
    work: RequestWork,
    _actor: Reader,
    programme_id: RowId,
    on: Annotated[Day, Query(description="Any day", examples=["2020-09-16"])],
) -> ProgrammeInForceOut:
    programme = await existing_programme(work, programme_id)
    state = await repository.read_state(work, programme)
    later = await repository.differences_after(work, programme_id, on)
    return ProgrammeInForceOut.of(programme_id, on, undone(state, later))


async def _read(
    work: RequestWork, programme_id: int, amendment_id: int
) -> AmendmentOut:
    row = await repository.find_amendment(work, programme_id, amendment_id)
    if row is None:
        raise NotFoundError(
            Text(
                f"У программы {programme_id} нет изменения {amendment_id}.",
                f"The programme {programme_id} has no amendment {amendment_id}.",
            )
        )
    made = await repository.read_differences(work, [amendment_id])
    return _out(row, made[amendment_id])


def _out(row: AnyRow, made: list[Difference]) -> AmendmentOut:
    answer = AmendmentOut.model_validate(row)
    answer.changes = [DifferenceOut.of(each) for each in made]
    return answer
