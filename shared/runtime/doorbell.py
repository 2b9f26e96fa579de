"""Listening to a worker's queue, whatever becomes of the server that carries it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import structlog
from arq import func
from arq.connections import ArqRedis
from arq.worker import Worker
from redis.exceptions import RedisError

from shared.contracts.jobs import JobName
from shared.runtime.queue import redis_settings

log = structlog.stdlib.get_logger()

JobFunction = Callable[..., Coroutine[Any, Any, None]]

RECONNECT_SECONDS = 2.0
CLOSE_SECONDS = 0.5


async def listen(
    redis_url: str,
    queue: str,
    jobs: Sequence[tuple[JobName, JobFunction]],
    *,
    context: dict[str, Any],
    poll_seconds: float,
    job_seconds: float,
) -> None:
    """Run the jobs that arrive in `queue` until cancelled.

    A lost or restarted server is connected to again; meanwhile nothing arrives, so
    the caller also looks for work by itself. `context` is each job's first argument.
    A job longer than `job_seconds` is cancelled and not run again.
    """
    while True:
        worker = Worker(
            [func(_named(job), name=name, keep_result=0) for name, job in jobs],
            queue_name=queue,
            redis_settings=replace(redis_settings(redis_url), conn_retries=0),
            handle_signals=False,
            keep_result=0,
            job_timeout=job_seconds,
            poll_delay=poll_seconds,
            ctx=dict(context),
        )
        try:
            await worker.async_run()
        except (RedisError, OSError) as error:
            log.warning("queue_unreachable", queue=queue, error=type(error).__name__)
        finally:
            await _close(worker)
        await asyncio.sleep(RECONNECT_SECONDS)


def _named(job: JobFunction) -> JobFunction:
    """Let the log lines of a job bear its number."""

    async def run(ctx: dict[str, Any], *arguments: Any) -> None:
        with structlog.contextvars.bound_contextvars(job_id=ctx["job_id"]):
            await job(ctx, *arguments)

    return run


async def _close(worker: Worker) -> None:
    """Let jobs end and drop the connection; arq itself would wait for a lost server."""
    pool: ArqRedis | None = worker.pool
    tasks = list(worker.tasks.values())
    if tasks:
        # A job that is cancelled while arq records its end leaves a connection behind.
        await asyncio.wait(tasks, timeout=CLOSE_SECONDS)
    for task in tasks:
        task.cancel()
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await asyncio.gather(*tasks, return_exceptions=True)
            if pool is not None:
                await pool.aclose(close_connection_pool=True)
