"""Accounts of one's part of the tree."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.api.access.administration import repository, usecases
from services.api.access.administration.schemas import AccountOut, AccountPatch
from services.api.access.administration.usecases import (
    AccountNotFoundError,
    OwnAccountError,
)
from services.api.access.parts import RoleAboveOwnError
from services.api.access.unused import UnusedDays, unused_since
from services.api.http.auth import Actor, require
from services.api.http.flags import Flag
from services.api.http.ids import RowId
from services.api.http.pagination import PageOut, numbered_paging_by, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission, Role
from shared.persistence.numbered_pages import NumberedPaging

router = APIRouter(prefix="/v1/accounts", tags=["access"])

Reader = Annotated[Actor, Depends(require(Permission.ACCOUNTS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.ACCOUNTS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.get(
    "",
    operation_id="list_accounts",
    summary="Accounts of people in the own part of the tree",
    description="`unused_days` is for reviews of access: what nobody uses is disabled.",
    responses=problems(*DENIALS),
)
async def list_accounts(
    *,
    work: RequestWork,
    _actor: Reader,
    role: Role | None = None,
    municipality_id: RowId | None = None,
    school_id: RowId | None = None,
    is_active: Flag | None = None,
    unused_days: UnusedDays = None,
    paging: Annotated[NumberedPaging, Depends(numbered_paging_by(*repository.SORTS))],
) -> PageOut[AccountOut]:
    narrowed = {
        "role": role,
        "municipality_id": municipality_id,
        "school_id": school_id,
        "is_active": is_active,
    }
    rows = await repository.list_accounts(
        work, narrowed, paging, unused_since=unused_since(unused_days)
    )
    return page_out(AccountOut, rows, paging.limit)


@router.get(
    "/{account_id}",
    operation_id="read_account",
    summary="One account",
    responses=problems(AccountNotFoundError, *DENIALS),
)
async def read_account(
    work: RequestWork, _actor: Reader, account_id: RowId
) -> AccountOut:
    return AccountOut.model_validate(await usecases.find(work, account_id))


@router.patch(
    "/{account_id}",
    operation_id="change_account",
    summary="Disable or enable an account, or give it another role or place",
    description="Never above one's own role. Its sessions end.",
    responses=problems(
        AccountNotFoundError,
        OwnAccountError,
        RoleAboveOwnError,
        InvalidInputError,
        NotFoundError,
        *DENIALS,
    ),
)
async def change_account(
    work: RequestWork, actor: Writer, account_id: RowId, body: AccountPatch
) -> AccountOut:
    return AccountOut.model_validate(
        await usecases.change(work, actor, account_id, body)
    )
