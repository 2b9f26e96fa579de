"""Sending once more what somebody wants to be sent once more."""

from services.notifier.repository import resends as repository
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now


async def resend_wished(engine: Database) -> int:
    """Put messages on their way again; return how many.

    Each wish is fulfilled once, whoever looks: the answer to it is a row of its own. A
    message keeps its key, and is looked at again before it is sent.
    """
    async with begin_as_system(engine) as work:
        return await repository.put_on_their_way(work, at=system_now())
