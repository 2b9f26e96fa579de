"""Withdraws what a school still owes on the day that it is closed.

The order that closes a school may be of long before, and on the day itself nobody
writes anything: so it is looked for.
"""

import structlog

from services.api.scheduling.closing import find_closed, withdraw_of_closed
from shared.domain.errors import Text
from shared.persistence.engine import Database
from shared.persistence.local_dates import today_of
from shared.persistence.work import begin_as_system

log = structlog.stdlib.get_logger()

EVERY_SECONDS = 60.0
REASON = Text("Школа закрыта.", "The school is closed.")


async def withdraw(database: Database) -> int:
    """Withdraw what closed schools owe, everywhere; return how much that was."""
    async with begin_as_system(database) as work:
        places = await find_closed(work)
    withdrawn = 0
    for place in places:
        async with begin_as_system(database, place) as work:
            today = await today_of(work, place)
            count = await withdraw_of_closed(work, place, today=today, reason=REASON.ru)
        log.info("withdrawn_of_closed", municipality_id=place, count=count)
        withdrawn += count
    return withdrawn
