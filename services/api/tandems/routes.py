"""Mentoring tandems of teachers over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import PageOut, numbered_paging_by, page_out
from services.api.http.preconditions import (
    IfMatch,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.tandems import repository, usecases
from services.api.tandems.checking import TandemForbiddenError
from services.api.tandems.records import StoredTandem, TandemFilter
from services.api.tandems.schemas import EndIn, ReplacementIn, TandemIn, TandemOut
from services.api.tandems.usecases import TandemNotFoundError
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.domain.tandem_rules import InvalidTandemError
from shared.domain.tandem_terms import TandemKind, TandemStatus
from shared.domain.tandems import TandemOutsidePeriodError, TandemWrongStateError
from shared.persistence.numbered_pages import NumberedPaging

router = APIRouter(
    prefix="/v1/tandems", tags=["mentoring"], route_class=IdempotentRoute
)

Reader = Annotated[Actor, Depends(require(Permission.TANDEMS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.TANDEMS_WRITE))]
DENIALS = (ForbiddenError, UnauthenticatedError)
OF_WRITING = (*DENIALS, TandemForbiddenError, InvalidTandemError, NotFoundError)
OF_STEPS = (
    *DENIALS,
    PreconditionFailedError,
    PreconditionRequiredError,
    TandemForbiddenError,
    TandemNotFoundError,
    TandemWrongStateError,
)
WHOSE = (
    "A school keeps the tandems within it, the municipality's coordinator any. A "
    "network tandem is seen by all schools that have a member in it."
)


@router.get(
    "",
    operation_id="list_tandems",
    summary="Tandems that the caller may see",
    description=WHOSE,
    responses=problems(*DENIALS),
)
async def list_tandems(
    *,
    work: RequestWork,
    _actor: Reader,
    municipality_id: RowId | None = None,
    school_id: RowId | None = None,
    tandem_status: Annotated[TandemStatus | None, Query(alias="status")] = None,
    kind: TandemKind | None = None,
    paging: Annotated[NumberedPaging, Depends(numbered_paging_by(*repository.SORTS))],
) -> PageOut[TandemOut]:
    wanted = TandemFilter(
        municipality_id=municipality_id,
        school_id=school_id,
        status=tandem_status,
        kind=kind,
    )
    rows = await repository.list_tandems(work, wanted, paging)
    return page_out(TandemOut, rows, paging.limit)


@router.post(
    "",
    operation_id="create_tandem",
    summary="Draft a tandem: a pair or a group, in a school or in a network",
    description=WHOSE,
    status_code=201,
    responses=problems(*OF_WRITING),
)
async def create_tandem(
    *, work: RequestWork, response: Response, actor: Writer, body: TandemIn, _once: Once
) -> TandemOut:
    tandem = await usecases.create(work, actor, body.wanted())
    response.headers["Location"] = f"{router.prefix}/{tandem.id}"
    return _answer(tandem, response)


@router.get(
    "/{tandem_id}",
    operation_id="read_tandem",
    summary="One tandem with its members",
    responses=problems(TandemNotFoundError, *DENIALS),
)
async def read_tandem(
    work: RequestWork, response: Response, _actor: Reader, tandem_id: RowId
) -> TandemOut:
    return _answer(await usecases.require_tandem(work, tandem_id), response)


@router.put(
    "/{tandem_id}",
    operation_id="change_tandem",
    summary="Change a draft",
    responses=problems(*OF_STEPS, InvalidTandemError, NotFoundError),
)
async def change_tandem(
    *,
    work: RequestWork,
    response: Response,
    actor: Writer,
    tandem_id: RowId,
    expected: IfMatch,
    body: TandemIn,
) -> TandemOut:
    tandem = await usecases.change(work, actor, tandem_id, body.wanted(), expected)
    return _answer(tandem, response)


@router.post(
    "/{tandem_id}/activate",
    operation_id="activate_tandem",
    summary="Let a draft begin, within its period",
    responses=problems(*OF_STEPS, TandemOutsidePeriodError),
)
async def activate_tandem(
    *,
    work: RequestWork,
    response: Response,
    actor: Writer,
    tandem_id: RowId,
    expected: IfMatch,
    _once: Once,
) -> TandemOut:
    return _answer(await usecases.activate(work, actor, tandem_id, expected), response)


@router.post(
    "/{tandem_id}/end",
    operation_id="end_tandem",
    summary="End a tandem for a reason, or give up a draft",
    responses=problems(*OF_STEPS, InvalidTandemError),
)
async def end_tandem(
    *,
    work: RequestWork,
    response: Response,
    actor: Writer,
    tandem_id: RowId,
    expected: IfMatch,
    body: EndIn,
    _once: Once,
) -> TandemOut:
    tandem = await usecases.end(
        work, actor, tandem_id, expected, reason=body.reason, comment=body.comment
    )
    return _answer(tandem, response)


@router.post(
    "/{tandem_id}/replace",
    operation_id="replace_tandem",
    summary="End an active tandem and draft the one that takes its place",
    status_code=201,
    responses=problems(*OF_STEPS, InvalidTandemError, NotFoundError),
)
async def replace_tandem(
    *,
    work: RequestWork,
    response: Response,
    actor: Writer,
    tandem_id: RowId,
    expected: IfMatch,
    body: ReplacementIn,
    _once: Once,
) -> TandemOut:
    tandem = await usecases.replace(
        work,
        actor,
        tandem_id,
        expected,
        comment=body.comment,
        wanted=body.tandem.wanted(),
    )
    response.headers["Location"] = f"{router.prefix}/{tandem.id}"
    return _answer(tandem, response)


def _answer(tandem: StoredTandem, response: Response) -> TandemOut:
    response.headers["ETag"] = version_tag(tandem.version)
    return TandemOut.model_validate(tandem)
