"""Drafts of methods, and looking at what is none yet."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.api.http.auth import Actor, require
from services.api.http.errors import language_of
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.preconditions import (
    IfMatch,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from services.api.http.problems import FaultOut, problems
from services.api.http.reasons import Reason
from services.api.http.runs import (
    MunicipalityFilter,
)
from services.api.http.uploads import UploadTooLargeError
from services.api.http.work import RequestWork
from services.api.methods import usecases
from services.api.methods.answers import method_answer
from services.api.methods.checking import check
from services.api.methods.documents import (
    DESCRIBED,
    Content,
    UnreadableMethodError,
)
from services.api.methods.ownership import chosen_place
from services.api.methods.schemas import (
    CheckOut,
    GraphOut,
    MethodVersionOut,
)
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.methods.life import (
    MethodExistsError,
    MethodWrongStateError,
)
from shared.domain.methods.sources import SourceNotYoursError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1/methods", tags=["methods"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.METHODS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.METHODS_WRITE))]
DENIALS = (ForbiddenError, UnauthenticatedError)
UNREADABLE = (UnreadableMethodError, UploadTooLargeError, InvalidInputError)
STALE = (PreconditionRequiredError, PreconditionFailedError)


@router.post(
    "/check",
    operation_id="check_method",
    summary="Say what is wrong with a method, without saving it",
    description="JSON or YAML. Faults name the path, in formulas also the position.",
    openapi_extra=DESCRIBED,
    responses=problems(*UNREADABLE, *DENIALS),
)
async def check_method(
    request: Request, actor: Reader, content: Content, _once: Once
) -> CheckOut:
    found = check(actor, content)
    language = language_of(request)
    return CheckOut(
        verdict="invalid" if found.faults else "valid",
        faults=[FaultOut.of(fault, language) for fault in found.faults],
        hash=found.content_hash,
        graph=None if found.graph is None else GraphOut.of(found.graph),
    )


@router.post(
    "",
    operation_id="create_method",
    summary="Draft a method, or the next version of one",
    description=(
        "The body is what a file of `deploy/methods` has, as JSON or YAML. The draft "
        "is the caller's municipality's, region's or, of the administrator, the "
        "system's, or that of the place named."
    ),
    status_code=201,
    openapi_extra=DESCRIBED,
    responses=problems(
        MethodExistsError, SourceNotYoursError, NotFoundError, *UNREADABLE, *DENIALS
    ),
)
async def create_method(
    *,
    work: RequestWork,
    actor: Writer,
    content: Content,
    response: Response,
    municipality_id: MunicipalityFilter = None,
    region_id: RowId | None = None,
    reason: Reason = None,
    _once: Once,
) -> MethodVersionOut:
    owner = await chosen_place(
        work, actor, municipality_id=municipality_id, region_id=region_id
    )
    number = await usecases.create(work, actor, content, owner, reason)
    response.headers["Location"] = f"{router.prefix}/{number}"
    return await method_answer(work, number, response)


@router.put(
    "/{method_id}",
    operation_id="replace_method",
    summary="Write a draft anew",
    description="Its kind, code and version stay. JSON or YAML.",
    openapi_extra=DESCRIBED,
    responses=problems(
        MethodWrongStateError,
        SourceNotYoursError,
        NotFoundError,
        *STALE,
        *UNREADABLE,
        *DENIALS,
    ),
)
async def replace_method(
    *,
    work: RequestWork,
    actor: Writer,
    method_id: RowId,
    expected: IfMatch,
    content: Content,
    response: Response,
    reason: Reason = None,
) -> MethodVersionOut:
    await usecases.replace(
        work, actor, method_id, expected, content=content, reason=reason
    )
    return await method_answer(work, method_id, response)


@router.delete(
    "/{method_id}",
    operation_id="discard_method",
    summary="Discard a draft",
    status_code=204,
    responses=problems(MethodWrongStateError, NotFoundError, *STALE, *DENIALS),
)
async def discard_method(
    work: RequestWork,
    actor: Writer,
    method_id: RowId,
    expected: IfMatch,
    reason: Reason = None,
) -> None:
    await usecases.discard(work, actor, method_id, expected, reason)
