"""What a school says of the signs of non-objectivity in its results."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.ids import RowId
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.objectivity import usecases
from services.api.objectivity.schemas import ExplanationIn, ExplanationOut
from services.api.objectivity.usecases import NothingToExplainError
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["records"])


@router.put(
    "/objectivity-signs/{sign_id}/explanation",
    operation_id="explain_objectivity_sign",
    summary="A school explains a sign of non-objectivity",
    description=(
        "By an account of the school only. A sign is never a proof; the explanation "
        "stands beside it in lists and exports."
    ),
    responses=problems(
        NothingToExplainError,
        NotFoundError,
        PreconditionFailedError,
        ForbiddenError,
        UnauthenticatedError,
    ),
)
async def explain_objectivity_sign(
    *,
    work: RequestWork,
    actor: Annotated[Actor, Depends(require(Permission.OBJECTIVITY_EXPLAIN))],
    sign_id: RowId,
    body: ExplanationIn,
    expected: OptionalIfMatch,
    response: Response,
) -> ExplanationOut:
    sign = await usecases.explain(work, actor, sign_id, body.explanation, expected)
    response.headers["ETag"] = version_tag(sign.version)
    return ExplanationOut.model_validate(sign)
