"""arq over Valkey or Redis, behind the `Queue` protocol."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote

from arq import create_pool
from arq.connections import ArqRedis, RedisSettings
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from shared.contracts.jobs import Job


def server_of(url: str) -> RedisSettings:
    """Return the server that the URL names, read as all other clients read it.

    arq leaves ``%40`` in a password as it stands, and takes no ``/`` at the end.
    """
    settings = RedisSettings.from_dsn(url.rstrip("/"))
    return replace(
        settings,
        username=unquote(settings.username or "") or None,
        password=unquote(settings.password or "") or None,
        unix_socket_path=unquote(settings.unix_socket_path or "") or None,
    )


def redis_settings(url: str) -> RedisSettings:
    """Return settings with which a worker outlives a restart of the server."""
    return replace(
        server_of(url),
        conn_timeout=5,
        retry=Retry(ExponentialBackoff(cap=1.0, base=0.05), retries=20),
        retry_on_timeout=True,
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
    )


class ArqQueue:
    """Rings the workers' doorbells; connects when first used and again when lost."""

    def __init__(self, url: str) -> None:
        # The caller keeps what could not be handed over, so it is not retried here.
        self._settings = replace(server_of(url), conn_timeout=2, conn_retries=0)
        self._pool: ArqRedis | None = None
        self._connecting = asyncio.Lock()

    async def enqueue(self, jobs: Sequence[Job]) -> None:
        """Hand the jobs over.

        Raises:
            ConnectionError: the server cannot be reached; some may have been taken.
        """
        try:
            pool = await self._connected()
            for job in jobs:
                await pool.enqueue_job(
                    job.name,
                    job.municipality_id,
                    _queue_name=job.queue,
                    _job_id=job.job_id,
                )
        except (RedisConnectionError, RedisTimeoutError, OSError) as error:
            raise ConnectionError(str(error)) from error

    async def is_reachable(self) -> bool:
        """Tell whether the server answers now."""
        try:
            pool = await self._connected()
            await pool.ping()
        except (RedisConnectionError, RedisTimeoutError, OSError):
            return False
        return True

    async def close(self) -> None:
        """Let the connection go."""
        if self._pool is not None:
            await self._pool.aclose()

    async def _connected(self) -> ArqRedis:
        async with self._connecting:
            if self._pool is None:
                self._pool = await create_pool(self._settings)
            return self._pool
