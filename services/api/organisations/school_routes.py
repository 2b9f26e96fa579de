"""Writing schools."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.reasons import Reason
from services.api.http.work import RequestWork
from services.api.organisations import usecases
from services.api.organisations.errors import (
    InvalidSchoolError,
    SchoolExistsError,
    SchoolReorganisedError,
)
from services.api.organisations.schemas import SchoolOut
from services.api.organisations.school_schemas import SchoolIn, SchoolPut
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.domain.reorganisations import SchoolInAgreementsError

router = APIRouter(prefix="/v1", tags=["organisations"], route_class=IdempotentRoute)

Writer = Annotated[Actor, Depends(require(Permission.ORGANISATIONS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.post(
    "/schools",
    operation_id="create_school",
    summary="Enter a school",
    status_code=201,
    responses=problems(InvalidSchoolError, SchoolExistsError, NotFoundError, *DENIALS),
)
async def create_school(
    work: RequestWork, _actor: Writer, body: SchoolIn, response: Response, _once: Once
) -> SchoolOut:
    row = await usecases.create_school(work, body.model_dump())
    response.headers["Location"] = f"/v1/schools/{row.id}"
    response.headers["ETag"] = version_tag(row.version)
    return SchoolOut.model_validate(row)


@router.put(
    "/schools/{school_id}",
    operation_id="replace_school",
    summary="Correct what is known of a school",
    description=(
        "To merge or split schools, see POST /v1/reorganisations: what its order says "
        "of the days of a school stays. To open a closed school again, give a reason. "
        "A school does not close before its mentoring agreements end."
    ),
    responses=problems(
        InvalidSchoolError,
        SchoolReorganisedError,
        SchoolInAgreementsError,
        NotFoundError,
        PreconditionFailedError,
        *DENIALS,
    ),
)
async def replace_school(
    *,
    work: RequestWork,
    _actor: Writer,
    school_id: RowId,
    body: SchoolPut,
    expected: OptionalIfMatch,
    response: Response,
    reason: Reason = None,
) -> SchoolOut:
    row = await usecases.replace_school(
        work, school_id, body.model_dump(), expected, reason=reason
    )
    response.headers["ETag"] = version_tag(row.version)
    return SchoolOut.model_validate(row)
