"""The record of changes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.audit import repository
from services.api.audit.repository import AuditFilter
from services.api.audit.schemas import AuditEntryOut
from services.api.http.auth import Actor, require
from services.api.http.dates import Moment
from services.api.http.ids import RowId
from services.api.http.pagination import (
    SortedPageOut,
    paging_by,
    sorted_page_out,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.persistence.paging import Paging

router = APIRouter(prefix="/v1", tags=["audit"])

WORD = r"^[a-z_]{1,64}$"


@router.get(
    "/audit",
    operation_id="list_audit_entries",
    summary="Who changed what, when, from where and why, newest first",
    description=(
        "An agreement concerns both of its schools. `to` is excluded. Names of persons "
        "that were read or exported have the actions `read` and `export`."
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
    since: Annotated[Moment | None, Query(alias="from")] = None,
    until: Annotated[Moment | None, Query(alias="to")] = None,
    paging: Annotated[Paging, Depends(paging_by(*repository.SORTS, first="-number"))],
) -> SortedPageOut[AuditEntryOut]:
    wanted = AuditFilter(
        entity=entity,
        entity_id=entity_id,
        school_id=school_id,
        actor_id=actor_id,
        action=action,
        since=since,
        until=until,
    )
    rows = await repository.list_entries(work, wanted, paging)
    return sorted_page_out(AuditEntryOut, rows, paging, key="number")
