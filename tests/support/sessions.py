"""Sessions that nobody had to sign in for."""

from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.access.session_repository import Caller, create_session
from services.api.http.auth import TOKEN_LIFETIME
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now


async def open_session(engine: AsyncEngine, user_id: int) -> int:
    """Open a session of the account and commit it."""
    now = system_now()
    async with begin_as_system(engine) as work:
        return await create_session(
            work,
            user_id,
            Caller(None, None),
            now=now,
            expires_at=now + TOKEN_LIFETIME,
        )
