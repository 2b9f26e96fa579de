"""Decisions on schools with low results: confirmed, overridden, withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.runs import IdFilter
from services.api.http.work import RequestWork
from services.api.identification import decision_repository, usecases
from services.api.identification.decision_schemas import (
    DecisionIn,
    DecisionOut,
    WithdrawalIn,
)
from services.api.identification.errors import (
    AlreadyDecidedError,
    AlreadyWithdrawnError,
    OrderDateError,
    OutdatedIdentificationError,
)
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["identification"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.IDENTIFICATION_READ))]
Decider = Annotated[Actor, Depends(require(Permission.IDENTIFICATION_DECIDE))]
DENIALS = (ForbiddenError, UnauthenticatedError)


@router.post(
    "/identifications/{identification_id}/decision",
    operation_id="decide_identification",
    summary="Confirm or override a computed status by an order",
    description="Both statuses are kept. Not for schools.",
    status_code=201,
    responses=problems(
        AlreadyDecidedError,
        OutdatedIdentificationError,
        OrderDateError,
        NotFoundError,
        *DENIALS,
    ),
)
async def decide_identification(
    *,
    work: RequestWork,
    actor: Decider,
    identification_id: RowId,
    body: DecisionIn,
    response: Response,
    _once: Once,
) -> DecisionOut:
    decision = await usecases.decide(work, actor, identification_id, body)
    response.headers["Location"] = "/v1/identification-decisions"
    response.headers["ETag"] = version_tag(decision.version)
    return DecisionOut.model_validate(decision)


@router.get(
    "/identification-decisions",
    operation_id="list_identification_decisions",
    summary="Decisions on schools with low results, also withdrawn ones",
    responses=problems(*DENIALS),
)
async def list_identification_decisions(
    *,
    work: RequestWork,
    _actor: Reader,
    municipality_id: IdFilter = None,
    school_id: IdFilter = None,
    academic_year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[DecisionOut]:
    rows = await decision_repository.list_decisions(
        work,
        municipality_id=municipality_id,
        school_id=school_id,
        academic_year=academic_year,
        after=after,
        limit=limit,
    )
    return page_out(DecisionOut, rows, limit)


@router.post(
    "/identification-decisions/{decision_id}/withdraw",
    operation_id="withdraw_identification_decision",
    summary="Withdraw a decision by another order",
    responses=problems(
        AlreadyWithdrawnError,
        OrderDateError,
        NotFoundError,
        PreconditionFailedError,
        *DENIALS,
    ),
)
async def withdraw_identification_decision(
    *,
    work: RequestWork,
    actor: Decider,
    decision_id: RowId,
    body: WithdrawalIn,
    expected: OptionalIfMatch,
    response: Response,
    _once: Once,
) -> DecisionOut:
    decision = await usecases.withdraw(work, actor, decision_id, body, expected)
    response.headers["ETag"] = version_tag(decision.version)
    return DecisionOut.model_validate(decision)
