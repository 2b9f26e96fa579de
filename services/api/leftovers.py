"""Takes files away that a refused report has left in the store.

Files are stored before the rows that name them, so that no row names a file that is
missing; a report that is refused then leaves some behind. One is taken away when it is
old and no row names it, under a lock that whoever is about to name it holds as well.
"""

from datetime import timedelta

import structlog

from shared.domain.stored_files import OF_REPORTS
from shared.persistence.engine import Database
from shared.persistence.stored_files import may_remove, unnamed
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from shared.runtime.file_store import FileStore, FileStoreUnavailableError

log = structlog.stdlib.get_logger()

EVERY_SECONDS = 3600.0
GRACE = timedelta(days=1)


async def sweep(
    database: Database, store: FileStore, *, grace: timedelta = GRACE
) -> int:
    """Take away what nobody names and was last put before the grace; return how many.

    What cannot be reached now is swept another time.
    """
    before, seen, removed = system_now() - grace, 0, 0
    try:
        async for keys in store.older(OF_REPORTS, than=before):
            seen += len(keys)
            async with begin_as_system(database) as work:
                left = await unnamed(work, keys)
            for key in left:
                async with begin_as_system(database) as work:
                    # It may have been put again, and named, since it was listed.
                    if await may_remove(work, key) and await store.is_older(
                        key, than=before
                    ):
                        await store.remove(key)
                        removed += 1
    except FileStoreUnavailableError as error:
        log.warning("files_not_swept", error=error.code)
    if removed:
        log.info("files_swept", seen=seen, removed=removed)
    return removed
