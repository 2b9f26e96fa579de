"""What the bank of mentors and the agreements tell of who could mentor whom."""

from typing import Any

import polars as pl
from sqlalchemy import and_, func, or_, select

from services.scoring.engine.matching import inputs as schemas
from services.scoring.repository.areas import Area
from shared.domain.agreements import CLOSED_STATUSES, AgreementStatus
from shared.domain.mentor_bank import Bank, OfferStatus, RequestStatus
from shared.domain.mentor_suggestions import SuggestionDecision
from shared.domain.periods import AcademicYear
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.matching import MentorSuggestionDecisionRow
from shared.persistence.tables.mentor_bank import (
    DeficitRow,
    MentorMatchRow,
    MentorOfferRow,
    MentorRequestRow,
)
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.work import Work

_AGREEMENT = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "mentor_id": pl.Int64,
        "mentee_id": pl.Int64,
        "is_open": pl.Boolean,
        "ended_on": pl.Date,
    }
)
FIRST_MONTH = 9  # of an academic year


async def read_requests(work: Work, area: Area, year: AcademicYear) -> pl.DataFrame:
    """Return open requests that were made by the end of the year."""
    row = MentorRequestRow
    statement = select(
        row.municipality_id, row.school_id, row.subject, row.problem, row.urgency
    ).where(
        area.holds(row.municipality_id),
        row.status == RequestStatus.OPEN,
        row.asked_on <= year.ends_on,
    )
    return await area.read(work, statement, schemas.REQUEST_SCHEMA)


async def read_deficits(work: Work, area: Area, year: AcademicYear) -> pl.DataFrame:
    """Return deficits that are open at the end of the year."""
    row = DeficitRow
    statement = select(row.municipality_id, row.school_id, row.subject).where(
        area.holds(row.municipality_id),
        row.observed_on <= year.ends_on,
        or_(row.closed_on.is_(None), row.closed_on > year.ends_on),
    )
    return await area.read(work, statement, schemas.DEFICIT_SCHEMA)


async def read_offers(work: Work, area: Area, year: AcademicYear) -> pl.DataFrame:
    """Return offers of the district's bank with a free place."""
    row = MentorOfferRow
    statement = select(
        row.municipality_id, row.school_id, row.subject, row.problem
    ).where(
        area.holds(row.municipality_id),
        row.bank == Bank.DISTRICT,
        row.status == OfferStatus.OPEN,
        row.valid_from <= year.ends_on,
        or_(row.valid_to.is_(None), row.valid_to >= year.starts_on),
        row.capacity > _places_taken(row.id),
    )
    return await area.read(work, statement, schemas.OFFER_SCHEMA)


async def read_agreements(work: Work, area: Area, year: AcademicYear) -> pl.DataFrame:
    """Return agreements of its schools, but for drafts that came to nothing.

    One between schools of two municipalities is of either.
    """
    row = AgreementRow
    own = MunicipalityRow.id
    came_to_nothing = and_(
        row.status == AgreementStatus.TERMINATED, row.registry_number.is_(None)
    )
    statement = (
        select(
            own,
            row.mentor_school_id,
            row.mentee_school_id,
            row.status.not_in(CLOSED_STATUSES),
            func.coalesce(row.ended_on, row.ends_on),
        )
        .join(row, own.in_((row.mentor_municipality_id, row.mentee_municipality_id)))
        .where(area.holds(own), ~came_to_nothing)
    )
    ended = pl.col("ended_on")
    ended_in = ended.dt.year() - (ended.dt.month() < FIRST_MONTH).cast(pl.Int32)
    years_ago = (year.start - ended_in.cast(pl.Int64)).clip(lower_bound=0)
    return (await area.read(work, statement, _AGREEMENT)).select(
        "municipality_id",
        "mentor_id",
        "mentee_id",
        years_ago=pl.when(~pl.col("is_open")).then(years_ago),
    )


async def read_declined(work: Work, area: Area, year: AcademicYear) -> pl.DataFrame:
    """Return the pairs that were declined for the year."""
    row = MentorSuggestionDecisionRow
    statement = select(row.municipality_id, row.mentor_id, row.mentee_id).where(
        area.holds(row.municipality_id),
        row.academic_year == year.start,
        row.decision == SuggestionDecision.DECLINED,
    )
    return await area.read(work, statement, schemas.DECLINED_SCHEMA)


def _places_taken(offer_id: Any) -> Any:
    """Count the offer's agreements that are not closed."""
    return (
        select(func.count())
        .select_from(MentorMatchRow)
        .join(AgreementRow, AgreementRow.id == MentorMatchRow.agreement_id)
        .where(
            MentorMatchRow.offer_id == offer_id,
            AgreementRow.status.not_in(CLOSED_STATUSES),
        )
        .scalar_subquery()
    )
