"""One transaction, entered on behalf of a user or of the system, committed once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

EVERYTHING: Literal["all"] = "all"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose rights a transaction has: read from the account as it is now."""

    user_id: int
    role: str
    region_id: int | None
    municipality_id: int | None
    school_id: int | None
    language: str


@dataclass(frozen=True, slots=True)
class Client:
    """A program: its own account, and how far its issuer's rights go now."""

    account: Account
    issuer_role: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a transaction comes from, as the audit keeps it."""

    request_id: str | None = None
    address: str | None = None


INSIDE = Origin()  # no request: a worker, a command


@dataclass(slots=True)
class Work:
    """A transaction and the moment it takes place, on the system's own clock.

    `user_id` is None while the system itself acts.
    """

    session: AsyncSession
    now: datetime
    origin: Origin = INSIDE
    user_id: int | None = None

    def today_in(self, time_zone: str) -> date:
        """Return the day that it is in the zone, such as ``Asia/Irkutsk``."""
        return self.now.astimezone(ZoneInfo(time_zone)).date()

    async def enter_as_user(self, user_id: int, session_id: int) -> Account | None:
        """Narrow the transaction to what the user may see.

        Returns None where the account is not active, or the session has expired, was
        revoked, or is another account's.
        """
        row = (
            await self.session.execute(
                text(
                    "SELECT now, role, region_id, municipality_id, school_id, language,"
                    " set_config('podyom.request', :request, true)"
                    " FROM tenancy.enter_as_user(:user_id, :session_id)"
                ),
                {"user_id": user_id, "session_id": session_id, **self._named()},
            )
        ).one_or_none()
        if row is None:
            return None
        self.now = row.now
        self.user_id = user_id
        return Account(
            user_id,
            row.role,
            row.region_id,
            row.municipality_id,
            row.school_id,
            row.language,
        )

    async def enter_as_client(self, token_hash: bytes) -> Client | None:
        """Narrow the transaction to what token and issuer may both see.

        Returns None where there is no such token, it has expired or was revoked, its
        issuer is not active, or what the two may see does not meet.
        """
        row = (
            await self.session.execute(
                text(
                    "SELECT now, user_id, region_id, municipality_id, school_id,"
                    " language, issuer_role, scopes,"
                    " set_config('podyom.request', :request, true)"
                    " FROM tenancy.enter_as_client(:token_hash)"
                ),
                {"token_hash": token_hash, **self._named()},
            )
        ).one_or_none()
        return self._entered_as_client(row)

    async def enter_as_registered_client(self, credential_id: int) -> Client | None:
        """Narrow the transaction to what client and issuer may both see.

        Returns None where client or credential were revoked, the client has expired,
        its issuer is not active, or what the two may see does not meet.
        """
        row = (
            await self.session.execute(
                text(
                    "SELECT now, user_id, region_id, municipality_id, school_id,"
                    " language, issuer_role, scopes,"
                    " set_config('podyom.request', :request, true)"
                    " FROM tenancy.enter_as_registered_client(:credential, :address)"
                ),
                {
                    "credential": credential_id,
                    "address": self.origin.address,
                    **self._named(),
                },
            )
        ).one_or_none()
        return self._entered_as_client(row)

    def _entered_as_client(self, row: Row[Any] | None) -> Client | None:
        if row is None:
            return None
        self.now = row.now
        self.user_id = row.user_id
        account = Account(
            row.user_id,
            "api_client",
            row.region_id,
            row.municipality_id,
            row.school_id,
            row.language,
        )
        return Client(account, row.issuer_role, frozenset(row.scopes))

    async def enter_as_system(self, municipality_id: int | Literal["all"]) -> datetime:
        """Narrow the transaction to one municipality, or open it to all of them."""
        self.now = (
            await self.session.scalars(
                select(
                    text("tenancy.enter_as_system(:scope)"),
                    text("set_config('podyom.request', :request, true)"),
                ),
                {"scope": str(municipality_id), **self._named()},
            )
        ).one()
        return self.now

    def _named(self) -> dict[str, str]:
        """Return the request's name, which the change feed shows."""
        return {"request": self.origin.request_id or ""}


@asynccontextmanager
async def begin(
    engine: AsyncEngine, *, isolation: str | None = None, origin: Origin = INSIDE
) -> AsyncIterator[Work]:
    """Open a transaction that sees no tenant's rows until it is entered.

    It commits when the block ends and rolls back when the block raises; nobody else
    commits.
    """
    async with engine.connect() as connection:
        if isolation is not None:
            await connection.execution_options(isolation_level=isolation)
        async with AsyncSession(
            connection, expire_on_commit=False, autoflush=False
        ) as session:
            yield Work(session, datetime.min, origin)  # noqa: DTZ901 (set on entering)
            await session.commit()


@asynccontextmanager
async def begin_as_system(
    engine: AsyncEngine,
    municipality_id: int | Literal["all"] = EVERYTHING,
    *,
    isolation: str | None = None,
    origin: Origin = INSIDE,
) -> AsyncIterator[Work]:
    """Open a transaction of the system itself, for one municipality or for all."""
    async with begin(engine, isolation=isolation, origin=origin) as work:
        await work.enter_as_system(municipality_id)
        yield work
