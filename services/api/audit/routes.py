"""The record of changes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from services.api.audit import repository
from services.api.audit.repository import AuditFilter
from services.api.audit.schemas import AuditEntryOut
from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import (
    DEFAULT_PAGE,
    After,
    Limit,
    PageOut,
    page_of,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["audit"])

WORD = r"^[a-z_]{1,64}$"


@router.get(
    "/audit",
    operation_id="list_audit_entries",
    summary="Who changed what, when, from where and why, newest first",
    description=(
        "A page goes on with what is older than the page before. An agreement concerns "
        "both of its schools. `to` is excluded. Names of persons that were read or "
        "exported have the actions `read` and `export`."
    ),
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def list_audit_entries(
    *,
    work: RequestWork,
    _actor: Annotated[Actor, Depends(require(Permission.AUDIT_READ))],
    entity: Annotated[str | None, Query(pattern=WORD)] = None,
    entity_id: RowId | None = None,
    school_id: RowId | None = None,
    actor_id: RowId | None = None,
    action: Annotated[str | None, Query(pattern=WORD)] = None,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[AuditEntryOut]:
    wanted = AuditFilter(
        entity=entity,
        entity_id=entity_id,
        school_id=school_id,
        actor_id=actor_id,
        action=action,
        since=since,
        until=until,
    )
    rows = await repository.list_entries(work, wanted, after=after, limit=limit)
    page, next_after = page_of(rows, limit, key="number")
    return PageOut(
        items=[AuditEntryOut.model_validate(row) for row in page],
        next_after=next_after,
    )
