"""Forgets answers that were kept for repeated posts, once they are a day old.

What is too old counts as forgotten already, whether or not it is still there.
"""

from typing import Final

from shared.persistence.engine import Database
from shared.persistence.idempotency import forget_old
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now

EVERY_SECONDS: Final = 3600.0


async def forget(database: Database) -> int:
    """Forget what is too old; return how many answers that were."""
    async with begin_as_system(database) as work:
        return await forget_old(work, now=system_now())
