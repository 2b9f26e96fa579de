"""What a list of agreements can be narrowed by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, Select, and_, cast, func, or_, select

from services.api.mentoring.lookups import require_municipality, require_school
from shared.domain.agreements import AgreementStatus
from shared.persistence.tables.agreements import AgreementEventRow, AgreementRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFilter:
    """Which agreements are wanted; None does not narrow.

    `school_id` and `municipality_id` find one on either side, `active_on` those that
    the day lies within and whose history had made them active by its end.
    """

    status: AgreementStatus | None
    school_id: int | None
    mentor_school_id: int | None
    mentee_school_id: int | None
    municipality_id: int | None
    active_on: date | None

    async def require_seen(self, work: Work) -> None:
        """Check that the caller sees all that is named.

        Raises:
            NotFoundError: The caller sees no such school or municipality.
        """
        for school in (self.school_id, self.mentor_school_id, self.mentee_school_id):
            if school is not None:
                await require_school(work, school)
        if self.municipality_id is not None:
            await require_municipality(work, self.municipality_id)

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what holds of an agreement that is wanted."""
        row = AgreementRow.__table__.c
        for column, value in (
            (row.status, self.status),
            (row.mentor_school_id, self.mentor_school_id),
            (row.mentee_school_id, self.mentee_school_id),
        ):
            if value is not None:
                yield column == value
        for name, value in (
            ("school_id", self.school_id),
            ("municipality_id", self.municipality_id),
        ):
            if value is not None:
                yield or_(
                    row[f"mentor_{name}"] == value, row[f"mentee_{name}"] == value
                )
        if self.active_on is not None:
            yield _active_on(self.active_on)


def _active_on(day: date) -> ColumnElement[bool]:
    event = AgreementEventRow
    last = (
        select(event.to_status)
        .where(
            event.agreement_id == AgreementRow.id,
            cast(func.timezone(_zone().scalar_subquery(), event.at), Date) <= day,
        )
        .order_by(event.id.desc())
        .limit(1)
        .correlate(AgreementRow)
        .scalar_subquery()
    )
    return and_(
        AgreementRow.starts_on <= day,
        AgreementRow.ends_on >= day,
        last == AgreementStatus.ACTIVE,
    )


def _zone() -> Select[str]:
    """Select the time zone of an agreement: its home may be hidden to its partner."""
    place, agreement = MunicipalityRow, AgreementRow
    return (
        select(place.time_zone)
        .where(
            place.id.in_(
                (
                    agreement.municipality_id,
                    agreement.mentor_municipality_id,
                    agreement.mentee_municipality_id,
                )
            )
        )
        .order_by((place.id == agreement.municipality_id).desc())
        .limit(1)
        .correlate(AgreementRow)
    )
