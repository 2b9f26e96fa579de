"""Deadlines of records that were written before there were any for them."""

from sqlalchemy import select

from services.api.scheduling.agreement_plans import follow_plans
from services.api.scheduling.following import follow_municipality
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.work import Work


async def catch_up(work: Work) -> None:
    """Bring the deadlines of all records after them; where all are, nothing changes.

    An older version kept recommendations, programmes and agreements without deadlines,
    and a migration knows neither calendars nor what records ask for.
    """
    rows = await work.session.execute(
        select(MunicipalityRow.id, MunicipalityRow.time_zone).order_by(
            MunicipalityRow.id
        )
    )
    for municipality_id, time_zone in rows.all():
        await follow_municipality(work, municipality_id)
        await follow_plans(work, municipality_id, today=work.today_in(time_zone))
