"""A demonstration begins in an empty database only."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.demo.clock import RealDatabaseError, start_clock
from shared.persistence.work import begin_as_system


async def test_a_database_in_real_use_never_becomes_a_sandbox(
    engine: AsyncEngine,
) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(text("DELETE FROM api.sandbox_clock"))
        with pytest.raises(RealDatabaseError, match="PODYOM_MODE=production"):
            await start_clock(work)


async def test_a_running_sandbox_keeps_its_clock(engine: AsyncEngine) -> None:
    read = text("SELECT offset_seconds FROM api.sandbox_clock")
    async with begin_as_system(engine) as work:
        before = await work.session.scalar(read)
        await start_clock(work)
        assert await work.session.scalar(read) == before
