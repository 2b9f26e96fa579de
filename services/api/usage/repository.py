"""Uses of operations, added up by all processes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from services.api.http.usage_counts import Count, Use
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.api_tokens import ApiTokenRow
from shared.persistence.tables.clients import ClientRow
from shared.persistence.tables.usage import OperationUseRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

Pairs = Sequence[tuple[str, str]]

_KIND = case(
    (OperationUseRow.user_id.is_(None), "anonymous"),
    (ClientRow.id.is_not(None), "client"),
    (ApiTokenRow.id.is_not(None), "token"),
    else_="account",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which uses are asked for; what is None is not asked."""

    operation: str | None
    account_id: int | None
    deprecated: bool | None


async def add(work: Work, counts: Mapping[Use, Count]) -> None:
    """Add to what has been counted before, by this process and others."""
    if not counts:
        return
    table = OperationUseRow
    # In one order always, so that no two processes wait for each other.
    ordered = sorted(counts.items(), key=_order)
    statement = insert(table).values(
        [
            {
                **use._asdict(),
                "requests": count.requests,
                "first_at": count.first_at,
                "last_at": count.last_at,
            }
            for use, count in ordered
        ]
    )
    new = statement.excluded
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "operation", "version", "parameter"],
            set_={
                "requests": table.requests + new.requests,
                "first_at": func.least(table.first_at, new.first_at),
                "last_at": func.greatest(table.last_at, new.last_at),
            },
        )
    )


def _order(counted: tuple[Use, Count]) -> tuple[int, str, str]:
    use = counted[0]
    return use.user_id or 0, use.operation, use.parameter


async def list_uses(
    work: Work, wanted: Wanted, going: Pairs, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` uses that the caller may see; `going` are deprecated."""
    is_going = _is_going(going)
    columns: tuple[Any, ...] = (
        OperationUseRow.id,
        OperationUseRow.operation,
        OperationUseRow.version,
        func.nullif(OperationUseRow.parameter, "").label("parameter"),
        is_going.label("deprecated"),
        _KIND.label("caller"),
        OperationUseRow.user_id.label("account_id"),
        ClientRow.client_id,
        func.coalesce(ClientRow.name, UserRow.display_name).label("name"),
        UserRow.municipality_id,
        UserRow.school_id,
        OperationUseRow.requests,
        OperationUseRow.first_at,
        OperationUseRow.last_at,
    )
    statement: Select[Any] = (
        select(*columns)
        .outerjoin(UserRow, UserRow.id == OperationUseRow.user_id)
        .outerjoin(ClientRow, ClientRow.user_id == UserRow.id)
        .outerjoin(ApiTokenRow, ApiTokenRow.user_id == UserRow.id)
        .where(*_narrowed(wanted, is_going))
    )
    key = OperationUseRow.id
    return await read_page(work, statement, key, after=after, limit=limit)


def _is_going(going: Pairs) -> ColumnElement[bool]:
    return or_(
        False,  # noqa: FBT003 (nothing is to go)
        *(
            and_(
                OperationUseRow.operation == operation,
                OperationUseRow.parameter == parameter,
            )
            for operation, parameter in going
        ),
    )


def _narrowed(
    wanted: Wanted, is_going: ColumnElement[bool]
) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.operation is not None:
        conditions.append(OperationUseRow.operation == wanted.operation)
    if wanted.account_id is not None:
        conditions.append(OperationUseRow.user_id == wanted.account_id)
    if wanted.deprecated is not None:
        conditions.append(is_going if wanted.deprecated else ~is_going)
    return conditions
