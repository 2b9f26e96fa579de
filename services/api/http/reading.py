"""Operations that ask one thing: they are answered in one round trip to the database.

Whoever is signed in with a session is answered at once. All that this cannot settle —
other credentials, a session that has ended, a permission that is missing, a database
that is away — goes the usual way, by a transaction, and is refused there if need be.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Final

from fastapi import Request, Response
from pydantic import BaseModel, TypeAdapter

from services.api.http.auth import (
    BearerToken,
    authenticate,
    require,
    session_of_token,
)
from services.api.http.conditional import version_tag
from services.api.http.pagination import sorted_page_of
from services.api.http.state import state_of
from services.api.http.work import transaction
from shared.domain.errors import UnauthenticatedError
from shared.domain.permissions import GRANTS, Permission, Role
from shared.persistence.paging import Paging
from shared.persistence.reading import Record, UserQuery

JSON: Final = "application/json"
REMEMBERED_TOKENS: Final = 4_096


@dataclass(frozen=True, slots=True)
class Reading:
    """What an operation reads with: the caller's rights, as they are at that moment."""

    request: Request
    token: str | None
    permission: Permission

    async def rows(
        self, query: UserQuery, given: Mapping[str, Any]
    ) -> Sequence[Record]:
        """Return the rows that the caller may see.

        Raises:
            UnauthenticatedError: nobody is signed in.
            ForbiddenError: the caller lacks the permission.
        """
        found = await self._at_once(query, given)
        return await self._usually(query, given) if found is None else found

    async def _at_once(
        self, query: UserQuery, given: Mapping[str, Any]
    ) -> Sequence[Record] | None:
        state = state_of(self.request)
        try:
            user_id, session_id = _session_of(
                self.token or "", secret=state.settings.secret_key
            )
        except UnauthenticatedError:
            return None
        found = await state.reads.read(query, user_id, session_id, given)
        if found is None or self.permission not in GRANTS[Role(found.role)]:
            return None
        return found.rows

    async def _usually(
        self, query: UserQuery, given: Mapping[str, Any]
    ) -> Sequence[Record]:
        async with transaction(self.request) as work:
            actor = await authenticate(self.request, work, self.token)
            await require(self.permission)(actor)
            found = await work.session.execute(query.statement, dict(given))
            return [dict(row) for row in found.mappings()]


def reading(permission: Permission) -> Callable[..., Awaitable[Reading]]:
    """Return the dependency of an operation that reads with `permission`."""

    async def read_with(request: Request, token: BearerToken) -> Reading:
        return Reading(request, token, permission)

    # As those of `require`, so that a test can walk all routes.
    read_with.permission = permission  # type: ignore[attr-defined]
    return read_with


def answer_of(answer: type[BaseModel], value: Mapping[str, Any]) -> Response:
    """Return the answer, made valid once and written as JSON in one go."""
    adapter = _adapter_of(answer)
    return Response(adapter.dump_json(adapter.validate_python(value)), media_type=JSON)


def row_answer(
    answer: type[BaseModel], rows: Sequence[Record], missing: Exception
) -> Response:
    """Return the answer made of the only row, tagged with its version if it has one.

    Raises:
        missing: There is no row.
    """
    if not rows:
        raise missing
    response = answer_of(answer, dict(rows[0]))
    version = rows[0].get("version")
    if version is not None:
        response.headers["ETag"] = version_tag(version)
    return response


def page_answer(
    answer: type[BaseModel], rows: Sequence[Record], paging: Paging
) -> Response:
    """Return the page made of what was read with a row more."""
    page, next_after = sorted_page_of(rows, paging, value_of=itemgetter)
    items = [dict(row) for row in page]
    return answer_of(answer, {"items": items, "next_after": next_after})


@lru_cache(maxsize=REMEMBERED_TOKENS)
def _session_of(token: str, *, secret: str) -> tuple[int, int]:
    """Return what `session_of_token` says, without checking a signature twice.

    That the token is past its time is seen by the session, which ends with it.
    """
    return session_of_token(token, secret=secret)


@cache
def _adapter_of(answer: type[BaseModel]) -> TypeAdapter[BaseModel]:
    return TypeAdapter(answer)
