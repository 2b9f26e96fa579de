"""Where a sandbox begins: its first morning, in a database of its own."""

from datetime import UTC, datetime

from sqlalchemy import select

from services.api.sandbox.repository import read_offset, set_offset
from shared.domain.errors import ConflictError, Text
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import EVERYTHING, Work
from shared.runtime.clock import system_now

STARTS_AT = datetime(2020, 9, 16, 2, tzinfo=UTC)  # 9 in the morning in Krasnoyarsk

_REAL = Text(
    "В базе данных уже есть настоящие данные, песочницу в ней завести нельзя: возьмите "
    "другую базу (DATABASE_URL) или задайте PODYOM_MODE=production.",
    "The database holds real data already and cannot become a sandbox: take another "
    "one (DATABASE_URL), or set PODYOM_MODE=production.",
)


class RealDatabaseError(ConflictError):
    """The database holds real data, which no demonstration may be mixed with."""

    code = "real_database"


async def start_clock(work: Work) -> None:
    """Set the sandbox's clock to its first morning, unless it is running already.

    Raises:
        RealDatabaseError: somebody uses the database, and not as a sandbox.
    """
    if await read_offset(work) is None:
        for used in (MunicipalityRow.id, UserRow.id):
            if await work.session.scalar(select(used).limit(1)) is not None:
                raise RealDatabaseError(_REAL)
        now = system_now()
        await set_offset(work, STARTS_AT - now, moved_at=now)
        await work.enter_as_system(EVERYTHING)
