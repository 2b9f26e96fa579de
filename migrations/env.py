"""Runs the migrations as the owner of the database.

Which one is told by the attribute `url` of the configuration, or by `DATABASE_URL`.
"""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.persistence.engine import asyncpg_url
from shared.persistence.schema import metadata
from shared.persistence.tables.base import API, NOTIFIER, SCORING
from shared.persistence.tables.outbox import TransactionId
from shared.runtime.settings import required

ischema_names["xid8"] = TransactionId

OURS = {API, SCORING, NOTIFIER}


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Compare our own schemas only, whatever else the database holds."""
    return kind != "schema" or name in OURS


def run(connection: Connection) -> None:
    """Run the wanted migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_name=include_name,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_online() -> None:
    """Connect to the wanted database and run there."""
    url = context.config.attributes.get("url") or required(os.environ, "DATABASE_URL")
    engine = create_async_engine(asyncpg_url(url), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(run_online())
