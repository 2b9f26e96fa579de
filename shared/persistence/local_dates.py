"""The day that it is in a municipality, by its own time zone."""

from datetime import date

from sqlalchemy import select

from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.work import Work


async def today_of(work: Work, municipality_id: int) -> date:
    """Return the day in a municipality that the transaction may see."""
    place = MunicipalityRow
    zone = await work.session.scalars(
        select(place.time_zone).where(place.id == municipality_id)
    )
    return work.today_in(zone.one())
