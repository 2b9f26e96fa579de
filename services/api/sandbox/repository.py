"""The sandbox's offset from the real time."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.tables.municipalities import MunicipalityRow, SandboxClockRow
from shared.persistence.work import Work


async def read_offset(work: Work) -> timedelta | None:
    """Return how far the sandbox is from the real time; None outside a sandbox."""
    seconds = await work.session.scalar(select(SandboxClockRow.offset_seconds))
    return None if seconds is None else timedelta(seconds=seconds)


async def set_offset(work: Work, offset: timedelta, *, moved_at: datetime) -> None:
    """Set how far the sandbox is from the real time."""
    values = {"offset_seconds": offset.total_seconds(), "moved_at": moved_at}
    await work.session.execute(
        insert(SandboxClockRow)
        .values(id=1, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )


async def list_municipality_ids(work: Work) -> list[int]:
    """Return the tenants that the transaction may see."""
    return list(
        await work.session.scalars(
            select(MunicipalityRow.id).order_by(MunicipalityRow.id)
        )
    )
