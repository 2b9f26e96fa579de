"""Notices deadlines whose day ended with them owed, soon after midnight there.

All api processes look, and each deadline is told of once for a day.
"""

from shared.persistence.domain_events import notice_missed
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system

BATCH = 5000
EVERY_SECONDS = 60.0


async def notice(database: Database) -> int:
    """Notice up to a batch of missed deadlines and return how many they were."""
    async with begin_as_system(database) as work:
        return await notice_missed(work, limit=BATCH)
