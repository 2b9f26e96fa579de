"""Puts the entries of the audit into their chains, soon after they are committed.

Were the chain part of the change's own transaction, all writers of a municipality
would wait for each other. So an entry is committed with its change, and its seal
follows within seconds; of several processes one seals at a time.
"""

from shared.persistence.audit_chain import seal_batch
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system

BATCH = 5000
EVERY_SECONDS = 2.0


async def seal(database: Database) -> int:
    """Seal up to a batch of entries and return how many they were."""
    async with begin_as_system(database) as work:
        return await seal_batch(work, BATCH)
