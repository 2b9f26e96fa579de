"""What mentors are suggested from, read for an area's academic year."""

from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, exists, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.scoring.engine.conditions.index import PASSPORT_SCHEMA, PERCENTS
from services.scoring.engine.matching import inputs as schemas
from services.scoring.engine.matching import likeness, needs
from services.scoring.engine.matching.inputs import MatchingInputs
from services.scoring.repository import mentoring_inputs
from services.scoring.repository.areas import Area
from services.scoring.repository.results import read_results
from services.scoring.repository.schools import read_absent
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.matching import Matching
from shared.domain.periods import AcademicYear
from shared.persistence.tables.conditions import ListMembershipRow, ObjectivitySignRow
from shared.persistence.tables.distances import SchoolDistanceRow
from shared.persistence.tables.msoko import MsokoGroupRow, MsokoScoreRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.work import Work


async def read_matching(
    work: Work,
    area: Area,
    year: int,
    rules: Matching,
    conditions: Conditions | None,
) -> MatchingInputs:
    """Read all that is known of the schools, as it is in the academic year.

    Results and signs are of the years of the method's window, scores and indices of
    conditions the newest of them; offers are valid in the year, and deficits open at
    its end. Without a method of conditions there are no indices.
    """
    of = _Area(work, area, year, year - rules.window_years + 1)
    place = (work, area, AcademicYear(year))
    schools = await of.schools()
    if conditions is not None:
        indices = likeness.conditions(
            await of.passports(), conditions, first_year=of.first_year
        )
        schools = schools.drop("conditions").join(
            indices, on=needs.SCHOOL, how="left", maintain_order="left"
        )
    return MatchingInputs(
        schools=schools,
        results=await of.results(),
        scores=await of.scores(),
        requests=await mentoring_inputs.read_requests(*place),
        deficits=await mentoring_inputs.read_deficits(*place),
        offers=await mentoring_inputs.read_offers(*place),
        agreements=await mentoring_inputs.read_agreements(*place),
        distances=await of.distances(),
        declined=await mentoring_inputs.read_declined(*place),
    )


class _Area:
    """The queries for an area's year, and the years before it that count."""

    def __init__(self, work: Work, area: Area, year: int, first_year: int) -> None:
        self.work = work
        self.area = area
        self.year = AcademicYear(year)
        self.first_year = first_year

    async def schools(self) -> pl.DataFrame:
        """Schools that there are throughout the year, or open in it."""
        school = SchoolRow
        absent = await read_absent(self.work, self.area, [self.year.start])
        statement = select(
            school.municipality_id,
            school.id,
            school.parent_id,
            school.mentor_capacity,
            self._listed(),
            self._has_signs(),
            literal(None),
        ).where(
            self.area.holds(school.municipality_id),
            school.id.not_in(absent[self.year.start]),
        )
        return await self._read(statement, schemas.SCHOOL_SCHEMA)

    async def passports(self) -> pl.DataFrame:
        """Passports of the year and of all before it, for scales may be of any."""
        row = SocialPassportRow
        shares = (getattr(row, name) for name in PERCENTS)
        statement = select(
            row.municipality_id, row.academic_year, row.school_id, *shares
        ).where(
            self.area.holds(row.municipality_id), row.academic_year <= self.year.start
        )
        return await self._read(statement, PASSPORT_SCHEMA)

    async def results(self) -> pl.DataFrame:
        years = range(self.first_year, self.year.start + 1)
        return await read_results(self.work, self.area, years, schemas.RESULT_SCHEMA)

    async def scores(self) -> pl.DataFrame:
        """The newest score of a school in each group."""
        score, group = MsokoScoreRow, MsokoGroupRow
        newest = (
            select(
                score.municipality_id,
                score.school_id,
                group.code,
                score.score,
                score.maximum,
            )
            .join(group, group.id == score.group_id)
            .where(
                self.area.holds(score.municipality_id),
                score.academic_year.between(self.first_year, self.year.start),
            )
            .ext(distinct_on(score.school_id, score.group_id))
            .order_by(score.school_id, score.group_id, score.academic_year.desc())
        )
        return await self._read(newest, schemas.SCORE_SCHEMA)

    async def distances(self) -> pl.DataFrame:
        row = SchoolDistanceRow
        statement = select(
            row.municipality_id,
            row.school_id,
            row.other_school_id,
            row.km,
            row.minutes,
            row.same_bus_network,
        ).where(self.area.holds(row.municipality_id))
        return await self._read(statement, schemas.DISTANCE_SCHEMA)

    def _listed(self) -> ColumnElement[bool]:
        """On the year's list of low results, and not excluded before its end."""
        row = ListMembershipRow
        return exists().where(
            row.school_id == SchoolRow.id,
            row.list_kind == "low_results",
            row.year == self.year.start,
            or_(row.valid_to.is_(None), row.valid_to >= self.year.ends_on),
        )

    def _has_signs(self) -> ColumnElement[bool]:
        row = ObjectivitySignRow
        return exists().where(
            row.school_id == SchoolRow.id,
            row.has_sign,
            row.year.between(self.first_year, self.year.start),
        )

    async def _read(
        self, statement: Select[*tuple[Any, ...]], schema: pl.Schema
    ) -> pl.DataFrame:
        return await self.area.read(self.work, statement, schema)
