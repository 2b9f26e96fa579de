"""Reviews of access: who can read a school's data, and who does not use it."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from services.api.access.reviews import repository
from services.api.access.reviews.schemas import AccessOut, AccessReviewOut
from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import (
    ForbiddenError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.permissions import GRANTS, Permission, Role
from shared.persistence.audit import created, record_change
from shared.persistence.paging import AnyRow
from shared.runtime.clock import system_now

router = APIRouter(prefix="/v1", tags=["access"])

Reviewer = Annotated[Actor, Depends(require(Permission.ACCOUNTS_READ))]
UNUSED_DAYS: Final = 90
AGREEMENT: Final = "agreement"


@router.get(
    "/schools/{school_id}/access-review",
    operation_id="review_school_access",
    summary="Who can read a school's data, and by which right",
    description=(
        "Active accounts, valid tokens and clients whose issuers still reach the "
        "school, and agreements in force that open data of it. Those above the caller "
        "are told of by role. The review is kept in the audit."
    ),
    responses=problems(NotFoundError, ForbiddenError, UnauthenticatedError),
)
async def review_school_access(
    work: RequestWork,
    _actor: Reviewer,
    school_id: RowId,
    unused_days: Annotated[int, Query(ge=1, le=3660)] = UNUSED_DAYS,
) -> AccessReviewOut:
    school = await repository.find_school(work, school_id)
    if school is None:
        raise NotFoundError(
            Text(
                f"Школы с номером {school_id} нет.",
                f"There is no school {school_id}.",
            )
        )
    since = system_now() - timedelta(days=unused_days)
    rows = await repository.list_access(work, school_id)
    access = [_access(row, since) for row in rows]
    unused = sum(each.is_unused for each in access)
    await record_change(
        work,
        "school_access",
        "review",
        created({"n_access": len(access), "n_unused": unused}),
        municipality_id=school.municipality_id,
        school_id=school_id,
    )
    return AccessReviewOut(
        school_id=school_id,
        school_name=school.name,
        municipality_id=school.municipality_id,
        unused_days=unused_days,
        n_unused=unused,
        access=access,
    )


def _access(row: AnyRow, since: datetime) -> AccessOut:
    is_agreement = row.kind == AGREEMENT
    used_at = row.last_used_at or row.created_at
    return AccessOut(
        kind=row.kind,
        id=row.id,
        name=row.name,
        level=row.level,
        role=Role(row.role) if row.kind == "account" else None,
        permissions=_permissions(row),
        shared_datasets=row.rights if is_agreement else [],
        issuer_id=row.issuer_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        is_unused=not is_agreement and used_at < since,
    )


def _permissions(row: AnyRow) -> list[Permission]:
    match row.kind:
        case "account":
            granted = GRANTS[Role(row.role)]
        case "agreement":
            return []
        case _:
            granted = GRANTS[Role.API_CLIENT]
    scopes = set(row.rights) if row.kind != "account" else granted
    return [each for each in Permission if each in granted and each in scopes]
