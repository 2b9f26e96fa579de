"""Takes files away that a refused report has left in the store.

Files are stored before the rows that name them, so that no row names a file that is
missing; a report that is refused then leaves some behind. One is taken away when it is
old and no row names it, under a lock that whoever is about to name it holds as well.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from shared.domain.stored_files import OF_REPORTS
from shared.persistence.engine import Database
from shared.persistence.stored_files import may_remove, unnamed
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from shared.runtime.file_store import FileStore, FileStoreUnavailableError

log = structlog.stdlib.get_logger()

EVERY_SECONDS = 3600.0
GRACE = timedelta(days=1)


class SweepMetrics:
    """What the sweeps of this process have done since it began."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.files = Counter(
            "podyom_leftover_files_removed",
            "Files taken away that no report names",
            registry=registry,
        )
        self.bytes = Counter(
            "podyom_leftover_bytes_removed",
            "Size of the files taken away that no report names",
            registry=registry,
        )
        self.failures = Counter(
            "podyom_leftover_sweep_failures",
            "Sweeps that ended early: the store or the database was away",
            registry=registry,
        )
        self.last_run = Gauge(
            "podyom_leftover_sweep_last_run_timestamp_seconds",
            "When a sweep last looked at every file; 0 before the first",
            registry=registry,
        )


async def sweep(
    database: Database,
    store: FileStore,
    metrics: SweepMetrics,
    *,
    grace: timedelta = GRACE,
) -> int:
    """Take away what nobody names and was last put before the grace; return how many.

    What cannot be reached now is swept another time.
    """
    before, removed = system_now() - grace, 0
    with metrics.failures.count_exceptions():
        try:
            async for keys in store.older(OF_REPORTS, than=before):
                removed += await _sweep(database, store, keys, metrics, before=before)
            metrics.last_run.set(system_now().timestamp())
        except FileStoreUnavailableError as error:
            metrics.failures.inc()
            log.warning("files_not_swept", error=error.code)
    if removed:
        log.info("files_swept", removed=removed)
    return removed


async def _sweep(
    database: Database,
    store: FileStore,
    keys: Sequence[str],
    metrics: SweepMetrics,
    *,
    before: datetime,
) -> int:
    """Take away those of the files that nobody names; return how many."""
    removed = 0
    async with begin_as_system(database) as work:
        left = await unnamed(work, keys)
    for key in left:
        async with begin_as_system(database) as work:
            if not await may_remove(work, key):
                continue
            # It may have been put again, and named, since it was listed.
            size = await store.size_of_older(key, than=before)
            if size is not None:
                await store.remove(key)
                removed += 1
                metrics.files.inc()
                metrics.bytes.inc(size)
    return removed
