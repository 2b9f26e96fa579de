"""Answers to recommendations, and what becomes of the answers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.recommendations import usecases
from services.api.recommendations.schemas import (
    AnswerAcceptIn,
    AnswerIn,
    AnswerReturnIn,
    RecommendationStateOut,
)
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.domain.recommendations import (
    RecommendationStatus,
    RecommendationWrongStateError,
    possible_steps,
)
from shared.persistence.paging import AnyRow

router = APIRouter(
    prefix="/v1/recommendations/{recommendation_id}",
    tags=["recommendations"],
    route_class=IdempotentRoute,
)

Answerer = Annotated[Actor, Depends(require(Permission.RECOMMENDATIONS_ANSWER))]
Author = Annotated[Actor, Depends(require(Permission.RECOMMENDATIONS_WRITE))]
STEP_ERRORS = (
    RecommendationWrongStateError,
    PreconditionFailedError,
    ForbiddenError,
    UnauthenticatedError,
    NotFoundError,
)


@router.post(
    "/answer",
    operation_id="answer_recommendation",
    summary="Say what the school has done about a recommendation",
    responses=problems(InvalidInputError, *STEP_ERRORS),
)
async def answer_recommendation(
    *,
    work: RequestWork,
    actor: Answerer,
    recommendation_id: RowId,
    expected: OptionalIfMatch,
    body: AnswerIn,
    response: Response,
    _once: Once,
) -> RecommendationStateOut:
    row = await usecases.answer(
        work,
        actor,
        recommendation_id,
        expected,
        text=body.answer,
        done_on=body.done_on,
    )
    return _answer(row, response)


@router.post(
    "/return",
    operation_id="return_recommendation_answer",
    summary="Return a school's answer, saying what it lacks",
    responses=problems(*STEP_ERRORS),
)
async def return_recommendation_answer(
    *,
    work: RequestWork,
    actor: Author,
    recommendation_id: RowId,
    expected: OptionalIfMatch,
    body: AnswerReturnIn,
    response: Response,
    _once: Once,
) -> RecommendationStateOut:
    row = await usecases.send_back(
        work, actor, recommendation_id, expected, body.remark
    )
    return _answer(row, response)


@router.post(
    "/accept",
    operation_id="accept_recommendation_answer",
    summary="Accept a school's answer, which closes the recommendation",
    responses=problems(*STEP_ERRORS),
)
async def accept_recommendation_answer(
    *,
    work: RequestWork,
    actor: Author,
    recommendation_id: RowId,
    expected: OptionalIfMatch,
    body: AnswerAcceptIn,
    response: Response,
    _once: Once,
) -> RecommendationStateOut:
    row = await usecases.accept(work, actor, recommendation_id, expected, body.remark)
    return _answer(row, response)


def _answer(row: AnyRow, response: Response) -> RecommendationStateOut:
    answer = RecommendationStateOut.model_validate(row)
    answer.possible_steps = list(possible_steps(RecommendationStatus(row.status)))
    response.headers["ETag"] = version_tag(answer.version)
    return answer
