"""What surrounds an agreement: the municipality that keeps it, and its programme.

To the other party's municipality both are hidden by row-level security; the database's
function tells of them what the agreement's paper says anyway.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from services.api.mentoring.lookups import no_agreement
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Frame:
    """The keeping municipality and the programme of an agreement."""

    municipality_code: str
    municipality_name: str
    time_zone: str
    programme_title: str
    programme_starts_on: date
    programme_ends_on: date

    def local_date(self, moment: datetime) -> date:
        """Return the day that it is then in the municipality."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()


async def read_frame(work: Work, agreement_id: int) -> Frame:
    """Return what surrounds an agreement.

    Raises:
        NotFoundError: The caller sees no such agreement.
    """
    frame = func.tenancy.agreement_frame(agreement_id).table_valued(
        *Frame.__dataclass_fields__
    )
    row = (await work.session.execute(select(frame))).one_or_none()
    if row is None:
        raise no_agreement(agreement_id)
    return Frame(*row)
