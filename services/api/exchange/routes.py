"""Regional systems that rows are sent to, and receipts of what was sent."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from services.api.exchange import repository, usecases
from services.api.exchange.rules import (
    DatasetNotGrantedError,
    ExchangeBytesForgottenError,
    InvalidExchangeTargetError,
)
from services.api.exchange.schemas import (
    ExchangePreviewOut,
    ExchangePushOut,
    ExchangeRunOut,
    ExchangeTargetIn,
    ExchangeTargetOut,
    ExchangeTargetPut,
    NewExchangeTargetOut,
)
from services.api.http.attachments import answers_with_file, saved_as
from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import LARGEST_ID, RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.preconditions import (
    IfMatch,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.endpoints import EndpointRefusedError
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["exchange"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.EXCHANGE_READ))]
Writer = Annotated[Actor, Depends(require(Permission.EXCHANGE_WRITE))]
FilterId = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]
DENIALS = (UnauthenticatedError, ForbiddenError)
WRITING = (
    InvalidExchangeTargetError,
    EndpointRefusedError,
    DatasetNotGrantedError,
    NotFoundError,
    *DENIALS,
)


@router.post(
    "/exchange-targets",
    operation_id="create_exchange_target",
    summary="Name a regional system that rows are sent to",
    status_code=201,
    responses=problems(*WRITING),
)
async def create_exchange_target(
    work: RequestWork,
    actor: Writer,
    body: ExchangeTargetIn,
    response: Response,
    _once: Once,
) -> NewExchangeTargetOut:
    row = await usecases.create_target(work, actor, body)
    response.headers["Location"] = f"/v1/exchange-targets/{row.id}"
    response.headers["ETag"] = version_tag(row.version)
    return NewExchangeTargetOut.model_validate(row)


@router.get(
    "/exchange-targets",
    operation_id="list_exchange_targets",
    summary="Regional systems that rows are sent to",
    responses=problems(InvalidInputError, *DENIALS),
)
async def list_exchange_targets(
    work: RequestWork,
    _actor: Reader,
    municipality_id: FilterId = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ExchangeTargetOut]:
    rows = await repository.list_targets(
        work, municipality_id=municipality_id, after=after, limit=limit
    )
    return page_out(ExchangeTargetOut, rows, limit)


@router.get(
    "/exchange-targets/{target_id}",
    operation_id="read_exchange_target",
    summary="A regional system",
    responses=problems(NotFoundError, InvalidInputError, *DENIALS),
)
async def read_exchange_target(
    work: RequestWork, _actor: Reader, target_id: RowId, response: Response
) -> ExchangeTargetOut:
    row = await usecases.find_target(work, target_id)
    response.headers["ETag"] = version_tag(row.version)
    return ExchangeTargetOut.model_validate(row)


@router.put(
    "/exchange-targets/{target_id}",
    operation_id="replace_exchange_target",
    summary="Change address, codes or schedule of a regional system",
    description="Its whole new state is sent where codes changed: as differences.",
    responses=problems(*WRITING, PreconditionFailedError, PreconditionRequiredError),
)
async def replace_exchange_target(
    *,
    work: RequestWork,
    actor: Writer,
    target_id: RowId,
    body: ExchangeTargetPut,
    expected: IfMatch,
    response: Response,
) -> ExchangeTargetOut:
    row = await usecases.replace_target(work, actor, target_id, body, expected)
    response.headers["ETag"] = version_tag(row.version)
    return ExchangeTargetOut.model_validate(row)


@router.get(
    "/exchange-targets/{target_id}/preview",
    operation_id="preview_exchange",
    summary="What would go out now",
    responses=problems(
        NotFoundError, DatasetNotGrantedError, InvalidInputError, *DENIALS
    ),
)
async def preview_exchange(
    work: RequestWork, actor: Reader, target_id: RowId
) -> ExchangePreviewOut:
    return await usecases.preview(work, actor, target_id)


@router.post(
    "/exchange-targets/{target_id}/runs",
    operation_id="run_exchange",
    summary="Have what is different go out now",
    description="A push that is on its way goes first. Receipts: /v1/exchange-pushes.",
    status_code=202,
    responses=problems(*WRITING),
)
async def run_exchange(
    work: RequestWork, actor: Writer, target_id: RowId, _once: Once
) -> ExchangeRunOut:
    return ExchangeRunOut.model_validate(await usecases.run_now(work, actor, target_id))


@router.get(
    "/exchange-pushes",
    operation_id="list_exchange_pushes",
    summary="Receipts of what was sent",
    responses=problems(InvalidInputError, *DENIALS),
)
async def list_exchange_pushes(
    *,
    work: RequestWork,
    _actor: Reader,
    target_id: FilterId = None,
    municipality_id: FilterId = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ExchangePushOut]:
    rows = await repository.list_pushes(
        work,
        target_id=target_id,
        municipality_id=municipality_id,
        after=after,
        limit=limit,
    )
    return page_out(ExchangePushOut, rows, limit)


@router.get(
    "/exchange-pushes/{push_id}",
    operation_id="read_exchange_push",
    summary="A push with its receipt",
    responses=problems(NotFoundError, InvalidInputError, *DENIALS),
)
async def read_exchange_push(
    work: RequestWork, _actor: Reader, push_id: RowId
) -> ExchangePushOut:
    return ExchangePushOut.model_validate(await usecases.find_push(work, push_id))


@router.get(
    "/exchange-pushes/{push_id}/files/{number}",
    operation_id="read_exchange_file",
    summary="The very bytes that were sent",
    response_class=Response,
    responses={
        **problems(
            NotFoundError,
            ExchangeBytesForgottenError,
            DatasetNotGrantedError,
            InvalidInputError,
            *DENIALS,
        ),
        **answers_with_file("application/octet-stream"),
    },
)
async def read_exchange_file(
    work: RequestWork,
    actor: Reader,
    push_id: RowId,
    number: Annotated[int, Path(ge=1, le=9)],
) -> Response:
    file = await usecases.find_file(work, actor, push_id, number)
    # As they left: a browser shows none of them.
    return Response(
        file.content,
        media_type="application/octet-stream",
        headers=saved_as(file.name, file.name),
    )
