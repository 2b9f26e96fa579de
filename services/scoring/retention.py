"""Keeping as many runs as the municipalities want, and no more."""

from typing import Final

import structlog

from services.scoring.repository import retention
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system

log = structlog.stdlib.get_logger()

# So many at once: a transaction stays short, and nobody waits for it.
BATCH: Final = 100


async def remove_superseded(database: Database, batch: int = BATCH) -> bool:
    """Remove some of the runs that nobody needs; tell whether more may be waiting."""
    async with begin_as_system(database) as work:
        run_ids = await retention.list_superseded(work, batch)
        if run_ids:
            await retention.delete_runs(work, run_ids)
    if run_ids:
        log.info("runs_removed", runs=len(run_ids))
    return len(run_ids) == batch
